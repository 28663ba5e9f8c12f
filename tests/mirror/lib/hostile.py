# SPDX-License-Identifier: MIT
"""Hostile repositories: one for each thing that must be refused.

hostile/<case>/<arch>/ is a repository with one package, "evil"; the file
hostile/<case>/error names the kind of error (docs/errors.md) that asking for
it must end with. A package is hostile in one way only: where it is the
package's inside, the index vouches for exactly that, as an attacker with a
key, or a careless builder, would have it.
"""
import hashlib
import tarfile

import apkfile
from apkfile import Entry, d, f, gzip_member, h, l, record, tar_of
from table import Package

CASES = []
NAME = "usr/share/evil"
FOLDERS = [d("usr"), d("usr/share")]


def case(kind, name):
    """Registers a function that makes index and package of a case."""
    def register(make):
        CASES.append((name, kind, make))
        return make
    return register


class Kit:
    """What cases are made with."""

    def __init__(self, arch, time, signer, key, unknown):
        self.arch, self.time, self.signer = arch, time, signer
        self.key, self.unknown = key, unknown
        self.good = [("RSA", key)]

    def package(self, entries=None, raw=False, **more):
        return Package("evil", "1.0-r0", entries or [f(NAME, "evil\n")],
                       raw_entries=raw, **more).for_arch(self.arch, self.time)

    def apk(self, entries=None, raw=False, **more):
        return apkfile.ApkFile(self.package(entries, raw, **more), self.signer,
                               self.good)

    def with_data(self, apk, data):
        """The package with other raw data, and a datahash that fits."""
        self.with_control(apk, hashlib.sha256(data).hexdigest())
        apk.data = data

    def with_control(self, apk, datahash, end=b""):
        apk.control = gzip_member(apkfile.control_tar(apk.package, datahash, end))
        apk.signature = self.signer.member(apk.control, self.good, self.time)

    def tar(self, entries, end=apkfile.END):
        return tar_of(entries, self.time, end)

    def index(self, records, signatures=None):
        index = gzip_member(apkfile.index_tar(records, "hostile", self.time))
        if signatures == []:
            return index
        return self.signer.member(index, signatures or self.good,
                                  self.time) + index

    def record(self, apk, size=None):
        return record(apk.package, apkfile.q1(apk.control),
                      len(apk.bytes()) if size is None else size)

    def repository(self, apk):
        """Index and package that agree."""
        return self.index([self.record(apk)]), apk.bytes()


def put(data, at, new):
    return data[:at] + new + data[at + len(new):]


def flip(data, at):
    return put(data, at, bytes([data[at] ^ 1]))


# --- signatures of the index


@case("verify", "index-signature-flipped")
def signature_flipped(kit):
    apk = kit.apk()
    index = gzip_member(apkfile.index_tar([kit.record(apk)], "hostile", kit.time))
    good = kit.signer.raw(kit.key, "RSA", index)
    member = gzip_member(kit.tar([f(".SIGN.RSA.%s.rsa.pub" % kit.key,
                                    flip(good, 100), checksum="")], b""))
    return member + index, apk.bytes()


@case("verify", "index-signature-short")
def signature_short(kit):
    apk = kit.apk()
    index = gzip_member(apkfile.index_tar([kit.record(apk)], "hostile", kit.time))
    good = kit.signer.raw(kit.key, "RSA", index)
    member = gzip_member(kit.tar([f(".SIGN.RSA.%s.rsa.pub" % kit.key,
                                    good[:-1], checksum="")], b""))
    return member + index, apk.bytes()


def signed(name, *signatures):
    """A case whose index is signed by these; K stands for the known key."""
    @case("verify", name)
    def make(kit):
        apk = kit.apk()
        names = {"K": kit.key, "U": kit.unknown}
        return kit.index([kit.record(apk)],
                         [(s[0],) + tuple(names[n] for n in s[1:])
                          for s in signatures]), apk.bytes()
    return make


signed("index-unsigned")
signed("index-unknown-key", ("RSA", "U"))
signed("index-known-name-other-key", ("RSA", "U", "K"))
# The first known name decides, also when a good signature follows.
signed("index-bad-before-good", ("RSA", "U", "K"), ("RSA", "K"))


@case("verify", "index-label-mismatch")
def label_mismatch(kit):
    apk = kit.apk()
    index = gzip_member(apkfile.index_tar([kit.record(apk)], "hostile", kit.time))
    member = gzip_member(kit.tar([f(".SIGN.RSA256.%s.rsa.pub" % kit.key,
                                    kit.signer.raw(kit.key, "RSA", index),
                                    checksum="")], b""))
    return member + index, apk.bytes()


