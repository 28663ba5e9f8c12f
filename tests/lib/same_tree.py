#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether two root file systems are the same, but for times.

same_tree.py WANT FOUND [PATH...]

Each of WANT and FOUND is a tar, a folder (that root unpacked), or a list of
lines as find and sha256sum give them: "f MODE UID GID PATH SIZE SHA256",
"d MODE UID GID PATH", "l MODE UID GID PATH -> TARGET". What is compared is
kind, mode, owner, link target, size and content of every path but the root
and the PATHs, with what is below them. Days in shadow files are the clock's:
adduser writes them, and only lists say anything of them. Differences are
printed, a line each, and the exit status is 1.
"""
import hashlib
import os
import re
import stat
import sys
import tarfile

SHADOW = ("etc/shadow", "etc/shadow-")
DAY = re.compile(rb"^([^:\n]*:[^:\n]*):\d+:", re.MULTILINE)


def clean(name):
    return "/".join(p for p in name.split("/") if p not in ("", "."))


def of_file(name, mode, owner, data, days):
    if name in SHADOW and days == "hidden":
        data = DAY.sub(rb"\1:DAY:", data)
    return ("f", mode, owner, len(data), hashlib.sha256(data).hexdigest())


def read_tar(path, days):
    tree = {}
    with tarfile.open(path) as tar:
        for m in tar:
            name, owner = clean(m.name), (m.uid, m.gid)
            if m.isdir():
                tree[name] = ("d", m.mode & 0o7777, owner)
            elif m.issym():
                tree[name] = ("l", owner, m.linkname)
            elif m.islnk():
                tree[name] = tree[clean(m.linkname)]
            elif m.isreg():
                tree[name] = of_file(name, m.mode & 0o7777, owner,
                                     tar.extractfile(m).read(), days)
            else:
                tree[name] = ("type " + repr(m.type),)
    return tree


def read_path(name, path, days):
    st = os.lstat(path)
    mode, owner = stat.S_IMODE(st.st_mode), (st.st_uid, st.st_gid)
    if stat.S_ISLNK(st.st_mode):
        return ("l", owner, os.readlink(path))
    if stat.S_ISDIR(st.st_mode):
        return ("d", mode, owner)
    if not stat.S_ISREG(st.st_mode):
        return ("type %o" % stat.S_IFMT(st.st_mode),)
    with open(path, "rb") as f:
        return of_file(name, mode, owner, f.read(), days)


def read_folder(path, days):
    tree = {}
    for top, dirs, files in os.walk(path):
        for base in dirs + files:
            full = os.path.join(top, base)
            name = os.path.relpath(full, path)
            tree[name] = read_path(name, full, days)
    return tree


def read_list(path):
    tree = {}
    with open(path) as f:
        for line in f:
            kind, mode, uid, gid, rest = line.rstrip("\n").split(" ", 4)
            owner, mode = (int(uid), int(gid)), int(mode, 8)
            if kind == "d":
                tree[clean(rest)] = ("d", mode, owner)
            elif kind == "l":
                name, target = rest.split(" -> ", 1)
                tree[clean(name)] = ("l", owner, target)
            else:
                name, size, sha256 = rest.rsplit(" ", 2)
                tree[clean(name)] = ("f", mode, owner, int(size), sha256)
    return tree


def read(path, days):
    if os.path.isdir(path):
        return read_folder(path, days)
    if path.endswith(".manifest"):
        return read_list(path)
    return read_tar(path, days)


def shown(e):
    if not e:
        return "nothing"
    return " ".join("%04o" % x if i == 1 and e[0] != "l" else
                    "%d:%d" % x if isinstance(x, tuple) else str(x)
                    for i, x in enumerate(e))


def main():
    lists = [p for p in sys.argv[1:3] if p.endswith(".manifest")]
    days = "shown" if lists else "hidden"
    want, found = read(sys.argv[1], days), read(sys.argv[2], days)
    but = tuple(clean(p) + "/" for p in sys.argv[3:]) + ("/",)
    bad = 0
    for name in sorted(set(want) | set(found)):
        same = want.get(name) == found.get(name)
        if same or (name + "/").startswith(but):
            continue
        print("%s: expected %s, found %s" % (
            name, shown(want.get(name)), shown(found.get(name))))
        bad += 1
    print("%d paths, %d differences" % (len(want), bad))
    return 1 if bad or not want else 0


sys.exit(main())
