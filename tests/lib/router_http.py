#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_http: HTTP by raw sockets, as a router talks it; for router_client.

Answers are read strictly: a Content-Length and exactly that many bytes, never
chunked. What is otherwise is raised as Wrong.
"""
import os
import re
import socket
import ssl

NAME = "upgrade.mikrotik.com"
MAGIC = b"\x1e\xf1\xd0\xba"
HEAD_MAX = 16384
PATIENCE = 30       # seconds, where the time is not the promise


class Wrong(Exception):
    """What an answer should not be."""


def want(condition, text):
    if not condition:
        raise Wrong(text)


class Answer:
    def __init__(self, status, fields, body, rest):
        self.status, self.fields = status, fields
        self.body, self.rest = body, rest

    def length(self):
        return int(self.fields["content-length"])


def parse_head(head):
    lines = head.decode("latin-1").split("\r\n")
    first = re.fullmatch(r"HTTP/1\.[01] (\d{3}) .*", lines[0])
    want(first, f"status line {lines[0]!r}")
    fields = {}
    for line in lines[1:]:
        key, colon, value = line.partition(":")
        want(colon and key.lower() not in fields, f"header {line!r}")
        fields[key.lower()] = value.strip()
    return int(first[1]), fields


class Router:
    """One router: where it asks, and as whom."""

    def __init__(self, args):
        self.args = args
        self.agent = f"RouterOS {args.version}"
        self.context = None
        if args.ca:
            self.context = ssl.create_default_context(cafile=args.ca)

    def connect(self):
        plain = socket.create_connection(
            (self.args.address, self.args.port), PATIENCE)
        if not self.context:
            return plain
        return self.context.wrap_socket(plain, server_hostname=NAME)

    def request(self, path, method="GET", **fields):
        """As a router writes it; fields by name, _ for -; None leaves it out."""
        lines = {"Host": NAME, "User-Agent": self.agent, "Connection": "close"}
        lines |= {k.replace("_", "-"): v for k, v in fields.items()}
        text = f"{method} {path} HTTP/1.1\r\n" + "".join(
            f"{k}: {v}\r\n" for k, v in lines.items() if v is not None)
        return text.encode("latin-1") + b"\r\n"

    def ask(self, path, method="GET", **fields):
        return self.raw(self.request(path, method, **fields), method)

    def raw(self, data, method="GET"):
        with self.connect() as s:
            s.sendall(data)
            return receive(s, method)

    def get(self, path, status=200, **fields):
        answer = self.ask(path, **fields)
        want(answer.status == status, f"{path}: status {answer.status}")
        return answer


def receive(s, method="GET"):
    """One answer, strictly: a length and that many bytes, never chunked."""
    data = b""
    while b"\r\n\r\n" not in data:
        want(len(data) < HEAD_MAX, "endless header")
        more = s.recv(65536)
        want(more, f"connection closed after {data[:80]!r}")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    status, fields = parse_head(head)
    want("transfer-encoding" not in fields, "transfer-encoding: a router "
         "wants a plain Content-Length")
    if method == "HEAD" or status == 304:
        return Answer(status, fields, b"", body)
    want("content-length" in fields, f"status {status} without Content-Length")
    size = int(fields["content-length"])
    parts, have = [body], len(body)
    while have < size:
        more = s.recv(1 << 18)
        want(more, f"cut off: {have} of {size} bytes")
        parts.append(more)
        have += len(more)
    body = b"".join(parts)
    return Answer(status, fields, body[:size], body[size:])


class Truth:
    """The tree of the upstream."""

    def __init__(self, folder):
        self.folder = folder

    def read(self, path):
        try:
            with open(os.path.join(self.folder, path.lstrip("/")), "rb") as f:
                return f.read()
        except FileNotFoundError:
            raise Wrong(f"{path}: upstream has no such file") from None

    def has(self, path):
        return os.path.exists(os.path.join(self.folder, path.lstrip("/")))

    def check(self, path, body):
        mine = self.read(path)
        want(body == mine, f"{path}: {len(body)} bytes that differ from the "
             f"{len(mine)} of upstream")
