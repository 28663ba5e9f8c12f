# SPDX-License-Identifier: MIT
# json.awk: status.json, for programs. Absent values are null; times are seconds.

function text(s) {
	if (s == "")
		return "null"
	gsub(/[\\"]/, "\\\\&", s)
	return "\"" s "\""
}
function number(s) { return s ~ /^(0|[1-9][0-9]*)$/ ? s : "null" }

# One "key": value of an object.
function pair(key, value, last) {
	printf "%s\"%s\": %s%s\n", "    ", key, value, last ? "" : ","
}
function comma(i, n) { return i < n ? ",\n" : "\n" }

function json_channel(i) {
	printf "    {\"channel\": %s, \"pointer\": %s, \"version\": %s, \"built\": %s," \
		" \"upstream\": %s, \"state\": %s}%s",
		text(channel[i, "channel"]), text(channel[i, "pointer"]),
		text(channel[i, "version"]), number(channel[i, "time"]),
		text(channel[i, "upstream"]), text(channel[i, "state"]),
		comma(i, nchannels)
}

function json_client(i) {
	printf "    {\"address\": %s, \"version\": %s, \"asked\": %s, \"time\": %.0f," \
		" \"requests\": %.0f}%s", text(client[i, "address"]),
		text(client[i, "version"] == "-" ? "" : client[i, "version"]),
		text(client[i, "path"]), client[i, "time"], client[i, "requests"],
		comma(i, nclients)
}

function json_version(i,    v) {
	v = version[i]
	printf "    {\"version\": %s, \"packages\": %.0f, \"bytes\": %.0f}%s",
		text(v), count[v], total[v], comma(i, nversions)
}

END {
	sort_all()
	printf "{\n  \"written\": %.0f,\n  \"sync\": {\n", now
	pair("state", text(status["state"] == "" ? "never" : status["state"]))
	pair("reason", text(status["reason"]))
	pair("message", text(status["message"]))
	pair("doing", text(status["doing"]))
	pair("began", number(status["began"]))
	pair("ended", number(status["ended"]))
	pair("last_ok", number(status["last_ok"]))
	pair("done_files", number(status["done_files"]))
	pair("done_bytes", number(status["done_bytes"]), "last")
	printf "  },\n  \"disk\": {\n"
	pair("total", sprintf("%.0f", disk_total))
	pair("free", sprintf("%.0f", disk_free))
	pair("mirror", sprintf("%.0f", mirror), "last")
	printf "  },\n  \"channels\": [\n"
	for (i = 1; i <= nchannels; i++)
		json_channel(i)
	printf "  ],\n  \"versions\": [\n"
	for (i = 1; i <= nversions; i++)
		json_version(i)
	printf "  ],\n  \"clients\": [\n"
	for (i = 1; i <= nclients; i++)
		json_client(i)
	printf "  ]\n}\n"
}
