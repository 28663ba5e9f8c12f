#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ros_sync_faults: upstreams that fail, change or lie. Whatever they do, nothing
# wrong is served, no pointer leads to what is not there, and status and healthz say
# what it was; when they are well again, so is the mirror.
# timeout: 900
. "$(dirname "$0")/../lib/tap.sh"
. "$TOP/tests/lib/side_by_side.sh"
ROS_PARTS=yes
. "$TOP/tests/lib/ros_sync.sh"
export ROS_CHANNELS=stable ROS_ARCHES=arm64 ROS_PACKAGES="routeros ups container"
export ROS_BRIDGE=0 ROS_RETRY=3 ROS_TIMEOUT=1
MAIN=7.24.5/routeros-7.24.5-arm64.npk

# A mirror of 7.24.4, and an upstream that is at 7.24.5 by now.
next_version() {
	fresh
	cp -a "$MADE/mirror" "$ROS_DATA"
	rm -rf "$UP/tree/7.24.5"
	cp -a "$MADE/next" "$UP/tree/7.24.5"
	tree point NEWESTa7.stable 7.24.5
}
# Once for all parts, which have their own copy of upstream's tree.
prepare() {
	without_page
	upstream_start
	ros sync >/dev/null 2>&1
	mv "$ROS_DATA" "$TEST_TMP/mirror"
	tree release 7.24.5 7.24.6
	cp -a "$UP/tree/7.24.5" "$TEST_TMP/next"
	upstream_stop
	MADE=$TEST_TMP
}
part_of() {
	mkdir "$TEST_TMP/up"
	cp -a "$MADE/up/tree" "$TEST_TMP/up/"
	part "$1"
}

# fails REASON MESSAGE NAME: a sync does, and all stays as it was.
fails() {
	local reason=$1 message=$2
	shift 2
	sync_ends 1 "$*"
	is "$(state state) $(state reason)" "failed $reason" "$*: the reason"
	like "$(www healthz)" "^failed: $reason: .*$message" "$*: healthz tells it"
	is "$(pointer NEWESTa7.stable | cut -d' ' -f1)" "${stays:-7.24.4}" \
		"$*: the pointer stays"
	whole "$*: nothing wrong is served"
}

# recovers NAME: the next sync, upstream being well.
recovers() {
	faults
	sync_ends 0 "$*: the next sync succeeds"
	is "$(pointer NEWESTa7.stable | cut -d' ' -f1) $(www healthz)" "7.24.5 ok" \
		"$*: and offers 7.24.5"
	whole "$*: the mirror is whole"
}

# fault REASON MESSAGE NAME FAULT...
fault() {
	local reason=$1 message=$2 name=$3
	shift 3
	next_version
	faults "$@"
	fails "$reason" "$message" "$name"
	recovers "$name"
}

# bearable NAME FAULT...: the sync succeeds all the same.
bearable() {
	local name=$1
	shift
	next_version
	faults "$@"
	sync_ends 0 "$name: the sync succeeds"
	is "$(pointer NEWESTa7.stable | cut -d' ' -f1)" 7.24.5 "$name: the version is offered"
	whole "$name: the mirror is whole"
}

answers() {
	fault upstream '500' "500 for the pointer" 'status NEWEST* 500'
	fault upstream '503' "503 for a package" "status $MAIN 503"
	fault upstream '404' "a package that is in the list and nowhere else" \
		'missing *ups-7.24.5-arm64.npk*'
	fault upstream 'CHANGELOG' "no CHANGELOG" 'missing *CHANGELOG'
	fault upstream 'no version' "HTML for the pointer" 'text NEWEST* <html>_login_</html>'
	fault upstream 'no text' "HTML for the CHANGELOG" 'text *CHANGELOG <html>'
	fault upstream 'no list' "HTML for the list" 'text *.csv <html>'
	fault upstream 'no SHA-256' "HTML for a checksum" 'text *.sha256 <html>'
	fault upstream 'not an http' "a redirect to a file" "redirect $MAIN file:///etc/passwd"
	fault upstream 'redirect' "a circle of redirects" 'redirect NEWEST* /routeros/NEWESTa7.stable'
}

answers_bearable() {
	bearable "500 that passes" 'status *.npk 500 2'
	bearable "a redirect" "redirect $MAIN /routeros/$MAIN 1"
}

bytes() {
	fault checksum 'sha256' "a package of wrong bytes" "corrupt $MAIN"
	fault checksum 'sha256' "HTML for a package" "text $MAIN <html>"
	fault upstream 'no npk' "HTML for a package without checksum" \
		"text $MAIN <html>" 'missing *.sha256'
	fault checksum 'sha256' "a checksum of something else" "text $MAIN.sha256 $(printf '%064d' 7)"
	fault network 'came of|cut' "a length that is never reached" "longer $MAIN 10"
	bearable "wrong bytes that pass" "corrupt $MAIN - 2"
	bearable "a checksum that is late" "text $MAIN.sha256 $(printf '%064d' 7) 1"
}

lengths() {
	next_version
	printf '%s\r\n' "$(cut -c1-64 "$UP/tree/$MAIN.sha256")" >"$TEST_TMP/sum"
	cp "$TEST_TMP/sum" "$UP/tree/$MAIN.sha256"
	sync_ends 0 "a checksum alone, with CR and LF"
	bearable "no checksums" 'missing *.sha256'
	bearable "no list of packages" 'missing *.csv'
	ok "no list of packages: none is made up" test ! -e \
		"$ROS_DATA/www/routeros/7.24.5/packages.csv"
	ok "no list of packages: extras are found by name" has 7.24.5/ups-7.24.5-arm64.npk
	fault upstream 'larger than' "a length that cannot be" "header $MAIN Content-Length=99999999999"
	bearable "no length announced" 'nolength *.npk'
}

