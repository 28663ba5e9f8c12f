#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""router_faults: what goes wrong between a simulated router and who asks it.

A fault is {"kind": KIND, "at": N, "of": "all" or "changes", "times": N, "ms": N,
"text": TEXT}: it befalls the Nth request (from 1, since faults were given), and with
`times` the ones after it. Kinds:

	lost-request  the connection ends before anything is done
	lost-answer   it is done, and the connection ends
	500, 503      said instead of doing it
	refuse        400 with the text, instead of doing it
	401           likewise
	hang          nothing is done nor said; after ms the connection ends
	power         it is done, then the router restarts: it answers again after ms
	power-before  the same, and it is not done
	down          nothing is done, and nobody answers for ms"""

KINDS = ("lost-request", "lost-answer", "500", "503", "refuse", "401", "hang", "power",
	"power-before", "down")
NOT_DONE = ("lost-request", "500", "503", "refuse", "401", "hang", "power-before", "down")


def is_change(method, path):
	return method != "GET" and not path.endswith("/print")


class Faults:
	def __init__(self):
		self.give([])

	def give(self, faults):
		for fault in faults:
			if fault["kind"] not in KINDS or fault.get("of", "all") not in ("all", "changes"):
				raise ValueError("unknown fault %s" % fault)
		self.faults, self.requests, self.changes, self.hits = faults, 0, 0, 0

	def next(self, method, path):
		"""What befalls this request; None: nothing."""
		self.requests += 1
		self.changes += is_change(method, path)
		for fault in self.faults:
			if fault.get("of", "all") == "changes" and not is_change(method, path):
				continue
			count = self.changes if fault.get("of") == "changes" else self.requests
			if fault["at"] <= count < fault["at"] + fault.get("times", 1):
				self.hits += 1
				return fault
		return None
