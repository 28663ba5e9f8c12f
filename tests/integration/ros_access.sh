#!/bin/bash
# SPDX-License-Identifier: MIT
# ros-access: lighttpd's access log as lines for the container's log, and the list
# of clients. Clients are hostile. Run by busybox' awk, as in the image.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need busybox

ACCESS=$TOP/rootfs-overlays/upgrade-server/usr/sbin/ros-access
export ROS_DATA=$TEST_TMP/data
CLIENTS=$ROS_DATA/state/clients
mkdir -p "$ROS_DATA/state"
access() { busybox awk -f "$ACCESS"; }

# one LINE WANT NAME: what a line of lighttpd's becomes.
one() { is "$(printf '%s\n' "$1" | access)" "$2" "$3"; }

# as ADDRESS REQUEST AGENT: in the form that ros.conf asks for.
as() { printf '%s 200 17 "%s" "%s"\n' "$@"; }

one "$(as 10.0.0.5 'GET /routeros/NEWESTa7.stable?version=7.20.1 HTTP/1.1' 'RouterOS 7.20.1')" \
	"10.0.0.5 RouterOS 7.20.1 GET /routeros/NEWESTa7.stable 200 17" "a pointer"
one '10.0.0.5 206 13824000 "GET /routeros/7.24.4/dude-7.24.4-arm64.npk HTTP/1.1" "RouterOS 7.20"' \
	"10.0.0.5 RouterOS 7.20 GET /routeros/7.24.4/dude-7.24.4-arm64.npk 206 13824000" \
	"a package"
one "$(as fe80::1 'GET /routeros/NEWESTa7.stable?x=1&version=7.9beta4 HTTP/1.1' 'fetch')" \
	"fe80::1 RouterOS 7.9beta4 GET /routeros/NEWESTa7.stable 200 17" \
	"the version of the query, an IPv6 address"
one "$(as 10.0.0.9 'GET / HTTP/1.1' 'Mozilla/5.0 (RouterOS 7.1)')" \
	"10.0.0.9 - GET / 200 17" "a browser"
one '10.0.0.8 up - [22/Nov/2026:04:00:00 +0000] "GET /x HTTP/1.1" 200 55 "-" "RouterOS 7.1"' \
	"10.0.0.8 RouterOS 7.1 GET /x 200 55" "lighttpd's own format"
one '10.0.0.9 400 500 "" "-"' "10.0.0.9 - - - 400 500" "no request at all"
one "$(as 127.0.0.1 'GET /healthz HTTP/1.1' Wget)" "" "the container's own health check is not told"
one "garbage" "" "garbage is left out"
one "$(as '<b>' 'GET / HTTP/1.1' '-')" "" "an address that is none"

# Hostile clients.
one "$(as 10.0.0.7 'GET /<script>"x HTTP/1.1' 'RouterOS <b>7.1')" \
	"10.0.0.7 - GET /<script> 200 17" "a quote that lighttpd would have escaped"
one "$(as 10.0.0.7 "$(printf 'GET /a\033[31m\001\377\303\244\tb HTTP/1.1')" \
	"$(printf 'RouterOS 7.1\033[2J')")" \
	"10.0.0.7 RouterOS 7.1 GET /a_[31m_____b 200 17" "no control characters"
one "$(as 10.0.0.7 'GET /a b c HTTP/1.1' 'RouterOS 7.1-(DROP TABLE)')" \
	"10.0.0.7 RouterOS 7.1 GET /a%20b%20c 200 17" "blanks; a version is cut where it ends"
long=$(head -c 100000 /dev/zero | tr '\0' A)
OUT=$(as 10.0.0.7 "GET /routeros/$long.npk HTTP/1.1" "$long" | access)
is "${#OUT}" 0 "what is longer than lighttpd lets it be is left out"
OUT=$(as 10.0.0.7 "GET /${long:0:8000} HTTP/1.1" "${long:0:8000}" | access)
is "${#OUT}" 150 "what is as long as lighttpd lets it be is told"
OUT=$(as 10.0.0.7 "GET /routeros/${long:0:900}.npk?${long:0:900} HTTP/1.1" "$long" | access)
is "${#OUT}" 150 "a long line has 150 characters"
like "$OUT" '^10.0.0.7 - GET /routeros/A+\.\.\.A+\.npk 200 17$' "and its path both ends"
# While it reads, the server waits, and so do routers.
printf -v line '\\"%.0s' {1..3000}
line=$(as 10.0.0.7 "GET /$line HTTP/1.1" "${long:0:7000}")
for ((i = 0; i < 1000; i++)); do echo "$line"; done >"$TEST_TMP/long"
ok "a flood of long lines is read at once" timeout 10 \
	busybox awk -f "$ACCESS" <"$TEST_TMP/long"
head -c 300000 /dev/urandom >"$TEST_TMP/random"
ok "noise does not end it" access <"$TEST_TMP/random"
is "$(access <"$TEST_TMP/random" | LC_ALL=C tr -d '\n -~' | wc -c)" 0 "and nothing of it gets through"

