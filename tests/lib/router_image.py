#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_image.py FILE NAME:TAG ARCHITECTURE [BYTES]: a docker-archive that every
RouterOS imports, of a few KiB: a static ELF file as /sbin/init that ends at once, the
folders that a router mounts at, and BYTES of ballast."""
import hashlib
import io
import json
import struct
import sys
import tarfile

# machine, bits, and the code of exit(0)
MACHINES = {
	"arm64": (183, 64, bytes.fromhex("000080d2a80b80d2010000d4")),
	"amd64": (62, 64, bytes.fromhex("31ffb83c0000000f05")),
	"arm": (40, 32, bytes.fromhex("0000a0e30170a0e3000000ef"))}


def program(architecture):
	machine, bits, code = MACHINES[architecture]
	if bits == 64:
		head = struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, 0x10078, 64, 0, 0, 64, 56, 1,
			64, 0, 0)
		segment = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x10000, 0x10000, 120 + len(code),
			120 + len(code), 0x10000)
	else:
		head = struct.pack("<HHIIIIIHHHHHH", 2, machine, 1, 0x10054, 52, 0, 0x5000200, 52,
			32, 1, 40, 0, 0)
		segment = struct.pack("<IIIIIIII", 1, 0, 0x10000, 0x10000, 84 + len(code),
			84 + len(code), 5, 0x10000)
	return b"\x7fELF" + bytes([bits // 32, 1, 1]) + bytes(9) + head + segment + code


def archive(members):
	out = io.BytesIO()
	with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
		for name, data, mode in members:
			member = tarfile.TarInfo(name)
			member.mode = mode
			if data is None:
				member.type = tarfile.DIRTYPE
				tar.addfile(member)
			else:
				member.size = len(data)
				tar.addfile(member, io.BytesIO(data))
	return out.getvalue()


def main():
	path, tag, architecture = sys.argv[1:4]
	size = int(sys.argv[4]) if len(sys.argv) > 4 else 0
	init = program(architecture)
	layer = archive([(d, None, 0o755) for d in ("bin", "dev", "etc", "proc", "run", "sbin",
		"sys", "tmp", "var")] + [("bin/sh", init, 0o755), ("sbin/init", init, 0o755),
		("etc/tag", tag.encode(), 0o644), ("var/ballast", bytes(size), 0o644)])
	digest = hashlib.sha256(layer).hexdigest()
	image = {"architecture": architecture, "os": "linux", "created": "1970-01-01T00:00:00Z",
		"config": {"Entrypoint": ["/sbin/init"]},
		"rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest]}}
	if architecture == "arm":
		image["variant"] = "v7"
	config = json.dumps(image).encode()
	name = hashlib.sha256(config).hexdigest() + ".json"
	with open(path, "wb") as file:
		file.write(archive([("manifest.json", json.dumps([{"Config": name,
			"RepoTags": [tag], "Layers": [digest + "/layer.tar"]}]).encode(), 0o644),
			(name, config, 0o644), (digest + "/layer.tar", layer, 0o644)]))


if __name__ == "__main__":
	main()
