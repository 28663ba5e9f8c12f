#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_state: what menus of a router hold and refuse, by version; for the routers
that tests play: router_sim by scripts, router_rest by HTTPS."""
import re

ALWAYS = {
	"/interface/veth": "name address gateway comment",
	"/interface/bridge": "name comment",
	"/interface/bridge/port": "bridge interface comment",
	"/interface/list": "name",
	"/ip/address": "address interface comment",
	"/ip/firewall/nat": "chain action src-address protocol dst-port to-addresses to-ports "
		"dst-address-type in-interface-list comment",
	"/container/envs": "key value",
	"/container/mounts": "src dst",
	"/container": "file interface root-dir hostname dns logging comment entrypoint cmd",
	"/disk": "slot free", "/file": "name size", "/system/package": "name",
	"/system/resource": "version architecture-name free-hdd-space"}
# From the trees of commands: menu, name, first, before.
SOME = [
	("/container", "start-on-boot", 7006000, 0), ("/container", "name", 7019000, 0),
	("/container", "envlist", 0, 7020000), ("/container", "envlists", 7020000, 0),
	("/container", "mounts", 0, 7021000), ("/container", "mountlists", 7021000, 0),
	("/container", "memory-high", 7020000, 0), ("/container", "memory-max", 7023000, 0),
	("/container", "auto-restart-interval", 7020000, 7023000),
	("/container", "restart-policy", 7023000, 0),
	("/container", "restart-interval", 7023000, 0), ("/container", "stop-time", 7021000, 0),
	("/container", "ignore-remote-image-change", 7023002, 0),
	("/container/envs", "name", 0, 7020000), ("/container/envs", "list", 7020000, 0),
	("/container/mounts", "name", 0, 7021000), ("/container/mounts", "list", 7021000, 0)]
UNIQUE = {"/interface/veth": "name", "/interface/bridge": "name", "/container": "name"}


def number(version):
	parts = [int(p) for p in re.match(r"[0-9.]+", version).group().split(".")]
	return (parts[0] * 1000 + parts[1]) * 1000 + (parts[2] if len(parts) > 2 else 0)


def names(version):
	out = {menu: set(words.split()) for menu, words in ALWAYS.items()}
	for menu, name, first, before in SOME:
		if first <= version and (not before or version < before):
			out[menu].add(name)
	return out


class Refused(Exception):
	"""What RouterOS says when it does not do something."""


class State:
	"""Keeps menus; each item is a dictionary with ".id"."""
	refused = Refused

	def __init__(self, state):
		self.state = state
		self.version = number(state["version"])
		self.names = names(self.version)
		self.menus = state.setdefault("menus", {})
		# In which version a menu is there at all.
		if not any(p["name"] == "container" for p in state["packages"]):
			for menu in list(self.names):
				if menu.startswith("/container"):
					del self.names[menu]

	def items(self, menu):
		return self.menus.setdefault(menu, [])

	def interfaces(self):
		return [i["name"] for m in ("/interface/veth", "/interface/bridge")
			for i in self.items(m)]

	def refuse(self, menu, item):
		"""What can be said of an item without looking at files."""
		unique = UNIQUE.get(menu)
		for other in self.items(menu):
			if other[".id"] == item[".id"]:
				continue
			if unique in item and item[unique] == other.get(unique):
				raise self.refused("already have such name")
			if menu == "/interface/bridge/port" and item["interface"] == other["interface"]:
				raise self.refused("device already added as bridge port")
			if menu == "/container" and (item["interface"] == other["interface"] or
					item["root-dir"] == other["root-dir"]):
				raise self.refused("could not add")
		if "interface" in item and item["interface"] not in self.interfaces():
			raise self.refused("input does not match any value of interface")
		listed = item.get("in-interface-list")
		if listed and listed != "all" and listed not in self.state["lists"]:
			raise self.refused("input does not match any value of interface list")
		if menu == "/container" and self.state.get("refuses"):
			raise self.refused("not allowed by device-mode")

	def refuse_removal(self, menu, item, is_busy):
		if menu == "/container" and is_busy:
			raise self.refused("stop it first")
		if menu == "/interface/veth" and any(c["interface"] == item["name"]
				for c in self.items("/container")):
			raise self.refused("in use by a container")

	def life(self, busy, running, failed):
		"""What a container shows of its life, in words of the version."""
		if self.version < 7020000:
			return {"status": "extracting" if busy else "running" if running else
				"error" if failed else "stopped"}
		return {"running": running, "failed": failed,
			"stopped": not busy and not running and not failed}
