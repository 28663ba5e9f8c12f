# SPDX-License-Identifier: MIT
# page.awk: index.html. It is whole without styles, scripts and pictures, so that
# a text browser shows all of it. page_setup.awk has the part with commands.

# Everything from outside goes through here.
function html(s) {
	gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
	gsub(/"/, "\\&quot;", s); gsub(/'/, "\\&#39;", s)
	return s
}
function code(s) { return "<code>" html(s) "</code>" }
function link(href, s) { return "<a href='" html(href) "'>" s "</a>" }

function when(t) {
	if (t !~ /^[1-9][0-9]*$/)
		return "never"
	return strftime("<time datetime='%Y-%m-%dT%H:%M:%S%z'>%Y-%m-%d %H:%M</time>", t + 0)
}
function day(t) {
	if (t !~ /^[1-9][0-9]*$/)
		return "&ndash;"
	return strftime("<time datetime='%Y-%m-%d'>%Y-%m-%d</time>", t + 0)
}
function badge(class, words) {
	return "<span class='badge " class "'>" words "</span>"
}
function plural(n, one) { return n " " one (n == 1 ? "" : "s") }

# A table that scrolls in a box of its own where it is too wide.
function table_begin(id, caption, heads,    i, n, h) {
	print "<div class='scroll' role='region' tabindex='0' aria-labelledby='" id "'>"
	print "<table>\n<caption id='" id "'>" caption "</caption>\n<thead><tr>"
	n = split(heads, h, "|")
	for (i = 1; i <= n; i++)
		print "<th scope='col'>" h[i] "</th>"
	print "</tr></thead>\n<tbody>"
}
function table_end() { print "</tbody>\n</table>\n</div>" }

function state_word(s) {
	if (s == "run") return "Syncing"
	if (s == "bad") return "Failed"
	if (s == "ok") return "In order"
	if (s == "wait") return "Waiting for approval"
	return "Not synced yet"
}

function head(s) {
	print "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>"
	print "<meta name='viewport' content='width=device-width, initial-scale=1'>"
	print "<meta name='color-scheme' content='light dark'>"
	print "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none';" \
		" style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'\">"
	if (s == "run")
		print "<meta http-equiv='refresh' content='10'>"
	print "<title>" state_word(s) " - RouterOS upgrade mirror</title>"
	print "<link rel='icon' href='data:,'>\n<link rel='stylesheet' href='style.css'>"
	print "</head>\n<body>\n<header>\n<h1>RouterOS upgrade mirror</h1>"
	print "<p>MikroTik routers of this network upgrade from here.</p>"
	print "<nav aria-label='On this page'><a href='#channels'>Channels</a>" \
		" <a href='#setup'>Set up a router</a> <a href='#files'>Files</a>" \
		" <a href='#clients'>Routers</a></nav>\n</header>\n<main>"
}

function fact(name, text) { print "<dt>" name "</dt>\n<dd>" text "</dd>" }

function status_text(s) {
	if (s == "run") {
		print "<p>A sync is running" \
			(status["doing"] == "" ? "" : ": " html(status["doing"])) ".</p>"
		if (status["reason"] != "")
			print "<p>The one before failed: " \
				html(reason_words(status["reason"])) ".</p>"
	} else if (status["state"] == "failed") {
		print "<p>The last sync failed: <strong>" \
			html(reason_words(status["reason"])) "</strong>.</p>"
		if (status["message"] != "")
			print "<p class='todo'>" html(status["message"]) "</p>"
		print "<p>Routers still get what was mirrored before." \
			(status["reason"] == "settings" ? "" : \
			" It is tried again in an hour; " code("ros-sync") \
			" tries now.") "</p>"
	} else if (s == "bad")
		print "<p>The last successful sync is more than " plural(max_age, "day") \
			" old. See whether cron runs; " code("ros-sync") " syncs now.</p>"
	else if (s == "none")
		print "<p>The first sync begins by itself soon after the start. Routers" \
			" are offered nothing until then; " code("ros-sync") " syncs now.</p>"
	else if (s == "wait")
		print "<p>All is mirrored. A version waits for you: see the channels.</p>"
	else
		print "<p>Everything that the channels offer is mirrored and checked.</p>"
}

function status_section(s) {
	print "<section class='card " s "' aria-labelledby='state'>"
	print "<h2 id='state'>" badge(s, state_word(s)) "</h2>"
	status_text(s)
	print "<dl>"
	if (status["state"] == "running")
		fact("Began", when(status["began"]))
	else if (status["ended"] != status["last_ok"])
		fact("Last sync", when(status["ended"]))
	fact("Last success", when(status["last_ok"]))
	if (status["done_files"] > 0)
		fact("Fetched", plural(status["done_files"] + 0, "file") ", " \
			megabytes(status["done_bytes"] + 0))
	fact("Mirrored", megabytes(mirror) " in " plural(nversions, "version"))
	if (disk_total)
		fact("Disk", disk())
	print "</dl>\n</section>"
}

function disk(    low) {
	low = disk_free < min_free * 1e6
	return sprintf("<meter min='0' max='100' low='80' high='95' optimum='0' value='%.0f'" \
		" aria-label='disk space in use'>%.0f %%</meter> ",
		100 * (1 - disk_free / disk_total), 100 * (1 - disk_free / disk_total)) \
		(low ? badge("bad", "Almost full") " " : "") \
		megabytes(disk_free) " free of " megabytes(disk_total)
}

function channel_badge(s) {
	if (s == "ok") return badge("ok", "Published")
	if (s == "pinned") return badge("ok", "Pinned")
	if (s == "waiting") return badge("wait", "Waiting")
	if (s == "incomplete") return badge("bad", "Incomplete")
	if (s == "empty") return badge("none", "Nothing offered")
	return badge("none", html(s))
}

function pointer_link(p) {
	return p ~ /^(winbox\/)?[A-Z][A-Za-z0-9.-]*$/ ? link("routeros/" p, html(p)) : html(p)
}

function channel_row(i,    v) {
	v = published(i)
	print "<tr><th scope='row'>" html(channel[i, "channel"]) "</th>"
	print "<td>" channel_badge(channel[i, "state"]) "</td>"
	print "<td>" (v == "" ? "none" : (v in changelog) ? \
		link("routeros/" v "/CHANGELOG", html(v)) : html(v)) "</td>"
	print "<td>" day(channel[i, "time"]) "</td>"
	print "<td>" (channel[i, "upstream"] == "" ? "&ndash;" : \
		html(channel[i, "upstream"])) "</td>"
	print "<td>" pointer_link(channel[i, "pointer"]) "</td></tr>"
}

function channel_note(i,    c) {
	c = channel[i, "channel"]
	if (channel[i, "state"] == "waiting")
		print "<p class='todo'>" html(c) ": " html(channel[i, "upstream"]) \
			" waits. Publish it in " code("/container/shell") " with</p>" \
			"<pre><code>ros-sync approve " html(c) "</code></pre>"
	if (channel[i, "state"] == "incomplete")
		print "<p class='todo'>" html(c) ": " html(channel[i, "upstream"]) \
			" is not complete yet; routers get " \
			(published(i) == "" ? "nothing" : html(published(i))) \
			" until it is.</p>"
}

function channels_section(    i) {
	print "<section aria-labelledby='channels'>\n<h2 id='channels'>Channels</h2>"
	if (!nchannels) {
		print "<p>None yet: the first sync finds out.</p>\n</section>"
		return
	}
	table_begin("t-channels", "What routers are offered",
		"Channel|State|Version|Built|MikroTik has|Pointer")
	for (i = 1; i <= nchannels; i++)
		channel_row(i)
	table_end()
	for (i = 1; i <= nchannels; i++)
		channel_note(i)
	print "</section>"
}

# A row a package, a column an architecture.
function version_table(v, id,    i, j, p, a, heads) {
	heads = "Package"
	for (j = 1; j <= narches[v]; j++)
		heads = heads "|" html(arch[v, j])
	table_begin(id, "Packages of RouterOS " html(v), heads)
	for (i = 1; i <= npackages[v]; i++) {
		p = package[v, i]
		printf "<tr><th scope='row'>%s</th>", html(p)
		for (j = 1; j <= narches[v]; j++) {
			a = arch[v, j]
			printf "<td>%s</td>", (v, p, a) in size ? \
				link("routeros/" v "/" name[v, p, a],
					megabytes(size[v, p, a])) : "&ndash;"
		}
		print "</tr>"
	}
	table_end()
}

function of_channels(v,    i, out, c) {
	for (i = 1; i <= nchannels; i++) {
		c = channel[i, "channel"]
		if (channel[i, "version"] == v && index(out " ", " " c " ") == 0)
			out = out " " c
	}
	gsub(/ /, ", ", out)
	return html(substr(out, 3))
}

function version_details(i,    v, names) {
	v = version[i]
	names = of_channels(v)
	print "<details" (v == shown ? " open" : "") ">\n<summary><strong>" html(v) \
		"</strong> <span>" (names == "" ? "" : names " &middot; ") \
		plural(count[v], "file") " &middot; " megabytes(total[v]) \
		"</span></summary>"
	print "<p>" (v in changelog ? link("routeros/" v "/CHANGELOG",
		"What is new in " html(v)) " &middot; " : "") \
		link("routeros/" v "/", "folder") "</p>"
	version_table(v, "t-version-" i)
	print "</details>"
}

function others(    i) {
	if (!nothers)
		return
	table_begin("t-winbox", "WinBox", "File|Size")
	for (i = 1; i <= nothers; i++)
		print "<tr><th scope='row'>" link("routeros/" other[i], html(other[i])) \
			"</th><td>" megabytes(other_size[i]) "</td></tr>"
	table_end()
}

function files_section(    i) {
	print "<section aria-labelledby='files'>\n<h2 id='files'>Files</h2>"
	if (!nversions)
		print "<p>Nothing is mirrored yet.</p>"
	# Open is what the first channel offers.
	shown = published(1) in count ? published(1) : version[1]
	for (i = 1; i <= nversions; i++)
		version_details(i)
	others()
	print "</section>"
}

function client_row(i,    v, j, state) {
	v = client[i, "version"]
	for (j = 1; j <= nchannels; j++)
		if (is_main(j) && published(j) == v)
			state = " " badge("ok", html(channel[j, "channel"]))
	print "<tr><th scope='row'>" html(client[i, "address"]) "</th><td>" \
		(v == "-" ? "&ndash;" : html(v)) state "</td><td>" \
		when(client[i, "time"]) "</td><td class='number'>" \
		sprintf("%.0f", client[i, "requests"]) "</td><td>" \
		code(client[i, "path"]) "</td></tr>"
}

function clients_section(    i, most) {
	most = 50
	print "<section aria-labelledby='clients'>\n<h2 id='clients'>Routers</h2>"
	if (!nclients)
		print "<p>None has asked yet.</p>"
	else {
		table_begin("t-clients", "Who asked last",
			"Address|RouterOS|Last seen|Requests|Asked for")
		for (i = 1; i <= nclients && i <= most; i++)
			client_row(i)
		table_end()
		if (nclients > most)
			print "<p>" nclients - most " more are in " \
				link("status.json", "status.json") ".</p>"
		print "<p>Routers behind a masquerade show as one address.</p>"
	}
	print "</section>"
}

END {
	sort_all()
	state = overall()
	head(state)
	status_section(state)
	channels_section()
	setup_section()
	files_section()
	clients_section()
	print "</main>\n<footer>\n<p>Written " when(now) strftime(", times are %Z", now) \
		". For programs: " link("status.json", "status.json") ", " \
		link("healthz", "healthz") ".</p>\n</footer>\n</body>\n</html>"
}
