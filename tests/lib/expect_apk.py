# SPDX-License-Identifier: MIT
"""What `apk add` (2.14) makes of a root file system, in plain words.

A second opinion on alpbuild's own installing, for tests: no solver, no
interpreter of scripts, the packages and what their scripts do are told by the
caller. Trees are dictionaries from path to entry; the database is a list of
records that are kept as text.
"""
import base64
import hashlib
import io
import struct
import tarfile
import zlib

DB = "lib/apk/db/"
# In apk's order.
SCRIPTS = ("pre-install", "post-install", "pre-deinstall", "post-deinstall",
           "pre-upgrade", "post-upgrade", "trigger")
CHECKSUM = "APK-TOOLS.checksum.SHA1"
XATTR = "SCHILY.xattr."


def entry(kind, mode, uid, gid, data=b"", mtime=None):
    """data of a link is its target; mtime None: not looked at."""
    return {"kind": kind, "mode": mode, "owner": (uid, gid), "data": data,
            "mtime": mtime, "inode": object()}


def clean(name):
    return "/".join(p for p in name.split("/") if p not in ("", "."))


def read_tar(path):
    """A tree; names of one file share its entry's "inode"."""
    tree = {}
    with tarfile.open(path) as tar:
        for m in tar:
            name = clean(m.name)
            if not name:
                continue
            if m.isdir():
                tree[name] = entry("d", m.mode, m.uid, m.gid,
                                   mtime=int(m.mtime))
            elif m.issym():
                tree[name] = entry("l", 0o777, m.uid, m.gid,
                                   m.linkname.encode(), int(m.mtime))
            elif m.islnk():
                tree[name] = tree[clean(m.linkname)]
            else:
                tree[name] = entry("f", m.mode, m.uid, m.gid,
                                   tar.extractfile(m).read(), int(m.mtime))
    return tree


def members(path):
    """Raw gzip members of a package, and what they hold."""
    with open(path, "rb") as f:
        data = f.read()
    found = []
    while data:
        inflate = zlib.decompressobj(31)
        text = inflate.decompress(data) + inflate.flush()
        found.append((data[:len(data) - len(inflate.unused_data)], text))
        data = inflate.unused_data
    return found


def q1(data):
    return "Q1" + base64.b64encode(hashlib.sha1(data).digest()).decode()


def acl(owner, mode, xattrs):
    text = "%d:%d:%o" % (owner[0], owner[1], mode)
    if xattrs:
        packed = b""
        for name in sorted(xattrs):
            value = xattrs[name].encode("utf-8", "surrogateescape")
            packed += struct.pack(">I", len(name)) + name.encode()
            packed += struct.pack(">I", len(value)) + value
        text += ":" + q1(packed)
    return text


class Record:
    """A package of the database: lines, then folders with files."""

    def __init__(self, lines):
        self.lines = [s for s in lines if s[0] not in "FMRaZ"]
        self.folders = []  # [path, M:, [[name, a:, Z:]...]]
        for line in lines:
            if line[0] == "F":
                self.folders.append([line[2:], "", []])
            elif line[0] == "M":
                self.folders[-1][1] = line[2:]
            elif line[0] == "R":
                self.folders[-1][2].append([line[2:], "", ""])
            elif line[0] in "aZ":
                self.folders[-1][2][-1]["_aZ".index(line[0])] = line[2:]

    def field(self, letter):
        for line in self.lines:
            if line[0] == letter:
                return line[2:]
        return ""

    def text(self):
        lines = list(self.lines)
        for path, own, files in self.folders:
            lines.append("F:" + path)
            if own and own != "0:0:755":
                lines.append("M:" + own)
            for name, mode, digest in files:
                lines.append("R:" + name)
                if mode and mode != "0:0:644":
                    lines.append("a:" + mode)
                if digest:
                    lines.append("Z:" + digest)
        return "".join(line + "\n" for line in lines) + "\n"

    def find(self, path):
        """The folder and the file of a path."""
        parent, _, name = path.rpartition("/")
        for folder in self.folders:
            if folder[0] == parent:
                for one in folder[2]:
                    if one[0] == name:
                        return folder, one
        return None, None


