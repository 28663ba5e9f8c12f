#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_front: the network side of router_rest: HTTPS that can go away and come back
on the same port, and a control port."""
import hashlib
import http.server
import json
import os
import socket
import ssl
import struct
import threading
import time

from router_faults import NOT_DONE


class Gone(Exception):
	"""No answer any more."""


class Answer(Exception):
	"""A refusal, in the form that RouterOS gives it."""
	words = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found",
		500: "Internal Server Error", 503: "Service Unavailable"}

	def __init__(self, status, detail=None):
		super().__init__(status)
		self.status = status
		self.body = {"error": status, "message": self.words[status]}
		if detail:
			self.body["detail"] = detail


def reset(one):
	"""The other end sees that nobody is there any more."""
	try:
		one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
		one.shutdown(socket.SHUT_RDWR)
	except OSError:
		pass


class Front(http.server.ThreadingHTTPServer):
	"""Listens, and does not while the power is off. The port stays ours: a socket is
	bound to it that never listens."""
	allow_reuse_address = True
	daemon_threads = True
	request_queue_size = 50

	def __init__(self, handler, box, context):
		self.holder = socket.socket()
		self.holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		self.holder.bind(("127.0.0.1", 0))
		self.box, self.context = box, context
		self.is_open = True
		super().__init__(self.holder.getsockname(), handler)

	def server_bind(self):
		# HTTPServer's asks for the name of the address.
		self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		self.socket.bind(self.server_address)
		self.server_address = self.socket.getsockname()

	def pause(self):
		self.is_open = False
		self.socket.shutdown(socket.SHUT_RDWR)
		self.socket.close()

	def resume(self):
		self.socket = socket.socket()
		self.server_bind()
		self.server_activate()
		self.is_open = True

	def serve(self):
		while True:
			try:
				one, address = self.socket.accept()
			except OSError:
				time.sleep(0.005)
				continue
			self.process_request(one, address)

	def handle_error(self, request, client_address):
		pass  # connections end in every way


class Asked(http.server.BaseHTTPRequestHandler):
	"""A connection of a client."""
	protocol_version = "HTTP/1.1"
	timeout = 60

	def setup(self):
		self.request = self.server.context.wrap_socket(self.request, server_side=True)
		self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
		self.server.box.sockets.add(self.request)
		super().setup()

	def finish(self):
		self.server.box.sockets.discard(self.request)
		super().finish()

	def log_message(self, *_):
		pass

	def ask(self):
		box = self.server.box
		body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
		fault = box.faults.next(self.command, self.path)
		line = "%s %s %%s %s\n" % (self.command, self.path.replace("%", "%%"),
			body.decode(errors="replace").replace("%", "%%"))
		status, answer = 0, None
		try:
			if fault and fault["kind"] == "hang":
				box.requests.write(line % "hangs")
			if fault and fault["kind"] in NOT_DONE:
				self.fail(fault)
			status, answer = self.act(body)
			if fault:
				self.fail(fault)
		except Answer as refusal:
			status, answer = refusal.status, refusal.body
		except Gone:
			box.requests.write(line % fault["kind"])
			self.close_connection = True
			reset(self.connection)
			return
		box.requests.write(line % (fault["kind"] if fault else status))
		self.say(status, answer)

	do_GET = do_PUT = do_PATCH = do_DELETE = do_POST = ask

	def act(self, body):
		if not self.server.box.authorized(self.headers.get("Authorization", "")):
			raise Answer(401)
		if body and self.headers.get("Content-Type", "").split(";")[0] != \
				"application/json":
			raise Answer(400, "expected JSON")
		return self.server.box.act(self.command, self.path, body)

	def fail(self, fault):
		kind = fault["kind"]
		if kind in ("500", "503", "401"):
			raise Answer(int(kind))
		if kind == "refuse":
			raise Answer(400, fault.get("text", "failure: out of sorts"))
		if kind == "hang":
			time.sleep(fault.get("ms", 1000) / 1000)
		elif kind in ("power", "power-before", "down"):
			self.server.box.power(fault)
		raise Gone()

	def say(self, status, answer):
		data = b"" if answer is None else json.dumps(answer).encode()
		self.send_response(status)
		if status == 401:
			self.send_header("WWW-Authenticate", 'Basic realm="RouterOS"')
		if status != 204:
			self.send_header("Content-Type", "application/json")
			self.send_header("Content-Length", str(len(data)))
		self.end_headers()
		self.wfile.write(data)


class Controlled(http.server.BaseHTTPRequestHandler):
	box = None

	def log_message(self, *_):
		pass

	def ask(self):
		body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
		try:
			status, answer = 200, self.box.control(self.command, self.path, body)
		except (ValueError, LookupError) as error:
			status, answer = 400, {"error": repr(error)}
		data = json.dumps(answer, indent=1, sort_keys=True).encode()
		self.send_response(status)
		self.send_header("Content-Length", str(len(data)))
		self.end_headers()
		self.wfile.write(data)

	do_GET = do_POST = ask


def serve(box, certificate, key):
	"""Never returns."""
	context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
	context.load_cert_chain(certificate, key)
	front = Front(Asked, box, context)
	box.listen(front)
	control = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
		type("Control", (Controlled,), {"box": box}))
	threading.Thread(target=control.serve_forever, daemon=True).start()
	with open(certificate, encoding="ascii") as file:
		der = ssl.PEM_cert_to_DER_cert(file.read())
	ready = {"https": front.server_address[1], "control": control.server_address[1],
		"fingerprint": hashlib.sha256(der).hexdigest()}
	with open(box.out + "/ready.new", "w", encoding="ascii") as file:
		json.dump(ready, file)
	os.replace(box.out + "/ready.new", box.out + "/ready")
	front.serve()
