#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""user_root: runs a command as root of a user namespace of the caller's.

    user_root.py [--emulate ARCH] COMMAND...

Root there may unpack and start images, make networks and, since Linux 6.7,
have emulators that nobody else sees. Of the ids of an image it has those that
/etc/subuid and /etc/subgid give the caller, by newuidmap and newgidmap; where
there are none, it has only its own, as 0. Status 125: none of it is possible.
"""
import argparse
import os
import pwd
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
from container import (BINFMT, ELF, MS_PRIVATE, MS_REC, NEWNS, NEWUSER, mount,
                       no_groups, register, unshare)

IDS = 65535  # beside 0: up to nobody, 65534, and one more


def names():
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name, str(uid)
    except KeyError:
        return ()  # newuidmap wants a name


def first_of(path):
    """Where the first range begins that is the caller's and large enough."""
    try:
        with open(path) as f:
            lines = [line.strip().split(":") for line in f]
    except OSError:
        return None
    for line in lines:
        if len(line) == 3 and line[0] in names() and int(line[2]) >= IDS:
            return int(line[1])
    return None


def map_many(pid):
    """By the helpers that may; false when they may not either."""
    for tool, path, own in (("newuidmap", "/etc/subuid", os.getuid()),
                            ("newgidmap", "/etc/subgid", os.getgid())):
        first = first_of(path)
        if first is None or not shutil.which(tool):
            return False
        ids = [0, own, 1, 1, first, IDS]
        if subprocess.run([tool, str(pid), *map(str, ids)]).returncode:
            return False
    return True


def map_as_root(pid):
    """What runtimes take for a user namespace: not all ids that there are."""
    for kind in "uid", "gid":
        with open(f"/proc/{pid}/{kind}_map", "w") as f:
            f.write(f"0 0 {IDS + 1}\n")
    return True


def map_one(uid, gid):
    with open("/proc/self/setgroups", "w") as f:
        f.write("deny")
    for kind, own in ("uid", uid), ("gid", gid):
        with open(f"/proc/self/{kind}_map", "w") as f:
            f.write(f"0 {own} 1\n")


def become_root():
    """The helper stays in the old namespace, where ids can be given."""
    ids = os.getuid(), os.getgid()
    parent = os.getpid()
    ready = os.pipe()
    helper = os.fork()
    if helper == 0:
        os.close(ready[1])
        if os.read(ready[0], 1) != b"u":
            os._exit(1)
        mapped = map_as_root(parent) if ids[0] == 0 else map_many(parent)
        os._exit(0 if mapped else 1)
    unshare(NEWUSER)
    os.write(ready[1], b"u")
    os.close(ready[1])
    if os.waitpid(helper, 0)[1]:
        map_one(*ids)
    no_groups()
    os.setgid(0)
    os.setuid(0)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--emulate", choices=ELF, metavar="ARCH")
    p.add_argument("command", nargs=argparse.REMAINDER)
    args = p.parse_args()
    if not args.command:
        p.error("COMMAND is missing")
    try:
        become_root()
        unshare(NEWNS)
        mount(None, "/", None, MS_REC | MS_PRIVATE)
        if args.emulate:
            mount("binfmt_misc", BINFMT, "binfmt_misc")
            register(args.emulate)
        os.execvp(args.command[0], args.command)
    except OSError as e:
        print(f"user_root: {e}", file=sys.stderr)
        sys.exit(125)


if __name__ == "__main__":
    main()
