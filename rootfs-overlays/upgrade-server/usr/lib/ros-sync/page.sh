# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# page.sh: the web page (www/index.html) and the same as JSON (www/status.json).
# All that they tell is gathered once, as lines of a kind and fields between tabs,
# which facts.awk reads; no file of the mirror costs a process.

# What comes from outside is printable ASCII from here on.
page_ascii() { LC_ALL=C tr -c '\t\n -~' '?'; }

# page_each KIND FILE: the lines of a file, as that kind.
page_each() { [ ! -r "$2" ] || sed "s/^/$1$TAB/" "$2"; }

# The addresses under which routers may know this container: those that the
# operator has put into the certificate first, then its own.
page_addresses() {
	local word
	{
		for word in $ROS_HOSTNAMES; do
			echo "set $word"
		done | grep -E '^set ([0-9]+(\.[0-9]+){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*)$'
		ip -o addr show scope global 2>/dev/null |
			awk '{ sub(/\/.*/, "", $4); print "own", $4 }' | sort -u
	} | awk -v OFS="$TAB" '!seen[$2]++ { print "address", $1, $2 }'
}

# As RouterOS shows it in /certificate/print.
page_fingerprint() {
	[ -s "$WWW/ca.crt" ] || return 0
	printf 'fingerprint\t'
	sed '/^-----/d' "$WWW/ca.crt" | base64 -d 2>/dev/null | sha256sum | cut -c1-64
}

page_files() {
	[ ! -d "$TREE" ] || (cd "$TREE" &&
		find . -type f -exec stat -c "file$TAB%s$TAB%n" {} +)
}

page_facts() {
	{
		echo "now$TAB$(date +%s)"
		page_each status "$STATE/status"
		page_each channel "$STATE/channels"
		! [ -r "$STATE/clients" ] || sort -rn "$STATE/clients" |
			sed "s/^/client$TAB/"
		df -Pk "$ROS_DATA" 2>/dev/null |
			awk -v OFS="$TAB" 'NR == 2 { print "disk", $2, $3, $4 }'
		page_addresses
		page_fingerprint
		page_files
	} | page_ascii
}

# page_awk PROGRAM...: with the facts on stdin.
page_awk() {
	local program=$1
	shift
	LC_ALL=C awk -f "$ROS_LIB/facts.awk" -f "$ROS_LIB/$program" \
		-v port="$ROS_PORT" -v tls_port="$ROS_TLS_PORT" \
		-v approve="$ROS_APPROVE" -v min_free="$ROS_MIN_FREE_MB" \
		-v max_age="$ROS_MAX_AGE_DAYS" -v channels="$ROS_CHANNELS" "$@"
}

# page_lasting: what of a text is worth a write: not when it was written, nor how
# much is free to less than 10 MB. The disk may be a stick that wears.
page_lasting() {
	sed 's/Written <time[^>]*>[^<]*//; s/^  "written": .*//
		s/^\( *"free": [0-9]*\)[0-9]\{7\},$/\1/
		s/\.[0-9] MB free of/ MB free of/'
}

# page_put FILE PROGRAM...: nothing is replaced by what failed, or by the same.
page_put() {
	local file=$1 text old=
	shift
	text=$(printf '%s\n' "$facts" | page_awk "$@") && [ -n "$text" ] || return
	[ ! -s "$file" ] || old=$(page_lasting <"$file")
	[ "$old" != "$(printf '%s\n' "$text" | page_lasting)" ] || return 0
	printf '%s\n' "$text" | put "$file"
}

page_write() {
	local facts
	facts=$(page_facts)
	cmp -s "$ROS_LIB/style.css" "$WWW/style.css" ||
		put "$WWW/style.css" <"$ROS_LIB/style.css" || return
	page_put "$WWW/status.json" json.awk || return
	page_put "$WWW/index.html" page.awk -f "$ROS_LIB/page_setup.awk"
}
