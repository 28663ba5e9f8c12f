#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_sim.py: a router that keeps its state, for scripts of `alpbuild rsc`.

	router_sim.py SCRIPT.rsc STATE.json

Runs the script, prints what it says ("put TEXT", "error TEXT", "wrong TEXT", and
"did MENU VERB" for each command that changes something), and writes the state back.
The language is that of routeros.py, with menus: add, find, get, set, remove, start
and stop. Menus know the properties of the router's version only, from `names`
of router_state; another one is `wrong`, as RouterOS' own "bad parameter".

STATE: version, architecture, packages [{name}], files {name: bytes}, disks
[{slot, free}], lists [names of interface lists], menus {menu: [items]}, images
{file: "good", "dead" (does not run), "none" (is removed), "failed"}, and cut: the
number of changes after which the power goes. Extraction takes polls, not time."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import routeros as base  # noqa: E402 pylint: disable=wrong-import-position
import router_state  # noqa: E402 pylint: disable=wrong-import-position

VERBS = ("add", "find", "get", "set", "remove", "start", "stop")
EXTRACTION = 3  # polls
class PowerCut(Exception):
	pass


class Parser(base.Parser):
	def command(self):
		word = self.peek()
		if not word.startswith("/"):
			return super().command()
		self.take()
		menu, verb = word.rsplit("/", 1)
		if verb not in VERBS:
			raise base.Wrong("unknown command %s" % word)
		args, named = [], []
		if self.peek() == "where":
			self.take()
		while self.peek() not in ("\n", ";", "]", "}", ""):
			if re.fullmatch(r"[a-z-]+=", self.peek()):
				key = self.take()[:-1]
				named.append((key, "=", self.value()))
			elif verb == "find":
				key = self.take()
				named.append((key, self.take("~"), self.value()))
			else:
				args.append(self.value())
		return ("menu", menu, verb, args, named)