# 25 kB in pieces of 5 kB: each attempt goes on where the last one ended.
connections() {
	bearable "connections that are cut" "cut *.npk 5000"
	is "$(requests "$MAIN 206")" $(($(stat -c %s "$UP/tree/$MAIN") / 5000)) \
		"cut connections: resumed"
	bearable "cut without Range" "cut $MAIN 5000 2" 'norange *'
	fault network 'cut' "connections that bring nothing" "cut $MAIN 0"
	fault network 'KiB/s' "a connection that drips" "slow $MAIN 100"
	fault network 'KiB/s' "a server that does not answer" 'hang NEWEST* 30'
	next_version
	ROS_UPGRADE_URL=http://127.0.0.1:1 fails network refused "nobody there"
	ROS_UPGRADE_URL=http://no.such.host.invalid fails dns 'cannot resolve' "no such name"
	recovers "network"
}

loops() {
	fault loop 'leads to this server' "its own answers" \
		'header * X-Served-By=alp_rc_upgrade-server'
	fault loop 'leads to this server' "its own answers, by another header" \
		'header * Server=alp_rc_upgrade-server'
	echo ok >"$UP/tree/healthz"
	fault loop 'leads to this server' "itself, while it has no pointer yet" \
		'missing NEWEST*' 'header healthz Server=alp_rc_upgrade-server'
	fault loop 'leads to this server' "itself, in place of HTTPS" \
		'status NEWEST* 500' 'header healthz Server=alp_rc_upgrade-server'
	rm "$UP/tree/healthz"
	fault loop 'leads to this server' "its own packages" \
		"header $MAIN X-Served-By=alp_rc_upgrade-server"
}

# Limits are reached, whatever is announced or not.
hostile() {
	fault upstream 'larger than' "an endless pointer" 'endless NEWEST*'
	fault upstream 'larger than' "an endless list" 'endless *.csv'
	fault upstream 'no version' "a path for a version" 'text NEWEST* ../../../etc_1'
	fault upstream 'no version' "a command for a version" 'text NEWEST* $(touch${IFS}x)_1'
	fault upstream 'no version' "a version of RouterOS 6" 'text NEWEST* 6.49.18_1'
	fault upstream 'no version' "a time that is none" 'text NEWEST* 7.24.5_1;x'
	fault upstream 'no version' "more than a version" 'text NEWEST* 7.24.5_1_2'
	next_version
	{
		echo 'arm64,../../../../tmp/x'
		echo 'arm64,$(reboot),1'
		echo '../arm64,ups'
		echo 'arm64,-rf'
		echo "arm64,$(printf 'a%.0s' {1..100})"
		cat "$UP/tree/7.24.5/packages.csv"
	} >"$TEST_TMP/csv"
	cp "$TEST_TMP/csv" "$UP/tree/7.24.5/packages.csv"
	ROS_PACKAGES=all sync_ends 0 "a list with hostile names: they are nothing"
	unlike "$(www routeros/7.24.5/packages.csv)" '\.\.|rf|\$|aaaa' "and not handed on"
	is "$(requests '\.\./|reboot|aaaa')" 0 "nor asked for"
	ROS_PACKAGES=all whole "a list with hostile names: the mirror is whole"
}

# Upstream moves on while we are busy.
moving() {
	next_version
	faults "switch $MAIN NEWESTa7.stable=7.24.6 1"
	sync_ends 0 "a new version while fetching"
	is "$(pointer NEWESTa7.stable)" "$(cat "$UP/tree/NEWESTa7.stable")" \
		"the same sync offers the newest"
	like "$OUT" "NEWESTa7.stable says 7.24.5" "after the one that it had begun"
	whole "a new version while fetching: the mirror is whole"

	next_version
	faults "switch $MAIN NEWESTa7.stable=7.24.6" "missing $MAIN"
	sync_ends 0 "a version that is withdrawn while fetching"
	is "$(pointer NEWESTa7.stable | cut -d' ' -f1)" 7.24.6 "the newest is offered"
}

# The same version with other packages: all change, or none.
released_again() {
	next_version
	ros sync >/dev/null 2>&1
	cp -r "$UP/tree" "$TEST_TMP/before"
	tree release 7.24.5 --revision 2
	faults "status */ups-7.24.5-arm64.npk 500"
	sync_ends 1 "a version released again, in part"
	whole "in part: what was there stays" "$TEST_TMP/before" "$UP/tree"
	ok "in part: also the packages that did come" cmp -s \
		"$ROS_DATA/www/routeros/$MAIN" "$TEST_TMP/before/$MAIN"
	faults
	sync_ends 0 "a version released again"
	whole "the mirror has the new packages"
	is "$(requests "$MAIN 200")" 5 "what had come was not fetched again"
	faults "again 7.24.5/container-7.24.5-arm64.npk 7.24.5=3 1"
	rm -rf "$ROS_DATA"
	sync_ends 0 "a version released again while fetching"
	sync_ends 0 "and the sync after it"
	whole "the mirror has the newest packages"
	rm -rf "$TEST_TMP/before"
}

AT_ONCE=8
prepare
side_by_side part_of answers answers_bearable bytes lengths connections loops hostile \
	moving,released_again
done_testing
