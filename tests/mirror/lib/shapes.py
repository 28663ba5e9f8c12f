# SPDX-License-Identifier: MIT
"""Packages of one shape each: arguments for table.py's Package."""
from apkfile import d, f, h, l, x

SHAPES = []


def shape(*args, **more):
    SHAPES.append((args, more))


# A chain of dependencies, and a circle.
shape("chain-a", "1.0-r0", [f("usr/share/chain/a", "a\n")], depends="chain-b")
shape("chain-b", "1.0-r0", [f("usr/share/chain/b", "b\n")], depends="chain-c>=2")
shape("chain-c", "2.1-r3", [f("usr/share/chain/c", "c\n")])
shape("circle-a", "1.0-r0", [f("usr/share/circle/a", "a\n")], depends="circle-b")
shape("circle-b", "1.0-r0", [f("usr/share/circle/b", "b\n")], depends="circle-a")

# A word of its own against another package.
shape("fight-a", "1.0-r0", [f("usr/share/fight/a", "a\n")], depends="!fight-b")
shape("fight-b", "1.0-r0", [f("usr/share/fight/b", "b\n")])

# A name that two packages provide: the higher provider_priority; without any
# the choice is the user's.
shape("mailer-small", "1.0-r0", [x("usr/sbin/sendmail", "#!/bin/sh\n# small\n")],
      provides="mailer", priority=10)
shape("mailer-big", "3.0-r0", [x("usr/sbin/sendmail", "#!/bin/sh\n# big\n")],
      provides="mailer", priority=100)
shape("mailer-user", "1.0-r0", [f("usr/share/mailer-user", "user\n")],
      depends="mailer")
shape("pick-a", "1.0-r0", [f("usr/share/pick/a", "a\n")], provides="pick")
shape("pick-b", "1.0-r0", [f("usr/share/pick/b", "b\n")], provides="pick")
shape("pick-user", "1.0-r0", depends="pick")

# Versions of one package; the newest that the word allows.
for version in "1.0-r0", "1.1-r2", "2.0_rc1-r0", "2.0-r0":
    shape("multi", version, [f("usr/share/multi", version + "\n")])

# install_if: when both are there.
shape("lamp", "1.0-r0", [x("usr/bin/lamp")])
shape("lamp-openrc", "1.0-r0", [x("etc/init.d/lamp", "#!/sbin/openrc-run\n")],
      install_if="openrc lamp={v}", origin="lamp")
shape("lamp-doc", "1.0-r0", [f("usr/share/doc/lamp", "doc\n")],
      install_if="docs lamp={v}", origin="lamp")
shape("lamp-openrc-doc", "1.0-r0", [f("usr/share/doc/lamp-openrc", "doc\n")],
      install_if="docs lamp-openrc={v}", origin="lamp")
shape("docs", "1.0-r0")
# Two that wait for each other wait for ever.
shape("ring-a", "1.0-r0", [f("usr/share/ring/a", "a\n")])
shape("ring-b", "1.0-r0", [f("usr/share/ring/b", "b\n")],
      install_if="ring-a ring-c")
shape("ring-c", "1.0-r0", [f("usr/share/ring/c", "c\n")],
      install_if="ring-a ring-b")

# replaces: the newcomer takes the file, unless the owner has the higher
# priority.
shape("swap-old", "1.0-r0", [f("usr/share/swap/file", "old\n"),
                             f("usr/share/swap/old", "old\n")])
shape("swap-new", "1.0-r0", [f("usr/share/swap/file", "new\n")],
      replaces="swap-old", depends="swap-old")
shape("keep-strong", "1.0-r0", [f("usr/share/keep/file", "strong\n")],
      replaces="keep-weak", replaces_priority=10)
shape("keep-weak", "1.0-r0", [f("usr/share/keep/file", "weak\n"),
                              f("usr/share/keep/weak", "weak\n")],
      replaces="keep-strong", replaces_priority=5, depends="keep-strong")
