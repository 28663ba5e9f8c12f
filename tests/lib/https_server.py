#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""https_server.py: HTTPS servers on loopback that answer as their paths say.

	https_server.py LOG PORTS CERTIFICATE...

One server for each file with a certificate and its key; their ports are written to
PORTS. LOG gets a line for each request: the number of its connection, method, path
and the user and password, or "-".

	/echo         what was sent: method, body
	/status/N     an answer with this status
	/redirect     one to /echo
	/cut, /cut-chunks   ends in the middle
	/drop         is read, and the connection closed without an answer
	/huge         a length of 17 MiB is announced
	/endless      never ends
	/slow         begins after a minute
	/trickle      a byte now and then"""
import base64
import itertools
import os
import socket
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BAD = ("/cut", "/cut-chunks", "/drop", "/huge", "/endless", "/slow", "/trickle")
CHUNK = b"10000\r\n" + b"x" * 65536 + b"\r\n"


class Handler(BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"
	timeout = 60

	def setup(self):
		self.number = next(self.server.numbers)
		self.request.do_handshake()
		super().setup()

	def log_message(self, *args):
		pass

	def note(self):
		kind, _, secret = self.headers.get("Authorization", "").partition(" ")
		login = base64.b64decode(secret).decode() if kind == "Basic" else "-"
		with self.server.lock, open(self.server.log, "a", encoding="utf-8") as f:
			f.write(f"{self.number} {self.command} {self.path} {login}\n")

	def say(self, status, body=b"", *fields):
		self.send_response(status)
		for name, value in (("Content-Length", str(len(body))), *fields):
			self.send_header(name, value)
		self.end_headers()
		self.wfile.write(body)

	def begin(self, name, value):
		self.send_response(200)
		self.send_header(name, value)
		self.end_headers()

	def leave(self):
		"""Ends the connection as a power cut does, or nearly so."""
		self.wfile.flush()
		self.connection.unwrap = lambda: None
		self.connection.shutdown(socket.SHUT_RDWR)
		self.close_connection = True

	def answer_badly(self, path):
		if path == "/cut":
			self.begin("Content-Length", "1000")
			self.wfile.write(b"x" * 100)
			self.leave()
		elif path == "/cut-chunks":
			self.begin("Transfer-Encoding", "chunked")
			self.wfile.write(CHUNK)
			self.leave()
		elif path == "/drop":
			self.leave()
		elif path == "/huge":
			self.begin("Content-Length", str(17 << 20))
		elif path == "/endless":
			self.begin("Transfer-Encoding", "chunked")
			while True:
				self.wfile.write(CHUNK)
		elif path == "/slow":
			time.sleep(60)
		elif path == "/trickle":
			self.begin("Content-Length", "1000")
			for _ in range(1000):
				self.wfile.write(b"x")
				time.sleep(0.1)

	def answer(self):
		self.note()
		body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
		path = self.path
		if path.startswith("/echo"):
			kind = self.headers.get("Content-Type", "-")
			self.say(200, f"{self.command} {kind}:".encode() + body)
		elif path.startswith("/status/"):
			self.say(int(path[8:]), b'{"error":1}')
		elif path == "/redirect":
			self.say(302, b"", ("Location", "/echo"))
		elif path in BAD:
			self.answer_badly(path)
		else:
			self.say(404)

	do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer


class Server(ThreadingHTTPServer):
	daemon_threads = True
	lock = threading.Lock()
	numbers = itertools.count(1)

	def __init__(self, certificate, log):
		super().__init__(("127.0.0.1", 0), Handler)
		self.log = log
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain(certificate)
		self.socket = context.wrap_socket(self.socket, server_side=True,
			do_handshake_on_connect=False)

	def handle_error(self, request, client_address):
		pass  # clients leave


def main():
	log, ports, *certificates = sys.argv[1:]
	servers = [Server(c, log) for c in certificates]
	with open(ports + ".new", "w", encoding="ascii") as f:
		f.write(" ".join(str(s.server_port) for s in servers) + "\n")
	os.replace(ports + ".new", ports)
	for server in servers[1:]:
		threading.Thread(target=server.serve_forever, daemon=True).start()
	servers[0].serve_forever()


if __name__ == "__main__":
	main()
