#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_disk: the files of a simulated router, which are those of a real folder, and
what its import makes of an image there.

A root-dir is a real folder with the file MARK in it: what was extracted, and how many
bytes that takes. Its contents are not listed."""
import io
import json
import os
import shutil
import tarfile
import zlib

MARK = ".root-dir"
MACHINES = {"arm64": "arm64", "arm": "arm", "x86_64": "amd64", "x86": "amd64"}


class Unreadable(Exception):
	"""Words of the log."""


class Image:
	"""An archive as the router reads it: names exactly as manifest.json has them,
	layers that are plain tars."""

	def __init__(self, path, version):
		self.version = version
		try:
			# From 7.17 on compressed files are read, too.
			with tarfile.open(path, "r:*" if version >= 7017000 else "r:") as tar:
				self.read(tar)
		except (OSError, tarfile.TarError, EOFError) as error:
			raise Unreadable(self.no_manifest()) from error

	def no_manifest(self):
		return "no manifest.json in archive" if self.version >= 7021000 else \
			"could not find image manifest in archive"

	@staticmethod
	def member(tar, name):
		try:
			member = tar.getmember(name)
			return tar.extractfile(member).read() if member.isreg() else None
		except KeyError:
			return None

	def read(self, tar):
		manifest = self.member(tar, "manifest.json")
		if manifest is None:
			raise Unreadable(self.no_manifest())
		try:
			entry = json.loads(manifest)[0]
			config = json.loads(self.member(tar, entry["Config"]) or "")
			layers = [self.member(tar, name) for name in entry["Layers"]]
		except (ValueError, LookupError, TypeError) as error:
			raise Unreadable("download/extract error: no config found in manifest") from error
		# A plain tar, neither compressed nor missing.
		if not layers or any(layer is None or layer[257:262] != b"ustar" for layer in layers):
			raise Unreadable(bad_layer(self.version))
		self.tag = (entry.get("RepoTags") or [""])[0]
		self.machine, self.system = config.get("architecture", ""), config.get("os", "")
		self.size = sum(map(contents, layers))


def contents(layer):
	with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
		return sum(member.size for member in tar)


def bad_layer(version):
	return "download/extract error: could not load next layer" if version >= 7021000 else \
		"child spawn failed: container run error"


class Disk:
	def __init__(self, folder, state):
		self.folder, self.state = folder, state

	def path(self, name):
		return os.path.join(self.folder, name.strip("/"))

	def exists(self, name):
		return os.path.lexists(self.path(name))

	def slots(self):
		return [disk["slot"] for disk in self.state["disks"]]

	def walk(self):
		"""Names and real paths of all that is there, without what is in root-dirs."""
		for top, folders, files in os.walk(self.folder):
			if MARK in files:
				folders[:] = []
				continue
			folders.sort()
			for name in sorted(folders + files):
				path = os.path.join(top, name)
				yield os.path.relpath(path, self.folder), path

	def files(self):
		"""As /file shows them; ids stay the same."""
		out = []
		for name, path in self.walk():
			item = {".id": "*%X" % zlib.crc32(name.encode()), "name": name}
			try:
				if not os.path.isdir(path):
					item["size"] = str(os.path.getsize(path))
			except OSError:
				continue  # renamed meanwhile
			ending = os.path.splitext(name)[1]
			item["type"] = "disk" if name in self.slots() else "directory" \
				if os.path.isdir(path) else ending + " file" if ending else "file"
			out.append(item)
		return out

	# ---- space

	def slot_of(self, name):
		top = name.strip("/").split("/")[0]
		return top if top in self.slots() else ""

	def used(self, slot):
		used = 0
		for name, path in self.walk():
			if self.slot_of(name) != slot:
				continue
			mark = self.mark(name)
			try:
				used += mark["size"] if mark else 0 if os.path.isdir(path) else \
					os.path.getsize(path)
			except OSError:
				pass
		return used

	def free(self, slot):
		size = self.state["flash"]
		for disk in self.state["disks"]:
			if disk["slot"] == slot:
				size = disk["size"]
		return max(0, size - self.used(slot))

	# ---- root-dirs

	def mark(self, name):
		try:
			with open(os.path.join(self.path(name), MARK), encoding="utf-8") as file:
				return json.load(file)
		except (OSError, ValueError):
			return None

	def extract(self, name, mark):
		"""The root-dir appears, whole or in part."""
		os.makedirs(self.path(name), exist_ok=True)
		with open(os.path.join(self.path(name), MARK), "w", encoding="utf-8") as file:
			json.dump(mark, file)

	def is_empty(self, name):
		path = self.path(name)
		return not os.path.isdir(path) or not os.listdir(path)

	def remove(self, name):
		path = self.path(name)
		if os.path.isdir(path):
			shutil.rmtree(path)
		else:
			os.remove(path)