class Router(router_state.State, base.Router):
	"""Ids are "*1" and so on; removed ones stay unknown."""
	refused = base.Failure

	def __init__(self, state):
		base.Router.__init__(self, {"resource": {}, "packages": []})
		router_state.State.__init__(self, state)
		self.changes = 0

	def evaluate(self, item):
		if item[0] == "menu":
			return self.menu(*item[1:])
		return super().evaluate(item)

	def binary(self, operator, left, right):
		if operator == "->":
			a = self.evaluate(left)
			if right[0] == "string":
				return a.get(right[1]) if isinstance(a, dict) else None
			b = self.evaluate(right)
			return a[b] if isinstance(a, list) and b < len(a) else None
		return super().binary(operator, left, right)

	def call(self, name, args):
		"""Functions see their argument, and no variable of ours."""
		function = self.find_scope(name)[name][0]
		saved = self.scopes
		value = self.evaluate(args[0])
		self.scopes = [{"arg": (value,)}]
		try:
			self.run(function[1])
		except base.Return as result:
			return result.args[0]
		finally:
			self.scopes = saved
		return None

	def do_while(self, args, named):
		for _ in range(100000):
			if not self.truth(args[0]):
				return
			self.run(self.code(named["do"]))
		raise base.Wrong("an endless loop")

	def do_typeof(self, args, named):
		value = self.evaluate(args[0])
		return "array" if isinstance(value, (list, dict)) else super().do_typeof(args, named)

	def do_tonum(self, args, _):
		value = self.evaluate(args[0])
		return int(value) if str(value).isdigit() else None

	def do_delay(self, args, _):
		"""Everything asynchronous goes on by one."""
		for item in self.items("/container"):
			if item.get("extracting"):
				item["extracting"] -= 1
				if not item["extracting"]:
					self.extracted(item)
			elif item.get(".end"):
				item["running"] = item[".end"] = False
			elif item.get(".stop"):
				item["running"] = item[".stop"] = False
		self.menus["/container"] = [i for i in self.items("/container") if not i.get(".gone")]

	def text(self, raw):
		raw = re.sub(r"\\\n[ \t]*", "", raw)
		if re.search(r"(?<!\\)(?:\\\\)*\$", raw) or re.search(r"[^ -~]|\?", raw):
			raise base.Wrong("a string that is not quoted well: %s" % raw)
		out = re.sub(r"\\([0-9A-F]{2}|.)",
			lambda m: chr(int(m[1], 16)) if len(m[1]) == 2 else m[1], raw)
		return out

	# ---- menus

	def items(self, menu):
		if menu == "/file":
			return [{".id": n, "name": n, "size": s} for n, s in self.state["files"].items()]
		if menu == "/disk":
			return [dict(d, **{".id": "*%d" % n}) for n, d in enumerate(self.state["disks"])]
		if menu == "/system/package":
			return [dict(p, **{".id": p["name"]}) for p in self.state["packages"]]
		if menu == "/interface/list":
			return [{".id": n, "name": n} for n in self.state["lists"]]
		return super().items(menu)

	def item(self, menu, key):
		for item in self.items(menu):
			if item[".id"] == key:
				return item
		raise base.Failure("no such item %s" % key)

	def changed(self, menu, verb):
		print("did", menu, verb)
		self.changes += 1
		if self.state.get("cut") == self.changes:
			raise PowerCut()

	def menu(self, menu, verb, args, named):
		if menu not in self.names:
			raise base.Wrong("bad command name %s" % menu)
		for key, _, _ in named:
			if key not in self.names[menu]:
				raise base.Wrong("bad parameter %s of %s" % (key, menu))
		keys = [self.evaluate(a) for a in args[:1]]
		values = [(k, o, self.evaluate(v)) for k, o, v in named]
		return getattr(self, "menu_" + verb)(menu, keys[0] if keys else None, args, values)

	def menu_find(self, menu, _key, _args, values):
		def fits(item):
			for name, operator, value in values:
				found = self.string(item.get(name, ""))
				if operator == "=" and found != self.string(value):
					return False
				if operator == "~" and not re.search(value, found):
					return False
			return True
		return [i[".id"] for i in self.items(menu) if fits(i)]

	def menu_get(self, menu, key, args, _values):
		if menu == "/system/resource":
			if args[0][1] not in self.names[menu]:
				raise base.Wrong("unknown property %s" % args[0][1])
			return {"version": self.state["version"],
				"architecture-name": self.state["architecture"],
				"free-hdd-space": self.state.get("flash", 0)}[args[0][1]]
		item = self.item(menu, key)
		if len(args) == 1:
			return {k: v for k, v in self.shown(menu, item).items() if k[0] != "."}
		if args[1][1] not in self.names[menu]:
			raise base.Wrong("unknown property %s" % args[1][1])
		return item.get(args[1][1])

	def shown(self, menu, item):
		if menu != "/container":
			return item
		out = {k: v for k, v in item.items() if k not in ("extracting", "running", "failed")}
		out.update(self.life(bool(item.get("extracting")), bool(item.get("running")),
			bool(item.get("failed"))))
		return out

	def menu_add(self, menu, _key, _args, values):
		item = {".id": "*%d" % self.state.setdefault("next", 1)}
		item.update({k: self.string(v) for k, _, v in values})
		self.refuse(menu, item)
		self.state["next"] += 1
		self.items(menu).append(item)
		if menu == "/container":
			item["extracting"] = EXTRACTION
		self.changed(menu, "add")
		return item[".id"]

	def refuse(self, menu, item):
		super().refuse(menu, item)
		if menu == "/container" and (item["file"] not in self.state["files"] or
				item["root-dir"] in self.state["files"]):
			raise base.Failure("could not add")

	def extracted(self, item):
		kind = self.state["images"][item["file"]]
		item[".kind"] = kind
		if kind == "none":
			item[".gone"] = True
		elif kind == "failed":
			item["failed"] = True
		elif kind == "stuck":
			item["extracting"] = 10 ** 6
		else:
			item["tag"] = self.state.get("tags", {}).get(item["file"], "")
		if kind != "none":
			self.state["files"][item["root-dir"]] = 0

	def menu_set(self, menu, key, _args, values):
		for one in key if isinstance(key, list) else [key]:
			self.item(menu, one).update({k: self.string(v) for k, _, v in values})
			self.changed(menu, "set")

	def menu_remove(self, menu, key, _args, _values):
		for one in key if isinstance(key, list) else [key]:
			item = self.item(menu, one)
			if menu == "/file":
				del self.state["files"][one]
			else:
				self.refuse_removal(menu, item, item.get("running") or
					item.get("extracting", 0) in range(1, 10 ** 5))
				self.items(menu).remove(item)
			self.changed(menu, "remove")

	def menu_start(self, menu, key, _args, _values):
		item = self.item(menu, key[0] if isinstance(key, list) else key)
		if item.get("extracting") or item.get("running"):
			raise base.Failure("container is not stopped")
		item["running"] = True
		item[".end"] = item[".kind"] == "dead"
		self.changed(menu, "start")

	def menu_stop(self, menu, key, _args, _values):
		item = self.item(menu, key)
		item[".stop"] = True
		self.changed(menu, "stop")


def statements(text):
	"""Scripts are read block by block, so that the first one can say why the
	next one would not be understood."""
	block = []
	for line in text.splitlines(True):
		block.append(line)
		if line == "}\n":
			yield "".join(block)
			block = []
	if "".join(block).strip():
		raise base.Wrong("text after the last block")


def main():
	with open(sys.argv[1], encoding="ascii") as file:
		text = re.sub(r"\$1\b", "$arg", file.read())
	with open(sys.argv[2], encoding="ascii") as file:
		router = Router(json.load(file))
	status = 0
	try:
		for block in statements(text):
			router.run(Parser(block).block(""))
	except base.Failure as failure:
		print("error", failure)
		status = 1
	except base.Wrong as wrong:
		print("wrong", wrong)
		status = 3
	except PowerCut:
		print("power cut")
		for item in router.items("/container"):
			item["running"] = item.get("start-on-boot", "yes") == "yes" and \
				not item.get("extracting") and item.get(".kind") == "good"
			if item.get("extracting"):
				item["extracting"], item["failed"] = 0, True
	with open(sys.argv[2], "w", encoding="ascii") as file:
		json.dump(router.state, file, indent=1, sort_keys=True)
	return status


if __name__ == "__main__":
	sys.exit(main())
