# SPDX-License-Identifier: MIT
"""Files of Debian packages, unpacked by debs.sh, at the places where Alpine has
them: what of the fixture really runs. Debian's programs are built for glibc, so
the package glibc-fixture has its loader and all libraries that nobody else has.
"""
import os
import struct

from apkfile import f, l

PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NEEDED, DT_STRTAB = 1, 5

# OpenRC's option names for the program of Debian's dpkg. OpenRC waits for what
# it stops.
START_STOP_DAEMON = """#!/bin/sh
# Stand-in for OpenRC's start-stop-daemon, which Debian does not have.
mode=--stop retry=TERM/5 output= args=
quote() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\\\\\''/g")"; }
while [ $# -gt 0 ]; do
	case $1 in
	--) args="$args -- "; shift; while [ $# -gt 0 ]; do
			args="$args$(quote "$1")"; shift; done; break ;;
	-S|--start) mode=--start retry= ;;
	-K|--stop) mode=--stop ;;
	-s|--signal) args="$args --signal $2"; retry=; shift ;;
	-R|--retry) retry=$2; shift ;;
	-1|--stdout) output=$2; shift ;;
	-2|--stderr|-3|--stdout-logger|-4|--stderr-logger|-w|--wait) shift ;;
	--capabilities|--secbits) shift ;;
	-P|--progress|--no-new-privs|-q|--quiet|-v|--verbose) ;;
	-u|--user|-c|--chuid) args="$args --chuid $2"; shift ;;
	*) args="$args$(quote "$1")" ;;
	esac
	shift
done
[ $mode = --stop ] || retry=
[ $mode = --start ] || args="--oknodo $args"
eval exec /lib/rc/bin/dpkg-start-stop-daemon $mode --quiet \\
	${retry:+--retry "$retry"} ${output:+--output "$output"} "$args"
"""


# Debian's busybox runs its own applets whatever PATH says; a path it obeys.
OWN_PROGRAMS = ((b"start-stop-daemon --st", b"/sbin/start-stop-daemon --st"),
                (b" md5sum $f", b" /usr/bin/md5sum $f"))


class Elf:
    """What the loader reads of a program: little endian, 32 or 64 bits."""

    def __init__(self, data):
        self.interpreter, self.needed = "", []
        self.data = data
        self.wide = data[4] == 2
        phoff, = struct.unpack_from("<Q" if self.wide else "<I", data,
                                    32 if self.wide else 28)
        size, count = struct.unpack_from("<HH", data, 54 if self.wide else 42)
        self.segments = [self.segment(phoff + i * size) for i in range(count)]
        for kind, offset, _, length in self.segments:
            if kind == PT_INTERP:
                self.interpreter = self.text(offset)
            elif kind == PT_DYNAMIC:
                self.read_dynamic(offset, length)

    def segment(self, at):
        """Kind, offset, address, size in the file."""
        if self.wide:
            kind, _, offset, address, _, size = struct.unpack_from(
                "<IIQQQQ", self.data, at)
        else:
            kind, offset, address, _, size = struct.unpack_from(
                "<IIIII", self.data, at)
        return kind, offset, address, size

    def text(self, offset):
        return self.data[offset:self.data.index(b"\0", offset)].decode()

    def read_dynamic(self, offset, length):
        form = "<QQ" if self.wide else "<II"
        step = struct.calcsize(form)
        entries = [struct.unpack_from(form, self.data, at)
                   for at in range(offset, offset + length, step)]
        table = dict(entries).get(DT_STRTAB, 0)
        for kind, start, address, size in self.segments:
            if kind == PT_LOAD and address <= table < address + size:
                table += start - address
                break
        self.needed = [self.text(table + value) for tag, value in entries
                       if tag == DT_NEEDED]