@case("input", "index-signature-name-slash")
def signature_name_slash(kit):
    apk = kit.apk()
    return kit.index([kit.record(apk)], [("RSA", kit.key, "a/" + kit.key)]), \
        apk.bytes()


@case("verify", "index-altered")
def index_altered(kit):
    apk = kit.apk()
    index = kit.index([kit.record(apk)])
    at = index.index(b"\x1f\x8b\x08", 20)
    return index[:at] + gzip_member(apkfile.index_tar(
        [kit.record(apk).replace("T:fixture", "T:altered")], "hostile",
        kit.time)), apk.bytes()


# --- the index itself, signed


@case("input", "index-truncated")
def index_truncated(kit):
    index, apk = kit.repository(kit.apk())
    return index[:-20], apk


@case("input", "index-trailing-garbage")
def index_trailing(kit):
    index, apk = kit.repository(kit.apk())
    return index + b"garbage", apk


@case("input", "index-bomb")
def index_bomb(kit):
    apk = kit.apk()
    return kit.index([kit.record(apk), "T:" + "a" * (130 << 20) + "\n"]), \
        apk.bytes()


def altered_record(name, old, new):
    """A case whose record has a text replaced."""
    @case("input", name)
    def make(kit):
        apk = kit.apk()
        text = kit.record(apk)
        assert old in text
        return kit.index([text.replace(old, new)]), apk.bytes()
    return make


altered_record("record-name-slash", "P:evil", "P:../evil")
altered_record("record-name-dots", "P:evil", "P:..")
altered_record("record-version-slash", "V:1.0-r0", "V:1.0/../../x-r0")
altered_record("record-identity-short", "C:Q1", "C:Q1abcd\nT:")
altered_record("record-without-colon", "T:fixture", "Tfixture")
altered_record("record-without-name", "P:evil\n", "")


# --- a package that is not what the index vouches for


@case("verify", "control-altered")
def control_altered(kit):
    apk, other = kit.apk(), kit.apk(scripts={"post-install": "#!/bin/sh\n"})
    index = kit.index([kit.record(apk, len(other.bytes()))])
    return index, other.bytes()


@case("verify", "data-altered")
def data_altered(kit):
    apk, other = kit.apk(), kit.apk([f(NAME, "EVIL\n")])
    apk.data = other.data
    return kit.repository(apk)


@case("verify", "size-differs")
def size_differs(kit):
    apk = kit.apk()
    return kit.index([kit.record(apk, len(apk.bytes()) + 1)]), apk.bytes()


@case("verify", "name-differs")
def name_differs(kit):
    apk = kit.apk()
    apk.package.name = "angel"
    kit.with_control(apk, hashlib.sha256(apk.data).hexdigest())
    apk.package.name = "evil"
    return kit.repository(apk)


# --- members


@case("input", "no-datahash")
def no_datahash(kit):
    apk = kit.apk()
    kit.with_control(apk, "")
    return kit.repository(apk)


@case("input", "trailing-garbage")
def trailing_garbage(kit):
    apk = kit.apk()
    apk.data += b"garbage"
    return kit.repository(apk)


@case("input", "fourth-member")
def fourth_member(kit):
    apk = kit.apk()
    apk.data += gzip_member(kit.tar([f("usr/more", "x")]))
    return kit.repository(apk)


# The datahash is of the data member, not of all that follows.
@case("verify", "fourth-member-hashed")
def fourth_member_hashed(kit):
    apk = kit.apk()
    kit.with_data(apk, apk.data + gzip_member(kit.tar([f("usr/more", "x")])))
    return kit.repository(apk)


@case("input", "truncated")
def truncated(kit):
    apk = kit.apk()
    kit.with_data(apk, apk.data[:-30])
    return kit.repository(apk)


@case("input", "missing-data")
def missing_data(kit):
    apk = kit.apk()
    apk.data = b""
    return kit.repository(apk)


@case("input", "end-blocks-in-control")
def end_blocks_in_control(kit):
    apk = kit.apk()
    kit.with_control(apk, hashlib.sha256(apk.data).hexdigest(), apkfile.END)
    return kit.repository(apk)


@case("input", "script-too-large")
def script_too_large(kit):
    return kit.repository(kit.apk(scripts={
        "post-install": "#!/bin/sh\n" + "# 1234567\n" * 26300}))


