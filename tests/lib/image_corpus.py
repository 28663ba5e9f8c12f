#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""image_corpus.py IN FOLDER: from a classic image archive, the same image as
programs write it that are not at hand here: docker save old and new, buildx,
crane, kaniko; and what people make of it by hand."""
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar"
MARK = b'{"imageLayoutVersion":"1.0.0"}'


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def blob(data):
    return "blobs/sha256/" + sha256(data)


def descriptor(media_type, data, **more):
    return {"mediaType": media_type, "digest": "sha256:" + sha256(data),
            "size": len(data), **more}


def dump(document):
    return json.dumps(document, separators=(",", ":")).encode()


def write(path, members):
    """members: (name, bytes), or (name, target of a symbolic link). The
    folders of blobs come before them, as BuildKit and Docker write them."""
    if any(name.startswith("blobs/") for name, _ in members):
        members = [("blobs", None), ("blobs/sha256", None)] + members
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in members:
            member = tarfile.TarInfo(name)
            if data is None:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(member)
            elif isinstance(data, str):
                member.type, member.linkname = tarfile.SYMTYPE, data
                tar.addfile(member)
            else:
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))


def docker(config, layers, tag="corpus:1"):
    return dump([{"Config": config, "RepoTags": [tag], "Layers": layers}])


class Image:
    def __init__(self, path):
        with tarfile.open(path) as tar:
            entry = json.load(tar.extractfile("manifest.json"))[0]
            self.config = tar.extractfile(entry["Config"]).read()
            self.layer = tar.extractfile(entry["Layers"][0]).read()
        self.packed = gzip.compress(self.layer, 1, mtime=0)


def docker_old(image):
    """docker save before 25."""
    ident = sha256(b"id" + image.layer)
    config = sha256(image.config) + ".json"
    return [(config, image.config), (ident + "/VERSION", b"1.0"),
            (ident + "/json", dump({"id": ident})),
            (ident + "/layer.tar", image.layer),
            ("manifest.json", docker(config, [ident + "/layer.tar"])),
            ("repositories", dump({"corpus": {"1": ident}}))]


def docker_28(image):
    """docker save of 25 to 28 with its own store: a manifest without layers
    (only foreign ones are listed), configs of the first version of images,
    repositories, folders before files, all in the order of a walk."""
    manifest = dump({"schemaVersion": 2, "mediaType": MANIFEST,
                     "config": descriptor(CONFIG, image.config),
                     "layers": []})
    layer = sha256(image.layer)
    old = dump({"id": "0" * 64, "created": "1970-01-01T00:00:00Z",
                "os": "linux", "container_config": {"Cmd": None}})
    names = {"io.containerd.image.name": "docker.io/library/corpus:1",
             "org.opencontainers.image.ref.name": "1"}
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [
        descriptor(MANIFEST, manifest, annotations=names)]}
    entry = json.loads(docker(blob(image.config), [blob(image.layer)]))
    source = {"mediaType": LAYER, "size": len(image.layer),
              "digest": "sha256:" + layer}
    entry[0]["LayerSources"] = {"sha256:" + layer: source}
    blobs = sorted((blob(d), d) for d in
                   (image.layer, image.config, manifest, old))
    return blobs + [("index.json", dump(index)),
                    ("manifest.json", dump(entry) + b"\n"),
                    ("oci-layout", MARK),
                    ("repositories", dump({"corpus": {"1": layer}}) + b"\n")]


def containerd(image):
    """docker save with containerd's store, nerdctl save: an index with an
    attestation in it, sorted by name, and manifest.json for its image."""
    members = dict(buildx_oci(image))
    members["manifest.json"] = docker(blob(image.config), [blob(image.packed)])
    return sorted(members.items())


def hybrid(image, layer, media_type):
    """docker save since 25; buildx --output type=docker."""
    manifest = dump({"schemaVersion": 2, "mediaType": MANIFEST,
                     "config": descriptor(CONFIG, image.config),
                     "layers": [descriptor(media_type, layer)]})
    index = {"schemaVersion": 2, "manifests": [descriptor(MANIFEST, manifest)]}
    return [(blob(layer), layer), (blob(image.config), image.config),
            (blob(manifest), manifest), ("index.json", dump(index)),
            ("manifest.json",
             docker(blob(image.config), [blob(layer)])), ("oci-layout", MARK)]


def buildx_plain(image):
    """buildx --output type=oci --provenance=false."""
    manifest = dump({"schemaVersion": 2, "mediaType": MANIFEST,
                     "config": descriptor(CONFIG, image.config),
                     "layers": [descriptor(LAYER + "+gzip", image.packed)]})
    name = {"org.opencontainers.image.created": "2025-06-15T15:06:40Z",
            "org.opencontainers.image.ref.name": "1"}
    top = {"schemaVersion": 2, "mediaType": INDEX, "manifests":
           [descriptor(MANIFEST, manifest, annotations=name)]}
    return [(blob(d), d) for d in (image.packed, image.config, manifest)] + [
            ("index.json", dump(top)), ("oci-layout", MARK)]


def buildx_oci(image):
    """buildx --output type=oci, with what it attests by default."""
    manifest = dump({"schemaVersion": 2, "mediaType": MANIFEST,
                     "config": descriptor(CONFIG, image.config),
                     "layers": [descriptor(LAYER + "+gzip", image.packed)]})
    claim = dump({"schemaVersion": 2, "layers": []})
    platform = {k: v for k, v in json.loads(image.config).items()
                if k in ("os", "architecture", "variant")}
    unknown = {"os": "unknown", "architecture": "unknown"}
    notes = {"vnd.docker.reference.type": "attestation-manifest"}
    index = dump({"schemaVersion": 2, "mediaType": INDEX, "manifests": [
        descriptor(MANIFEST, manifest, platform=platform),
        descriptor(MANIFEST, claim, platform=unknown, annotations=notes)]})
    name = {"org.opencontainers.image.ref.name": "1"}
    top = {"schemaVersion": 2, "manifests":
           [descriptor(INDEX, index, annotations=name)]}
    return [(blob(d), d) for d in
            (image.packed, image.config, manifest, claim, index)] + [
            ("index.json", dump(top)), ("oci-layout", MARK)]


def crane(image):
    """crane save, kaniko --tar-path: go-containerregistry's tarball."""
    config = "sha256:" + sha256(image.config)
    layer = sha256(image.packed) + ".tar.gz"
    return [(config, image.config), (layer, image.packed),
            ("manifest.json", docker(config, [layer]))]


