# SPDX-License-Identifier: MIT
# routeros_docs.awk: reads tables of properties (COMMAND NAME SINCE UNTIL, from
# "-") and a page, of which it judges the commands. These are lines of code
# blocks, continued by a backslash. A section for older versions, too, says
# "Before 7.6 leave `start-on-boot=yes` out". `page` is the name in findings.

function wrong(text) { print page ":" line ": " text }
function number(text, v) {
	split(text, v, ".")
	return v[2] * 1000 + v[3]
}
function shown(n) {
	return "7." int(n / 1000) (n % 1000 ? "." n % 1000 : "")
}
# range HEADING: sets low and high where it names versions of RouterOS;
# 7.22 at the end of a range stands for all its patches.
function range(heading, n, v) {
	low = high = 0
	if (heading !~ /^#+ RouterOS 7\./) return
	gsub(/[^0-9.]+/, " ", heading)
	n = split(heading, v, " ")
	low = number(v[1])
	high = number(v[n])
	if (high % 1000 == 0) high += 999
}
function judge(menu, word, v) {
	if (!((menu, word) in known)) {
		wrong(menu " has no " word "=")
		return
	}
	split(known[menu, word], v, " ")
	if (low && v[1] != "-" && low < v[1] && excused[word] != v[1])
		wrong(menu ": " word "= came with " shown(v[1]))
	if (low && v[2] != "-" && high >= v[2])
		wrong(menu ": " word "= went with " shown(v[2]))
	seen++
}
function command(text, menu, rest, word) {
	menu = text; sub(/[ ].*/, "", menu)
	if (!(menu in menus)) {
		# RouterOS 6 has blanks where 7 has slashes.
		if (menu != "/system" && text ~ / [a-z-]+=/ && text !~ /find where/)
			wrong("unknown menu " menu)
		return
	}
	rest = substr(text, length(menu) + 1)
	gsub(/"[^"]*"/, "x", rest)
	while (match(rest, / [a-z-]+=/)) {
		word = substr(rest, RSTART + 1, RLENGTH - 2)
		rest = substr(rest, RSTART + RLENGTH)
		judge(menu, word)
	}
}
FILENAME == "-" {
	menus[$1] = 1
	known[$1, $2] = $3 " " $4
	next
}
{ line = FNR }
/^```/ { code = !code; next }
!code && match($0, /Before 7\.[0-9.]+ leave `[a-z-]+=/) {
	split(substr($0, RSTART, RLENGTH), part, /[ `=]+/)
	excused[part[4]] = number(part[2])
}
!code && /^#+ / {
	heading = $0
	split("", excused)
	range(heading)
	if (low && heading ~ /later/) high = 99999
}
code && (held != "" || /^\//) {
	held = held $0
	if (sub(/\\$/, " ", held)) next
	command(held); held = ""
}
END { if (!seen) print page ": no command was found" }
