#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fake_gitlab.py FOLDER: the part of GitLab's API that a release needs.

PUT of a package file is kept in FOLDER/packages/, POST of a release as
FOLDER/release.json; GET of the release is 404 until then. Without the right
job token everything is 401. Prints its port.
"""
import http.server
import json
import os
import sys

FOLDER = sys.argv[1]
RELEASE = os.path.join(FOLDER, "release.json")


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, text=""):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def is_allowed(self):
        if self.headers.get("JOB-TOKEN") == "test-token":
            return True
        self.answer(401, '{"message":"401 Unauthorized"}')
        return False

    def do_GET(self):
        if not self.is_allowed():
            return
        if "/releases/" in self.path and os.path.exists(RELEASE):
            self.answer(200, "{}")
        else:
            self.answer(404, '{"message":"404 Not Found"}')

    def do_PUT(self):
        data = self.body()
        if not self.is_allowed():
            return
        if "/packages/generic/" not in self.path:
            self.answer(404)
            return
        name = os.path.basename(self.path)
        with open(os.path.join(FOLDER, "packages", name), "wb") as file:
            file.write(data)
        self.answer(201, '{"message":"201 Created"}')

    def do_POST(self):
        data = self.body()
        if not self.is_allowed():
            return
        if not self.path.endswith("/releases") or os.path.exists(RELEASE):
            self.answer(409, '{"message":"Release already exists"}')
            return
        with open(RELEASE, "w", encoding="utf-8") as file:
            json.dump(json.loads(data), file)
        self.answer(201, "{}")

    def log_message(self, *args):
        pass


os.makedirs(os.path.join(FOLDER, "packages"), exist_ok=True)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
