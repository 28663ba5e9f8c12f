#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""typed.py PROMPT ANSWER... -- COMMAND...: runs the command on a terminal of its own,
types an ANSWER (without its newline: "^C" is that key) each time that it shows PROMPT,
prints what the terminal showed, and ends as the command does."""
import os
import pty
import sys


def read(terminal):
	try:
		return os.read(terminal, 4096)
	except OSError:  # nobody has it open any more
		return b""


def main():
	cut = sys.argv.index("--")
	prompt, answers = sys.argv[1].encode(), sys.argv[2:cut]
	child, terminal = pty.fork()
	if not child:
		os.execvp(sys.argv[cut + 1], sys.argv[cut + 1:])
	shown, seen = b"", 0
	while True:
		data = read(terminal)
		if not data:
			break
		shown += data
		while answers and prompt in shown[seen:]:
			seen = shown.index(prompt, seen) + len(prompt)
			answer = answers.pop(0)
			os.write(terminal, b"\x03" if answer == "^C" else answer.encode() + b"\n")
	sys.stdout.write(shown.decode(errors="replace").replace("\r", ""))
	status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
	sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
	main()
