#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""hostile_archives.py IN FOLDER: from a classic image archive of one layer,
archives that somebody made to do harm, or that are damaged in ways that only
a strict reader sees. tests/integration/archives_hostile.sh tells what is to
become of each."""
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
DIR, SYM, LNK = tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE
ESCAPE = "\x1b]0;owned\x07\x1b[31m"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def dump(document):
    return json.dumps(document).encode()


def header(name, kind=tarfile.REGTYPE, link="", size=0):
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, link, size
    member.mode = 0o755
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def member(name, data=b"", kind=tarfile.REGTYPE, link=""):
    return header(name, kind, link, len(data)) + data + bytes(-len(data) % 512)


def tar(*members):
    return b"".join(members) + bytes(1024)


class Maker:
    def __init__(self, path, folder):
        with tarfile.open(path) as image:
            entry = json.load(image.extractfile("manifest.json"))[0]
            self.config = json.load(image.extractfile(entry["Config"]))
            self.base = image.extractfile(entry["Layers"][0]).read()
        n = len(self.base.rstrip(b"\0"))
        self.entries = self.base[:n + -n % 512]
        self.folder = folder

    def save(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as out:
            out.write(data)

    def document(self, layers, **changes):
        config = dict(self.config, **changes)
        config["rootfs"] = {"type": "layers", "diff_ids": [
            "sha256:" + sha256(layer) for layer in layers]}
        return dump(config)

    def classic(self, layers, config=None, manifest=None, tag="x:1"):
        names = ["%d.tar" % i for i in range(len(layers))]
        if manifest is None:
            manifest = dump([{"Config": "c.json", "RepoTags": [tag],
                              "Layers": names}])
        return [member("manifest.json", manifest),
                member("c.json", config or self.document(layers))] + [
                    member(n, layer) for n, layer in zip(names, layers)]

    def layer(self, name, *members):
        """The good layer, and more."""
        self.save(name, tar(*self.classic([tar(self.entries, *members)])))

    def manifest(self, name, text):
        self.save(name, tar(*self.classic([self.base], manifest=text)))

    def changed(self, name, **changes):
        config = self.document([self.base], **changes)
        self.save(name, tar(*self.classic([self.base], config)))

    def oci(self, name, index, *blobs):
        self.save(name, tar(*[member("blobs/sha256/" + sha256(b), b)
                              for b in blobs],
                            member("oci-layout",
                                   b'{"imageLayoutVersion":"1.0.0"}'),
                            member("index.json", dump(index))))


def descriptor(kind, data, **more):
    return dict({"mediaType": kind, "digest": "sha256:" + sha256(data),
                 "size": len(data)}, **more)


def links(m):
    m.layer("sym-loop", member("a", b"", SYM, "b"), member("b", b"", SYM, "a"),
            member("a/x", b"1"))
    m.layer("sym-self", member("etc/motd", b"", SYM, "motd"))
    m.layer("sym-up", member("out", b"", SYM, "../../../../../../tmp"),
            member("out/owned", b"1"))
    m.layer("sym-absolute", member("out", b"", SYM, "/tmp"),
            member("out/owned", b"1"))
    m.layer("hard-up", member("e", b"", LNK, "../../etc/passwd"))
    m.layer("hard-absolute", member("e", b"", LNK, "/etc/passwd"))
    m.layer("hard-self", member("e", b"", LNK, "e"))
    m.layer("hard-folder", member("e", b"", LNK, "etc"))
    m.layer("hard-nowhere", member("e", b"", LNK, "none"))


def names(m):
    m.layer("name-absolute", member("/owned", b"1"))
    m.layer("name-up", member("x/../../owned", b"1"))
    m.layer("name-escape", member("etc/" + ESCAPE, b"1"))
    m.layer("name-newline", member("etc/a\nalpbuild: all is well", b"1"))
    m.layer("name-c1", member("etc/\u009b31m", b"1"))
    m.layer("name-long", member("etc/" + "n" * 256, b"1"))
    m.layer("name-deep", member("d/" * 200 + "x", b"1"))
    m.layer("name-latin1", member("etc/\udce4", b"1"))
    m.save("tag-escape", tar(*m.classic([m.base], tag=ESCAPE + ":1\nfake")))
    m.changed("os-escape", os=ESCAPE)
    m.changed("architecture-escape", architecture=ESCAPE + "\nfake")
    m.changed("command-escape", config={"Entrypoint": ["/" + ESCAPE + "\nx"]})
    m.changed("user-escape", config={"Entrypoint": ["/sbin/init"],
                                     "User": ESCAPE, "WorkingDir": ESCAPE})


def documents(m):
    good = dump([{"Config": "c.json", "RepoTags": ["x:1"],
                  "Layers": ["0.tar"]}])
    m.manifest("json-deep", b"[" * 500000)
    m.manifest("json-twice", good.replace(b"{", b'{"Config":"d.json",'))
    m.manifest("json-nul", good.replace(b"c.json", b"c.json\\u0000x"))
    m.manifest("json-bom", b"\xef\xbb\xbf" + good)
    m.manifest("json-path", good.replace(b"c.json", b"../../etc/passwd"))
    m.manifest("json-absolute", good.replace(b"0.tar", b"/etc/passwd"))
    m.manifest("json-escape", good.replace(b"0.tar", b"\\u001b[31m\\n"))
    m.manifest("layer-is-config", good.replace(b"0.tar", b"c.json"))
    m.manifest("layers-200", good.replace(
        b'"0.tar"', b",".join([b'"0.tar"'] * 200)))
    m.save("config-deep", tar(*m.classic(
        [m.base], b'{"a":' + b"[" * 100000 + b"]" * 100000 + b"}")))
    m.changed("config-huge", author="a" * (2 << 20))
    m.save("manifest-twice", tar(*m.classic([m.base]),
                                 member("manifest.json", b"[]")))
    for name, kind in (("manifest-hard", LNK), ("manifest-sym", SYM)):
        m.save(name, tar(member("m", good),
                         member("manifest.json", b"", kind, "m"),
                         *m.classic([m.base])[1:]))
    m.save("manifest-out", tar(member("manifest.json", b"", SYM,
                                      "../../../../etc/passwd"),
                               *m.classic([m.base])[1:]))
    m.save("manifest-loop", tar(member("manifest.json", b"", SYM, "n"),
                                member("n", b"", SYM, "manifest.json")))


def indexes(m):
    config = m.document([m.base])
    image = dump({"schemaVersion": 2, "config": descriptor(CONFIG, config),
                  "layers": [descriptor(LAYER, m.base)]})
    blobs = [m.base, config, image]
    for name, digest in (("path", "sha256:../../../../etc/passwd"),
                         ("md5", "md5:" + "a" * 32),
                         ("upper", "sha256:" + "A" * 64),
                         ("short", "sha256:abc")):
        wrong = dict(descriptor(MANIFEST, image), digest=digest)
        m.oci("digest-" + name, {"schemaVersion": 2, "manifests": [wrong]},
              *blobs)
    for name, n, levels in (("index-deep", 1, 6), ("index-wide", 200, 3)):
        at, kind, more = image, MANIFEST, []
        for _ in range(levels):
            at = dump({"schemaVersion": 2,
                       "manifests": [descriptor(kind, at)] * n})
            kind = INDEX
            more.append(at)
        m.oci(name, {"schemaVersion": 2,
                     "manifests": [descriptor(kind, at)] * n}, *blobs, *more)
    m.oci("blob-missing", {"schemaVersion": 2, "manifests": [
        descriptor(MANIFEST, image)]}, config, image)
    m.oci("index-empty", {"schemaVersion": 2, "manifests": []})


def sizes(m):
    zeros = gzip.compress(bytes(300 << 20), 9, mtime=0)
    m.save("bomb.tar.gz", zeros)
    m.save("bomb-layer", tar(*m.classic([zeros])))
    m.save("bomb-member", header("big", size=1 << 50) + bytes(2048))
    m.layer("bomb-size", header("big", size=1 << 50))
    one = header("m", DIR)
    m.save("many-members", one * 70000 + bytes(1024))
    m.layer("many-entries", one * 300000)
    m.save("empty", b"")
    m.save("zeros", bytes(10240))
    m.save("text", b"no archive\n" * 1000)
    whole = tar(*m.classic([m.base]))
    m.save("half", whole[:len(whole) // 2])
    m.save("behind", whole + b"garbage" * 100)
    m.save("no-end", whole[:-1024])


def main():
    maker = Maker(sys.argv[1], sys.argv[2])
    os.makedirs(sys.argv[2], exist_ok=True)
    for part in (links, names, documents, indexes, sizes):
        part(maker)


main()
