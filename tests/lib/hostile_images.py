#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""hostile_images.py FOLDER: image archives whose names want to break out of
the documents that tell of them: markup.tar (quotes, braces, markup, very long
names, more files than are told), control.tar, utf8.tar and member.tar (names
that no strict reader takes), words.tar (the config and the tag). plain.tar has
nothing that a router would mind."""
import hashlib
import io
import json
import os
import sys
import tarfile

DIRS = ["bin", "dev", "etc", "proc", "run", "sbin", "sys", "tmp"]
MARKUP = ['quote"quote', "apo'strophe", "back\\slash", "{0} {{1}}",
          "[link](https://evil.example)", "<script>alert(1)</script>",
          "$(id) `id` ; rm -rf", "%41%00%zz", "\u202eright to left",
          "line\u2028separator", "\U0001f427", "\u00e4\u0308\u200d",
          "x" * 90, "\U0001f427" * 24, " leading and trailing "]
EVIL = "a\"\\\u0007\n\u001b[31m{0}[x](https://evil.example)<b>\u2028\u202e"


# Of a static program for amd64: its header is all that is looked at.
PROGRAM = (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00\x01" +
           bytes(43))


def layer(entries):
    """entries: (name, mode) or (name, mode, content); names may hold any
    bytes by surrogates."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT,
                      encoding="utf-8", errors="surrogateescape") as tar:
        for name in DIRS:
            member = tarfile.TarInfo(name)
            member.type, member.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(member)
        for name, mode, *content in entries:
            member = tarfile.TarInfo(name)
            data = content[0] if content else b"x"
            member.mode, member.size = mode, len(data)
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def image(path, entries, tag="hostile:1", config=None, layer_name="0.tar"):
    """A docker-archive with one layer."""
    data = layer(entries)
    document = json.dumps({
        "architecture": "amd64", "os": "linux",
        "config": config or {"Entrypoint": ["/sbin/init"]},
        "rootfs": {"type": "layers", "diff_ids": [
            "sha256:" + hashlib.sha256(data).hexdigest()]}}).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [tag],
                            "Layers": [layer_name]}]).encode()
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in (("manifest.json", manifest),
                              ("config.json", document), ("0.tar", data)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def main(folder):
    os.makedirs(folder)
    image(folder + "/plain.tar", [("bin/sh", 0o755, PROGRAM),
                                  ("sbin/init", 0o755, PROGRAM)])
    deep = "/".join(["d" * 50] * 4) + "/" + "f" * 40
    image(folder + "/markup.tar", [(name, 0o4755) for name in MARKUP] +
          [(deep, 0o4755)] + [("srv-%03d" % i, 0o4755) for i in range(120)])
    image(folder + "/control.tar", [("etc/a\x1b[31m\n\x07", 0o4755)])
    image(folder + "/utf8.tar", [("etc/\udcff\udcc3(", 0o4755)])
    image(folder + "/member.tar", [], layer_name=EVIL + "y" * 9000)
    image(folder + "/words.tar", [], tag=EVIL + "z" * 60000, config={
        "Entrypoint": [EVIL + "w" * 9000], "User": EVIL, "WorkingDir": EVIL})


if __name__ == "__main__":
    main(sys.argv[1])
