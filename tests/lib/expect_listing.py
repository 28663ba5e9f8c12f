#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""expect_listing.py LISTING LAYER

Compares a layer's tar with a listing of what the real apk made:
    f MODE UID GID PATH SIZE SHA256
    d MODE UID GID PATH
    l MODE UID GID PATH -> TARGET
Differences are printed, a line each, and the exit status is 1.
"""
import hashlib
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import expect_apk  # noqa: E402


def line_of(path, e):
    if e["kind"] == "l":
        return "l 777 %d %d %s -> %s" % (e["owner"] + (path, e["data"].decode()))
    text = "%s %o %d %d %s" % ((e["kind"], e["mode"]) + e["owner"] + (path,))
    if e["kind"] == "f":
        text += " %d %s" % (len(e["data"]), hashlib.sha256(e["data"]).hexdigest())
    return text


def listing(path):
    with open(path) as f:
        for line in f:
            kind, mode, uid, gid, rest = line.rstrip("\n").split(" ", 4)
            rest = rest[2:] if rest.startswith("./") else rest.lstrip("/")
            if rest not in ("", "."):
                yield "%s %o %s %s %s" % (kind, int(mode, 8), uid, gid, rest)


def main():
    want = set(listing(sys.argv[1]))
    tree = expect_apk.read_tar(sys.argv[2])
    have = {line_of(path, e) for path, e in tree.items()}
    for line in sorted(want ^ have, key=lambda s: s.split(" ")[4]):
        print("missing " if line in want else "unexpected ", line, sep="")
    return 1 if want != have else 0


sys.exit(main())
