#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""page_check.py: the upgrade server's page, as a strict reader sees it.

	page_check.py tags FILE       elements and attributes that should not be there
	page_check.py links URL       links and anchors of the page that lead nowhere
	page_check.py tables FILE     tables without caption, heads without scope

Prints what is wrong, a line each; nothing when all is well."""
import html.parser
import sys
import urllib.error
import urllib.parse
import urllib.request

TAGS = set("""html head meta title link body header h1 h2 h3 p nav a main section span
	dl dt dd time meter div table caption thead tbody tr th td details summary strong
	code pre footer""".split())
ATTRIBUTES = set("""lang charset name content http-equiv rel href aria-label class
	aria-labelledby id role tabindex scope datetime min max low high optimum value
	open""".split())


class Page(html.parser.HTMLParser):
	def __init__(self, text):
		super().__init__(convert_charrefs=True)
		self.wrong, self.links, self.ids, self.tables = [], [], set(), []
		self.feed(text)
		self.close()

	def handle_starttag(self, tag, attrs):
		if tag not in TAGS:
			self.wrong.append("element %s" % tag)
		for key, value in attrs:
			if key not in ATTRIBUTES:
				self.wrong.append("attribute %s of %s" % (key, tag))
			if key == "id":
				if value in self.ids:
					self.wrong.append("id %s twice" % value)
				self.ids.add(value)
			if key == "href" and value != "data:,":
				self.links.append(value)
		self.table(tag, dict(attrs))

	def table(self, tag, attrs):
		if tag == "table":
			self.tables.append([])
		elif self.tables:
			self.tables[-1].append(tag)
		if tag == "th" and attrs.get("scope") not in ("row", "col"):
			self.wrong.append("th without scope")

	def handle_comment(self, data):
		self.wrong.append("comment %s" % data)


def status(url):
	try:
		with urllib.request.urlopen(urllib.request.Request(url, method="HEAD")) as answer:
			return answer.status
	except urllib.error.HTTPError as error:
		return error.code


def check_links(url):
	page = Page(urllib.request.urlopen(url).read().decode())
	for link in sorted(set(page.links)):
		if link.startswith("#"):
			if link[1:] not in page.ids:
				print("no anchor", link)
			continue
		where = urllib.parse.urljoin(url, link)
		if urllib.parse.urlsplit(where).netloc != urllib.parse.urlsplit(url).netloc:
			print("foreign", link)
		elif status(where) != 200:
			print(status(where), link)
	if len(page.links) < 10:
		print("only %d links" % len(page.links))


def main():
	what, where = sys.argv[1:]
	if what == "links":
		check_links(where)
		return
	with open(where, encoding="ascii") as file:
		page = Page(file.read())
	if what == "tags":
		print("\n".join(page.wrong), end="")
	elif not page.tables or any(t[0] != "caption" for t in page.tables):
		print("tables without caption", page.tables[:1])


main()