class Package:
    """An .apk, with the fields as its repository's index has them."""

    def __init__(self, path, tag=""):
        (_, _), (control, text), (_, data) = members(path)
        with open(path, "rb") as f:
            self.size = len(f.read())
        self.arch = path.split("/")[-2]
        self.data, self.tag = data, tag
        self.identity = q1(control)
        self.scripts, self.info = {}, {}
        with tarfile.open(fileobj=io.BytesIO(text + bytes(1024))) as tar:
            for m in tar:
                content = tar.extractfile(m).read()
                if m.name == ".PKGINFO":
                    self.read_info(content.decode())
                else:
                    self.scripts[m.name[1:]] = content
        self.name, self.version = self.info["pkgname"], self.info["pkgver"]

    def read_info(self, text):
        for line in text.splitlines():
            if line and not line.startswith("#"):
                key, value = line.split(" = ", 1)
                have = self.info.get(key)
                self.info[key] = have + " " + value if have else value

    def record(self):
        get = self.info.get
        fields = [
            ("C", self.identity), ("P", self.name), ("V", self.version),
            ("A", self.arch), ("S", str(self.size)), ("I", get("size")),
            ("T", get("pkgdesc")), ("U", get("url")), ("L", get("license")),
            ("o", get("origin")), ("m", get("maintainer")),
            ("t", get("builddate")), ("c", get("commit")),
            ("k", get("provider_priority")), ("D", get("depend")),
            ("p", get("provides")), ("i", get("install_if")),
            ("r", get("replaces")), ("q", get("replaces_priority")),
            ("s", self.tag)]
        return Record(["%s:%s" % (k, v) for k, v in fields if v])


