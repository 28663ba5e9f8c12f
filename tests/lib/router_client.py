#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_client: asks a mirror as RouterOS asks upgrade.mikrotik.com.

    router_client.py [option...] update CHANNEL PACKAGE...
    router_client.py [option...] odd VERSION FILE OTHER
    router_client.py [option...] tls
    router_client.py [option...] watch CHANNEL STOP-FILE

update  the requests of a router in their order, as captured from RouterOS 7.19.1.
odd     single requests, polite and rude, about one npk and another one.
tls     who is believed, and who is not.
watch   polls the pointer and fetches all that it names, until STOP-FILE is there.

Raw sockets, so that nothing in between is kind. Each rule is a line, "ok NAME"
or "wrong NAME: WHY"; the status is 1 when one is wrong. --truth is the folder
with the tree that was mirrored: bytes are compared with it.
"""
import argparse
import os
import re
import socket
import ssl
import sys

from router_http import MAGIC, NAME, PATIENCE, Router, Truth, Wrong, want
from router_odd import odd


def npk(package, version, arch):
    if version.startswith("6.") and package == "routeros":
        arch = "powerpc" if arch == "ppc" else arch
        return f"/routeros/{version}/routeros-{arch}-{version}.npk"
    suffix = "" if arch == "x86" else f"-{arch}"
    return f"/routeros/{version}/{package}-{version}{suffix}.npk"


def pointer(router, channel):
    """The answer to check-for-updates: (version, build time)."""
    path = (f"/routeros/{router.args.pointer}.{channel}"
            f"?version={router.args.version}")
    body = router.get(path).body
    line = re.fullmatch(rb"(\S+) (\d+)\n?", body)
    want(line, f"{path}: {body[:60]!r} is not a version and a time")
    return line[1].decode(), int(line[2])


def listed(router, truth, version):
    """packages.csv: lines that upstream has, too; None where it has none."""
    path = f"/routeros/{version}/packages.csv"
    answer = router.ask(path)
    if answer.status == 404 and not truth.has(path):
        return None
    want(answer.status == 200, f"{path}: status {answer.status}")
    genuine = truth.read(path).decode().splitlines()
    rows = answer.body.decode().splitlines()
    for row in rows:
        want(row in genuine, f"{path}: upstream has no line {row!r}")
    return [tuple(row.split(",")[:2]) for row in rows]


def fetch(router, truth, path):
    answer = router.get(path)
    if path.endswith(".npk"):
        want(answer.body[:4] == MAGIC, f"{path}: does not begin as an npk")
    truth.check(path, answer.body)
    want(not answer.rest, f"{path}: bytes after the end")
    return len(answer.body)


def update(router, truth, say):
    """check-for-updates, then install: the requests in a router's order."""
    args, size = router.args, 0
    version, built = pointer(router, args.channel)
    print(f"# pointer: {version} {built}")
    if not args.behind:
        say("the pointer is upstream's", lambda: truth.check(
            f"/routeros/{args.pointer}.{args.channel}",
            f"{version} {built}\n".encode()))
    say("CHANGELOG", lambda: fetch(router, truth,
                                   f"/routeros/{version}/CHANGELOG"))
    rows = listed(router, truth, version)
    say("packages.csv names what is there, and only that",
        lambda: fetch_listed(router, truth, version, rows))
    for package in args.packages:
        def one(path=npk(package, version, args.arch)):
            nonlocal size
            size += fetch(router, truth, path)
        say(f"{package} for {args.arch}, byte for byte", one)
    print(f"# {size} bytes of packages")


def fetch_listed(router, truth, version, rows):
    if rows is None:
        return
    want(any(a == router.args.arch for a, _ in rows),
         f"nothing for {router.args.arch}")
    for arch, package in rows:
        fetch(router, truth, npk(package, version, arch))


def tls(router, _truth, say):
    def handshake(context, name):
        plain = socket.create_connection(
            (router.args.address, router.args.port), PATIENCE)
        with context.wrap_socket(plain, server_hostname=name) as s:
            return s.version()

    def refused_by(context, name):
        try:
            handshake(context, name)
        except ssl.SSLCertVerificationError:
            return
        raise Wrong("the certificate is believed")

    def believed():
        version = handshake(router.context, NAME)
        want(version in ("TLSv1.2", "TLSv1.3"), f"by {version}")

    def old_client():
        old = ssl.create_default_context(cafile=router.args.ca)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        want(handshake(old, NAME) == "TLSv1.2", "not TLS 1.2")

    def no_name():
        plain = ssl.create_default_context(cafile=router.args.ca)
        plain.check_hostname = False
        handshake(plain, None)

    say("with the CA it is upgrade.mikrotik.com", believed)
    say("by TLS 1.2, too", old_client)
    say("without a name asked for, too", no_name)
    say("without the CA nobody believes it",
        lambda: refused_by(ssl.create_default_context(), NAME))
    say("it is nobody else", lambda: refused_by(router.context,
                                                "download.example.org"))


def watch(router, truth, _say):
    """Whatever the moment: all that the pointer names is there, and right."""
    polls, files, versions = 0, 0, []
    while not os.path.exists(router.args.stop):
        version, _ = pointer(router, router.args.channel)
        if versions[-1:] != [version]:
            versions.append(version)
        polls += 1
        if version.startswith("0.0"):
            continue
        fetch(router, truth, f"/routeros/{version}/CHANGELOG")
        for arch, package in listed(router, truth, version) or []:
            fetch(router, truth, npk(package, version, arch))
            files += 1
        for arch in router.args.arch.split(","):
            fetch(router, truth, npk("routeros", version, arch))
    print(f"watched: polls {polls}, files {files}, "
          f"versions {' '.join(versions)}")


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--address", default="172.17.0.2")
    p.add_argument("--port", type=int, default=80)
    p.add_argument("--ca", help="by HTTPS, and this is who is believed")
    p.add_argument("--version", default="7.19.1")
    p.add_argument("--pointer", default="NEWESTa7")
    p.add_argument("--behind", action="store_true",
                   help="upstream's pointer is another one by now")
    p.add_argument("--arch", default="arm64")
    p.add_argument("--truth", required=True)
    sub = p.add_subparsers(dest="command", required=True)
    u = sub.add_parser("update")
    u.add_argument("channel")
    u.add_argument("packages", nargs="+")
    o = sub.add_parser("odd")
    o.add_argument("--channel", default="stable")
    o.add_argument("of", metavar="VERSION")
    o.add_argument("file")
    o.add_argument("other")
    sub.add_parser("tls")
    w = sub.add_parser("watch")
    w.add_argument("channel")
    w.add_argument("stop")
    return p.parse_args()


def main():
    args = arguments()
    wrongs = []

    def say(name, call):
        try:
            call()
            print(f"ok {name}", flush=True)
        except (Wrong, OSError, ValueError) as e:
            wrongs.append(name)
            print(f"wrong {name}: {e}", flush=True)
    command = {"update": update, "odd": odd, "tls": tls, "watch": watch}
    try:
        command[args.command](Router(args), Truth(args.truth), say)
    except (Wrong, OSError, ValueError) as e:
        wrongs.append(args.command)
        print(f"wrong {args.command}: {e}")
    sys.exit(1 if wrongs else 0)


main()
