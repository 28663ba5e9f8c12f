#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What an image's tree must be, worked out without any of alpbuild's code.

expect_tree.py MINIROOTFS [WORLD PACKAGE...] OVERLAY... [SERVICE...]
	-- FOUND [EPOCH]

MINIROOTFS is a .tar.gz, WORLD "world=WORD WORD...", PACKAGE an .apk, in the
order of installing (expect_apk.py), OVERLAY a folder, SERVICE
"service=RUNLEVEL/NAME"; FOUND a layer's tar, or
a folder that a foreign tool unpacked. Every path's kind, mode, owner, link target,
size and SHA-256 are compared (in a tar also the time); owners of a folder only
when we are root. Differences are printed, a line each, and the exit status
is 1. Overlays: rules with mode and owner 0:0, and templates, whose content is
only checked to hold no variable any more. Packages: no effects of scripts.
"""
import hashlib
import json
import os
import stat
import sys
import tarfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import expect_apk  # noqa: E402


def entry(kind, mode, uid, gid, target="", data=b"", mtime=0):
    digest = hashlib.sha256(data).hexdigest() if kind == "f" else ""
    return {"kind": kind, "mode": mode, "owner": (uid, gid), "target": target,
            "size": len(data) if kind == "f" else 0, "sha256": digest,
            "mtime": int(mtime)}


def clean(name):
    return "/".join(p for p in name.split("/") if p not in ("", "."))


def read_tar(path):
    tree = {}
    with tarfile.open(path) as tar:
        for m in tar:
            name = clean(m.name)
            if not name:
                continue
            if m.isdir():
                tree[name] = entry("d", m.mode, m.uid, m.gid, mtime=m.mtime)
            elif m.issym():
                tree[name] = entry("l", 0o777, m.uid, m.gid, m.linkname,
                                   mtime=m.mtime)
            elif m.islnk():
                tree[name] = dict(tree[clean(m.linkname)])
            elif m.isreg():
                tree[name] = entry("f", m.mode, m.uid, m.gid,
                                   data=tar.extractfile(m).read(),
                                   mtime=m.mtime)
            else:
                sys.exit("unexpected type of %s" % m.name)
    return tree


def read_folder(path):
    tree = {}
    for top, dirs, files in os.walk(path):
        for name in dirs + files:
            full = os.path.join(top, name)
            st = os.lstat(full)
            rel = os.path.relpath(full, path)
            mode = stat.S_IMODE(st.st_mode)
            if stat.S_ISLNK(st.st_mode):
                tree[rel] = entry("l", 0o777, st.st_uid, st.st_gid,
                                  os.readlink(full))
            elif stat.S_ISDIR(st.st_mode):
                tree[rel] = entry("d", mode, st.st_uid, st.st_gid)
            else:
                with open(full, "rb") as f:
                    tree[rel] = entry("f", mode, st.st_uid, st.st_gid,
                                      data=f.read())
    return tree


def put_packages(tree, base, words, packages):
    image = expect_apk.Image(base, sys.maxsize)
    for path in packages:
        image.install(expect_apk.Package(path))
    image.finish(words)
    for name, e in image.tree.items():
        uid, gid = e["owner"]
        target = e["data"].decode() if e["kind"] == "l" else ""
        tree[name] = entry(e["kind"], e["mode"], uid, gid, target, e["data"])
        tree[name]["mtime"] = e["mtime"]
    for name in "installed", "scripts.tar", "triggers":
        tree[expect_apk.DB + name]["mtime"] = None
    # Not compared byte by byte: tests/lib/package_cases.py looks inside.
    tree[expect_apk.DB + "scripts.tar"]["template"] = True


def put_overlay(tree, folder):
    with open(os.path.join(folder, "overlay.json")) as f:
        spec = json.load(f)
    templates = {clean(t) for t in spec.get("templates", [])}
    for name, found in read_folder(folder).items():
        if name == "overlay.json":
            continue
        if found["kind"] == "d" and name in tree:
            continue
        executable = found["mode"] & 0o100
        found["owner"] = (0, 0)
        found["mtime"] = None
        if found["kind"] != "l":
            found["mode"] = 0o755 if found["kind"] == "d" or executable else 0o644
        found["template"] = name in templates
        tree[name] = found
    for rule in spec.get("rules", []):
        path = clean(rule["path"])
        if rule.get("type") == "directory" and path not in tree:
            tree[path] = entry("d", 0o755, 0, 0)
            tree[path]["mtime"] = None
        if "mode" in rule:
            tree[path]["mode"] = int(rule["mode"], 8)


def put_service(tree, service):
    runlevel, name = service.split("/")
    tree["etc/runlevels/" + service] = entry("l", 0o777, 0, 0,
                                             "/etc/init.d/" + name)
    tree["etc/runlevels/" + service]["mtime"] = None
    if "etc/runlevels/" + runlevel not in tree:
        tree["etc/runlevels/" + runlevel] = entry("d", 0o755, 0, 0)
        tree["etc/runlevels/" + runlevel]["mtime"] = None


def compare(want, found, keys, epoch):
    bad = 0
    for name in sorted(set(want) | set(found)):
        w, f = want.get(name), found.get(name)
        if not w or not f:
            print("%s: %s" % (name, "unexpected" if f else "missing"))
            bad += 1
            continue
        for key in keys:
            expected = w[key]
            if w.get("template") and key in ("size", "sha256"):
                continue
            if key == "mtime":
                expected = epoch if expected is None else min(expected, epoch)
            if expected != f[key]:
                print("%s: %s is %s, expected %s" % (name, key, f[key], expected))
                bad += 1
    return bad


def main():
    split = sys.argv.index("--")
    base, inputs = sys.argv[1], sys.argv[2:split]
    words = [w for i in inputs if i.startswith("world=") for w in i[6:].split()]
    packages = [i for i in inputs if i.endswith(".apk")]
    services = [i[8:] for i in inputs if i.startswith("service=")]
    overlays = [i for i in inputs
                if not i.startswith(("world=", "service="))
                and i not in packages]
    where, epoch = sys.argv[split + 1], sys.argv[split + 2:]
    want = read_tar(base)
    if words:
        put_packages(want, base, words, packages)
    for folder in overlays:
        put_overlay(want, folder)
    for service in services:
        put_service(want, service)
    keys = ["kind", "mode", "target", "size", "sha256"]
    if os.path.isdir(where):
        found = read_folder(where)
        if os.geteuid() == 0:
            keys.append("owner")
    else:
        found = read_tar(where)
        keys.append("owner")
        if epoch:
            keys.append("mtime")
    bad = compare(want, found, keys, int(epoch[0]) if epoch else 0)
    print("%d paths, %d differences" % (len(want), bad))
    return 1 if bad else 0


sys.exit(main())
