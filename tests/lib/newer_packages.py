#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""newer_packages.py REPOSITORY NAME=VERSION...

Makes packages of a fixture repository (a folder with APKINDEX.tar.gz) newer,
as Alpine does it: the index has the new revision only, and the old file is
gone. A version must be as long as the one before, so that the control section
keeps its form; nothing else of a package changes.
"""
import os
import sys
import zlib

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "mirror", "lib"))

import apkfile  # noqa: E402

KEY = "alpbuild-fixture-00000001"


def members(data):
    """What each gzip member inflates to, and its raw bytes."""
    while data:
        z = zlib.decompressobj(31)
        plain = z.decompress(data)
        raw, data = data[:len(data) - len(z.unused_data)], z.unused_data
        yield plain, raw


def replace_once(data, old, new):
    assert len(old) == len(new) and data.count(old) == 1, (old, new)
    return data.replace(old, new)


def make_newer(folder, signer, record, new):
    """The record of the new revision; its file takes the old one's place."""
    fields = dict(line.split(":", 1) for line in record.splitlines())
    name, old = fields["P"], fields["V"]
    path = "%s/%s-%s.apk" % (folder, name, old)
    with open(path, "rb") as apk:
        _, (control, _), (_, data) = members(apk.read())
    control = apkfile.gzip_member(replace_once(
        control, b"pkgver = %s\n" % old.encode(),
        b"pkgver = %s\n" % new.encode()))
    apk = signer.member(control, [("RSA", KEY)], 0) + control + data
    os.unlink(path)
    with open("%s/%s-%s.apk" % (folder, name, new), "wb") as out:
        out.write(apk)
    fields.update(C=apkfile.q1(control), V=new, S=str(len(apk)))
    return "".join("%s:%s\n" % field for field in fields.items())


def main():
    folder = sys.argv[1]
    newer = dict(word.split("=") for word in sys.argv[2:])
    signer = apkfile.Signer(os.path.join(TOP, "mirror", "keys"))
    path = folder + "/APKINDEX.tar.gz"
    with open(path, "rb") as index:
        plain = list(members(index.read()))[-1][0]
    start = plain.index(b"C:Q1")
    text = plain[start:plain.index(b"\0", start)].decode()
    records = []
    for record in text.strip("\n").split("\n\n"):
        name = record.split("\nP:")[1].split("\n")[0]
        if name in newer:
            record = make_newer(folder, signer, record, newer.pop(name))
        records.append(record.strip("\n") + "\n\n")
    assert not newer, newer
    index = apkfile.gzip_member(apkfile.index_tar(records, "newer", 0))
    os.unlink(path)  # it may be a link to the mirror that this is a copy of
    with open(path, "wb") as out:
        out.write(signer.member(index, [("RSA", KEY)], 0) + index)


main()