# Packages of one origin replace each other; others do not.
shape("twin-a", "1.0-r0", [f("usr/share/twin/file", "a\n")], origin="twin")
shape("twin-b", "1.0-r0", [f("usr/share/twin/file", "b\n")], origin="twin",
      depends="twin-a")
shape("clash-a", "1.0-r0", [f("usr/share/clash/file", "a\n")])
shape("clash-b", "1.0-r0", [f("usr/share/clash/file", "b\n")])
# A file of the minirootfs's packages, without and with replaces.
shape("steal", "1.0-r0", [f("usr/share/zoneinfo/UTC", "stolen\n")])
shape("inherit", "1.0-r0", [f("usr/share/zoneinfo/UTC", "inherited\n")],
      replaces="zone-utc")

# Files of etc that the minirootfs has: nobody's, the same as nobody's, an
# owner's as it was, an owner's that was changed.
shape("protect", "1.0-r0", [
    f("etc/site.conf", "from the package\n"),
    f("etc/site.same", "the same\n"),
    f("etc/motd", "from the package\n"),
    f("etc/shadow", "root:!::0:::::\n", 0o640, "root", "shadow"),
    f("usr/share/site.free", "from the package\n")],
      replaces="alpine-baselayout-data")

# Pins: @testing.
shape("pinned", "1.0-r0", [f("usr/share/pinned", "main\n")])
shape("pinned", "2.0-r0", [f("usr/share/pinned", "testing\n")],
      depends="pinned-lib", repository="testing")
shape("pinned-lib", "2.0-r0", [f("usr/share/pinned-lib", "testing\n")],
      repository="testing")
shape("chain-c", "9.0-r0", [f("usr/share/chain/c", "testing\n")],
      repository="testing")
shape("commune", "1.0-r0", [f("usr/share/commune", "community\n")],
      repository="community")

# Users of pre-install, and files that belong to them by name.
shape("webd", "1.0-r0", [
    x("usr/sbin/webd"),
    d("var/lib/webd", 0o2750, "webd", "webd"),
    f("var/lib/webd/index", "index\n", 0o640, "webd", "webd"),
    d("var/log/webd", 0o750, "webd", "adm"),
    f("usr/share/webd.nobody", "who\n", 0o644, "no-such-user", "wheel")],
      scripts={"pre-install": """#!/bin/sh

addgroup -S webd 2>/dev/null
adduser -S -D -H -h /var/lib/webd -s /sbin/nologin -G webd -g webd webd 2>/dev/null

exit 0
"""})
# The second one gets the next numbers, and joins the first one's group.
shape("webd-log", "1.0-r0", [f("var/log/webd-log", "", 0o600, "weblog", "weblog")],
      depends="webd", scripts={"pre-install": """#!/bin/sh
addgroup -S weblog 2>/dev/null
adduser -S -D -H -s /bin/false -G weblog -g "Logs of webd" weblog 2>/dev/null
addgroup weblog webd 2>/dev/null
exit 0
"""})

# Modes beyond 0777.
shape("modes", "1.0-r0", [
    f("usr/bin/as-root", "#!/bin/sh\n", 0o4755),
    f("usr/bin/as-mail", "#!/bin/sh\n", 0o2755, "root", "mail"),
    f("usr/bin/only-root", "#!/bin/sh\n", 0o700),
    d("var/spool/drop", 0o1777), d("var/spool/team", 0o2775, "root", "users")])
# Folders of two packages: apk 2 takes the bits that both have.
shape("folder-a", "1.0-r0", [d("srv/shared", 0o750), f("srv/shared/a", "a\n")])
shape("folder-b", "1.0-r0", [d("srv/shared", 0o775), f("srv/shared/b", "b\n")],
      depends="folder-a")

# Links of both kinds; folders with nothing in them; nothing at all.
shape("links", "1.0-r0", [
    f("usr/share/links/a", "hard\n", 0o640), h("usr/share/links/b",
                                              "usr/share/links/a", 0o640),
    h("usr/share/links/deep/c", "usr/share/links/a", 0o640),
    l("usr/share/links/s-absolute", "/usr/share/links/a"),
    l("usr/share/links/s-dangling", "nowhere"),
    l("usr/share/links/s-relative", "deep/../a"),
    l("usr/share/links/s-up", "../../../etc/motd")])