class Debian:
    """The folder of one architecture: <package>/<tree>."""

    def __init__(self, folder):
        self.folder = folder
        self.names = {}  # base name -> path; regular files before links
        for top, dirs, files in os.walk(folder):
            dirs.sort()
            for name in sorted(files):
                path = os.path.join(top, name)
                if name not in self.names or not os.path.islink(path):
                    self.names.setdefault(name, path)

    def read(self, package, path):
        """The content; /usr merged or not."""
        top = os.path.join(self.folder, package)
        for one in (path, "usr/" + path, path[4:] if path.startswith("usr/")
                    else path):
            full = os.path.join(top, one)
            if os.path.isfile(full):
                with open(full, "rb") as data:
                    return data.read()
        raise SystemExit("debian.py: %s has no %s" % (top, path))

    def library(self, soname):
        path = self.names.get(soname)
        # a link may point at where the package would be installed
        if not path or not os.path.exists(path):
            raise SystemExit("debian.py: no package of lib/debs.sh has the "
                             "library %s in %s" % (soname, self.folder))
        with open(path, "rb") as data:
            return data.read()

    def closure(self, programs):
        """{soname: content} of all that the programs (contents) need; and
        their loader."""
        found, loader = {}, ""
        rest = list(programs)
        while rest:
            data = rest.pop()
            if data[:4] != b"\x7fELF":
                continue
            elf = Elf(data)
            loader = loader or elf.interpreter
            for soname in elf.needed:
                if soname not in found:
                    found[soname] = self.library(soname)
                    rest.append(found[soname])
        return found, loader


def openrc_file(path):
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".sh"):
        for old, new in OWN_PROGRAMS:
            data = data.replace(old, new)
    return data


def openrc(debs):
    """Programs, scripts and libraries, without those that Alpine has not."""
    entries = []
    top = os.path.join(debs.folder, "openrc")
    for folder in ("lib/rc", "usr/lib/rc", "usr/libexec/rc", "bin", "sbin",
                   "usr/bin", "usr/sbin"):
        for path, _, files in os.walk(os.path.join(top, folder)):
            for name in files:
                full = os.path.join(path, name)
                inside = os.path.relpath(full, top)
                if name in ("openrc-init", "openrc-shutdown") or \
                        os.path.islink(full):
                    continue
                entries.append(f(inside, openrc_file(full),
                                 os.stat(full).st_mode & 0o755))
    entries += [f("lib/" + name, debs.library(name), 0o755)
                for name in ("libeinfo.so.1", "librc.so.1")]
    entries += [
        f("sbin/start-stop-daemon", START_STOP_DAEMON, 0o755),
        f("lib/rc/bin/dpkg-start-stop-daemon",
          debs.read("dpkg", "sbin/start-stop-daemon"), 0o755)]
    return entries


def program(package, source, target):
    """A function for Package's `debian`: one file of a package."""
    return lambda debs: [f(target, debs.read(package, source), 0o755)]


def library(soname, target, *links):
    """A library, with (path, target) links to it."""
    return lambda debs: ([f(target, debs.library(soname), 0o755)] +
                         [l(*link) for link in links])


def both(*makers):
    return lambda debs: [e for make in makers for e in make(debs)]


# Libraries that packages of their own have, as Alpine has them.
ELSEWHERE = ("libeinfo.so.1", "librc.so.1", "libcap.so.2", "libcrypto.so.3",
             "libssl.so.3", "libz.so.1")
PROGRAMS = (("openssh-server", "usr/sbin/sshd"),
            ("openssh-client", "usr/bin/ssh-keygen"),
            ("openssh-client", "usr/bin/ssh"),
            ("openssh-client", "usr/bin/scp"),
            ("openssh-sftp-server", "usr/lib/openssh/sftp-server"))


def glibc(debs):
    """The loader at the place that programs name, and Debian's libraries where
    that loader looks for them."""
    programs = [e.data for e in openrc(debs)]
    programs += [debs.read(*p) for p in PROGRAMS]
    found, loader = debs.closure(programs)
    name = os.path.basename(loader)
    triplet = os.path.basename(os.path.dirname(os.path.realpath(
        debs.names["libc.so.6"])))
    entries = [f(loader.lstrip("/"), debs.library(name), 0o755)]
    return entries + [f("lib/%s/%s" % (triplet, soname), data, 0o755)
                      for soname, data in found.items()
                      if soname not in ELSEWHERE and soname != name]


def zones(debs):
    """Time zones: all but the two other forms of the same."""
    top = os.path.join(debs.folder, "tzdata/usr/share/zoneinfo")
    entries = []
    for path, dirs, files in os.walk(top):
        if path == top:
            dirs[:] = [n for n in dirs if n not in ("posix", "right")]
        for name in files:
            full = os.path.join(path, name)
            inside = "usr/share/zoneinfo/" + os.path.relpath(full, top)
            if os.path.islink(full):
                if not os.path.isabs(os.readlink(full)):
                    entries.append(l(inside, os.readlink(full)))
            else:
                with open(full, "rb") as data:
                    entries.append(f(inside, data.read()))
    return entries
