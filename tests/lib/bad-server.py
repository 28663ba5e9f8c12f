#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bad-server: an HTTP server on 127.0.0.1 that misbehaves as it is asked to.

    bad-server.py FOLDER PORT_FILE LOG_FILE

It serves the files of FOLDER under paths that say how:

    /good/FILE              with ETag, Range and If-Range
    /date/FILE              the same with Last-Modified alone
    /busy/N/FILE            503 for the first N requests, then good
    /later/S/FILE           429 with "Retry-After: S" once, then good
    /cut/N/FILE             N bytes and the end, unless a Range is asked for
    /cut-always/N/FILE      N bytes of every answer
    /changing/N/FILE        cut, and another ETag for every answer
    /stall/N/FILE           N bytes of the first answer, then nothing
    /no-range/N/FILE        cut once, and Range is ignored
    /wrong-range/N/FILE     cut once, then a 206 that starts elsewhere
    /unasked-range/FILE     206 without a Range
    /too-far/N/FILE         cut once, then 416 to a Range
    /wrong/FILE             the last byte is another one
    /wrong-once/N/FILE      cut with wrong bytes, right ones afterwards
    /endless/               without length and end
    /page/STATUS            a page with that status
    /loop/N                 redirects to /loop/N+1
    /to/URL                 redirects to URL
    /auth/FILE              401 without user "user", password "secret"

A second port accepts connections and never says a word; PORT_FILE has both.

As a proxy, it serves any http: URL by its path. The log has a line for each
request: METHOD TARGET RANGE IF-RANGE USER-AGENT, "-" for none.
"""

import base64
import collections
import http.server
import os
import socket
import sys
import threading
import time
import urllib.parse

FOLDER, PORT_FILE, LOG_FILE = sys.argv[1:4]
AUTH = "Basic " + base64.b64encode(b"user:secret").decode()
STALL_S = 30

counts = collections.Counter()
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def log_it(self):
        fields = [self.headers.get(name, "-").replace(" ", "_")
                  for name in ("Range", "If-Range", "User-Agent")]
        with lock, open(LOG_FILE, "a", encoding="utf-8") as log:
            print(self.command, self.path, *fields, file=log)

    def count(self):
        """How often this path was asked for before."""
        with lock:
            counts[self.path] += 1
            return counts[self.path] - 1

    def page(self, status, fields=()):
        body = b"<html>a page, not the file</html>\n" * 20
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def start(self, validator):
        """Where the answer must start: 0 is the whole file."""
        text = self.headers.get("Range", "")
        condition = self.headers.get("If-Range")
        if not text.startswith("bytes=") or not text.endswith("-"):
            return 0
        if condition is not None and condition != validator:
            return 0
        return int(text[len("bytes="):-1])

    def send(self, data, start=0, stop=None, validator=None):
        """data[start:], of which only what is before stop arrives."""
        self.send_response(206 if start else 200)
        if validator:
            name = "ETag" if validator[0] == '"' else "Last-Modified"
            self.send_header(name, validator)
        if start:
            self.send_header("Content-Range", "bytes %d-%d/%d"
                             % (start, len(data) - 1, len(data)))
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start:stop])
        self.wfile.flush()
        if stop is not None and stop < len(data):
            self.close_connection = True

    def do_GET(self):
        self.log_it()
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/to/"):
            target = self.path.split("/to/", 1)[1]
            return self.page(302, [("Location", target)])
        how, *words = path.strip("/").split("/")
        method = getattr(self, "do_" + how.replace("-", "_"), None)
        if not method:
            return self.page(404)
        if words and how not in ("page", "loop", "endless"):
            try:
                with open(os.path.join(FOLDER, words[-1]), "rb") as file:
                    words[-1] = file.read()
            except FileNotFoundError:
                return self.page(404)
        return method(*words)

    def do_good(self, data):
        self.send(data, self.start('"v1"'), validator='"v1"')

    def do_date(self, data):
        date = "Fri, 06 Sep 2024 11:36:21 GMT"
        self.send(data, self.start(date), 100000 if not self.count() else None,
                  validator=date)

    def do_busy(self, n, data):
        if self.count() < int(n):
            return self.page(503)
        return self.do_good(data)

    def do_later(self, seconds, data):
        if not self.count():
            return self.page(429, [("Retry-After", seconds)])
        return self.do_good(data)

    def do_cut(self, n, data):
        start = self.start('"v1"')
        self.send(data, start, None if start else int(n), '"v1"')

    def do_cut_always(self, n, data):
        start = self.start('"v1"')
        self.send(data, start, start + int(n), '"v1"')

    def do_changing(self, n, data):
        number = self.count()
        validator = '"v%d"' % number
        start = self.start(validator)
        self.send(data, start, None if number else int(n), validator)

    def do_stall(self, n, data):
        if self.count():
            return self.do_good(data)
        self.send(data, 0, int(n), '"v1"')
        time.sleep(STALL_S)
        return None

    def do_no_range(self, n, data):
        self.send(data, 0, None if self.count() else int(n))

    def do_wrong_range(self, n, data):
        if self.start(None):
            return self.send(data, 7)
        return self.send(data, 0, None if self.count() else int(n))

    def do_unasked_range(self, data):
        self.send(data, 7)

    def do_too_far(self, n, data):
        if self.start(None):
            return self.page(416)
        return self.send(data, 0, None if self.count() else int(n))

    def do_wrong(self, data):
        self.send(data[:-1] + bytes([data[-1] ^ 1]))

    def do_wrong_once(self, n, data):
        start = self.start(None)
        if self.count():
            return self.send(data, start)
        return self.send(bytes(len(data)), 0, int(n))

    def do_endless(self):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        while True:
            self.wfile.write(bytes(1 << 16))

    def do_page(self, status):
        self.page(int(status))

    def do_loop(self, n):
        self.page(302, [("Location", "/loop/%d" % (int(n) + 1))])

    def do_auth(self, data):
        if self.headers.get("Authorization") != AUTH:
            return self.page(401, [("WWW-Authenticate", "Basic realm=x")])
        return self.do_good(data)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that gives up is what many tests are about."""


server = Server(("127.0.0.1", 0), Handler)
silent = socket.create_server(("127.0.0.1", 0))
with open(PORT_FILE + ".tmp", "w", encoding="ascii") as port_file:
    print(server.server_port, silent.getsockname()[1], file=port_file)
os.rename(PORT_FILE + ".tmp", PORT_FILE)
server.serve_forever()
