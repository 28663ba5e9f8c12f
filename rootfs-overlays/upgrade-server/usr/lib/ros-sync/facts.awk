# SPDX-License-Identifier: MIT
# facts.awk: what page.sh gathered, for the programs that make text of it. None of
# it may be trusted to be well-formed; all of it is printable ASCII.
#
#	status[KEY]; nchannels, channel[i, FIELD]; nclients, client[i, FIELD]
#	naddresses, address[i], address_from (the first one is our own, or set)
#	disk_total, disk_used, disk_free: bytes; fingerprint of ca.crt
#	nversions, version[i], the newest first: narches[V], arch[V, i],
#		npackages[V], package[V, i], size[V, PACKAGE, ARCH], name[V, PACKAGE, ARCH],
#		total[V], count[V], changelog[V]
#	nothers, other[i], other_size[i]: files below winbox
#	mirror: bytes of all files
BEGIN { FS = "\t" }
$1 == "now" { now = $2 + 0 }
$1 == "status" && index($2, "=") {
	status[substr($2, 1, index($2, "=") - 1)] = substr($2, index($2, "=") + 1)
}
$1 == "channel" && NF == 7 {
	nchannels++
	for (i = 2; i <= 7; i++)
		channel[nchannels, word_of[i]] = $i == "-" ? "" : $i
}
$1 == "client" && NF == 6 {
	nclients++
	client[nclients, "time"] = $2 + 0
	client[nclients, "address"] = $3
	client[nclients, "version"] = $4
	client[nclients, "path"] = $5
	client[nclients, "requests"] = $6 + 0
}
$1 == "disk" {
	disk_total = $2 * 1024; disk_used = $3 * 1024; disk_free = $4 * 1024
}
$1 == "address" {
	address[++naddresses] = $3
	if (naddresses == 1)
		address_from = $2
}
$1 == "fingerprint" && length($2) == 64 { fingerprint = $2 }
$1 == "file" { file_seen($2 + 0, substr($3, 3)) }
BEGIN {
	split("- channel pointer version time upstream state", w, " ")
	for (i = 2; i <= 7; i++)
		word_of[i] = w[i]
}

# A package, a version's CHANGELOG, or a file of WinBox; others count by size.
function file_seen(bytes, path,    part, v) {
	mirror += bytes
	if (path ~ /^winbox\/[0-9A-Za-z._\/-]+$/ && path !~ /\/LATEST/) {
		other[++nothers] = path
		other_size[nothers] = bytes
	}
	if (path !~ /^[0-9][0-9a-z.]*\/[0-9A-Za-z._-]+$/)
		return
	split(path, part, "/")
	v = part[1]
	if (part[2] == "CHANGELOG")
		changelog[v] = 1
	if (part[2] ~ /\.npk$/)
		npk_seen(bytes, v, part[2])
}

# PACKAGE-VERSION[-ARCH].npk; RouterOS 6 has routeros-ARCH-VERSION.npk.
function npk_seen(bytes, v, file,    i, p, a) {
	i = index(file, "-" v)
	if (i < 2)
		return
	p = substr(file, 1, i - 1)
	a = substr(file, i + 1 + length(v))
	sub(/\.npk$/, "", a)
	if (a == "" && v ~ /^6\./ && p ~ /^routeros-/) {
		a = "-" substr(p, 10)
		p = "routeros"
	}
	a = a == "" ? "x86" : a == "-powerpc" ? "ppc" : substr(a, 2)
	if (a !~ /^[a-z0-9_]+$/)
		return
	if (!(v in count))
		version[++nversions] = v
	if (!((v, "p", p) in known))
		package[v, ++npackages[v]] = p
	if (!((v, "a", a) in known))
		arch[v, ++narches[v]] = a
	known[v, "p", p] = known[v, "a", a] = 1
	size[v, p, a] = bytes
	name[v, p, a] = file
	total[v] += bytes
	count[v]++
}

# 7.25beta2 < 7.25rc1 < 7.25 < 7.25.1 as numbers; rsc.awk has the same for routers.
function rank(v,    part, stage, last) {
	stage = 3; last = 0
	if (match(v, /(alpha|beta|rc)[0-9]+$/)) {
		stage = substr(v, RSTART, 1) == "a" ? 0 : \
			substr(v, RSTART, 1) == "b" ? 1 : 2
		last = substr(v, RSTART)
		gsub(/[a-z]/, "", last)
		v = substr(v, 1, RSTART - 1)
	}
	split(v, part, ".")
	if (stage == 3)
		last = part[3]
	return ((part[1] * 1000 + part[2]) * 10 + stage) * 1000 + last
}

# Insertion sorts: there are a few dozen of anything.
function sort_all(    i, j, v, x) {
	for (i = 2; i <= nversions; i++) {
		x = version[i]
		for (j = i - 1; j && rank(version[j]) < rank(x); j--)
			version[j + 1] = version[j]
		version[j + 1] = x
	}
	for (i = 1; i <= nversions; i++) {
		v = version[i]
		sort_list(package, v, npackages[v])
		sort_list(arch, v, narches[v])
	}
}

function sort_list(list, v, n,    i, j, x) {
	for (i = 2; i <= n; i++) {
		x = list[v, i]
		for (j = i - 1; j && before(x, list[v, j]); j--)
			list[v, j + 1] = list[v, j]
		list[v, j + 1] = x
	}
}

function before(a, b) {
	if (a == "routeros" || b == "routeros")
		return a == "routeros" && b != "routeros"
	return a "" < b ""
}

function megabytes(bytes) {
	if (bytes >= 1e11)
		return sprintf("%d GB", bytes / 1e9)
	if (bytes >= 1e9)
		return sprintf("%.1f GB", bytes / 1e9)
	if (bytes >= 1e8)
		return sprintf("%d MB", bytes / 1e6)
	if (bytes >= 1e5)
		return sprintf("%.1f MB", bytes / 1e6)
	return sprintf("%d kB", (bytes + 999) / 1000)
}

# Versions that a pointer for RouterOS 7 names.
function published(c) {
	return channel[c, "version"] ~ /^[1-9]/ ? channel[c, "version"] : ""
}
function is_main(c) { return channel[c, "pointer"] ~ /^NEWESTa7\.[a-z-]+$/ }

# The container as routers may reach it.
function base_url(    a) {
	a = naddresses ? address[1] : "ADDRESS"
	if (index(a, ":"))
		a = "[" a "]"
	return "http://" a (port == 80 ? "" : ":" port)
}

function reason_words(reason) {
	if (reason == "network") return "no connection to MikroTik's server"
	if (reason == "dns") return "names cannot be resolved"
	if (reason == "upstream") return "MikroTik's server answered with an error"
	if (reason == "checksum") return "a download was damaged"
	if (reason == "disk") return "the disk is full, missing or read-only"
	if (reason == "loop") return "this mirror would have mirrored itself"
	if (reason == "clock") return "the clock is wrong"
	if (reason == "settings") return "a setting is wrong"
	if (reason == "stopped") return "it was interrupted"
	return reason
}

# ok, bad, run, wait or none: one word for colours, and for scripts.
function overall(    i) {
	if (status["state"] == "running")
		return "run"
	if (status["state"] == "failed")
		return "bad"
	if (status["state"] != "ok")
		return "none"
	if (status["last_ok"] && now - status["last_ok"] >= max_age * 86400)
		return "bad"
	for (i = 1; i <= nchannels; i++)
		if (channel[i, "state"] == "waiting")
			return "wait"
	return "ok"
}
