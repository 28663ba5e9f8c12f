# SPDX-License-Identifier: MIT
"""What manifests/alp_rc_upgrade-server.json asks for beside alp_rc's: Alpine's
names and places, Debian's programs."""
import debian
from apkfile import d, f, x

WEB = []

# As Alpine's: the account is made before the files that belong to it.
PRE_INSTALL = """#!/bin/sh

addgroup -S -g 82 www-data 2>/dev/null
addgroup -S lighttpd 2>/dev/null
adduser -S -D -H -h /var/www/localhost/htdocs -s /sbin/nologin -G lighttpd -g lighttpd lighttpd 2>/dev/null
addgroup lighttpd www-data 2>/dev/null

exit 0
"""

INIT_SCRIPT = """#!/sbin/openrc-run

command="/usr/sbin/lighttpd"
command_args="-D -f ${LIGHTTPD_CONF:-/etc/lighttpd/lighttpd.conf}"
command_background=true
pidfile="/run/lighttpd.pid"

depend() {
	need net
	use logger
}
"""

# Those that a release of the distribution has as files; others are built in.
MODULES = "mod_accesslog.so", "mod_dirlisting.so", "mod_openssl.so"


def lighttpd(debs):
    """The server, the modules that are in packages of Debian's, and what
    libraries neither Alpine's package nor glibc-fixture has."""
    files = debian.program("lighttpd", "usr/sbin/lighttpd",
                           "usr/sbin/lighttpd")(debs)
    files += [f("usr/lib/lighttpd/" + name, debs.library(name), 0o755)
              for name in MODULES if name in debs.names]
    elsewhere = set(debian.ELSEWHERE) | {
        e.path.rsplit("/", 1)[-1] for e in debian.glibc(debs)}
    found, _ = debs.closure([e.data for e in files])
    return files + [f("usr/lib/" + soname, data, 0o755)
                    for soname, data in found.items()
                    if soname not in elsewhere]


WEB += [
    # An applet of Alpine's busybox that Debian's has not.
    (("flock-fixture", "2.38-r0"), dict(
        depends="so:libc.so.6", provides="cmd:flock={v}", noarch=False,
        debian=debian.program("util-linux", "usr/bin/flock",
                              "usr/bin/flock"))),
    (("libssl3", "3.1.4-r5"), dict(
        depends="so:libc.so.6 so:libcrypto.so.3", origin="openssl",
        provides="so:libssl.so.3=3", noarch=False,
        debian=debian.library("libssl.so.3", "lib/libssl.so.3", (
            "usr/lib/libssl.so.3", "../../lib/libssl.so.3")))),
    (("openssl", "3.1.4-r5"), dict(
        depends="libssl3={v} libcrypto3={v} so:libc.so.6 so:libcrypto.so.3 "
        "so:libssl.so.3", provides="openssl3={v} cmd:openssl={v}",
        noarch=False, debian=debian.program(
            "openssl", "usr/bin/openssl", "usr/bin/openssl"))),
    (("lighttpd", "1.4.71-r0", [
        f("etc/lighttpd/lighttpd.conf",
          'server.document-root = "/var/www/localhost/htdocs"\n'),
        f("etc/lighttpd/mime-types.conf", "mimetype.assign = ()\n"),
        d("var/log/lighttpd", 0o755, "lighttpd", "lighttpd"),
        d("var/www/localhost/htdocs")]), dict(
            depends="/bin/sh flock-fixture so:libc.so.6 so:libcrypto.so.3 "
            "so:libssl.so.3", provides="cmd:lighttpd={v}", noarch=False,
            debian=lighttpd, scripts={"pre-install": PRE_INSTALL})),
    (("lighttpd-openrc", "1.4.71-r0", [
        x("etc/init.d/lighttpd", INIT_SCRIPT),
        f("etc/conf.d/lighttpd",
          'LIGHTTPD_CONF="/etc/lighttpd/lighttpd.conf"\n')]), dict(
              install_if="openrc lighttpd={v}", origin="lighttpd")),
]