shape("hollow", "1.0-r0", [d("srv/hollow/a/b", 0o700), d("srv/hollow/c")])
shape("nothing", "1.0-r0", [f(".dummy")], depends="chain-c")
# Into a folder that is a link in the minirootfs: var/run -> /run.
shape("through-link", "1.0-r0", [f("var/run/through-link", "through\n")])

# Names.
LONG = "usr/share/long/" + "/".join(["directory-%02d-of-a-long-path" % i
                                     for i in range(9)])
shape("long-names", "1.0-r0", [
    f("usr/share/long/" + "n" * 200, "200\n"),
    f(LONG + "/file", "deep\n"), l(LONG + "/link", "/" + LONG + "/file"),
    f("usr/share/long/" + "m" * 85, "exactly 100\n")])
shape("utf8-names", "1.0-r0", [
    f("usr/share/utf8/grüße", "hallo\n"), f("usr/share/utf8/日本語/名前", "x\n"),
    l("usr/share/utf8/链接", "日本語/名前"), f("usr/share/utf8/with blank", "b\n")])
shape("xattrs", "1.0-r0", [
    x("usr/bin/ping-cap", xattrs={
        "security.capability": "\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0"}),
    f("usr/share/tagged", "tagged\n", xattrs={"user.a": "1", "user.b": "two"})])

# Scripts: one that is understood, one that is not, two that need not run.
shape("post-good", "1.0-r0", [f("usr/share/post-good/a", "a\n")],
      scripts={"post-install": """#!/bin/sh
# A comment.
dir=/var/lib/post-good
mkdir -p $dir/sub
ln -s /usr/share/post-good/a "$dir/link"
touch $dir/stamp
chown mail:mail $dir/stamp || true
chmod 0640 $dir/stamp
exit 0
"""})
shape("post-bad", "1.0-r0", [f("usr/share/post-bad", "bad\n")],
      scripts={"post-install": """#!/bin/sh
for f in /usr/share/post-*; do
	sha256sum "$f"
done >/var/lib/post-bad.sums
"""})
shape("other-scripts", "1.0-r0", [f("usr/share/other-scripts", "x\n")],
      scripts={kind: "#!/bin/sh\nfor i in 1 2; do echo %s; done\n" % kind
               for kind in ("pre-upgrade", "post-upgrade", "pre-deinstall",
                            "post-deinstall")})
shape("watcher", "1.0-r0", [d("usr/share/watched")],
      triggers="/usr/share/watched /usr/share/other*",
      scripts={"trigger": "#!/bin/sh\ntouch /var/lib/watcher.stamp\n"})
shape("watched", "1.0-r0", [f("usr/share/watched/thing", "thing\n")],
      depends="watcher")

# Architectures: other versions, and one that has no others.
shape("skewed", {"x86_64": "1.2-r1", "aarch64": "1.2-r0", "armv7": "1.1-r5"},
      [f("usr/share/skewed", "skewed\n")], noarch=False)
shape("only-x86", "1.0-r0", [f("usr/share/only-x86", "x86\n")], archs="x86_64",
      noarch=False)

# A newer version of what the minirootfs has: installed only when asked for.
shape("zone-utc", "0.0.2-r0", [
    f("usr/share/zoneinfo/Etc/UTC", "newer\n"),
    h("usr/share/zoneinfo/UTC", "usr/share/zoneinfo/Etc/UTC"),
    f("usr/share/zoneinfo/Etc/GMT", "gmt\n")])
shape("newer-zones", "1.0-r0", depends="zone-utc>=0.0.2")

# Records that nobody can install must not disturb the others.
shape("malformed-depend", "1.0-r0", depends="chain-a==")
shape("missing-depend", "1.0-r0", depends="there-is-no-such-package")
