#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_mirror.py REPOSITORY KEYS

Checks a repository (a folder with APKINDEX.tar.gz) without any of alpbuild's
code and without that which made it: signatures by openssl with the public
keys in the folder KEYS, identities, sizes, datahashes, the files' checksums,
and that index and .PKGINFO say the same. Differences are printed, a line each,
and the exit status is 1.
"""
import base64
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import zlib

DIGESTS = {"RSA": "-sha1", "RSA256": "-sha256", "RSA512": "-sha512"}
FIELDS = {"pkgname": "P", "pkgver": "V", "depend": "D", "provides": "p",
          "install_if": "i", "origin": "o", "size": "I", "builddate": "t",
          "provider_priority": "k", "pkgdesc": "T"}
bad = []


def members(data):
    """The raw gzip members and their contents."""
    found = []
    while data:
        inflate = zlib.decompressobj(31)
        text = inflate.decompress(data) + inflate.flush()
        used = len(data) - len(inflate.unused_data)
        found.append((data[:used], text))
        data = data[used:]
    return found


def tar_files(text):
    with tarfile.open(fileobj=io.BytesIO(text + bytes(1024))) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar}


def verify(what, signatures, signed, keys):
    """The first signature of a known key decides."""
    for name, signature in tar_files(signatures).items():
        algorithm, key = name[len(".SIGN."):].split(".", 1)
        if not os.path.exists(os.path.join(keys, key)):
            continue
        with tempfile.NamedTemporaryFile() as f:
            f.write(signature)
            f.flush()
            done = subprocess.run(
                ["openssl", "dgst", DIGESTS[algorithm], "-verify",
                 os.path.join(keys, key), "-signature", f.name],
                input=signed, stdout=subprocess.PIPE)
        if done.returncode:
            bad.append("%s: bad signature %s" % (what, name))
        return
    bad.append("%s: no signature of a known key" % what)


def pkginfo(text):
    info = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            key, value = line.split(" = ", 1)
            info[key] = (info[key] + " " + value) if key in info else value
    return info


def check_files(what, text):
    with tarfile.open(fileobj=io.BytesIO(text)) as tar:
        for m in tar:
            checksum = m.pax_headers.get("APK-TOOLS.checksum.SHA1")
            content = m.linkname.encode() if m.issym() else b""
            if m.isreg():
                content = tar.extractfile(m).read()
            if (m.isreg() or m.issym()) and \
                    hashlib.sha1(content).hexdigest() != checksum:
                bad.append("%s: checksum of %s" % (what, m.name))


def check_package(what, path, record, keys):
    with open(path, "rb") as f:
        data = f.read()
    if str(len(data)) != record["S"]:
        bad.append("%s: size" % what)
    parts = members(data)
    if len(parts) != 3:
        bad.append("%s: %d members" % (what, len(parts)))
        return
    verify(what, parts[0][1], parts[1][0], keys)
    identity = "Q1" + base64.b64encode(
        hashlib.sha1(parts[1][0]).digest()).decode()
    if identity != record["C"]:
        bad.append("%s: identity" % what)
    info = pkginfo(tar_files(parts[1][1])[".PKGINFO"].decode())
    if info["datahash"] != hashlib.sha256(parts[2][0]).hexdigest():
        bad.append("%s: datahash" % what)
    for key, letter in FIELDS.items():
        if info.get(key, "") != record.get(letter, ""):
            bad.append("%s: %s is %r, in the index %r" % (
                what, key, info.get(key), record.get(letter)))
    if info["arch"] not in ("noarch", record["A"]):
        bad.append("%s: arch" % what)
    check_files(what, parts[2][1])


def main():
    folder, keys = sys.argv[1:]
    with open(os.path.join(folder, "APKINDEX.tar.gz"), "rb") as f:
        (_, signatures), (raw, index) = members(f.read())
    verify("index", signatures, raw, keys)
    names = {"APKINDEX.tar.gz"}
    text = tar_files(index)["APKINDEX"].decode()
    for block in text.split("\n\n"):
        if not block.strip():
            continue
        record = {line[0]: line[2:] for line in block.strip().split("\n")}
        name = "%s-%s.apk" % (record["P"], record["V"])
        names.add(name)
        check_package(name, os.path.join(folder, name), record, keys)
    for name in sorted(names ^ set(os.listdir(folder))):
        bad.append("%s: on one side only" % name)
    print("%d packages" % (len(names) - 1), *bad, sep="\n")
    return 1 if bad else 0


sys.exit(main())
