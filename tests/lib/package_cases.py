#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Images that try one shape of packages each, for tests/integration/packages.sh.

    package_cases.py list                  names of those that can be built
    package_cases.py failures              "name status" of those that cannot
    package_cases.py manifest NAME         the manifest of one
    package_cases.py check NAME ARCH MIRROR EPOCH LAYER
        compares the layer's tree and database with what apk would make;
        ARCH is Alpine's name, MIRROR a folder

The packages that an image gets, in apk's order, are written down here: they
are what is expected of the solver. So is what scripts do.
"""
import difflib
import hashlib
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import expect_apk  # noqa: E402

ALL = ["amd64", "arm64", "armv7"]
TAGGED = ["main", "community", "@testing edge/testing"]
GLIBC = "glibc-fixture-2.36-r0 "
OPENRC = "ifupdown-ng-0.12.1-r4 " + GLIBC + "libcap2-2.69-r1 openrc-0.52.1-r2"
SSH = ("libcrypto3-3.1.4-r5 openssh-keygen-9.6_p1-r0 "
       "openssh-server-common-9.6_p1-r0%s zlib-1.3.1-r0 "
       "openssh-server-9.6_p1-r0")
CASES = {}
FAILURES = {}


def case(name, words, packages, effects=None, archs="amd64", **manifest):
    """effects: {package: function(image)}, called before (pre) or after it is
    unpacked, or at the end (None)."""
    CASES[name] = (words.split(), packages.split(), effects or {},
                   archs.split(), manifest)


def failure(name, status, words, archs="amd64", **manifest):
    FAILURES[name] = (status, words.split(), archs.split(), manifest)


def users(name, uid, gid, gecos, home, shell):
    """addgroup -S, then adduser -S -G that group."""
    def effect(image):
        image.change_line("etc/group", "", "%s:x:%d:" % (name, gid))
        image.change_line("etc/passwd", "", "%s:x:%d:%d:%s:%s:%s" % (
            name, uid, gid, gecos, home, shell))
        image.change_line("etc/shadow", "", "%s:!:%d:0:99999:7:::" % (
            name, image.epoch // 86400))
        image.change_line("etc/group", "%s:x:%d:" % (name, gid),
                          "%s:x:%d:%s" % (name, gid, name))
    return effect


WEBD = users("webd", 100, 101, "webd", "/var/lib/webd", "/sbin/nologin")


def weblog(image):
    users("weblog", 101, 102, "Logs of webd", "/home/weblog",
          "/bin/false")(image)
    image.change_line("etc/group", "webd:x:101:webd", "webd:x:101:webd,weblog")


def post_good(image):
    top = "var/lib/post-good"
    image.make(top, "d")
    image.make(top + "/sub", "d")
    image.make(top + "/link", "l", 0o777, data="/usr/share/post-good/a")
    image.make(top + "/stamp", "f", 0o640, (8, 12))


def watcher(image):
    image.make("var/lib/watcher.stamp", "f", 0o644)


def bbsuid(image):
    for path in ("bin/mount bin/su bin/umount usr/bin/crontab usr/bin/passwd "
                 "usr/bin/traceroute usr/bin/traceroute6 usr/bin/vlock").split():
        image.make(path, "l", 0o777, data="/bin/bbsuid")


# What the default image asks for.
case("ssh", "openrc busybox-openrc openssh-server", OPENRC +
     " busybox-openrc-1.36.1-r15 " + SSH %
     " openssh-server-common-openrc-9.6_p1-r0", archs="amd64 arm64 armv7")
case("ssh-alone", "openssh-server", GLIBC + SSH % "")
case("zones", "tzdata", "tzdata-2023d-r0")

# The solver.
case("chain", "chain-a", "chain-c-2.1-r3 chain-b-1.0-r0 chain-a-1.0-r0",
     archs="amd64 arm64 armv7")
case("circle", "circle-a", "circle-b-1.0-r0 circle-a-1.0-r0")
case("fighter", "fight-a", "fight-a-1.0-r0")
failure("fight", 14, "fight-a fight-b")
case("not-wanted", "fight-b !fight-a", "fight-b-1.0-r0")
case("priority", "mailer-user", "mailer-big-3.0-r0 mailer-user-1.0-r0")
case("own-choice", "mailer-user mailer-small",
     "mailer-small-1.0-r0 mailer-user-1.0-r0")
case("by-provided-name", "cmd:ssh-keygen",
     GLIBC + "libcrypto3-3.1.4-r5 openssh-keygen-9.6_p1-r0")
failure("pick", 14, "pick-user")
case("picked", "pick-user pick-b", "pick-b-1.0-r0 pick-user-1.0-r0")
case("newest", "multi", "multi-2.0-r0")
case("less", "multi<2.0", "multi-2.0_rc1-r0")
case("about", "multi~1", "multi-1.1-r2")
case("exactly", "multi=1.0-r0", "multi-1.0-r0")
failure("newer-than-any", 14, "multi>2.0-r0")
case("install-if", "lamp openrc", OPENRC + " lamp-1.0-r0 lamp-openrc-1.0-r0")
case("install-if-docs", "docs lamp", "docs-1.0-r0 lamp-1.0-r0 lamp-doc-1.0-r0")
case("install-if-not", "lamp", "lamp-1.0-r0")
case("install-if-chain", "docs lamp openrc", OPENRC + " docs-1.0-r0 lamp-1.0-r0 "
     "lamp-doc-1.0-r0 lamp-openrc-1.0-r0 lamp-openrc-doc-1.0-r0")
case("install-if-ring", "ring-a", "ring-a-1.0-r0")
case("purge", "!zone-utc", "", {None: lambda image: image.remove("zone-utc")})
case("upgrade", "newer-zones", "zone-utc-0.0.2-r0 newer-zones-1.0-r0")
case("community", "commune", "commune-1.0-r0")
failure("community-absent", 14, "commune", repositories=["main"])
case("pin", "pinned@testing", "pinned-lib-2.0-r0@testing pinned-2.0-r0@testing",
     repositories=TAGGED)
case("pin-not", "pinned chain-c", "chain-c-2.1-r3 pinned-1.0-r0",
     repositories=TAGGED)
failure("pin-unknown", 14, "pinned@testing")
case("skewed", "skewed", "skewed-{skewed}", archs="amd64 arm64 armv7",
     **{"arch-skew": "allow"})
failure("skew-error", 10, "skewed", archs="amd64 arm64 armv7",
        **{"arch-skew": "error"})
case("only-x86", "only-x86", "only-x86-1.0-r0")
failure("not-on-arm", 14, "only-x86", archs="armv7")
failure("malformed-depend", 14, "malformed-depend")
failure("missing-depend", 14, "missing-depend")
failure("missing-word", 14, "there-is-no-such-package")

# Who owns a file.
case("replaces", "swap-new", "swap-old-1.0-r0 swap-new-1.0-r0")
case("replaces-not", "keep-weak", "keep-strong-1.0-r0 keep-weak-1.0-r0")
case("one-origin", "twin-b", "twin-a-1.0-r0 twin-b-1.0-r0")
failure("clash", 9, "clash-a clash-b")
failure("steal", 9, "steal")
case("inherit", "inherit", "inherit-1.0-r0")
case("protect", "protect", "protect-1.0-r0")
case("folders", "folder-b", "folder-a-1.0-r0 folder-b-1.0-r0")

# Kinds of entries.
case("modes", "modes", "modes-1.0-r0")
case("links", "links", "links-1.0-r0", archs="amd64 arm64 armv7")
case("hollow", "hollow", "hollow-1.0-r0")
case("nothing", "nothing", "chain-c-2.1-r3 nothing-1.0-r0")
case("through-link", "through-link", "through-link-1.0-r0")
case("long-names", "long-names", "long-names-1.0-r0")
case("utf8-names", "utf8-names", "utf8-names-1.0-r0")
case("xattrs", "xattrs", "xattrs-1.0-r0")

# Scripts.
case("users", "webd", "webd-1.0-r0", {"pre webd": WEBD},
     archs="amd64 arm64 armv7")
case("more-users", "webd-log", "webd-1.0-r0 webd-log-1.0-r0",
     {"pre webd": WEBD, "pre webd-log": weblog})
case("post-good", "post-good", "post-good-1.0-r0", {"post-good": post_good})
case("other-scripts", "other-scripts", "other-scripts-1.0-r0")
case("trigger", "watched", "watcher-1.0-r0 watched-1.0-r0", {None: watcher})
case("bbsuid", "busybox-suid", "busybox-suid-1.36.1-r15", {None: bbsuid})
failure("post-bad", 15, "post-bad")
case("post-bad-known", "post-bad", "post-bad-1.0-r0",
     scripts={"acknowledge": "post-bad"})


def script_digest(package):
    """SHA-256 of the fixture's own text of a package's post-install."""
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, os.path.join(top, "mirror", "lib"))
    import shapes
    for args, more in shapes.SHAPES:
        if args[0] == package:
            text = more["scripts"]["post-install"]
            return hashlib.sha256(text.encode()).hexdigest()
    raise KeyError(package)


def manifest(name):
    if name in CASES:
        words, _, _, archs, more = CASES[name]
    else:
        _, words, archs, more = FAILURES[name]
    more = dict(more)
    package = more.get("scripts", {}).get("acknowledge")
    if package:
        more["scripts"] = {"acknowledge": [
            {"package": package, "sha256": script_digest(package)}]}
    made = {"name": name, "version": "1", "alpine": "0.0.1",
            "architectures": archs, "packages": words,
            "config": {"entrypoint": ["/bin/sh"]}}
    made.update(more)
    return json.dumps(made, indent="\t") + "\n"


def package_file(mirror, arch, name):
    """The package, looked for where apk would: untagged repositories first."""
    name, _, tag = name.partition("@")
    skewed = {"x86_64": "1.2-r1", "aarch64": "1.2-r0", "armv7": "1.1-r5"}
    name = name.replace("{skewed}", skewed[arch])
    for folder in [] if tag else ["v0.0/main", "v0.0/community"]:
        path = "%s/%s/%s/%s.apk" % (mirror, folder, arch, name)
        if os.path.exists(path):
            return expect_apk.Package(path)
    return expect_apk.Package("%s/edge/testing/%s/%s.apk" % (mirror, arch, name),
                              tag)


def expected(name, arch, mirror, epoch):
    words, packages, effects, _, _ = CASES[name]
    image = expect_apk.Image(
        "%s/v0.0/releases/%s/alpine-minirootfs-0.0.1-%s.tar.gz" %
        (mirror, arch, arch), epoch)
    for one in packages:
        package = package_file(mirror, arch, one)
        effects.get("pre " + package.name, lambda image: None)(image)
        image.install(package)
        effects.get(package.name, lambda image: None)(image)
    effects.get(None, lambda image: None)(image)
    image.finish(words)
    return image


def links(tree):
    """Groups of names of one file."""
    groups = {}
    for path, e in tree.items():
        groups.setdefault(id(e["inode"]), []).append(path)
    return sorted(sorted(g) for g in groups.values() if len(g) > 1)


def compare(image, found):
    bad = []
    want = image.tree
    scripts = expect_apk.DB + "scripts.tar"
    for path in sorted(set(want) | set(found)):
        w, f = want.get(path), found.get(path)
        if not w or not f:
            bad.append("%s: %s" % (path, "unexpected" if f else "missing"))
            continue
        for key in ("kind", "mode", "owner", "data", "mtime"):
            if key == "mtime" and w[key] is None:
                continue
            expect = w[key]
            if key == "mtime":
                expect = min(expect, image.epoch)
            if path != scripts and expect != f[key]:
                bad.append("%s: %s %s" % (path, key, difference(expect, f[key])))
    if links(want) != links(found):
        bad.append("hard links are %s, expected %s" % (
            links(found), links(want)))
    have = list(expect_apk.scripts_of(found[scripts]["data"]))
    if have != image.script_files():
        bad.append("scripts.tar holds %s, expected %s" % (
            [s[:2] for s in have], [s[:2] for s in image.script_files()]))
    return bad


def difference(want, have):
    if not isinstance(want, bytes) or min(len(want), len(have)) < 80:
        return "is %s, expected %s" % (have, want)
    lines = list(difflib.unified_diff(
        want.decode("utf-8", "replace").splitlines(),
        have.decode("utf-8", "replace").splitlines(), "expected", "is", n=1,
        lineterm=""))
    return "differs:\n" + "\n".join(lines[:40])


def check(name, arch, mirror, epoch, layer):
    image = expected(name, arch, mirror, int(epoch))
    bad = compare(image, expect_apk.read_tar(layer))
    print("%d paths, %d differences" % (len(image.tree), len(bad)), *bad,
          sep="\n")
    return 1 if bad else 0


def main():
    command, args = sys.argv[1], sys.argv[2:]
    if command == "list":
        print(*CASES, sep="\n")
    elif command == "failures":
        print(*["%s %d" % (n, f[0]) for n, f in FAILURES.items()], sep="\n")
    elif command == "manifest":
        print(manifest(*args), end="")
    else:
        return check(*args)
    return 0


sys.exit(main())
