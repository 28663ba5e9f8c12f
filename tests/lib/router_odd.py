#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_odd: single requests, polite and rude; for router_client.

Each function takes a router, the tree of the upstream, the path of an npk and
its bytes, and raises Wrong or OSError.
"""
import threading
import time

from router_http import MAGIC, NAME, Wrong, receive, want


def head(router, _truth, path, data):
    answer = router.ask(path, "HEAD")
    want(answer.status == 200, f"status {answer.status}")
    want(answer.length() == len(data), f"length {answer.length()}")
    want(not answer.rest, "an answer to HEAD with a body")


def one_range(router, path, data, text, begin, end):
    answer = router.get(path, 206, Range=f"bytes={text}")
    want(answer.body == data[begin:end], f"{text}: other bytes")
    span = f"bytes {begin}-{end - 1}/{len(data)}"
    want(answer.fields.get("content-range") == span,
         f"{text}: Content-Range {answer.fields.get('content-range')!r}")


def ranges(router, _truth, path, data):
    size = len(data)
    for text, begin, end in (
            ("0-3", 0, 4), ("0-0", 0, 1), ("100-", 100, size),
            (f"{size - 1}-", size - 1, size), ("-10", size - 10, size),
            (f"5-{size + 1000}", 5, size), (f"0-{size - 1}", 0, size)):
        one_range(router, path, data, text, begin, end)
    answer = router.ask(path, Range=f"bytes={size}-")
    want(answer.status == 416, f"after the end: status {answer.status}")


def resumed(router, _truth, path, data):
    """What a router does after a cut: the rest, joined."""
    half = len(data) // 2
    with router.connect() as s:
        s.sendall(router.request(path))
        got = s.recv(1000)
        want(got, "nothing")
    answer = router.get(path, 206, Range=f"bytes={half}-")
    want(data[:half] + answer.body == data, "other bytes")


def if_modified_since(router, _truth, path, data):
    stamp = router.get(path).fields.get("last-modified")
    want(stamp, "no Last-Modified")
    answer = router.ask(path, If_Modified_Since=stamp)
    want(answer.status == 304 and not answer.rest, f"status {answer.status}")
    old = "Thu, 01 Jan 1970 00:00:00 GMT"
    want(router.get(path, If_Modified_Since=old).body == data, "other bytes")


def query(router, truth, _path, _data):
    name = f"/routeros/NEWESTa7.{router.args.channel}"
    plain = router.get(name).body
    for text in ("?version=7.19.1", "?version=", "?", "?version=7.24beta3&x=%20",
                 "?a=b?c=d", "?version=" + "9" * 1500):
        want(router.get(name + text).body == plain, f"{text[:30]}: other bytes")


def encoded(router, _truth, path, data):
    name = path.rsplit("/", 1)[1]
    whole = "".join(f"%{ord(c):02x}" for c in name)
    for text in (path.replace("routeros", "%72outeros"),
                 path.replace(name, whole), path.replace(name, whole.upper())):
        want(router.get(text).body == data, f"{text[:60]}: other bytes")


def unknown(router, _truth, path, _data):
    for text in (path + "x", "/routeros/7.99/CHANGELOG", "/routeros/LATEST.5",
                 path.replace("routeros-", "nonesuch-"), "/nonesuch/"):
        answer = router.get(text, 404)
        want(answer.body[:4] != MAGIC, f"{text}: an npk")


def http_1_0(router, _truth, path, data):
    """Old routers: no Host, no keep-alive; the end is the connection's."""
    text = f"GET {path} HTTP/1.0\r\nUser-Agent: {router.agent}\r\n\r\n"
    with router.connect() as s:
        s.sendall(text.encode())
        answer = receive(s)
        want(answer.status == 200 and answer.body == data, "other bytes")
        want(s.recv(1) == b"", "the connection stays open")


def any_host(router, _truth, path, data):
    for name in (NAME, NAME.upper(), f"{NAME}:80", "download.mikrotik.com",
                 router.args.address, "mus", "[fd00::1]"):
        want(router.get(path, Host=name).body == data, f"Host: {name}")


def kept_alive(router, _truth, path, data):
    with router.connect() as s:
        for _ in range(3):
            s.sendall(router.request(path, Connection="keep-alive"))
            answer = receive(s)
            want(answer.status == 200 and answer.body == data and
                 not answer.rest, "other bytes on a kept connection")


def never_outside(router, _truth, _path, _data):
    """Nothing but the tree: neither keys nor state nor the system's files."""
    up = ("..", "%2e%2e", "%2E.", ".%2e", "..%00", "%252e%252e", "..;", "...")
    for dots in up:
        for target in ("tls/ca.key", "state/status", "etc/passwd",
                       "run/container.env"):
            for depth in (1, 2, 3, 6):
                outside(router, f"/routeros/{f'{dots}/' * depth}{target}")
    for text in ("/../tls/ca.key", "/..%2ftls%2fca.key", "//etc/passwd",
                 "/routeros/..%5c..%5ctls%5cca.key", "/tls/ca.key",
                 "/state/status", "/routeros//../../tls/server.key",
                 "/routeros/%2f%2e%2e%2f%2e%2e%2ftls/ca.key", "/.htaccess",
                 "/%00/../tls/ca.key", "/routeros/NEWESTa7.stable%00/ca.key",
                 "http://x/../tls/ca.key", "/etc/passwd", "/~root/.ashrc"):
        outside(router, text)


