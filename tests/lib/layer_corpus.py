#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""layer_corpus.py IN FOLDER: from a classic image archive, images with two
more layers that do what layers can do to each other, in every form: multi.tar
(docker save), multi-hybrid.tar, multi.oci.tar, multi.oci (a folder). Beside
them odd.tar, with what routers have no use for, and platforms.oci.tar, with
several images."""
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
REF = "org.opencontainers.image.ref.name"
LONG = "srv/" + "/".join(["a-folder-with-a-long-name-%02d" % i
                          for i in range(9)])

LOWER = [
    ("srv/",), ("srv/keep/",), ("srv/keep/a", "a"), ("srv/keep/b", "b"),
    ("srv/gone/",), ("srv/gone/x/",), ("srv/gone/x/y", "y"),
    ("srv/again/",), ("srv/again/old", "old"),
    ("srv/opaque/",), ("srv/opaque/1", "1"), ("srv/opaque/deep/",),
    ("srv/opaque/deep/2", "2"),
    ("srv/to-file/",), ("srv/to-file/x", "x"), ("srv/to-dir", "x"),
    ("srv/real/",), ("srv/real/one", "1"), ("srv/real/two", "2"),
    ("srv/link", "real", "sym"), ("srv/dir-link", "real", "sym"),
    ("srv/to-link/",), ("srv/to-link/x", "x"), ("srv/old-link", "keep", "sym"),
    ("srv/hard", "hard"), ("srv/hard2", "srv/hard", "link"),
    ("srv/hard3", "srv/hard", "link"),
    ("srv/modes/",), ("srv/modes/secret", "s"), ("srv/n\u00e4me", "utf-8"),
]
for depth in range(2, 11):
    LOWER.append(("/".join(LONG.split("/")[:depth]) + "/",))
LOWER += [(LONG + "/file", "long"), (LONG + "/again", LONG + "/file", "link")]

UPPER = [
    ("srv/keep/.wh.a", ""), ("srv/.wh.gone", ""), ("srv/.wh.nothing", ""),
    ("srv/.wh.again", ""), ("srv/again/",), ("srv/again/new", "new"),
    ("srv/opaque/",), ("srv/opaque/.wh..wh..opq", ""),
    ("srv/opaque/deep/",), ("srv/opaque/deep/new", "new"),
    ("srv/to-file", "file"), ("srv/to-dir/",), ("srv/to-dir/in", "in"),
    ("srv/to-link", "keep", "sym"),
    ("srv/link/three", "3"), ("srv/link/.wh.one", ""),
    ("srv/dir-link/",), ("srv/dir-link/own", "own"),
    ("srv/old-link", "a file now"),
    ("srv/hard", "another"), ("srv/hard4", "srv/hard3", "link"),
    ("srv/modes/", 0o1777, 0, 12), ("srv/modes/secret", "t", 0o640, 0, 42),
    ("srv/implied/by/file", "x"), ("srv/.wh..wh.aufs", ""),
]

ODD = [("srv/",), ("srv/null", "", "chr"), ("srv/fifo", "", "fifo"),
       ("srv/capable", "x", {"SCHILY.xattr.user.a": "1"}),
       ("srv/dup", "first"), ("srv/dup", "second")]

TYPES = {"sym": tarfile.SYMTYPE, "link": tarfile.LNKTYPE,
         "chr": tarfile.CHRTYPE, "fifo": tarfile.FIFOTYPE}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def dump(document):
    return json.dumps(document, separators=(",", ":")).encode()


def member(name, *rest):
    m = tarfile.TarInfo(name.rstrip("/"))
    m.mtime, m.mode, data = 1700000000, 0o644, b""
    if name.endswith("/"):
        m.type, m.mode = tarfile.DIRTYPE, 0o755
    elif len(rest) == 2 and str(rest[1]) in TYPES:
        m.type = TYPES[rest[1]]
        m.linkname, m.devmajor, m.devminor = rest[0], 1, 3
        m.mode = 0o777 if rest[1] == "sym" else 0o644
    else:
        data = rest[0].encode()
    if len(rest) == 2 and isinstance(rest[1], dict):
        m.pax_headers = rest[1]
    if len(rest) >= 3:
        m.mode, m.uid, m.gid = rest[-3:]
    m.size = len(data)
    return m, io.BytesIO(data)


def layer(entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for entry in entries:
            m, data = member(*entry)
            tar.addfile(m, data)
    return out.getvalue()


def write(path, members):
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in members:
            m = tarfile.TarInfo(name)
            m.size = len(data)
            tar.addfile(m, io.BytesIO(data))


def write_folder(path, members):
    for name, data in members:
        os.makedirs(os.path.dirname(os.path.join(path, name)), exist_ok=True)
        with open(os.path.join(path, name), "wb") as f:
            f.write(data)


class Image:
    """Layers under a config like another one."""

    def __init__(self, config, layers, **changes):
        config = dict(json.loads(config), **changes)
        config["rootfs"] = {"type": "layers", "diff_ids": [
            "sha256:" + sha256(data) for data in layers]}
        config["history"] = [{"created_by": "layer"} for _ in layers]
        config["author"] = "somebody"
        config["config"] = dict(
            config["config"], Shell=["/bin/sh", "-c"], OnBuild=None,
            Healthcheck={"Test": ["CMD", "/bin/true"], "Retries": 3})
        self.config, self.layers = dump(config), layers
        self.packed = [gzip.compress(data, 1, mtime=0) for data in layers]

    def docker(self, tag="multi:1"):
        names = [sha256(data) + "/layer.tar" for data in self.layers]
        manifest = [{"Config": "config.json", "RepoTags": [tag],
                     "Layers": names}]
        return [("config.json", self.config),
                ("manifest.json", dump(manifest))] + list(
                    zip(names, self.layers))

    def blobs(self, tag):
        def blob(data):
            return "blobs/sha256/" + sha256(data), data

        def descriptor(media_type, data, **more):
            return {"mediaType": media_type, "size": len(data),
                    "digest": "sha256:" + sha256(data), **more}
        manifest = dump({"schemaVersion": 2, "mediaType": MANIFEST,
                         "config": descriptor(CONFIG, self.config),
                         "layers": [descriptor(LAYER, data)
                                    for data in self.packed]})
        return [blob(data) for data in
                self.packed + [self.config, manifest]], descriptor(
                    MANIFEST, manifest, annotations={REF: tag})


def layout(images):
    """images: (tag, Image)"""
    members, manifests = {}, []
    for tag, image in images:
        blobs, descriptor = image.blobs(tag)
        members.update(blobs)
        manifests.append(descriptor)
    index = {"schemaVersion": 2, "manifests": manifests}
    return sorted(members.items()) + [
        ("index.json", dump(index)),
        ("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')]


def hybrid(image):
    names = ["blobs/sha256/" + sha256(data) for data in image.packed]
    manifest = [{"Config": "blobs/sha256/" + sha256(image.config),
                 "RepoTags": ["multi:1"], "Layers": names}]
    return layout([("1", image)]) + [("manifest.json", dump(manifest))]


def main():
    with tarfile.open(sys.argv[1]) as tar:
        entry = json.load(tar.extractfile("manifest.json"))[0]
        config = tar.extractfile(entry["Config"]).read()
        base = tar.extractfile(entry["Layers"][0]).read()
    folder = sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    multi = Image(config, [base, layer(LOWER), layer(UPPER)])
    odd = Image(config, [base, layer(ODD)])
    arm = Image(config, [base], architecture="arm", variant="v7")
    write(folder + "/multi.tar", multi.docker())
    write(folder + "/multi-hybrid.tar", hybrid(multi))
    write(folder + "/multi.oci.tar", layout([("1", multi)]))
    write_folder(folder + "/multi.oci", layout([("1", multi)]))
    write(folder + "/odd.tar", odd.docker("odd:1"))
    write(folder + "/platforms.oci.tar", layout(
        [("1", multi), ("1", arm), ("2", odd)]))


main()
