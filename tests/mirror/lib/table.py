# SPDX-License-Identifier: MIT
"""The packages of the fixture mirror: a table of shapes.

{v} in a text stands for the package's version, {arch} for the architecture.
Programs are shell scripts, so that they are right for every architecture; or
Debian's, where an image is to be started. Folders that are not named are 0755 root:root.
tests/integration/packages.sh says what each shape is for.
"""
import copy
import tarfile

import debian
import services
from apkfile import d, f, l, with_parents, x
from shapes import SHAPES
from tools import TOOLS
from web import WEB

BLOCK = 4096

MUSL = "so:libc.musl-{arch}.so.1"
GLIBC = "so:libc.so.6"


class Package:
    def __init__(self, name, version, entries=(), depends="", provides="",
                 install_if="", replaces="", replaces_priority=0, priority=0,
                 origin="", scripts=None, triggers="", repository="main",
                 archs="x86_64 aarch64 armv7", noarch=True, description="",
                 raw_entries=False, debian=None):
        self.name = name
        self.version = version  # or {arch: version}
        self.entries = list(entries)
        self.depends = depends
        self.provides = provides
        self.install_if = install_if
        self.replaces = replaces
        self.replaces_priority = replaces_priority
        self.priority = priority
        self.origin = origin or name
        self.scripts = scripts or {}
        self.triggers = triggers
        self.repository = repository
        self.archs = archs.split()
        self.noarch = noarch
        self.description = description or "fixture: " + name
        self.raw_entries = raw_entries  # as they are, without parents
        self.debian = debian  # function(debian.Debian): more entries

    @property
    def installed_size(self):
        """As du counts, whole blocks: apk does not unpack what has none."""
        if not self.entries or self.entries[0].path == ".dummy":
            return 0
        return sum(BLOCK if e.kind == tarfile.DIRTYPE else
                   -len(e.data) % BLOCK + len(e.data)
                   for e in with_parents(self.entries)
                   if e.kind in (tarfile.DIRTYPE, tarfile.REGTYPE))

    def for_arch(self, arch, time, debs=None):
        """A copy with the placeholders filled in."""
        one = copy.deepcopy(self)
        one.arch, one.time = arch, time
        if self.debian:
            have = {e.path for e in one.entries}
            one.entries += [e for e in self.debian(debs)
                            if e.path not in have]
        if isinstance(self.version, dict):
            one.version = self.version[arch]
        for key in ("depends", "provides", "install_if", "replaces"):
            text = getattr(self, key)
            setattr(one, key, text.replace("{v}", one.version)
                    .replace("{arch}", arch))
        return one


def commands(words):
    """Provides of programs with the package's version."""
    return " ".join("cmd:%s={v}" % w for w in words.split())


# Migration from a layout that no image has: nothing to do on a fresh one.
OPENRC_POST_INSTALL = """#!/bin/sh

rc_update() {
	local svc="$1"
	local level="$2"
	mkdir -p /etc/runlevels/$level
	ln -sf /etc/init.d/$svc /etc/runlevels/$level
}

if [ ! -d etc/rcS.d ] && [ ! -d etc/rcL.d ]; then
	exit 0
fi

for i in etc/rc[SL].d/*; do
	[ -L "$i" ] || continue
	rc_update ${i##*/S[0-9][0-9]} default
	rm $i
done
"""

# As Alpine's is.
SSHD_CONFIG = """Include /etc/ssh/sshd_config.d/*.conf
AuthorizedKeysFile .ssh/authorized_keys
AllowTcpForwarding no
GatewayPorts no
X11Forwarding no
Subsystem sftp internal-sftp
"""