@case("input", "data-bomb")
def data_bomb(kit):
    apk = kit.apk([f(NAME, "evil\n")])
    bomb = FOLDERS + [f(NAME, bytes(80 << 20))]
    kit.with_data(apk, gzip_member(kit.tar(bomb)))
    return kit.repository(apk)


@case("input", "control-bomb")
def control_bomb(kit):
    apk = kit.apk()
    kit.with_control(apk, hashlib.sha256(apk.data).hexdigest() + "\n# " +
                     "a" * (9 << 20))
    return kit.repository(apk)


# --- entries of the data section


def entries(name, kind, *made):
    """A case whose data section holds exactly these entries."""
    @case(kind, name)
    def make(kit):
        apk = kit.apk()
        kit.with_data(apk, gzip_member(kit.tar(list(made))))
        return kit.repository(apk)
    return make


entries("path-absolute", "input", f("/evil", "x"))
entries("path-dot-dot", "input", f("../evil", "x"))
entries("path-dot-dot-inside", "input", *FOLDERS, f("usr/share/../../../evil", "x"))
entries("path-dot-dot-in-pax", "input", f("../" + "e" * 120, "x"))
entries("path-dot", "input", f("./evil", "x"))
entries("path-hidden", "input", d(".hidden"), f(".hidden/evil", "x"))
entries("path-newline", "input", *FOLDERS, f(NAME + "\nR:passwd", "x"))
entries("path-delete", "input", *FOLDERS, f(NAME + "\x7f", "x"))
entries("path-name-too-long", "input", *FOLDERS, f(NAME + "l" * 300, "x"))
entries("parent-missing", "input", f(NAME, "x"))
entries("parent-is-file", "input", *FOLDERS, f(NAME, "x"), f(NAME + "/x", "x"))
entries("parent-is-link", "input", *FOLDERS, l(NAME, "/etc"),
        f(NAME + "/passwd", "x"))
entries("entry-twice", "input", *FOLDERS, f(NAME, "x"), f(NAME, "y"))
entries("hard-link-outside", "input", *FOLDERS, h(NAME, "etc/shadow"))
entries("hard-link-dot-dot", "input", *FOLDERS, h(NAME, "../../etc/shadow"))
entries("hard-link-to-later", "input", *FOLDERS, h(NAME, NAME + "2"),
        f(NAME + "2", "x"))
entries("link-escapes", "input", *FOLDERS, l(NAME, "../../../../outside"))
entries("device", "input", *FOLDERS, Entry(NAME, tarfile.CHRTYPE, mode=0o666))
entries("fifo", "input", *FOLDERS, Entry(NAME, tarfile.FIFOTYPE))
entries("checksum-missing", "input", *FOLDERS, f(NAME, "x", checksum=""))
entries("checksum-differs", "verify", *FOLDERS,
        f(NAME, "x", checksum=hashlib.sha1(b"y").hexdigest()))
entries("checksum-differs-link", "verify", *FOLDERS,
        l(NAME, "x", checksum=hashlib.sha1(b"y").hexdigest()))


def altered_tar(name, change):
    """A case whose data tar, with one file at its end, is changed."""
    @case("input", name)
    def make(kit):
        apk = kit.apk()
        tar = kit.tar(FOLDERS + [f(NAME, "x")])
        kit.with_data(apk, gzip_member(change(tar)))
        return kit.repository(apk)
    return make


def with_size(tar, octal):
    """Another size in the last header, its checksum made to fit."""
    at = len(tar) - 1024 - 1024
    header = put(put(tar[at:at + 512], 124, octal), 148, b" " * 8)
    return put(tar, at, put(header, 148, b"%06o\0 " % sum(header)))


altered_tar("tar-checksum", lambda tar: put(tar, 148, b"000000\0 "))
altered_tar("tar-size-past-end", lambda tar: with_size(tar, b"00000777777\0"))
altered_tar("tar-without-end", lambda tar: tar[:-1024])


def files(arch, time, signer, key, unknown):
    """(path, bytes) of all."""
    kit = Kit(arch, time, signer, key, unknown)
    for name, kind, make in CASES:
        index, apk = make(kit)
        yield "%s/%s/APKINDEX.tar.gz" % (name, arch), index
        yield "%s/%s/evil-1.0-r0.apk" % (name, arch), apk
        yield "%s/error" % name, (kind + "\n").encode()
