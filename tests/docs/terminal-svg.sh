#!/bin/bash
# SPDX-License-Identifier: MIT
# terminal-svg.sh: a terminal's text on stdin as an SVG picture on stdout.
# Lines that begin with "$ " are what was typed. docs/terminal.svg is made by
# tests/docs/terminal.sh with it.
set -eu
export LC_ALL=C.UTF-8

awk '
function escape(s) {
	gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
	return s
}
{ line[NR] = $0; if (length($0) > width) width = length($0) }
END {
	w = int(width * 8.43) + 41; h = NR * 19 + 62
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n", w, h, w, h
	print "<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;fill:#d6deeb;white-space:pre}.in{fill:#ffffff;font-weight:bold}.ok{fill:#8bd49c}.dim{fill:#8796b0}</style>"
	printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#0f1826\"/>\n", w, h
	print "<circle cx=\"22\" cy=\"20\" r=\"6\" fill=\"#e0655f\"/><circle cx=\"42\" cy=\"20\" r=\"6\" fill=\"#e5b64d\"/><circle cx=\"62\" cy=\"20\" r=\"6\" fill=\"#63b56b\"/>"
	for (i = 1; i <= NR; i++) {
		class = ""
		if (line[i] ~ /^\$ /) class = " class=\"in\""
		else if (line[i] ~ /^[^ ].*\.tar$/) class = " class=\"ok\""
		else if (line[i] ~ /^ /) class = " class=\"dim\""
		printf "<text x=\"20\" y=\"%d\" xml:space=\"preserve\"%s>%s</text>\n", i * 19 + 36, class, escape(line[i])
	}
	print "</svg>"
}'
