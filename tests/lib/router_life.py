#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_life: containers of a simulated router from import to end.

Everything takes time (extract_ms, start_ms, stop_ms, die_ms, restart_ms of the
state) and happens when the router is asked next; `at` of a container is when, its
`phase` what it is in:

	extracting -> stopped, failed, or gone
	stopped -> starting -> running -> stopping -> stopped

`outcome` of the state names what becomes of the next imports, in order: "good", "dead"
(runs and ends), "none" (is removed), "failed", "stuck" (never ends), "" (what the file
says). Names of items that begin with "_" are nobody's to see."""
import time

import router_disk
import router_state

TIMES = {"extract_ms": 60, "start_ms": 10, "stop_ms": 40, "die_ms": 30, "restart_ms": 10000}
BUSY = ("extracting", "starting", "stopping")
NEVER = 1e18


class Life(router_state.State):
	"""Keeps containers, /log and the disk."""

	def __init__(self, state, folder):
		super().__init__(state)
		self.disk = router_disk.Disk(folder, state)
		self.log = []

	def after(self, what, begin=None):
		begin = time.monotonic() if begin is None else begin
		return begin + self.state.get(what, TIMES[what]) / 1000

	def say(self, item, text, level="info"):
		number = self.state["lines"] = self.state.get("lines", 0) + 1
		name = item.get("name") or item.get("hostname") or item[".id"]
		self.log.append({".id": "*%X" % number, "time": time.strftime("%H:%M:%S"),
			"topics": "container," + level, "message": "%s: %s" % (name, text)})
		del self.log[:-1000]

	# ---- what happens by itself

	def advance(self):
		"""What is due."""
		self.watch_images()
		now = time.monotonic()
		for item in list(self.items("/container")):
			while item["_at"] <= now:
				begin, item["_at"] = item["_at"], NEVER
				getattr(self, "after_" + item["_phase"])(item, begin)

	def is_quiet(self):
		self.advance()
		return all(i["_phase"] not in BUSY or i["_at"] == NEVER
			for i in self.items("/container"))

	def watch_images(self):
		"""From 7.24 on, an image that is deleted is extracted anew."""
		if self.version < 7024000:
			return
		for item in self.items("/container"):
			if item["_phase"] == "extracting" or item.get("_lost") or \
					item.get("ignore-remote-image-change") in ("yes", "true") or \
					self.disk.exists(item["file"]):
				continue
			item["_lost"] = True
			self.say(item, "image has changed, extracting it again")
			self.import_again(item)

	def import_again(self, item):
		item.update(_phase="extracting", _at=self.after("extract_ms"), _again=True)

	def after_extracting(self, item, _begin):
		kind = item.get("_kind") or ""
		if kind == "stuck":
			return
		mark = None if item.get("_again") else self.disk.mark(item["root-dir"])
		if mark and not mark.get("partial"):
			# What was there before is what runs.
			item.update(_phase="stopped", tag=mark["tag"], _mark=mark)
			return
		try:
			self.extract(item, kind)
		except router_disk.Unreadable as error:
			self.say(item, str(error), "error")
			if "manifest.json" in str(error):
				self.items("/container").remove(item)
				return
			self.disk.extract(item["root-dir"], {"size": 100, "tag": "", "partial": True})
			item["_phase"] = "failed"

	def extract(self, item, kind):
		if kind == "none":
			raise router_disk.Unreadable("no manifest.json in archive")
		if kind == "failed":
			raise router_disk.Unreadable(router_disk.bad_layer(self.version))
		image = router_disk.Image(self.disk.path(item["file"]), self.version)
		if image.size > self.disk.free(self.disk.slot_of(item["root-dir"])):
			raise router_disk.Unreadable(router_disk.bad_layer(self.version))
		mark = {"tag": image.tag, "size": image.size, "machine": image.machine,
			"system": image.system, "kind": kind}
		self.disk.extract(item["root-dir"], mark)
		self.say(item, "import successful")
		item.update(_phase="stopped", _mark=mark, tag=image.tag, os=image.system,
			arch=image.machine)

	def after_starting(self, item, begin):
		item["_phase"] = "running"
		self.say(item, "started")
		mark = item["_mark"]
		wanted = router_disk.MACHINES[self.state["architecture"]]
		if mark["machine"] != wanted or mark.get("kind") == "dead":
			item["_at"] = self.after("die_ms", begin)

	def after_running(self, item, begin):
		"""It ends by itself."""
		wrong = item["_mark"]["machine"] != \
			router_disk.MACHINES[self.state["architecture"]]
		self.say(item, "exited with status 255: " + ("Exec format error" if wrong else
			"execvpe /sbin/init: No such file or directory"), "error")
		item["_phase"] = "stopped"
		if item.get("restart-policy") == "on-failure" or item.get("auto-restart-interval"):
			item.update(_phase="restarting", _at=self.after("restart_ms", begin))

	def after_restarting(self, item, begin):
		item.update(_phase="starting", _at=self.after("start_ms", begin))

	def after_stopping(self, item, _begin):
		item["_phase"] = "stopped"
		self.say(item, "stopped")

	# ---- what is asked for

	def container_added(self, item):
		outcome = self.state.setdefault("outcome", [])
		item["_kind"] = outcome.pop(0) if outcome else ""
		self.say(item, "importing...")
		item.update(_phase="extracting", _at=self.after("extract_ms"))
		if item["_kind"] == "stuck":
			item["_at"] = NEVER

	def refuse_container(self, item):
		if not self.state["device_mode"]["container"]:
			raise self.refused("not allowed by device-mode")
		if not item.get("file"):
			raise self.refused("failure: No file or remote-image")
		if not self.disk.exists(item["file"]):
			raise self.refused("failure: could not add")
		root = item.get("root-dir", "")
		if not root or not self.disk.exists(root.strip("/").rpartition("/")[0] or "."):
			raise self.refused("failure: could not add")
		if self.version >= 7023000 and self.disk.exists(root):
			raise self.refused("failure: root-dir overlap with /" + root.strip("/"))

	def start(self, item):
		if item["_phase"] == "restarting":
			item["_phase"] = "stopped"
		if item["_phase"] != "stopped":
			raise self.refused("failure: container is not stopped")
		if not self.state["device_mode"]["container"]:
			raise self.refused("not allowed by device-mode")
		if item["interface"] not in self.interfaces():
			raise self.refused("failure: interface is not there")
		item.update(_phase="starting", _at=self.after("start_ms"))

	def stop(self, item):
		if item["_phase"] == "restarting":
			item.update(_phase="stopped", _at=NEVER)
		elif item["_phase"] in ("running", "starting"):
			item.update(_phase="stopping", _at=self.after("stop_ms"))
			self.say(item, "stopping")
		else:
			raise self.refused("failure: container is not running")

	def power_cut(self, down_s):
		"""And back after down_s: what was not written is lost."""
		self.advance()
		self.log.clear()
		back = time.monotonic() + down_s
		for item in self.items("/container"):
			if item["_phase"] == "extracting":
				self.disk.extract(item["root-dir"],
					{"size": 100, "tag": "", "partial": True})
				item.update(_phase="failed", _at=NEVER)
			elif item["_phase"] != "failed":
				item.update(_phase="stopped", _at=NEVER)
				if item.get("start-on-boot") in ("yes", "true"):
					item.update(_phase="starting", _at=self.after("start_ms", back))
