#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Secrets and identities in a root file system's tar.

find_secrets.py TAR: prints a line for each and exits with 1: private keys by
their content, wherever they are; host keys, users' keys, machine ids and seeds
by their names; accounts that a password, or none, would open; the mark of a
first start.
"""
import re
import sys
import tarfile

# Programs hold the first lines of keys as text: a key goes on behind it.
KEYS = re.compile(
    rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----\r?\n"
    rb"(?:[A-Za-z-]+:[^\n]*\n|\r?\n)*[A-Za-z0-9+/=]{40}"
    rb"|PuTTY-User-Key-File-\d: \S"
    rb"|AGE-SECRET-KEY-1[0-9A-Z]{20}")

NAMES = re.compile(
    r"(^|/)(ssh_host_[^/]*|dropbear_[^/]*_host_key|id_[a-z0-9]+(\.pub)?"
    r"|authorized_keys2?|known_hosts|\.netrc|[^/]*\.rsa|first_start\.done"
    r"|random-seed|seed\.(no-)?credit|\.ash_history)$")

# They may be there, but empty: whoever starts first fills them.
EMPTY = ("etc/machine-id", "etc/hostid", "var/lib/dbus/machine-id")


def locked(field):
    return field[:1] in ("!", "*")


def accounts(name, text):
    for line in text.splitlines():
        user, field = (line.split(":") + [""])[:2]
        if user and not locked(field) and field != "x":
            yield "%s: the account %s is not locked" % (name, user)


def found(name, data):
    if NAMES.search(name):
        yield "%s: of a name that only secrets have" % name
    if name in EMPTY and data.strip() not in (b"", b"uninitialized"):
        yield "%s: an identity" % name
    if re.search(r"^etc/(shadow|passwd|group|gshadow)-?$", name):
        text = data.decode()
        yield from accounts(name, text if "group" not in name else
                            re.sub(r"(?m)^([^:]*)::", r"\1:x:", text))
    if KEYS.search(data):
        yield "%s: a private key" % name


def main():
    bad = files = 0
    with tarfile.open(sys.argv[1]) as tar:
        for member in tar:
            name = member.name.removeprefix("./")
            if not member.isreg():
                data = b""
                if member.isdir():
                    continue
            else:
                files += 1
                data = tar.extractfile(member).read()
            for line in found(name, data):
                print(line)
                bad += 1
    print("%d files, %d secrets" % (files, bad))
    return 1 if bad or not files else 0


sys.exit(main())
