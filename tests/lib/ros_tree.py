#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ros_tree.py: a small tree in the form of MikroTik's upgrade server, by code.

    ros_tree.py make TREE [--size KIB]         channels, versions, WinBox, RouterOS 6
    ros_tree.py release TREE VERSION [--size KIB] [--revision TEXT] [--no-csv]
    ros_tree.py point TREE POINTER VERSION [TIME]   NEWESTa7.stable 7.24.5

TREE becomes what is served below /routeros/. Every byte follows from names,
version and revision: releasing a version again under another revision gives
other packages under the same names, as an upstream that corrects itself does.
make: NEWESTa7.stable 7.24.4, .long-term 7.22.6, .testing 7.25rc1,
.development "0.00 0"; LATEST.7 and NEWEST7.* 7.12.1; 6.49.18 and 6.48.7;
WinBox 3.41 and 4.0beta20. A package is small (--size: KiB of the main one).
"""
import argparse
import hashlib
import os
import random
import re
import zlib

MAGIC = bytes.fromhex("1ef1d0ba")
ARCHES = "arm arm64 mipsbe mmips smips ppc tile x86".split()
EXTRAS = {
    7: {"container": "arm arm64 x86", "wifi-qcom": "arm arm64",
        "zerotier": "arm arm64", "ups": "*", "user-manager": "*"},
    6: {"system": "*", "ntp": "*", "wireless": "*"},
}
BRIDGE_EXTRAS = {"wifiwave2": "arm arm64", "ups": "*"}
WINBOX = {"3.41": ("winbox.exe", "winbox64.exe"),
          "4.0beta20": ("WinBox_Windows.zip", "WinBox_Linux.zip", "WinBox.dmg")}
WINBOX_MAGIC = {"exe": b"MZ", "zip": b"PK\3\4", "dmg": b"x\1"}


def build_time(version):
    return 1650000000 + zlib.crc32(version.encode()) % 100000000


def content(name, size, start, revision=""):
    """SIZE bytes or a little more that begin with START."""
    seed = random.Random("%s %s" % (name, revision))
    size += seed.randrange(1, 999)
    return start + seed.getrandbits(8 * size).to_bytes(size, "little")


def write(path, data):
    """By rename, so that a server under way sees one or the other."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.rename(path + ".new", path)


def write_summed(path, data):
    name = os.path.basename(path)
    write(path, data)
    line = "%s  %s\n" % (hashlib.sha256(data).hexdigest(), name)
    write(path + ".sha256", line.encode())


def package_name(package, version, arch):
    """RouterOS 7: no suffix for x86; RouterOS 6: the main one has its own form."""
    if version.startswith("6.") and package == "routeros":
        return "routeros-%s-%s.npk" % ("powerpc" if arch == "ppc" else arch, version)
    suffix = "" if arch == "x86" else "-" + arch
    return "%s-%s%s.npk" % (package, version, suffix)


def packages(version):
    """(arch, package) of all that a version consists of."""
    major = int(version.split(".")[0])
    extras = BRIDGE_EXTRAS if version == "7.12.1" else EXTRAS[major]
    for arch in ARCHES:
        if major == 6 and arch == "arm64":
            continue
        yield arch, "routeros"
        for package, arches in extras.items():
            if arches == "*" or arch in arches.split():
                yield arch, package


def release(tree, version, kib=24, revision="", csv=True):
    folder = os.path.join(tree, version)
    lines = []
    for arch, package in packages(version):
        name = package_name(package, version, arch)
        size = 1024 * (kib if package == "routeros" else max(1, kib // 8))
        data = content(name, size, MAGIC, revision)
        write_summed(os.path.join(folder, name), data)
        lines.append("%s,%s,%d\n" % (arch, package, len(data)))
    if csv:
        write(os.path.join(folder, "packages.csv"), "".join(lines).encode())
    text = "What's new in %s (2026-Sep-16 10:12):\n\n*) system - fixed it %s;\n"
    write(os.path.join(folder, "CHANGELOG"), (text % (version, revision)).encode())


def point(tree, pointer, version, time=None):
    if time is None:
        time = 0 if version == "0.00" else build_time(version)
    write(os.path.join(tree, pointer), ("%s %s\n" % (version, time)).encode())


def winbox(tree):
    for version, files in WINBOX.items():
        for name in files:
            path = os.path.join(tree, "winbox", version, name)
            start = WINBOX_MAGIC[name.split(".")[-1]]
            write_summed(path, content(version + name, 4096, start))
        pointer = "LATEST." + re.match("[0-9]", version).group()
        write(os.path.join(tree, "winbox", pointer), (version + "\n").encode())


POINTERS = {
    "NEWESTa7.stable": "7.24.4", "NEWESTa7.long-term": "7.22.6",
    "NEWESTa7.testing": "7.25rc1", "NEWESTa7.development": "0.00",
    "LATEST.7": "7.12.1", "NEWEST7.stable": "7.12.1", "NEWEST7.long-term": "7.12.1",
    "NEWEST7.testing": "7.12.1", "NEWEST7.development": "7.12.1",
    "LATEST.6": "6.49.18", "LATEST.6fix": "6.48.7", "LATEST.6rc": "6.49.18",
    "NEWEST6.stable": "6.49.18", "NEWEST6.long-term": "6.48.7",
    "NEWEST6.testing": "6.49.18", "NEWEST6.development": "0.00",
    "NEWEST6.upgrade": "7.12.1", "NEWESTa6.upgrade": "7.24.4",
}


def make(tree, kib):
    for version in sorted(set(POINTERS.values()) - {"0.00"}):
        is_old = version == "7.12.1" or version.startswith("6.")
        release(tree, version, kib, csv=not is_old)
    for pointer, version in POINTERS.items():
        point(tree, pointer, version)
    winbox(tree)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("what", choices=("make", "release", "point"))
    parser.add_argument("tree")
    parser.add_argument("words", nargs="*")
    parser.add_argument("--size", type=int, default=24)
    parser.add_argument("--revision", default="")
    parser.add_argument("--no-csv", action="store_true")
    args = parser.parse_args()
    if args.what == "make":
        make(args.tree, args.size)
    elif args.what == "release":
        for version in args.words:
            release(args.tree, version, args.size, args.revision, not args.no_csv)
    else:
        point(args.tree, *args.words)


if __name__ == "__main__":
    main()