# The list of clients.
rm -f "$CLIENTS"
{
	as 10.0.0.5 'GET /routeros/NEWESTa7.stable?version=7.20.1 HTTP/1.1' 'RouterOS 7.20.1'
	as 10.0.0.5 'GET /routeros/7.24.4/packages.csv HTTP/1.1' 'RouterOS 7.20.1'
	as 10.0.0.5 'GET /ca.crt HTTP/1.1' 'Mozilla'
	as 127.0.0.1 'GET / HTTP/1.1' 'Wget'
	as 10.0.0.6 "GET /x	y	z HTTP/1.1" 'Mozilla'
} | access >"$TEST_TMP/lines"
is "$(wc -l <"$TEST_TMP/lines")" 5 "a line for each"
is "$(sort -k2 "$CLIENTS" | cut -f2-)" "10.0.0.5	7.20.1	/ca.crt	3
10.0.0.6	-	/x_y_z	1" "who, its version, what last, how often; not the container itself"
now=$(date +%s) then=$(head -n 1 "$CLIENTS" | cut -f1)
[ $((now - then)) -lt 60 ] && pass "and when" || fail "and when" "$then, now $now"
as 10.0.0.6 'GET /routeros/NEWESTa7.stable HTTP/1.1' 'RouterOS 7.24.4' | access >/dev/null
is "$(sort -k2 "$CLIENTS" | cut -f2-)" "10.0.0.5	7.20.1	/ca.crt	3
10.0.0.6	7.24.4	/routeros/NEWESTa7.stable	2" "the list survives a restart"

{
	for i in {1..250}; do
		as "10.1.0.$i" 'GET / HTTP/1.1' 'RouterOS 7.1'
	done
} | access >/dev/null
is "$(wc -l <"$CLIENTS")" 200 "not more than 200"
like "$(cut -f2 "$CLIENTS")" '^10\.1\.0\.250$' "the newest is among them"

printf 'x\ty\n\n1\t<b>\t7\t/\t3\n12\t10.9.9.9\t<b>\t%s\t4\n' "$(printf '/\001')" >"$CLIENTS"
as 10.0.0.5 'GET / HTTP/1.1' - | access >/dev/null
is "$(grep -c . "$CLIENTS")$(grep -o '10.9.9.9.*' "$CLIENTS")" "210.9.9.9	-	/_	4" \
	"what is wrong in the list is left out"

ROS_DATA=$TEST_TMP/absent
is "$(as 10.0.0.5 'GET / HTTP/1.1' 'RouterOS 7.1' | access 2>&1)" \
	"10.0.0.5 RouterOS 7.1 GET / 200 17" "without a place for the list it goes on"
if [ -e /dev/full ]; then
	ROS_DATA=$TEST_TMP/full
	mkdir -p "$ROS_DATA/state"
	ln -s /dev/full "$ROS_DATA/state/clients.new"
	{
		for i in {1..150}; do
			as "10.1.0.$i" 'GET /routeros/NEWESTa7.stable HTTP/1.1' 'RouterOS 7.1'
		done
	} | access >"$TEST_TMP/lines" 2>&1
	is "$(wc -l <"$TEST_TMP/lines")" 150 "on a full disk it goes on"
	ok "and makes no list of half" test ! -e "$ROS_DATA/state/clients"
fi
export ROS_DATA="$TEST_TMP/it's; exit 1"
mkdir -p "$ROS_DATA/state"
as 10.0.0.5 'GET / HTTP/1.1' 'RouterOS 7.1' | access >/dev/null
is "$(cut -f2- "$ROS_DATA/state/clients")" "10.0.0.5	7.1	/	1" "a folder's name is only a name"

# As it runs: a line comes at once, the list within seconds, and it ends with its input.
export ROS_DATA=$TEST_TMP/live
mkdir -p "$ROS_DATA/state"
mkfifo "$TEST_TMP/fifo"
access <"$TEST_TMP/fifo" >"$TEST_TMP/live.log" &
pid=$!
exec 5>"$TEST_TMP/fifo"
as 10.0.0.5 'GET /routeros/NEWESTa7.stable HTTP/1.1' 'RouterOS 7.1' >&5
for _ in {1..100}; do
	[ ! -s "$TEST_TMP/live.log" ] || [ ! -s "$ROS_DATA/state/clients" ] || break
	sleep 0.1
done
ok "a line comes at once" test -s "$TEST_TMP/live.log"
ok "and the list" test -s "$ROS_DATA/state/clients"
exec 5>&-
wait $pid
is $? 0 "it ends with its input"

# All of lighttpd's own words, when it is here.
with_lighttpd() {
	local conf=$TEST_TMP/lighttpd.conf port=18$((RANDOM % 900 + 100))
	mkdir -p "$TEST_TMP/www"
	cat >"$conf" <<-EOF
		server.modules = ("mod_accesslog")
		server.document-root = "$TEST_TMP/www"
		server.bind = "127.0.0.1"
		server.port = $port
		$(grep '^accesslog.format' "$TOP/rootfs-overlays/upgrade-server/etc/lighttpd/ros.conf")
		accesslog.filename = "|busybox awk -f $ACCESS >$TEST_TMP/lighttpd.log"
	EOF
	lighttpd -D -f "$conf" 2>"$TEST_TMP/lighttpd.err" &
	pid=$!
	for _ in {1..50}; do
		curl -sf "http://127.0.0.1:$port/none" -A 'RouterOS 7.24.4 "x' -o /dev/null
		[ $? = 7 ] || break
		sleep 0.1
	done
	kill $pid
	wait $pid
	for _ in {1..50}; do
		[ ! -s "$TEST_TMP/lighttpd.log" ] || break
		sleep 0.1
	done
	like "$(cat "$TEST_TMP/lighttpd.log")" \
		'^127\.0\.0\.1 RouterOS 7\.24\.4 GET /none 404 [0-9]+$' "what lighttpd writes"
}
if command -v lighttpd >/dev/null; then with_lighttpd; else
	skip "what lighttpd writes" "lighttpd is not installed"; fi
done_testing
