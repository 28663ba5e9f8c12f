# SPDX-License-Identifier: MIT
"""Alpine packages and indexes as bytes: apk's second format.

A package is three gzip members, each a piece of one tar stream: signature and
control section without end-of-archive blocks, the data section with them. The
signature covers the raw bytes of the member behind it, C: of the index is the
SHA-1 of the raw control member, datahash the SHA-256 of the raw data member.
An index is a signature and a member with DESCRIPTION and APKINDEX.

Nothing here depends on time, user or machine. What is a keyword argument with
a default exists for hostile vectors (hostile.py): the default is right.
"""
import base64
import hashlib
import os
import struct
import subprocess
import tarfile
import zlib

END = bytes(1024)
SCRIPTS = ("pre-install", "post-install", "pre-upgrade", "post-upgrade",
           "pre-deinstall", "post-deinstall", "trigger")
# Of names that a package uses; other numbers than the image has, since only
# names count.
BUILD_IDS = {"root": 0}
BUILD_ID = 1234


def gzip_member(data, level=9):
    """One member with neither time nor name; the system is "unknown"."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    return (b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + deflate.compress(data) +
            deflate.flush() +
            struct.pack("<II", zlib.crc32(data), len(data) & 0xffffffff))


def level_of(data):
    """Of libraries the last percent would cost half of the time."""
    return 9 if len(data) < 1 << 20 else 5


class Entry:
    """One path of a package. data of a link is its target."""

    def __init__(self, path, kind, data=b"", mode=0o644, owner="root",
                 group="root", mtime=0, xattrs=None, checksum=None):
        self.path = path
        self.kind = kind
        self.data = data.encode() if isinstance(data, str) else data
        self.mode = mode
        self.owner = owner
        self.group = group
        self.mtime = mtime
        self.xattrs = xattrs or {}
        self.checksum = checksum  # None: the right one; "": none

    def pax(self):
        """apk's records: SHA-1 of content or of a link's target."""
        pax = {"SCHILY.xattr." + k: v for k, v in sorted(self.xattrs.items())}
        checksum = self.checksum
        if checksum is None and self.kind in (tarfile.REGTYPE, tarfile.SYMTYPE):
            checksum = hashlib.sha1(self.data).hexdigest()
        if checksum:
            pax["APK-TOOLS.checksum.SHA1"] = checksum
        return pax

    def to_tar(self):
        info = tarfile.TarInfo(self.path)
        info.type = self.kind
        info.mode = self.mode
        info.uname, info.gname = self.owner, self.group
        info.uid = BUILD_IDS.get(self.owner, BUILD_ID)
        info.gid = BUILD_IDS.get(self.group, BUILD_ID)
        info.mtime = self.mtime
        info.pax_headers = self.pax()
        content = b""
        if self.kind == tarfile.REGTYPE:
            info.size = len(self.data)
            content = self.data + bytes(-len(self.data) % 512)
        elif self.kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
            info.linkname = self.data.decode()
        elif self.kind in (tarfile.CHRTYPE, tarfile.BLKTYPE):
            info.devmajor, info.devminor = 1, 3
        return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape") + content


def f(path, data="", mode=0o644, owner="root", group="root", **more):
    return Entry(path, tarfile.REGTYPE, data, mode, owner, group, **more)


def x(path, data="#!/bin/sh\nexit 0\n", **more):
    """A program; a script, since scripts run on every architecture."""
    return f(path, data, 0o755, **more)


def d(path, mode=0o755, owner="root", group="root", **more):
    return Entry(path, tarfile.DIRTYPE, b"", mode, owner, group, **more)


def l(path, target, **more):
    return Entry(path, tarfile.SYMTYPE, target, 0o777, **more)


def h(path, target, mode=0o644, **more):
    """A hard link to an earlier file of the same package."""
    return Entry(path, tarfile.LNKTYPE, target, mode, **more)


def with_parents(entries):
    """The entries in the order of an archive: sorted, every folder before
    what is in it; folders that are not named are 0755 root:root."""
    have = {e.path for e in entries}
    entries = list(entries)
    for e in list(entries):
        parent = os.path.dirname(e.path)
        while parent and parent not in have:
            have.add(parent)
            entries.append(d(parent))
            parent = os.path.dirname(parent)
    return sorted(entries, key=lambda e: e.path.encode())


def tar_of(entries, mtime, end=END):
    for e in entries:
        e.mtime = e.mtime or mtime
    return b"".join(e.to_tar() for e in entries) + end


class Signer:
    """Signs with openssl; what was signed once is not signed again."""
    DIGESTS = {"RSA": "-sha1", "RSA256": "-sha256", "RSA512": "-sha512"}

    def __init__(self, keys):
        self.keys = keys  # folder of *.rsa
        self.known = {}

    def raw(self, key, algorithm, data):
        what = (key, algorithm, hashlib.sha256(data).digest())
        if what not in self.known:
            self.known[what] = subprocess.run(
                ["openssl", "dgst", self.DIGESTS[algorithm], "-sign",
                 os.path.join(self.keys, key + ".rsa")],
                input=data, stdout=subprocess.PIPE, check=True).stdout
        return self.known[what]

    def member(self, data, signatures, mtime, end=b""):
        """signatures: (algorithm, key[, name that it claims])."""
        entries = []
        for algorithm, key, *name in signatures:
            entries.append(f(".SIGN.%s.%s.rsa.pub" %
                             (algorithm, name[0] if name else key),
                             self.raw(key, algorithm, data)))
        for e in entries:
            e.checksum = ""
        return gzip_member(tar_of(entries, mtime, end))


def pkginfo(package, datahash):
    """Text of .PKGINFO. package: see table.py."""
    lines = ["# Generated by alpbuild's tests/mirror",
             "pkgname = " + package.name, "pkgver = " + package.version,
             "pkgdesc = " + package.description,
             "url = https://alpbuild-demo.invalid/",
             "builddate = %d" % package.time,
             "packager = alpbuild fixture <fixture@alpbuild-demo.invalid>",
             "size = %d" % package.installed_size,
             "arch = " + ("noarch" if package.noarch else package.arch),
             "origin = " + package.origin,
             "commit = " + hashlib.sha1(package.name.encode()).hexdigest(),
             "maintainer = Zoë Fixture <zoe@alpbuild-demo.invalid>",
             "license = MIT"]
    if package.priority:
        lines.append("provider_priority = %d" % package.priority)
    if package.replaces_priority:
        lines.append("replaces_priority = %d" % package.replaces_priority)
    for key, words in (("depend", package.depends),
                       ("replaces", package.replaces),
                       ("provides", package.provides)):
        lines += ["%s = %s" % (key, w) for w in words.split()]
    if package.install_if:
        lines.append("install_if = " + package.install_if)
    if package.triggers:
        lines.append("triggers = " + package.triggers)
    if datahash:
        lines.append("datahash = " + datahash)
    return "".join(line + "\n" for line in lines)


def control_tar(package, datahash, end=b""):
    entries = [f(".PKGINFO", pkginfo(package, datahash), checksum="")]
    for kind in sorted(package.scripts):
        assert kind in SCRIPTS, kind
        entries.append(f("." + kind, package.scripts[kind], 0o755, checksum=""))
    return tar_of(entries, package.time, end)


def q1(data):
    return "Q1" + base64.b64encode(hashlib.sha1(data).digest()).decode()


class ApkFile:
    """A package as its three members, which hostile vectors may replace."""

    def __init__(self, package, signer, signatures):
        self.package = package
        entries = package.entries
        if not package.raw_entries:
            entries = with_parents(entries)
        data = tar_of(entries, package.time)
        self.data = gzip_member(data, level_of(data))
        self.control = gzip_member(control_tar(
            package, hashlib.sha256(self.data).hexdigest()))
        self.signature = signer.member(self.control, signatures, package.time)

    def bytes(self):
        return self.signature + self.control + self.data


def record(package, identity, size):
    """A record of APKINDEX. The architecture is always the repository's."""
    fields = [("C", identity), ("P", package.name), ("V", package.version),
              ("A", package.arch), ("S", size), ("I", package.installed_size),
              ("T", package.description), ("U", "https://alpbuild-demo.invalid/"),
              ("L", "MIT"), ("o", package.origin),
              ("m", "Zoë Fixture <zoe@alpbuild-demo.invalid>"),
              ("t", package.time),
              ("c", hashlib.sha1(package.name.encode()).hexdigest()),
              ("k", package.priority or ""), ("D", package.depends),
              ("p", package.provides), ("i", package.install_if)]
    return "".join("%s:%s\n" % (k, v) for k, v in fields if v != "") + "\n"


def index_tar(records, description, mtime):
    return tar_of([f("DESCRIPTION", description, checksum=""),
                   f("APKINDEX", "".join(records), checksum="")], mtime)
