# SPDX-License-Identifier: MIT
"""What manifests/alp_rc-tools.json asks for: Alpine's names and places. The
programs only say that they are stand-ins, but for ssh and scp, which are
Debian's."""
import debian
from apkfile import l, x

TOOLS = []


def tool(name, version, programs, **more):
    """programs: paths; or "path -> target" of links."""
    entries = []
    for word in programs.split(", "):
        path, _, target = word.partition(" -> ")
        entries.append(l(path, target) if target else x(
            path, '#!/bin/sh\necho "%s: a stand-in of the fixture"\n' % name))
    more.setdefault("provides", " ".join(
        "cmd:%s={v}" % e.path.split("/")[-1] for e in entries))
    TOOLS.append(((name, version, entries), more))


tool("mc", "4.8.29-r1", "usr/bin/mc, usr/bin/mcedit -> mc, "
     "usr/bin/mcview -> mc")
tool("screen", "4.9.0-r3", "usr/bin/screen")
tool("htop", "3.2.2-r1", "usr/bin/htop")
tool("iptraf-ng", "1.2.1-r1", "usr/sbin/iptraf-ng")
tool("curl", "8.5.0-r0", "usr/bin/curl")
tool("wget", "1.21.4-r0", "usr/bin/wget")
tool("bzip2", "1.0.8-r5", "usr/bin/bzip2, usr/bin/bunzip2 -> bzip2, "
     "usr/bin/bzcat -> bzip2")
tool("unzip", "6.0-r14", "usr/bin/unzip, usr/bin/zipinfo -> unzip")
tool("su-exec", "0.2-r3", "sbin/su-exec")

TOOLS += [
    (("openssh", "9.6_p1-r0"), dict(
        depends="openssh-client openssh-sftp-server openssh-server")),
    (("openssh-client", "9.6_p1-r0"), dict(
        depends="openssh-keygen so:libc.so.6 so:libcrypto.so.3 so:libz.so.1",
        provides="cmd:ssh={v} cmd:scp={v}", origin="openssh", noarch=False,
        debian=debian.both(
            debian.program("openssh-client", "usr/bin/ssh", "usr/bin/ssh"),
            debian.program("openssh-client", "usr/bin/scp", "usr/bin/scp")))),
]
