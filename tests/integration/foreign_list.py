# SPDX-License-Identifier: MIT
"""foreign_list: the listing of driver_layer.c, made by Python alone.

    foreign_list.py tar FILE        entries of a tar, in its order
    foreign_list.py tree DIR        files of a folder, in the walk's order
    foreign_list.py mask [owner]    a listing without what a plain user's
                                    unpacking cannot keep
"""
import hashlib
import os
import stat
import sys
import tarfile


def put(kind, mode, owner, size, mtime, digest, path, target):
    row = (kind, "%04o" % mode, "%d:%d" % owner, size, mtime, digest, path, target)
    print("\t".join(str(field) for field in row))


def list_tar(path):
    with tarfile.open(path, "r:") as tar:
        for entry in tar:
            kind = {
                tarfile.REGTYPE: "-",
                tarfile.DIRTYPE: "d",
                tarfile.SYMTYPE: "l",
                tarfile.LNKTYPE: "h",
            }[entry.type]
            digest = "-"
            size = entry.size if kind == "-" else 0
            if kind == "-":
                digest = hashlib.sha256(tar.extractfile(entry).read()).hexdigest()
            put(kind, entry.mode, (entry.uid, entry.gid), size, int(entry.mtime),
                digest, entry.name, entry.linkname)


def list_tree(root):
    first = {}

    def one(path):
        st = os.lstat(os.path.join(root, path))
        kind, digest, target, size = "-", "-", "", 0
        if stat.S_ISDIR(st.st_mode):
            kind = "d"
        elif stat.S_ISLNK(st.st_mode):
            kind, target = "l", os.readlink(os.path.join(root, path))
        elif st.st_ino in first:
            kind, target = "h", first[st.st_ino]
        else:
            if st.st_nlink > 1:
                first[st.st_ino] = path
            size = st.st_size
            with open(os.path.join(root, path), "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
        put(kind, stat.S_IMODE(st.st_mode), (st.st_uid, st.st_gid), size,
            int(st.st_mtime), digest, path, target)
        if kind == "d":
            walk(path)

    def walk(folder):
        names = os.listdir(os.path.join(root, folder))
        for name in sorted(names, key=os.fsencode):
            one(os.path.join(folder, name))

    walk("")


def mask(fields):
    """Owners, and the bits and times that unpackers treat differently."""
    for line in sys.stdin:
        row = line.rstrip("\n").split("\t")
        if row[0] == "l":
            row[1] = "*"
        if "owner" in fields:
            row[2] = "*"
            if row[0] != "l":
                row[1] = "%04o" % (int(row[1], 8) & 0o777)
        if "time" in fields:
            row[4] = "*"
        print("\t".join(row))


def main():
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    if sys.argv[1] == "tar":
        list_tar(sys.argv[2])
    elif sys.argv[1] == "tree":
        list_tree(sys.argv[2])
    else:
        mask(sys.argv[2:])


main()
