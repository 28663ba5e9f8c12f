#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ros_upstream.py: an upgrade server in MikroTik's form that fails on demand.

    ros_upstream.py FOLDER [--host ADDRESS] [--port N] [--size KIB]

FOLDER/tree is served below /routeros/ (made by ros_tree.py when missing; its
usage tells what is there). FOLDER/port gets the port once it answers (--port 0,
the default: any). FOLDER/requests has a line for each request:

    METHOD PATH?QUERY STATUS BYTES-SENT RANGE-OR-- USER-AGENT

FOLDER/faults is read anew at each request: a line "KIND GLOB [ARG [TIMES]]",
GLOB of the path without /routeros/, ARG - where it has none, TIMES how often it
happens (always):

    status GLOB CODE         answers CODE                missing GLOB    404
    cut GLOB BYTES           closes after BYTES of body  hang GLOB SECONDS
    slow GLOB BYTES          so many bytes a second      corrupt GLOB    a bit
    text GLOB WORDS_JOINED   this as 200, text/html      endless GLOB    no end
    longer GLOB N            Content-Length too large    nolength GLOB   none
    norange GLOB             Range is not obeyed         redirect GLOB URL
    header GLOB NAME=VALUE   one more header
    switch GLOB POINTER=VERSION   the pointer changes before this is answered
    again GLOB VERSION=REVISION   VERSION is released anew before this is answered

Example: echo 'cut 7.24.4/*.npk 5000 2' >FOLDER/faults
"""
import argparse
import fnmatch
import hashlib
import http.server
import os
import re
import socketserver
import sys
import threading
import time
import urllib.parse

sys.dont_write_bytecode = True
import ros_tree  # noqa: E402


class Faults:
    """The lines of FOLDER/faults that are still to happen."""

    def __init__(self, path):
        self.path = path
        self.counts = {}
        self.lock = threading.Lock()

    def lines(self):
        try:
            with open(self.path, encoding="utf-8") as file:
                return [line.split() for line in file if line.strip()]
        except FileNotFoundError:
            return []

    def of(self, path):
        """{kind: argument} for a request, which is counted."""
        found = {}
        with self.lock:
            for words in self.lines():
                kind, glob, arg, times = (words + [""] * 3)[:4]
                if not fnmatch.fnmatchcase(path, glob):
                    continue
                key = " ".join(words)
                if times and self.counts.get(key, 0) >= int(times):
                    continue
                self.counts[key] = self.counts.get(key, 0) + 1
                found.setdefault(kind, arg)
        return found


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "upstream"
    sys_version = ""

    def log_message(self, *args):
        pass

    def note(self, status, sent):
        words = (self.command, self.path, status, sent,
                 self.headers.get("Range", "-"), self.headers.get("User-Agent", "-"))
        with open(self.server.log, "a", encoding="utf-8") as file:
            file.write(" ".join(str(word) for word in words) + "\n")

    def head(self, status, length, *fields):
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def empty(self, status, *fields):
        self.head(status, 0, *fields)
        self.note(status, 0)

    def happen(self, faults):
        """What comes before an answer."""
        tree = self.server.tree
        if "hang" in faults:
            time.sleep(float(faults["hang"]))
        if "switch" in faults:
            ros_tree.point(tree, *faults["switch"].split("="))
        if "again" in faults:
            version, revision = faults["again"].split("=")
            ros_tree.release(tree, version, self.server.kib, revision)

    def found(self, path, faults):
        """(bytes, header fields) of a path, or (None, [])."""
        fields = [("Content-Type", "application/octet-stream")]
        if "header" in faults:
            fields.append(tuple(faults["header"].split("=", 1)))
        if "text" in faults:
            return faults["text"].replace("_", " ").encode() + b"\n", fields
        try:
            with open(os.path.join(self.server.tree, path), "rb") as file:
                data = file.read()
        except OSError:
            return None, fields
        fields.append(("ETag", '"%s"' % hashlib.sha256(data).hexdigest()[:16]))
        if "corrupt" in faults:
            middle = len(data) // 2
            data = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1:]
        return data, fields

    def range_start(self, size, faults):
        """Where to begin; None: Range cannot be satisfied."""
        match = re.match(r"bytes=(\d+)-$", self.headers.get("Range", ""))
        if not match or "norange" in faults:
            return 0
        start = int(match.group(1))
        return start if start < size else None

    def send_body(self, data, faults):
        """How much was sent."""
        sent, end = 0, len(data)
        if "cut" in faults:
            end = min(end, int(faults["cut"]))
        step = 65536
        if "slow" in faults:
            step = max(1, int(faults["slow"]) // 10)
        while sent < end:
            part = data[sent:min(end, sent + step)]
            self.wfile.write(part)
            sent += len(part)
            if "slow" in faults:
                time.sleep(0.1)
        return sent

    def endless(self, fields):
        self.head(200, None, *fields)
        sent = 0
        try:
            while sent < 1 << 30:
                self.wfile.write(b"7.24.4 1 " * 8192)
                sent += 9 * 8192
        except OSError:
            pass
        self.note(200, sent)

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        path = path.removeprefix("/routeros/").lstrip("/")
        faults = self.server.faults.of(path)
        self.happen(faults)
        data, fields = self.found(path, faults)
        if "redirect" in faults:
            self.empty(302, ("Location", faults["redirect"]))
        elif "status" in faults:
            self.empty(int(faults["status"]))
        elif "endless" in faults:
            self.endless(fields)
        elif data is None or "missing" in faults or ".." in path:
            self.empty(404)
        else:
            self.answer(data, fields, faults)

    do_HEAD = do_GET

    def answer(self, data, fields, faults):
        size = len(data)
        start = self.range_start(size, faults)
        if start is None:
            self.empty(416, ("Content-Range", "bytes */%d" % size))
            return
        status = 206 if start else 200
        if start:
            fields.append(("Content-Range", "bytes %d-%d/%d" % (start, size - 1, size)))
        length = size - start + int(faults.get("longer", 0))
        self.head(status, None if "nolength" in faults else length, *fields)
        sent = 0
        try:
            if self.command == "GET":
                sent = self.send_body(data[start:], faults)
        except OSError:
            pass
        self.note(status, sent)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("folder")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--size", type=int, default=24)
    args = parser.parse_args()
    server = Server((args.host, args.port), Handler)
    server.tree = os.path.join(args.folder, "tree")
    server.log = os.path.join(args.folder, "requests")
    server.kib = args.size
    server.faults = Faults(os.path.join(args.folder, "faults"))
    if not os.path.isdir(server.tree):
        ros_tree.make(server.tree, args.size)
    ros_tree.write(os.path.join(args.folder, "port"),
                   b"%d\n" % server.server_address[1])
    server.serve_forever()


if __name__ == "__main__":
    main()