# What alp_rc asks for, in Alpine's shape.
ALPINE = [
    Package(
        "openrc", "0.52.1-r2", [
            x("sbin/mkmntdirs"), l("sbin/service", "/sbin/rc-service"),
            l("etc/init.d/functions.sh", "/lib/rc/sh/functions.sh"),
            f("etc/rc.conf", "#rc_parallel=\"NO\"\n"),
            f("etc/insserv.conf", "# Debian's OpenRC wants it\n"),
            f("etc/local.d/README", "Programs to start.\n"),
            f("etc/logrotate.d/openrc", "/var/log/rc.log {\n}\n"),
            f("etc/sysctl.d/README", "Settings of the kernel.\n"),
            d("etc/runlevels/boot"), d("etc/runlevels/default"),
            d("etc/runlevels/nonetwork"), d("etc/runlevels/shutdown"),
            d("etc/runlevels/sysinit"), d("etc/insserv.conf.d"), d("run"),
            f("usr/share/openrc/support/sysvinit/README.md", "Support.\n"),
        ] + services.of_openrc(), debian=debian.openrc,
        depends="ifupdown-any /bin/sh so:libcap.so.2 " + GLIBC,
        provides="so:libeinfo.so.1=1 so:librc.so.1=1 " + commands(
            "mkmntdirs openrc openrc-run rc-service rc-sstat rc-status "
            "rc-update service start-stop-daemon supervise-daemon"),
        replaces="alpine-baselayout", noarch=False,
        scripts={"post-install": OPENRC_POST_INSTALL,
                 "post-upgrade": OPENRC_POST_INSTALL},
        description="OpenRC manages the services, startup and shutdown"),
    Package(
        "ifupdown-ng", "0.12.1-r4", [
            x("sbin/ifupdown"), l("sbin/ifup", "ifupdown"),
            l("sbin/ifdown", "ifupdown"), l("sbin/ifquery", "ifupdown"),
            l("sbin/ifctrstat", "ifupdown"), l("sbin/ifparse", "ifupdown"),
            x("usr/libexec/ifupdown-ng/link"),
            x("usr/libexec/ifupdown-ng/static"),
            f("etc/network/ifupdown-ng.conf.example", "# example\n"),
            d("etc/network/if-up.d"), d("etc/network/if-down.d"),
        ], depends="!vlan " + MUSL, priority=900, noarch=False,
        provides="ifupdown-any " + commands(
            "ifctrstat ifdown ifparse ifquery ifup ifupdown")),
    # The other way to have ifup, which nobody gets unasked.
    Package(
        "ifupdown", "0.8.41-r0", [x("sbin/ifup"), x("sbin/ifdown")],
        priority=100, provides="ifupdown-any " + commands("ifdown ifup")),
    Package("vlan", "2.3-r0", [x("usr/sbin/vconfig")]),
    Package(
        "libcap2", "2.69-r1", depends=GLIBC, noarch=False, origin="libcap",
        provides="so:libcap.so.2=2.69 so:libpsx.so.2=2.69",
        debian=debian.both(
            debian.library("libcap.so.2", "usr/lib/libcap.so.2.69",
                           ("usr/lib/libcap.so.2", "libcap.so.2.69")),
            debian.library("libpsx.so.2", "usr/lib/libpsx.so.2.69",
                           ("usr/lib/libpsx.so.2", "libpsx.so.2.69")))),
    # What Alpine has not: what Debian's programs are built for.
    Package(
        "glibc-fixture", "2.36-r0", debian=debian.glibc, noarch=False,
        provides="so:libc.so.6=6",
        description="fixture: glibc's loader and libraries of Debian"),
    Package(
        "busybox-openrc", "1.36.1-r15", [
            x("etc/acpi/PWRF/00000080", "#!/bin/sh\npoweroff\n"),
        ] + services.of_busybox(),
        depends="openrc>=0.24.1-r6", origin="busybox",
        replaces="openntpd busybox-initscripts acpid-openrc"),
    Package(
        "openssh-server", "9.6_p1-r0",
        debian=debian.program("openssh-server", "usr/sbin/sshd",
                              "usr/sbin/sshd"),
        depends="openssh-keygen={v} openssh-server-common={v} " + GLIBC +
        " so:libcrypto.so.3 so:libz.so.1",
        provides=commands("sshd"), origin="openssh", noarch=False),
    Package(
        "openssh-server-common", "9.6_p1-r0", [
            f("etc/ssh/sshd_config", SSHD_CONFIG),
            d("etc/ssh/sshd_config.d"),
        ], origin="openssh"),
    Package(
        "openssh-server-common-openrc", "9.6_p1-r0", services.of_sshd(),
        install_if="openrc openssh-server-common={v}", origin="openssh"),
    Package(
        "openssh-keygen", "9.6_p1-r0",
        debian=debian.program("openssh-client", "usr/bin/ssh-keygen",
                              "usr/bin/ssh-keygen"),
        depends="libcrypto3>=3.1.0 " + GLIBC + " so:libcrypto.so.3",
        provides=commands("ssh-keygen"), origin="openssh", noarch=False),
    Package(
        "openssh-sftp-server", "9.6_p1-r0",
        debian=debian.program("openssh-sftp-server",
                              "usr/lib/openssh/sftp-server",
                              "usr/lib/ssh/sftp-server"),
        depends=GLIBC, origin="openssh", noarch=False),
    Package(
        "libcrypto3", "3.1.4-r5", [f("etc/ssl/openssl.cnf", "# openssl\n")],
        depends=GLIBC, provides="so:libcrypto.so.3=3", origin="openssl",
        noarch=False, debian=debian.library(
            "libcrypto.so.3", "lib/libcrypto.so.3",
            ("usr/lib/libcrypto.so.3", "../../lib/libcrypto.so.3"))),
    Package(
        "zlib", "1.3.1-r0", depends=GLIBC, provides="so:libz.so.1=1.3.1",
        noarch=False, debian=debian.library(
            "libz.so.1", "lib/libz.so.1.3.1",
            ("lib/libz.so.1", "libz.so.1.3.1"))),
    # Some of its files are in the minirootfs, of the package zone-utc.
    Package("tzdata", "2023d-r0", debian=debian.zones, replaces="zone-utc"),
    # Makes links of its own in busybox's trigger, of names in the program.
    Package(
        "busybox-suid", "1.36.1-r15", [
            f("bin/bbsuid", "#!/bin/sh\n\0" + "".join(p + "\0" for p in (
                "/bin/mount", "/bin/umount", "/bin/su", "/usr/bin/crontab",
                "/usr/bin/passwd", "/usr/bin/traceroute",
                "/usr/bin/traceroute6", "/usr/bin/vlock")), 0o4111)],
        origin="busybox"),
]

PACKAGES = ALPINE + [Package(*args, **more)
                     for args, more in TOOLS + WEB + SHAPES]
