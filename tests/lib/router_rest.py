#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_rest.py: a router that answers RouterOS' REST API over HTTPS.

	router_rest.py STATE.json FOLDER OUT [CERTIFICATE.pem KEY.pem]

FOLDER has its files, which SFTP may serve, too. OUT/ready is written when it listens:
{"https": port, "control": port, "fingerprint": SHA-256 of the certificate};
OUT/requests gets a line for each request: method, path, status or fault, body.

STATE: version "7.21.3 (stable)", architecture, board, user, password, packages
[{name}], device_mode {mode, container}, disks [{slot, size}], flash (bytes), lists
[names], menus {menu: [items]}, outcome and times as router_life has them, and
switches: keeps_full_folders (older versions remove empty folders only),
leading_slash (root-dir is shown so), sparse_flags (those that are false are not
shown), config; proxy: a file for cut_proxy.py, so that SSH goes with the power.

The control port, plain HTTP on loopback:
	GET /state     normalised, when nothing goes on any more
	GET /raw       all of it           POST /raw      replaces it
	GET /counts    requests, changes and faults that befell since the last POST /fault
	POST /fault    a list of faults as router_faults has them
	POST /keep     remembers state and files
	POST /back     brings them back, with a list of faults"""
import base64
import copy
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from router_front import Answer, reset, serve  # noqa: E402 pylint: disable=wrong-import-position
import router_faults  # noqa: E402 pylint: disable=wrong-import-position
import router_menus  # noqa: E402 pylint: disable=wrong-import-position
import router_state  # noqa: E402 pylint: disable=wrong-import-position

COMMANDS = ("print", "add", "set", "remove", "start", "stop")
PATIENCE = 10  # seconds for what goes on to end


class Box:
	"""The router, and who may ask it when."""

	def __init__(self, state, folder, out):
		self.folder, self.out = folder, out
		self.lock = threading.RLock()
		self.faults = router_faults.Faults()
		self.requests = open(os.path.join(out, "requests"), "a", encoding="utf-8",
			buffering=1)  # pylint: disable=consider-using-with
		self.kept = None
		self.down_until = 0
		self.sockets = set()
		self.front = None
		self.use(state)

	def use(self, state):
		self.router = router_menus.Router(state, self.folder)

	# ---- the network

	def listen(self, front):
		self.front = front

	def power(self, fault):
		down = fault.get("ms", 300) / 1000
		with self.lock:
			if fault["kind"] != "down":
				self.router.power_cut(down)
			self.down_until = time.monotonic() + down
			sockets, self.sockets = self.sockets, set()
		self.front.pause()
		self.tell_proxy("refuse")
		for one in sockets:
			reset(one)
		threading.Timer(down, self.up).start()

	def up(self):
		self.front.resume()
		self.tell_proxy("pass")

	def tell_proxy(self, word):
		proxy = self.router.state.get("proxy")
		if proxy:
			with open(proxy + ".new", "w", encoding="ascii") as file:
				file.write(word + "\n")
			os.replace(proxy + ".new", proxy)

	# ---- requests

	def authorized(self, header):
		state = self.router.state
		wanted = "%s:%s" % (state["user"], state["password"])
		return header == "Basic " + base64.b64encode(wanted.encode()).decode()

	def act(self, method, path, body):
		"""Status and JSON."""
		if not path.startswith("/rest/") or "%2A" in path.upper():
			raise Answer(404)
		path, _, query = path[5:].partition("?")
		values = json_object(body) if method in ("PUT", "PATCH", "POST") else {}
		with self.lock:
			self.router.advance()
			try:
				return self.carry_out(method, path.rstrip("/"), query, values)
			except router_state.Refused as refused:
				raise Answer(400, str(refused)) from refused
			except router_menus.Missing as missing:
				raise Answer(404, "no such item") from missing

	def carry_out(self, method, path, query, values):
		menu, _, last = path.rpartition("/")
		router = self.router
		if method == "POST":
			return self.command(menu, last, values)
		if not last.startswith("*") or method == "PUT":
			menu, last = path, ""
		self.need(menu)
		if method == "GET":
			items = self.find(menu, urllib.parse.parse_qsl(query, keep_blank_values=True))
			if not last:
				return 200, items[0] if menu in router_menus.SINGLE else items
			for item in items:
				if item[".id"] == last:
					return 200, item
			raise Answer(404, "no such item")
		if method == "PUT":
			return 201, router.add(menu, values)
		if method == "PATCH":
			return 200, router.set(menu, last, values)
		router.remove(menu, last)
		return 204, None

	def need(self, menu):
		if not self.router.knows(menu):
			raise Answer(400, "no such command or directory (%s)" %
				self.router.menu_words(menu))

	def command(self, menu, word, values):
		if word not in COMMANDS:
			self.need(menu + "/" + word)
			raise Answer(400, "no such command")
		self.need(menu)
		if word == "print":
			pairs = [q.partition("=")[::2] for q in values.pop(".query", [])]
			names = values.pop(".proplist", [])
			names = names if isinstance(names, str) else ",".join(names)
			return 200, self.find(menu, pairs + ([(".proplist", names)] if names else []))
		if word == "add":
			return 200, {"ret": self.router.add(menu, values)[".id"]}
		key = values.pop(".id", values.pop("numbers", None))
		if key is None and menu not in router_menus.SINGLE:
			raise Answer(400, "missing value(s) of argument(s) .id")
		if word == "set":
			self.router.set(menu, key, values)
		elif word == "remove":
			self.router.remove(menu, key)
		else:
			self.router.command(menu, word, key)
		return 200, []

	def find(self, menu, pairs):
		items = self.router.items_of(menu)
		names = None
		for name, value in pairs:
			if name == ".proplist":
				names = value.split(",")
			else:
				items = [i for i in items if i.get(name) == value]
		if names:
			items = [{k: v for k, v in i.items() if k in names} for i in items]
		return [dict(i) for i in items]

	# ---- for tests

	def settled(self):
		end = time.monotonic() + PATIENCE
		while time.monotonic() < end:
			with self.lock:
				if time.monotonic() >= self.down_until and self.router.is_quiet():
					return self.router.normal()
			time.sleep(0.005)
		return {"error": "something goes on forever"}

	def keep(self):
		self.settled()
		with self.lock:
			self.kept = copy.deepcopy(self.router.state)
			shutil.rmtree(self.out + "/kept", ignore_errors=True)
			shutil.copytree(self.folder, self.out + "/kept", symlinks=True)

	def back(self):
		self.settled()
		with self.lock:
			for name in os.listdir(self.folder):
				path = os.path.join(self.folder, name)
				if os.path.isdir(path):
					shutil.rmtree(path)
				else:
					os.remove(path)
			for name in os.listdir(self.out + "/kept"):
				path = os.path.join(self.out, "kept", name)
				if os.path.isdir(path):
					shutil.copytree(path, os.path.join(self.folder, name))
				else:
					shutil.copy2(path, self.folder)
			self.use(copy.deepcopy(self.kept))

	def control(self, method, path, body):
		if method == "GET" and path == "/state":
			return self.settled()
		with self.lock:
			if method == "GET" and path == "/raw":
				return self.router.state
			if method == "GET" and path == "/counts":
				return {name: getattr(self.faults, name)
					for name in ("requests", "changes", "hits")}
			if path == "/raw":
				self.use(json.loads(body))
			elif path == "/fault":
				self.faults.give(json.loads(body))
			elif path == "/keep":
				self.keep()
			elif path == "/back":
				self.back()
				self.faults.give(json.loads(body))
			else:
				raise ValueError(path)
		return {}


def json_object(body):
	try:
		values = json.loads(body or b"{}")
	except ValueError as error:
		raise Answer(400, "invalid JSON") from error
	if not isinstance(values, dict):
		raise Answer(400, "expected an object")
	for name, value in values.items():
		if not isinstance(value, str) and name not in (".query", ".proplist"):
			raise Answer(400, "%s is not text" % name)
	return values


def make_certificate(out):
	"""As a router signs its own."""
	paths = out + "/certificate.pem", out + "/key.pem"
	subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
		"ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=router",
		"-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-out", paths[0], "-keyout",
		paths[1]], check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
	return paths


def main():
	if len(sys.argv) not in (4, 6):
		sys.exit(__doc__)
	state, folder, out = sys.argv[1:4]
	with open(state, encoding="utf-8") as file:
		box = Box(json.load(file), folder, out)
	serve(box, *(sys.argv[4:] or make_certificate(out)))


if __name__ == "__main__":
	main()
