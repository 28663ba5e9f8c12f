#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_menus: what a simulated router answers to REST: items of menus, whose values
are all text, added, changed, removed and commanded. Without HTTP: see router_rest."""
import uuid

import router_life

SINGLE = ("/system/resource", "/system/device-mode", "/container/config")
STORED = ("/interface/veth", "/interface/bridge", "/interface/bridge/port", "/ip/address",
	"/ip/firewall/nat", "/container/envs", "/container/mounts", "/container")
READ_ONLY = ("/system/resource", "/system/device-mode", "/system/package", "/disk", "/file",
	"/interface", "/interface/list", "/log")
# Menus whose items name an interface.
USERS = (("/container", "interface"), ("/interface/bridge/port", "interface"),
	("/interface/bridge/port", "bridge"), ("/ip/address", "interface"))
# What RouterOS says of items beside what was set.
EXTRA = {
	"/interface/veth": {"running": "true", "disabled": "false"},
	"/interface/bridge": {"running": "true", "disabled": "false", "mtu": "auto"},
	"/interface/bridge/port": {"disabled": "false", "inactive": "false"},
	"/ip/address": {"disabled": "false", "dynamic": "false", "invalid": "false"},
	"/ip/firewall/nat": {"disabled": "false", "dynamic": "false", "invalid": "false",
		"bytes": "0", "packets": "0"}}
BOOLEANS = ("logging", "start-on-boot", "ignore-remote-image-change")
FIXED = ("interface", "root-dir", "file")  # of a container that is not stopped

# What may be refused because of other items.
LOOKED_AT = {"name", "interface", "root-dir", "bridge", "address", "in-interface-list"}


class Missing(Exception):
	"""No such item: 404."""


class Router(router_life.Life):
	def __init__(self, state, folder):
		super().__init__(state, folder)
		self.menus.setdefault("/container", [])
		if "/container" in self.names:
			self.names["/container/config"] = {"tmpdir", "registry-url"}

	def knows(self, menu):
		return menu in READ_ONLY or menu in self.names

	def menu_words(self, menu):
		"""The words of no menu: which of them RouterOS does not know."""
		words = menu.strip("/").split("/")
		known = ["/" + "/".join(words[:n]) for n in range(1, len(words) + 1)]
		menus = set(self.names) | set(READ_ONLY)
		for word, path in zip(words, known):
			if not any(m == path or m.startswith(path + "/") for m in menus):
				return word
		return words[-1]

	# ---- what is shown

	def items_of(self, menu):
		"""As RouterOS shows them."""
		make = {"/file": self.disk.files, "/disk": self.disks, "/log": lambda: self.log,
			"/system/package": self.packages, "/system/resource": self.resource,
			"/interface": self.all_interfaces, "/container": self.containers,
			"/system/device-mode": self.device_mode,
			"/container/config": lambda: [dict(self.state.get("config", {}))],
			"/interface/list": lambda: [{".id": "*%X" % (0x2000000 + n), "name": name}
				for n, name in enumerate(self.state["lists"])]}.get(menu)
		return make() if make else [dict(EXTRA.get(menu, {}), **i) for i in self.items(menu)]

	def resource(self):
		return [{"version": self.state["version"], "uptime": "1h2m3s",
			"architecture-name": self.state["architecture"],
			"board-name": self.state.get("board", "RB5009UG+S+"), "platform": "MikroTik",
			"free-hdd-space": str(self.disk.free("")),
			"total-hdd-space": str(self.state["flash"]),
			"free-memory": "800000000", "total-memory": "1073741824"}]

	def device_mode(self):
		mode = self.state["device_mode"]
		return [{"mode": mode["mode"], "container": text(mode["container"]),
			"fetch": "true", "scheduler": "true"}]

	def packages(self):
		out = []
		for n, package in enumerate(self.state["packages"]):
			item = {".id": "*%X" % (n + 1), "version": self.state["version"].split()[0],
				"disabled": "false", "build-time": "2026-01-02 03:04:05"}
			item.update(package)
			out.append(item)
		# From 7.18 on those that could be installed are shown, too.
		if self.version >= 7018000 and "/container" not in self.names:
			out.append({".id": "*FE", "name": "container", "version": "",
				"available": "true", "disabled": "false"})
		return out

	def disks(self):
		return [{".id": "*%X" % (n + 1), "slot": disk["slot"], "type": "partition",
			"fs": disk.get("fs", "ext4"), "size": str(disk["size"]),
			"free": str(self.disk.free(disk["slot"])), "mounted": "true",
			"parent": disk["slot"].rstrip("0123456789")}
			for n, disk in enumerate(self.state["disks"])]

	def all_interfaces(self):
		out = [{".id": "*1", "name": "ether1", "type": "ether", "running": "true"}]
		for menu in ("/interface/veth", "/interface/bridge"):
			out += [{".id": i[".id"], "name": i["name"], "running": "true",
				"type": menu.rpartition("/")[2]} for i in self.items(menu)]
		return out

	def containers(self):
		out = []
		for item in self.items("/container"):
			shown = {k: v for k, v in item.items() if k[0] != "_"}
			shown.setdefault("name", str(uuid.uuid5(uuid.NAMESPACE_OID, item[".id"])))
			if self.state.get("leading_slash"):
				shown["root-dir"] = "/" + shown["root-dir"].strip("/")
			for name in BOOLEANS:
				if name in shown:
					shown[name] = text(shown[name] in ("yes", "true"))
			shown.update(self.life_of(item))
			out.append(shown)
		return out

	def life_of(self, item):
		phase = item["_phase"]
		if self.version < 7020000:
			return {"status": {"failed": "error", "restarting": "stopped"}.get(phase, phase)}
		life = {"running": phase in ("running", "stopping"), "failed": phase == "failed",
			"extracting": phase == "extracting", "stopped": phase in ("stopped", "restarting")}
		if self.state.get("sparse_flags"):
			life = {name: value for name, value in life.items() if value}
		return {name: text(value) for name, value in life.items()}

	# ---- what is asked for

	def item(self, menu, key):
		for item in self.items(menu):
			if item[".id"] == key:
				return item
		raise Missing()

	def check_names(self, menu, values):
		if menu not in self.names or menu in READ_ONLY:
			raise self.refused("no such command")
		for name, value in values.items():
			if name not in self.names[menu] and name != "disabled":
				raise self.refused("unknown parameter %s" % name)
			if name in BOOLEANS and value not in ("yes", "no", "true", "false"):
				raise self.refused("invalid value %s for %s" % (value, name))

	def add(self, menu, values):
		self.check_names(menu, values)
		if menu not in STORED:
			raise self.refused("no such command")
		number = self.state.setdefault("next", 1)
		item = {".id": "*%X" % number, **values}
		for name in {"/interface/bridge/port": ("bridge", "interface"),
				"/container": ("interface", "root-dir"),
				"/ip/address": ("address", "interface")}.get(menu, ()):
			if name not in item:
				raise self.refused("missing value(s) of argument(s) %s" % name)
		if menu == "/container":
			item["root-dir"] = item["root-dir"].strip("/")
			self.refuse_container(item)
		self.refuse(menu, item)
		self.state["next"] = number + 1
		self.items(menu).append(item)
		if menu == "/container":
			self.container_added(item)
		return next(i for i in self.items_of(menu) if i[".id"] == item[".id"])

	def refuse(self, menu, item):
		if menu in ("/interface/veth", "/interface/bridge") and any(
				other["name"] == item.get("name") and other[".id"] != item[".id"]
				for other in self.all_interfaces()):
			raise self.refused("failure: already have interface with such name")
		if menu == "/ip/address" and any(other["address"] == item["address"] and
				other["interface"] == item["interface"] and other[".id"] != item[".id"]
				for other in self.items(menu)):
			raise self.refused("failure: already have such address")
		if menu == "/interface/bridge/port" and not any(
				i["name"] == item["bridge"] for i in self.items("/interface/bridge")):
			raise self.refused("input does not match any value of bridge")
		super().refuse(menu, item)

	def set(self, menu, key, values):
		self.check_names(menu, values)
		if menu == "/container/config":
			self.state.setdefault("config", {}).update(values)
			return {}
		item = self.item(menu, key)
		changed = {name for name in values if values[name] != item.get(name)}
		if menu == "/container" and changed & set(FIXED) and item["_phase"] != "stopped":
			raise self.refused("failure: stop it first")
		if changed & LOOKED_AT:
			self.refuse(menu, {**item, **values})
		if menu in ("/interface/veth", "/interface/bridge") and "name" in values:
			self.renamed(item["name"], values["name"])
		item.update(values)
		return next(i for i in self.items_of(menu) if i[".id"] == key)

	def renamed(self, old, new):
		for menu, name in USERS:
			for item in self.items(menu):
				if item.get(name) == old:
					item[name] = new

	def remove(self, menu, key):
		if menu == "/file":
			return self.remove_file(key)
		if menu not in STORED or menu not in self.names:
			raise self.refused("no such command")
		item = self.item(menu, key)
		busy = menu == "/container" and (item["_phase"] in ("running", "starting",
			"stopping", "restarting") or item["_at"] != router_life.NEVER)
		self.refuse_removal(menu, item, busy)
		self.items(menu).remove(item)
		if menu in ("/interface/veth", "/interface/bridge"):
			self.renamed(item["name"], item[".id"])
		return None

	def remove_file(self, key):
		for item in self.disk.files():
			if key not in (item[".id"], item["name"]):
				continue
			name = item["name"]
			if item["type"] == "disk" or any(c["root-dir"] == name
					for c in self.items("/container")):
				raise self.refused("failure: file is in use")
			if self.state.get("keeps_full_folders") and not self.disk.is_empty(name):
				raise self.refused("failure: directory not empty")
			self.disk.remove(name)
			return
		raise Missing()

	def command(self, menu, word, key):
		if menu != "/container" or "/container" not in self.names:
			raise self.refused("no such command")
		if word == "start":
			self.start(self.item(menu, key))
		else:
			self.stop(self.item(menu, key))

	# ---- for tests

	def normal(self):
		"""Without what changes by itself or by the way: ids, logs, counters."""
		menus = {}
		for menu in STORED:
			items = [{k: v for k, v in i.items() if k[0] not in "._"}
				for i in self.items(menu)]
			if items:
				menus[menu] = items
		for item, shown in zip(self.items("/container"), menus.get("/container", [])):
			shown["phase"] = item["_phase"]
		files = {}
		for item in self.disk.files():
			mark = self.disk.mark(item["name"])
			files[item["name"]] = "partial" if mark and mark.get("partial") else \
				"image " + mark["tag"] if mark else item.get("size", item["type"])
		return {"menus": menus, "files": files}


def text(value):
	return "true" if value else "false"
