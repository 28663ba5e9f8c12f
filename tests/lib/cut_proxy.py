#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cut_proxy.py: forwards TCP on loopback, and fails on demand.

	cut_proxy.py PORT CONTROL

Forwards to 127.0.0.1:PORT from a port that it writes to CONTROL.port. CONTROL is
one line, read again whenever it changes (by rename, or all at once); CONTROL.done
has the line that is in force. The words:

	pass             forwards (as an empty line does)
	cut N [TIMES]    after N bytes from the client of a connection both ends
	                 are reset
	cutdown N [TIMES]  the same after N bytes from the server
	stall N [TIMES]  after N bytes from the client nothing moves any more
	slow N           N bytes per second from the client
	to PORT          forwards there from now on
	refuse           nobody listens; connections that are open are reset

With TIMES the next TIMES connections are treated so, later ones forwarded. A
connection keeps the words that were in force when it began, except for `refuse`
and for `pass`, which moves what was stalled or slow. CONTROL.count has the number
of connections so far."""
import asyncio
import os
import socket
import struct
import sys

POLL = 0.02  # seconds between looks at CONTROL
CHUNK = 16384


def write(path, text):
	with open(path + ".new", "w", encoding="ascii") as f:
		f.write(f"{text}\n")
	os.replace(path + ".new", path)


class Fault:
	"""One line of CONTROL."""

	def __init__(self, line):
		words = line.split() or ["pass"]
		self.kind = words[0]
		self.bytes = int(words[1]) if len(words) > 1 else 0
		self.times = int(words[2]) if len(words) > 2 else None
		self.is_over = asyncio.Event()

	def take(self):
		"""Whether the next connection is to be treated so."""
		if self.times is None:
			return True
		self.times -= 1
		return self.times >= 0


class Connection:
	def __init__(self, fault, writers):
		self.fault = fault
		self.writers = writers

	def reset(self):
		for writer in self.writers:
			sock = writer.get_extra_info("socket")
			try:
				sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
					struct.pack("ii", 1, 0))
			except OSError:
				pass
			writer.transport.abort()

	async def wait_until_over(self, data):
		"""What `slow` and `stall` hold back, until they are over."""
		fault = self.fault
		if fault.kind == "stall":
			await fault.is_over.wait()
			return
		try:
			await asyncio.wait_for(fault.is_over.wait(),
				len(data) / max(fault.bytes, 1))
		except asyncio.TimeoutError:
			pass

	async def forward(self, reader, writer, kinds):
		fault = self.fault
		left = fault.bytes
		while data := await reader.read(CHUNK):
			if fault.kind in kinds and fault.kind != "slow":
				if len(data) >= left:
					writer.write(data[:left])
					await writer.drain()
					data = data[left:]
					left = 0
					if fault.kind == "stall":
						await self.wait_until_over(data)
					else:
						await asyncio.sleep(0.05)  # what was sent arrives
						self.reset()
						return
				left -= min(left, len(data))
			elif fault.kind in kinds:
				await self.wait_until_over(data)
			writer.write(data)
			await writer.drain()
		writer.write_eof()


class Proxy:
	def __init__(self, target, control):
		self.target = target
		self.control = control
		self.fault = Fault("")
		self.connections = set()
		self.count = 0
		self.server = None
		self.port = 0

	async def serve(self, reader, writer):
		self.count += 1
		write(self.control + ".count", self.count)
		fault = self.fault if self.fault.take() else Fault("pass")
		try:
			reader2, writer2 = await asyncio.open_connection("127.0.0.1", self.target)
		except OSError:
			Connection(fault, [writer]).reset()
			return
		connection = Connection(fault, [writer, writer2])
		self.connections.add(connection)
		try:
			await asyncio.gather(
				connection.forward(reader, writer2, ("cut", "stall", "slow")),
				connection.forward(reader2, writer, ("cutdown",)))
			writer.close()
			writer2.close()
		except (OSError, RuntimeError):
			connection.reset()
		finally:
			self.connections.discard(connection)

	async def listen(self):
		self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port,
			reuse_address=True)
		self.port = self.server.sockets[0].getsockname()[1]

	async def obey(self, line):
		old, self.fault = self.fault, Fault(line)
		kind = self.fault.kind
		if kind == "refuse":
			self.server.close()
			self.server = None
			for connection in list(self.connections):
				connection.reset()
		elif not self.server:
			await self.listen()
		if kind == "to":
			self.target = self.fault.bytes
		if kind == "pass":
			old.is_over.set()
			for connection in self.connections:
				connection.fault.is_over.set()
		write(self.control + ".done", line)

	async def run(self):
		await self.listen()
		write(self.control + ".port", self.port)
		seen = None
		while True:
			with open(self.control, encoding="ascii") as f:
				line = f.read().strip()
			if line != seen:
				seen = line
				await self.obey(line)
			await asyncio.sleep(POLL)


if __name__ == "__main__":
	if len(sys.argv) != 3:
		sys.exit(__doc__)
	asyncio.run(Proxy(int(sys.argv[1]), sys.argv[2]).run())
