#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""canned_https.py ANSWERS.json CERTIFICATE.pem KEY.pem READY: HTTPS on loopback that
answers each path with [STATUS, TEXT] of ANSWERS, whatever the method; the file may be
another one each time. READY gets the port when it listens."""
import http.server
import json
import os
import ssl
import sys


class Asked(http.server.BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"
	path_of_answers = ""

	def log_message(self, *_):
		pass

	def ask(self):
		self.rfile.read(int(self.headers.get("Content-Length") or 0))
		with open(self.path_of_answers, encoding="utf-8") as file:
			status, text = json.load(file).get(self.path, (404, ""))
		data = text.encode("latin-1")
		self.send_response(status)
		self.send_header("Content-Length", str(len(data)))
		self.end_headers()
		self.wfile.write(data)

	do_GET = do_PUT = do_PATCH = do_DELETE = do_POST = ask


def main():
	if len(sys.argv) != 5:
		sys.exit(__doc__)
	answers, certificate, key, ready = sys.argv[1:]
	Asked.path_of_answers = answers
	context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
	context.load_cert_chain(certificate, key)
	server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Asked)
	server.socket = context.wrap_socket(server.socket, server_side=True)
	with open(ready + ".new", "w", encoding="ascii") as file:
		file.write("%d\n" % server.server_address[1])
	os.replace(ready + ".new", ready)
	server.serve_forever()


if __name__ == "__main__":
	main()