def outside(router, text):
    answer = router.ask(text)
    want(400 <= answer.status < 500, f"{text}: status {answer.status}")
    for secret in (b"PRIVATE KEY", b"root:x:", b"state=", b"export "):
        want(secret not in answer.body, f"{text}: {secret!r} in the answer")


def long_requests(router, _truth, path, data):
    for text in (path + "?" + "a" * 9000, "/" + "a" * 70000,
                 "/" + "a/" * 3000, path + "/" * 5000):
        refused(router, router.request(text), (200, 404))
    refused(router, router.request(path, Cookie="c" * 70000), (200,))
    want(router.get(path).body == data, "no answer after that")


def refused(router, text, also):
    """A status below 500, or the door."""
    try:
        answer = router.raw(text)
    except (OSError, Wrong) as e:
        want(isinstance(e, OSError) or "closed" in str(e), str(e))
        return
    want(400 <= answer.status < 500 or answer.status in also,
         f"{text[:40]!r}: status {answer.status}")


def other_methods(router, _truth, path, data):
    for method in ("POST", "PUT", "DELETE", "PATCH", "PROPFIND", "MKCOL",
                   "TRACE", "CONNECT"):
        answer = router.raw(router.request(path, method, Content_Length="0"))
        want(400 <= answer.status < 600 and answer.status not in (500, 503),
             f"{method}: status {answer.status}")
        want(data not in answer.body, f"{method}: the file")
    want(router.get(path).body == data, "the file has changed")


def garbage(router, _truth, path, data):
    for text in (b"\r\n\r\n", b"\0" * 100 + b"\r\n\r\n", b"GET\r\n\r\n",
                 b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00",
                 b"get / http/1.1\r\n\r\n"):
        with router.connect() as s:
            s.sendall(text)
            s.settimeout(0.2)
            try:
                s.recv(100)
            except OSError:
                pass
    want(router.get(path).body == data, "no answer after that")


def slow_client(router, _truth, path, data):
    """Slow readers and half requests: the next router need not wait."""
    slow = [router.connect() for _ in range(8)]
    for i, s in enumerate(slow):
        text = router.request(path)
        s.sendall(text if i % 2 else text[:40])
    began = time.monotonic()
    for _ in range(5):
        want(router.get(path).body == data, "other bytes")
    took = time.monotonic() - began
    want(took < 5, f"others waited {took:.1f} s")
    trickle(slow[1], data)
    for s in slow:
        s.close()


def trickle(s, data):
    """The slow one gets all of it, too."""
    got = b""
    while len(got.partition(b"\r\n\r\n")[2]) < len(data):
        if len(got) < 20000:
            time.sleep(0.05)
        more = s.recv(1000 if len(got) < 20000 else 1 << 16)
        want(more, f"cut off after {len(got)} bytes")
        got += more
    want(got.partition(b"\r\n\r\n")[2] == data, "other bytes")


def crowd(router, truth, path, data):
    """Twenty at once, half of them for the other package."""
    other = npk_of(router, router.args.other)
    wanted = {path: data, other: truth.read(other)}
    faults = []

    def one(which):
        try:
            for _ in range(3):
                want(router.get(which).body == wanted[which], "other bytes")
        except (Wrong, OSError) as e:
            faults.append(f"{which}: {e}")
    threads = [threading.Thread(target=one, args=((path, other)[i % 2],))
               for i in range(20)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    want(not faults, "; ".join(faults[:3]))


def log_safe(router, _truth, path, data):
    """What a client says of itself goes into a log, and may not break it."""
    for agent in ("", "RouterOS \x1b[31m7.1", "RouterOS " + "7" * 3000,
                  "a\tb\tc", "RouterOS 7.19.1 (stable)", "<b>&amp;", None):
        answer = router.ask(path, User_Agent=agent)
        want(answer.status == 400 or answer.body == data, f"{agent!r}: "
             f"status {answer.status}")


ODD = {
    "HEAD tells the size and no more": head,
    "ranges are exact, 206 with Content-Range": ranges,
    "a cut download is resumed": resumed,
    "If-Modified-Since": if_modified_since,
    "the query of a pointer is ignored": query,
    "percent-encoded names": encoded,
    "an unknown file is a 404 with a length": unknown,
    "HTTP/1.0 without Host": http_1_0,
    "every host name is served": any_host,
    "three requests on one connection": kept_alive,
    "nothing outside of the tree": never_outside,
    "long requests": long_requests,
    "other methods": other_methods,
    "garbage": garbage,
    "odd user agents": log_safe,
    "slow clients hold up nobody": slow_client,
    "twenty downloads at once": crowd,
}


def npk_of(router, name):
    return f"/routeros/{router.args.of}/{name}"


def odd(router, truth, say):
    path = npk_of(router, router.args.file)
    data = truth.read(path)
    for name, call in ODD.items():
        say(name, lambda c=call: c(router, truth, path, data))
