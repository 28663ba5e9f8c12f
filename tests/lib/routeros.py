#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""routeros.py: a router as far as upgrade.rsc goes, since RouterOS cannot run here.

	routeros.py SCRIPT.rsc [--syntax] <ROUTER.json

Understands the part of RouterOS' script language that our scripts use, strictly:
an unknown command, parameter, property or variable ends it with status 3. ROUTER:
resource {property: value}, packages [{name, ...}], files {name: bytes}, server
{URL: bytes; what is absent is a 404}, globals {name: value}. Prints what the script
puts, "fetch URL", "error TEXT", "run COMMAND", and "file NAME BYTES" at the end.

The language: scopes are blocks; functions see their arguments only; whitespace may
not stand before "=" of a parameter; a backslash joins lines."""
import json
import re
import sys

TOKEN = re.compile(r"""\\\n[ \t]*|[ \t]+|\#[^\n]*|"(?:[^"\\]|\\.|\\\n)*"|->|<=|>=|!=|&&|\|\|
	|[a-z-]+=(?=[^=])|\$[A-Za-z][A-Za-z0-9]*|:[a-z]+|/[a-z]+(?:/[a-z]+)*|[0-9]+(?:ms|s)?
	|[A-Za-z][A-Za-z0-9-]*|[][(){};,\n.+*/<>=!~-]""", re.X | re.S)
ALLOWED = {  # commands, and what they take
	"system resource get": set(), "system package find": set(), "system package get": set(),
	"file find": {"name"}, "file get": set(), "file remove": set(),
	"tool fetch": {"url", "dst-path"}}
RESOURCE = {"version", "architecture-name", "free-hdd-space", "free-memory"}
LEVELS = [(",",), ("||", "or"), ("&&", "and"), ("=", "!=", "<", ">", "<=", ">=", "~"),
	(".",), ("+", "-"), ("*", "/"), ("->",)]


class Wrong(Exception):
	"""The script is not what RouterOS understands."""


class Failure(Exception):
	""":error, or a command that fails."""


class Return(Exception):
	pass


def tokens(text):
	out, pos, line = [], 0, 1
	while pos < len(text):
		match = TOKEN.match(text, pos)
		if not match:
			raise Wrong("line %d: cannot read %r" % (line, text[pos:pos + 20]))
		word = match.group()
		if not re.match(r"\\\n|[ \t]|#", word):
			spaced = pos > 0 and text[pos - 1] in " \t"
			out.append((word, line, spaced))
		line += word.count("\n")
		pos = match.end()
	return out


class Parser:
	"""Makes nested tuples: (kind, ...)."""

	def __init__(self, text):
		self.all, self.at = tokens(text), 0

	def peek(self):
		return self.all[self.at][0] if self.at < len(self.all) else ""

	def take(self, *wanted):
		word = self.peek()
		if wanted and word not in wanted:
			line = self.all[min(self.at, len(self.all) - 1)][1]
			raise Wrong("line %d: %r instead of %s" % (line, word, " or ".join(wanted)))
		self.at += 1
		return word

	def block(self, end):
		out = []
		while True:
			while self.peek() in ("\n", ";"):
				self.take()
			if self.peek() == end:
				self.at += 1
				return out
			if self.peek() == "{":
				self.take()
				out.append(("block", self.block("}")))
			else:
				out.append(self.command())
			if self.peek() not in ("\n", ";", end):
				self.take("\n", ";", end)

	def command(self):
		word = self.take()
		if not re.match(r"[:/$]", word):
			raise Wrong("%r begins a command" % word)
		args, named = [], {}
		if word[0] == "/":
			word = word[1:].replace("/", " ")
			while re.fullmatch(r"[a-z-]+", self.peek()) and word not in ALLOWED:
				word += " " + self.take()
		while self.peek() not in ("\n", ";", "]", "}", ""):
			if re.fullmatch(r"[a-z-]+=", self.peek()):
				key = self.take()[:-1]
				named[key] = self.value()
			else:
				args.append(self.value())
		return ("command", word, args, named)

	def value(self):
		word = self.take()
		if word == "(":
			out = self.expression(0)
			self.take(")")
			return out
		if word == "[":
			out = self.command()
			self.take("]")
			return out
		if word == "{":
			return ("braces", self.braces())
		if word[0] == '"':
			return ("string", word[1:-1])
		if word[0] == "$":
			return ("variable", word[1:])
		if re.match(r"[A-Za-z0-9]", word):
			return ("word", word)
		raise Wrong("line %d: %r is no value" % (self.all[self.at - 1][1], word))

	def braces(self):
		"""Commands, or values with semicolons between."""
		while self.peek() == "\n":
			self.take()
		if re.match(r"[:/$}{]", self.peek()):
			return ("code", self.block("}"))
		items = [self.value()]
		while self.take(";", "}") == ";":
			items.append(self.value())
		return ("array", items)

	def expression(self, level):
		if level == len(LEVELS):
			if self.peek() == "!":
				self.take()
				return ("not", self.expression(level))
			return self.value()
		left = self.expression(level + 1)
		while self.peek() in LEVELS[level]:
			operator = self.take()
			left = ("binary", operator, left, self.expression(level + 1))
		return left


class Router:
	def __init__(self, state):
		self.resource, self.packages = state["resource"], state["packages"]
		self.files, self.server = dict(state.get("files", {})), state.get("server", {})
		self.globals = dict(state.get("globals", {}))
		self.scopes = [{}]

	def find_scope(self, name):
		for scope in reversed(self.scopes):
			if name in scope:
				return scope
		raise Wrong("variable %s is not declared" % name)

	def run(self, code):
		self.scopes.append({})
		try:
			for item in code:
				if item[0] == "block":
					self.run(item[1])
				else:
					self.evaluate(item)
		finally:
			self.scopes.pop()

	def code(self, value):
		if value[0] != "braces" or value[1][0] != "code":
			raise Wrong("not a block: %s" % (value,))
		return value[1][1]

	def evaluate(self, item):
		kind = item[0]
		if kind == "string":
			return self.text(item[1])
		if kind == "word":
			if item[1] in ("true", "false"):
				return item[1] == "true"
			return int(item[1]) if item[1].isdigit() else item[1]
		if kind == "variable":
			scope = self.find_scope(item[1])
			return self.globals.get(item[1]) if scope[item[1]] == "global" else scope[item[1]][0]
		if kind == "not":
			return not self.truth(item[1])
		if kind == "binary":
			return self.binary(*item[1:])
		if kind == "braces":
			if item[1][0] == "code":
				return ("function", item[1][1])
			return [self.evaluate(i) for i in item[1][1]]
		return self.command(*item[1:])

	def text(self, raw):
		raw = re.sub(r"\\\n[ \t]*", "", raw)
		if re.search(r"(?<!\\)\$", raw):
			raise Wrong("a variable in a string: %s" % raw)
		return re.sub(r"\\(.)", r"\1", raw)

	def truth(self, item):
		value = self.evaluate(item)
		if not isinstance(value, bool):
			raise Wrong("no condition: %r" % (value,))
		return value

	def binary(self, operator, left, right):
		if operator in ("&&", "and"):
			return self.truth(left) and self.truth(right)
		if operator in ("||", "or"):
			return self.truth(left) or self.truth(right)
		if operator == "->" and right[0] == "string":
			return self.evaluate(left).get(right[1])
		a, b = self.evaluate(left), self.evaluate(right)
		if operator == ",":
			return (a if isinstance(a, list) else [a]) + (b if isinstance(b, list) else [b])
		if operator == ".":
			return self.string(a) + self.string(b)
		if operator == "~":
			return re.search(b, a) is not None
		if operator == "=":
			return a == b
		if operator == "!=":
			return a != b
		if operator == "->":
			return a[b]
		if not (isinstance(a, int) and isinstance(b, int)):
			raise Wrong("%r %s %r are no numbers" % (a, operator, b))
		return {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "+": a + b,
			"-": a - b, "*": a * b, "/": a // b if b else 0}[operator]

	def string(self, value):
		if isinstance(value, bool):
			return "true" if value else "false"
		return "" if value is None else str(value)

	def command(self, word, args, named):
		if word[0] == ":":
			method = getattr(self, "do_" + word[1:], None)
			if not method:
				raise Wrong("unknown command %s" % word)
			return method(args, named)
		if word[0] == "$":
			return self.call(word[1:], args)
		if word not in ALLOWED:
			raise Wrong("unknown command /%s" % word)
		if args and args[0] == ("word", "where"):
			args = args[1:]
		if set(named) - ALLOWED[word]:
			raise Wrong("unknown parameter of /%s: %s" % (word, sorted(named)))
		named = {k: self.evaluate(v) for k, v in named.items()}
		args = [self.evaluate(a) for a in args]
		return getattr(self, "path_" + word.replace(" ", "_"))(args, named)

	def call(self, name, args):
		function = self.find_scope(name)[name][0]
		if function[0] != "function":
			raise Wrong("%s is no function" % name)
		saved, self.scopes = self.scopes, [{"arg": (self.evaluate(args[0]),)} if args else {}]
		try:
			self.run(function[1])
		except Return as result:
			return result.args[0]
		finally:
			self.scopes = saved

	def do_local(self, args, named):
		value = named.get("do") or (args[1] if len(args) > 1 else None)
		self.scopes[-1][args[0][1]] = (self.evaluate(value) if value else None,)

	def do_global(self, args, _):
		self.scopes[-1][args[0][1]] = "global"

	def do_set(self, args, _):
		name = args[0][1]
		scope = self.find_scope(name)
		scope[name] = (self.evaluate(args[1]),)

	def do_if(self, args, named):
		branch = "do" if self.truth(args[0]) else "else"
		if branch in named:
			self.run(self.code(named[branch]))

	def loop(self, name, values, code):
		for value in values:
			self.scopes.append({name: (value,)})
			try:
				self.run(code)
			finally:
				self.scopes.pop()

	def do_for(self, args, named):
		first, last = self.evaluate(named["from"]), self.evaluate(named["to"])
		self.loop(args[0][1], range(first, last + 1), self.code(named["do"]))

	def do_foreach(self, args, named):
		self.loop(args[0][1], list(self.evaluate(named["in"])), self.code(named["do"]))

	def do_do(self, args, named):
		try:
			self.run(self.code(args[0]))
		except Failure:
			self.run(self.code(named["on-error"]))

	def do_put(self, args, _):
		print("put", self.evaluate(args[0]))

	def do_error(self, args, _):
		raise Failure(self.evaluate(args[0]))

	def do_return(self, args, _):
		raise Return(self.evaluate(args[0]))

	def do_delay(self, args, _):
		pass

	def do_len(self, args, _):
		value = self.evaluate(args[0])
		return 0 if value is None else 1 if isinstance(value, int) else len(value)

	def do_pick(self, args, _):
		value, first, last = (self.evaluate(a) for a in args)
		return value[first:last]

	def do_find(self, args, _):
		where, what = self.evaluate(args[0]), self.evaluate(args[1])
		if isinstance(where, list):
			return where.index(what) if what in where else None
		start = self.evaluate(args[2]) + 1 if len(args) > 2 else 0
		at = where.find(what, start)
		return None if at < 0 else at

	def do_typeof(self, args, _):
		value = self.evaluate(args[0])
		return "nil" if value is None else "num" if isinstance(value, int) else "str"

	def do_tonum(self, args, _):
		return int(self.evaluate(args[0]))

	def do_tostr(self, args, _):
		return self.string(self.evaluate(args[0]))

	def do_toarray(self, args, _):
		return [w for w in self.string(self.evaluate(args[0])).split(",") if w]

	def do_parse(self, args, _):
		print("run", self.evaluate(args[0]))
		return ("function", [])

	def path_system_resource_get(self, args, _):
		if args[0] not in RESOURCE:
			raise Wrong("unknown property %s" % args[0])
		return self.resource[args[0]]

	def path_system_package_find(self, args, _):
		return list(range(len(self.packages)))

	def path_system_package_get(self, args, _):
		return self.packages[args[0]]

	def path_file_find(self, args, named):
		return [n for n in self.files if n == named["name"]]

	def path_file_get(self, args, _):
		if args[1] != "size":
			raise Wrong("unknown property %s" % args[1])
		return self.files[args[0]]

	def path_file_remove(self, args, _):
		for name in args[0]:
			del self.files[name]

	def path_tool_fetch(self, args, named):
		print("fetch", named["url"])
		if named["url"] not in self.server:
			raise Failure("404")
		self.files[named["dst-path"]] = self.server[named["url"]]


def main():
	try:
		with open(sys.argv[1], encoding="ascii") as file:
			# $1 is a function's argument.
			code = Parser(re.sub(r"\$1\b", "$arg", file.read())).block("")
		if "--syntax" in sys.argv:
			return 0
		router = Router(json.load(sys.stdin))
		try:
			router.run(code)
		except Failure as failure:
			print("error", failure)
		for name in sorted(router.files):
			print("file", name, router.files[name])
	except Wrong as wrong:
		print("wrong", wrong)
		return 3
	return 0


if __name__ == "__main__":
	sys.exit(main())
