#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make_packages.py ARCH DIR TIME DEBS

Makes the fixture mirror's repositories for one architecture (Alpine's name):

    DIR/v0.0/main, DIR/v0.0/community, DIR/edge/testing
        /<arch>/APKINDEX.tar.gz and *.apk
    DIR/hostile/<case>/<arch>/...   with x86_64 only; see lib/hostile.py

TIME (seconds UTC) is the build time of all. DEBS has the unpacked Debian
packages of the architecture. The keys are those of keys/. The
same program makes the same bytes. It needs Python 3 and openssl.
"""
import os
import sys

sys.dont_write_bytecode = True  # the folder is part of what the mirror is of
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "lib"))

import apkfile  # noqa: E402
import debian  # noqa: E402
import hostile  # noqa: E402
import table  # noqa: E402

KEY, UNKNOWN = "alpbuild-fixture-00000001", "alpbuild-fixture-00000002"
FOLDERS = {"main": "v0.0/main", "community": "v0.0/community",
           "testing": "edge/testing"}
# Which signatures an index has: all forms that apk knows.
SIGNATURES = {"main": [("RSA", KEY)],
              "community": [("RSA", UNKNOWN), ("RSA256", KEY), ("RSA", KEY)],
              "testing": [("RSA512", KEY)]}


def write(path, data):
    """A file that is the same already stays as it is."""
    try:
        with open(path, "rb") as old:
            if old.read() == data:
                return
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "wb") as new:
        new.write(data)
    os.rename(path + ".new", path)


def make_repository(folder, packages, signer, signatures, time):
    records = []
    for package in packages:
        apk = apkfile.ApkFile(package, signer, [("RSA", KEY)])
        data = apk.bytes()
        write("%s/%s-%s.apk" % (folder, package.name, package.version), data)
        records.append(apkfile.record(package, apkfile.q1(apk.control), len(data)))
    index = apkfile.gzip_member(
        apkfile.index_tar(records, "alpbuild fixture, not Alpine", time))
    write(folder + "/APKINDEX.tar.gz",
          signer.member(index, signatures, time) + index)


def main():
    arch, out, time = sys.argv[1], sys.argv[2], int(sys.argv[3])
    debs = debian.Debian(sys.argv[4])
    signer = apkfile.Signer(os.path.join(HERE, "keys"))
    for repository, folder in FOLDERS.items():
        packages = [p.for_arch(arch, time, debs) for p in table.PACKAGES
                    if p.repository == repository and arch in p.archs]
        packages.sort(key=lambda p: (p.name, p.version))
        make_repository("%s/%s/%s" % (out, folder, arch), packages, signer,
                        SIGNATURES[repository], time)
    if arch == "x86_64":
        for path, data in hostile.files(arch, time, signer, KEY, UNKNOWN):
            write("%s/hostile/%s" % (out, path), data)


main()