class Image:
    """A tree with its database."""

    def __init__(self, minirootfs, epoch):
        self.tree = read_tar(minirootfs)
        self.epoch = epoch
        text = self.text(DB + "installed")
        self.records = [Record(block.split("\n"))
                        for block in text.strip().split("\n\n")]
        self.triggers = {line.split(" ", 1)[0]: line
                         for line in self.text(DB + "triggers").splitlines()}
        self.scripts = {}  # identity -> [(name in scripts.tar, bytes)]
        for name, _, data in scripts_of(self.tree[DB + "scripts.tar"]["data"]):
            identity = name.rsplit(".", 1)[0]
            identity = identity[identity.rindex("Q1"):]
            self.scripts.setdefault(identity, []).append((name, data))

    def text(self, path):
        return self.tree[path]["data"].decode()

    def put(self, path, kind, mode, owner, data=b"", mtime=None):
        mtime = self.epoch if mtime is None else min(mtime, self.epoch)
        self.tree[path] = entry(kind, mode, owner[0], owner[1], data, mtime)

    def number(self, name, fallback, path):
        if name == "root":
            return 0
        for line in self.text(path).splitlines():
            words = line.split(":")
            if words[0] == name:
                return int(words[2])
        return fallback

    def owner(self, m):
        return (self.number(m.uname, m.uid, "etc/passwd"),
                self.number(m.gname, m.gid, "etc/group"))

    def real(self, path):
        """The path behind the links of the tree that its folders are."""
        parent, _, name = path.rpartition("/")
        if not parent:
            return path
        parent = self.real(parent)
        have = self.tree.get(parent)
        if have and have["kind"] == "l":
            parent = self.real(clean(have["data"].decode()))
        return parent + "/" + name

    def holder(self, path):
        for record in self.records:
            if record.find(path)[1]:
                return record
        return None

    # --- changes that scripts make, as test cases tell them

    def change_line(self, path, old, new):
        """Replaces a line of an account file (appends for old ""), and keeps
        the file as it was, under the name with "-"."""
        was = self.tree[path]
        self.tree[path + "-"] = dict(was, inode=object(), mtime=None)
        text = was["data"].decode()
        text = text.replace(old + "\n", new + "\n") if old else text + new + "\n"
        self.tree[path] = dict(was, data=text.encode(), inode=object(),
                               mtime=None)

    def make(self, path, kind, mode=0o755, owner=(0, 0), data=""):
        self.put(path, kind, mode, owner, data.encode())

    # --- packages

    def install(self, package):
        record = package.record()
        old = [r for r in self.records if r.field("P") == package.name]
        self.before = old[0] if old else None
        for r in old:
            self.triggers.pop(r.field("C"), None)
            self.scripts.pop(r.field("C"), None)
        self.unpack(package, record)
        for r in old:
            self.remove_rest(r, record)
            self.records.remove(r)
        self.records.append(record)
        self.records.sort(key=lambda r: (r.field("P").lower(), r.field("P")))
        if "triggers" in package.info:
            self.triggers[package.identity] = "%s %s" % (
                package.identity, package.info["triggers"])
        for kind in SCRIPTS:
            if kind in package.scripts:
                name = "%s-%s.%s.%s" % (package.name, package.version,
                                        package.identity, kind)
                self.scripts.setdefault(package.identity, []).append(
                    (name, package.scripts[kind]))

    def remove(self, name):
        """Takes a package away, with folders that nobody else has."""
        record = [r for r in self.records if r.field("P") == name][0]
        self.records.remove(record)
        self.remove_rest(record, Record([]))
        owned = {f[0] for r in self.records for f in r.folders}
        for path, _, _ in record.folders:
            if path not in owned:
                del self.tree[self.real(path)]

    def remove_rest(self, old, new):
        """What an older version had and the new one lacks."""
        for folder, _, files in old.folders:
            for name, _, _ in files:
                path = folder + "/" + name
                if not new.find(path)[1]:
                    del self.tree[self.real(path)]

    def unpack(self, package, record):
        folders, links = {}, {}
        with tarfile.open(fileobj=io.BytesIO(package.data)) as tar:
            for m in tar:
                path = m.name
                if path.startswith("."):
                    continue
                if m.isdir():
                    self.put_folder(path, m, record, folders)
                    continue
                content = None
                if m.isreg():
                    content = tar.extractfile(m).read()
                self.put_file(path, m, content, record, folders, links)

    def put_folder(self, path, m, record, folders):
        owner = self.owner(m)
        folders[path] = [path, acl(owner, m.mode, {}), []]
        record.folders.append(folders[path])
        have = self.tree.get(self.real(path))
        if not have:
            self.put(self.real(path), "d", m.mode, owner, mtime=int(m.mtime))
        elif have["kind"] == "d":
            # apk 2: the smallest owner, and the bits that all have.
            have["owner"] = min(have["owner"], owner)
            have["mode"] &= m.mode

    def put_file(self, path, m, content, record, folders, links):
        holder = self.holder(path)
        known = None
        if holder and holder is not self.before:
            verdict = replaces(holder, record)
            assert verdict != "clash", path
            if verdict == "keep":
                return
            folder, known = holder.find(path)
            folder[2].remove(known)
        elif holder:
            known = holder.find(path)[1]
        parent, _, name = path.rpartition("/")
        where = self.real(path)
        if m.islnk():
            line, made = links[m.linkname]
            folders[parent][2].append([name] + line)
            self.tree[where] = made
            return
        owner = self.owner(m)
        xattrs = {k[len(XATTR):]: v for k, v in m.pax_headers.items()
                  if k.startswith(XATTR)}
        data = m.linkname.encode() if m.issym() else content
        mode = 0o777 if m.issym() else m.mode
        line = [acl(owner, mode, xattrs), q1(data)]
        assert hashlib.sha1(data).hexdigest() == m.pax_headers[CHECKSUM], path
        folders[parent][2].append([name] + line)
        have = self.tree.get(where)
        if have and where.startswith("etc/") and \
                not (known and known[2] == q1(have["data"])):
            if have["data"] == data:
                return
            where += ".apk-new"
        self.put(where, "l" if m.issym() else "f", mode, owner, data,
                 int(m.mtime))
        links[path] = (line, self.tree[where])

    # --- the end

    def finish(self, words):
        """Writes database and world; words as the manifest has them."""
        world = {name_of(w): w for w in self.text("etc/apk/world").split()}
        world.update({name_of(w): w for w in words})
        order = sorted(world, key=lambda n: (n.lower(), n))
        self.rewrite("etc/apk/world", "".join(world[n] + "\n" for n in order))
        self.rewrite(DB + "installed", "".join(r.text() for r in self.records))
        self.rewrite(DB + "triggers", "".join(
            self.triggers[r.field("C")] + "\n" for r in self.records
            if r.field("C") in self.triggers))

    def rewrite(self, path, text):
        self.tree[path] = dict(self.tree[path], data=text.encode(),
                               mtime=None, inode=object())

    def script_files(self):
        """(name, time, bytes) of scripts.tar."""
        found = []
        for r in self.records:
            for name, data in self.scripts.get(r.field("C"), []):
                found.append((name, int(r.field("t")), data))
        return found


def scripts_of(data):
    """(name, time, bytes) of a scripts.tar."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for m in tar:
            assert m.isreg() and m.mode == 0o755 and m.uname == "root", m.name
            yield m.name, int(m.mtime), tar.extractfile(m).read()


def name_of(word):
    word = word.lstrip("!")
    for i, c in enumerate(word):
        if c in "<>=~@":
            return word[:i]
    return word


def replaces(owner, new):
    """apk 2: one origin, then replaces with priorities."""
    if owner.field("o") and owner.field("o") == new.field("o"):
        return "replace"

    def priority(a, b):
        if b.field("P") in [name_of(w) for w in a.field("r").split()]:
            return int(a.field("q") or 0)
        return -1
    if priority(owner, new) > priority(new, owner):
        return "keep"
    return "replace" if priority(new, owner) >= 0 else "clash"
