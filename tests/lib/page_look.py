#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""page_look.py: a web page as a headless Chromium shows it.

	page_look.py URL WIDTHxHEIGHT light|dark [PICTURE.png]

Prints lines "KEY VALUE": width (what the page takes, with what sticks out),
contrast (the worst of any text on its ground), picture (its bytes: few
where nothing is seen), failed (requests that failed), foreign (requests to others). Chromium is
spoken to by its debugging pipe, which needs no port."""
import base64
import json
import os
import subprocess
import sys
import tempfile

# Works out each element's ground from its ancestors: our colours are opaque.
CONTRAST = """(() => {
	const lum = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => {
		v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 });
		return .2126 * r + .7152 * g + .0722 * b };
	let worst = 99, where = '';
	for (const e of document.querySelectorAll('body *')) {
		if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue;
		let g = e;
		while (g && getComputedStyle(g).backgroundColor.endsWith(', 0)')) g = g.parentElement;
		const a = lum(getComputedStyle(e).color);
		const b = lum(g ? getComputedStyle(g).backgroundColor : 'rgb(255, 255, 255)');
		const c = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (c < worst) { worst = c; where = e.outerHTML.slice(0, 80) }
	}
	return worst.toFixed(2) + ' ' + where })()"""


class Browser:
	def __init__(self, folder):
		to_read, self.out = os.pipe()
		self.inp, to_write = os.pipe()

		def fds():
			# The copies first: one of the pipes may be 3 or 4 itself.
			r, w = os.dup(to_read), os.dup(to_write)
			hr, hw = os.dup(r), os.dup(w)
			os.dup2(hr, 3)
			os.dup2(hw, 4)

		name = os.environ.get("CHROMIUM", "chromium-headless-shell")
		self.child = subprocess.Popen(
			[name, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
			 "--remote-debugging-pipe", "--no-first-run", "--user-data-dir=" + folder],
			preexec_fn=fds, pass_fds=(3, 4), stderr=subprocess.DEVNULL)
		os.close(to_read)
		os.close(to_write)
		self.rest, self.n, self.events, self.session = b"", 0, [], None

	def read(self):
		while b"\0" not in self.rest:
			more = os.read(self.inp, 1 << 20)
			if not more:
				sys.exit("page_look: the browser ended")
			self.rest += more
		text, self.rest = self.rest.split(b"\0", 1)
		return json.loads(text)

	def call(self, method, **params):
		self.n += 1
		message = {"id": self.n, "method": method, "params": params}
		if self.session:
			message["sessionId"] = self.session
		os.write(self.out, json.dumps(message).encode() + b"\0")
		while True:
			answer = self.read()
			if answer.get("id") == self.n:
				if "error" in answer:
					sys.exit("page_look: %s: %s" % (method, answer["error"]))
				return answer["result"]
			self.events.append(answer)

	def wait(self, method):
		while not any(e.get("method") == method for e in self.events):
			self.events.append(self.read())


def look(browser, url, size, scheme, picture):
	width, height = map(int, size.split("x"))
	target = browser.call("Target.createTarget", url="about:blank")["targetId"]
	browser.session = browser.call(
		"Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
	browser.call("Page.enable")
	browser.call("Network.enable")
	browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
		deviceScaleFactor=1, mobile=width < 600)
	browser.call("Emulation.setEmulatedMedia",
		features=[{"name": "prefers-color-scheme", "value": scheme}])
	browser.events.clear()
	browser.call("Page.navigate", url=url)
	browser.wait("Page.loadEventFired")

	def value(script):
		return browser.call("Runtime.evaluate", expression=script)["result"].get("value")

	# Closed parts count, too.
	value("document.querySelectorAll('details').forEach(d => d.open = true)")
	print("width", value("Math.max(document.documentElement.scrollWidth,"
		"document.body.scrollWidth)"))
	print("contrast", value(CONTRAST))
	value("document.querySelectorAll('details').forEach((d, i) => d.open = i == 0)")
	png = base64.b64decode(browser.call("Page.captureScreenshot", format="png")["data"])
	print("picture", len(png))
	if picture:
		with open(picture, "wb") as out:
			out.write(png)
	asked = [e["params"]["request"]["url"] for e in browser.events
		if e.get("method") == "Network.requestWillBeSent"]
	origin = url.split("/", 3)[2]
	print("requests", len(asked))
	print("foreign", sum(not u.startswith(("http://%s/" % origin, "data:")) for u in asked))
	print("failed", sum(e.get("method") == "Network.loadingFailed" or
		(e.get("method") == "Network.responseReceived" and
		 e["params"]["response"]["status"] >= 400) for e in browser.events))


def main():
	if len(sys.argv) not in (4, 5):
		sys.exit("usage: page_look.py URL WIDTHxHEIGHT light|dark [PICTURE.png]")
	with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
		browser = Browser(folder)
		try:
			look(browser, *sys.argv[1:4], sys.argv[4] if len(sys.argv) > 4 else None)
		finally:
			browser.child.kill()
			browser.child.wait()


main()
