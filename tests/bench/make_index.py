#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make_index.py FILE N: a signed APKINDEX.tar.gz of N invented packages.

Its shape is that of Alpine's main and community, 25,391 packages in 3.21: the
same share of records with dependencies, provides and install_if, as many
words in them, names and texts as long. Each source makes a program, a library
with an soname, -dev, -doc and -openrc; programs need the libraries of earlier
sources. "app-N" is what to ask for: the last ones need most; busybox has to be
named, as in an image. The key is the fixture mirror's. The same program makes the same bytes.
"""
import hashlib
import os
import random
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
MIRROR = os.path.join(HERE, "..", "mirror")
sys.path.insert(0, os.path.join(MIRROR, "lib"))

import apkfile  # noqa: E402

KEY = "alpbuild-fixture-00000001"
TIME = 1750000000
SYLLABLES = ("al", "bri", "co", "den", "ex", "fla", "gno", "hu", "in", "jo",
             "kde", "lib", "mo", "net", "open", "py", "qt", "ru", "sys", "tex")


def record(name, version, origin, depends=(), provides=(), install_if=()):
    digest = hashlib.sha1((name + version).encode()).digest()
    size = int.from_bytes(digest[:2], "big") + 1000
    lines = ["C:" + apkfile.q1(digest), "P:" + name, "V:" + version,
             "A:x86_64", "S:%d" % size, "I:%d" % (size * 3),
             "T:%s, which somebody may find useful (%s)" % (name, origin),
             "U:https://www.%s.invalid/project/%s" % (origin, origin),
             "L:GPL-2.0-or-later AND MIT", "o:" + origin,
             "m:Zoë Fixture <zoe@alpbuild-demo.invalid>",
             "t:%d" % (TIME + size), "c:" + digest.hex()]
    for letter, words in (("D", depends), ("p", provides), ("i", install_if)):
        if words:
            lines.append(letter + ":" + " ".join(words))
    return "\n".join(lines) + "\n\n"


def source(rng, i):
    """The five packages of one source."""
    name = "%s%s-%d" % (rng.choice(SYLLABLES), rng.choice(SYLLABLES), i)
    version = "%d.%d.%d-r%d" % (rng.randrange(20), rng.randrange(30),
                                rng.randrange(10), rng.randrange(6))
    plain = version.split("-")[0]
    # A few libraries are what everybody wants.
    near = range(max(0, i - 400), i)
    wanted = {rng.randrange(1 + i // 50) for _ in range(2)} if i else set()
    wanted |= set(rng.sample(near, min(len(near), 3)))
    wanted.discard(i)
    libs = ["so:lib%d.so.%d" % (w, w % 7) for w in sorted(wanted)]
    lib = name + "-libs"
    yield record(lib, version, name, libs[:2],
                 ["so:lib%d.so.%d=%s" % (i, i % 7, plain)])
    yield record(name, version, name,
                 ["/bin/sh", "so:libc.musl-x86_64.so.1"] + libs +
                 ["%s~%s" % (lib, plain)],
                 ["cmd:%s=%s" % (name, version), "app-%d=%s" % (i, version)])
    yield record(name + "-dev", version, name,
                 ["%s=%s" % (lib, version), "pkgconfig"],
                 ["pc:%s=%s" % (name, plain)])
    yield record(name + "-doc", version, name,
                 install_if=["docs", "%s=%s" % (name, version)])
    yield record(name + "-openrc", version, name,
                 install_if=["openrc", "%s=%s" % (name, version)])


def records(n):
    yield record("musl", "1.2.5-r0", "musl",
                 provides=["so:libc.musl-x86_64.so.1=1"])
    yield record("busybox", "1.36.1-r0", "busybox", provides=["/bin/sh"])
    yield record("openrc", "0.54-r0", "openrc", ["/bin/sh"])
    yield record("docs", "0.2-r5", "docs")
    yield record("pkgconfig", "2.2.0-r0", "pkgconfig")
    made, i, rng = 5, 0, random.Random(25000)
    while made < n:
        for text in source(rng, i):
            if made < n:
                yield text
                made += 1
        i += 1


def main():
    path, n = sys.argv[1], int(sys.argv[2])
    signer = apkfile.Signer(os.path.join(MIRROR, "keys"))
    index = apkfile.gzip_member(apkfile.index_tar(
        records(n), "invented, for measuring", TIME))
    with open(path, "wb") as out:
        out.write(signer.member(index, [("RSA", KEY)], TIME) + index)


main()