def crane_legacy(image):
    """crane save --format=legacy: plain layers."""
    ident, config = sha256(b"v1" + image.layer), sha256(image.config) + ".json"
    return [(config, image.config), (ident + "/layer.tar", image.layer),
            (ident + "/json", dump({"id": ident, "parent": ""})),
            (ident + "/VERSION", b"1.0"),
            ("manifest.json", docker(config, [ident + "/layer.tar"])),
            ("repositories", dump({"corpus": {"1": ident}}))]


def classic(image, prefix="", tag="corpus:1"):
    return [(prefix + "manifest.json",
             docker("config.json", ["layer.tar"], tag)),
            (prefix + "config.json", image.config),
            (prefix + "layer.tar", image.layer)]


def main():
    image, folder = Image(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    made = {
        "docker-old": docker_old(image),
        "docker-25": hybrid(image, image.layer, LAYER),
        "docker-containerd": hybrid(image, image.packed, LAYER + "+gzip"),
        "docker-28": docker_28(image),
        "nerdctl": containerd(image),
        "buildx-docker": hybrid(image, image.layer, DOCKER_LAYER),
        "buildx-plain": buildx_plain(image),
        "buildx-oci": buildx_oci(image),
        "crane": crane(image),
        "crane-legacy": crane_legacy(image),
        "flat": classic(image),
        "dotted": classic(image, "./"),
        "upper": classic(image, tag="Corpus:1"),
        "link": classic(image)[:2] + [("layer.tar", "real.tar"),
                                      ("real.tar", image.layer)],
        "no-layer": classic(image)[:2],
        "other-layer": classic(image)[:2] + [("layer.tar",
                                              image.layer + bytes(512))],
    }
    for name, members in made.items():
        write(os.path.join(folder, name + ".tar"), members)
    whole = open(os.path.join(folder, "flat.tar"), "rb").read()
    with open(os.path.join(folder, "whole.tar.gz"), "wb") as out:
        out.write(gzip.compress(whole, 1, mtime=0))
    with open(os.path.join(folder, "cut.tar"), "wb") as out:
        out.write(whole[:len(whole) // 2])


main()
