#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""small_image.py OUT [ARCHITECTURE]: a classic image archive of one layer, of
a few kilobytes, with which alpbuild check finds no fault. Its programs are the
heads of ELF files: enough to be looked at, nothing to run."""
import hashlib
import io
import json
import struct
import sys
import tarfile

MACHINES = {"amd64": (2, 62), "arm64": (2, 183), "arm": (1, 40)}
DIRS = ("bin", "dev", "etc", "proc", "run", "sbin", "sys", "tmp", "usr",
        "usr/bin", "var", "var/spool")
EABI5 = 0x05000200


def elf(architecture):
    kind, machine = MACHINES[architecture]
    ident = b"\x7fELF" + bytes((kind, 1, 1)) + bytes(9)
    if kind == 2:
        return ident + struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, 0, 64, 0,
                                   0, 64, 56, 0, 64, 0, 0)
    return ident + struct.pack("<HHIIIIIHHHHHH", 2, machine, 1, 0, 52, 0,
                               EABI5, 52, 32, 0, 40, 0, 0)


def add(tar, name, data=b"", **more):
    member = tarfile.TarInfo(name)
    member.mtime, member.mode, member.size = 1700000000, 0o644, len(data)
    for key, value in more.items():
        setattr(member, key, value)
    tar.addfile(member, io.BytesIO(data))


def layer(architecture):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for name in DIRS:
            add(t, name, type=tarfile.DIRTYPE, mode=0o755)
        for name in ("bin/sh", "sbin/init"):
            add(t, name, elf(architecture), mode=0o755)
        add(t, "etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
        add(t, "usr/bin/again", type=tarfile.LNKTYPE, linkname="bin/sh",
            mode=0o755)
        add(t, "usr/bin/init", type=tarfile.SYMTYPE, linkname="/sbin/init",
            mode=0o777)
        add(t, "var/spool/mail", b"", type=tarfile.DIRTYPE, mode=0o1777,
            gid=12)
    return out.getvalue()


def main():
    architecture = sys.argv[2] if len(sys.argv) > 2 else "amd64"
    data = layer(architecture)
    digest = hashlib.sha256(data).hexdigest()
    document = {"architecture": architecture, "os": "linux",
                "created": "2025-06-15T15:06:40Z",
                "config": {"Entrypoint": ["/sbin/init"],
                           "Env": ["PATH=/sbin:/bin"]},
                "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest]},
                "history": [{"created_by": "small_image.py"}]}
    if architecture == "arm":
        document["variant"] = "v7"
    config = json.dumps(document).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = [{"Config": name, "RepoTags": ["small:1"],
                 "Layers": [digest + "/layer.tar"]}]
    with tarfile.open(sys.argv[1], "w", format=tarfile.USTAR_FORMAT) as tar:
        add(tar, "manifest.json", json.dumps(manifest).encode())
        add(tar, name, config)
        add(tar, digest + "/layer.tar", data)


main()
