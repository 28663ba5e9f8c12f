#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ros-jobs of the upgrade server: when it syncs, and what it does every five
# minutes. By dash, with a clock that can be set and programs that only tell that
# they were called.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need dash

PROGRAM=$TOP/rootfs-overlays/upgrade-server/usr/sbin/ros-jobs
NOON=1771934400	# 2026-02-24 12:00 UTC
HOUR=3600
export ROS_DATA=$TEST_TMP/data ROS_RUN=$TEST_TMP/run TZ=UTC
BIN=$TEST_TMP/bin

# program NAME STATUS: one that does nothing else.
program() {
	printf '#!/bin/sh\necho "%s $*" >>"%s/called"\nexit %s\n' "$1" \
		"$TEST_TMP" "$2" >"$BIN/$1"
	chmod 755 "$BIN/$1"
}

# clock SECONDS: what `date` takes for now.
clock() {
	cat >"$BIN/date" <<-EOF
	#!/bin/sh
	case " \$* " in *' -d '*) exec $(command -v date) "\$@" ;; esac
	exec $(command -v date) -d @$1 "\$@"
	EOF
	chmod 755 "$BIN/date"
}

# host NAME: whose own time of the night it is.
host() {
	printf '#!/bin/sh\necho %s\n' "$1" >"$BIN/hostname"
	chmod 755 "$BIN/hostname"
}

# synced SECONDS [LINE...]: the last sync began then.
synced() {
	mkdir -p "$ROS_DATA/state"
	printf '%s\n' "began=$1" "ended=$1" "last_ok=$1" "${@:2}" \
		>"$ROS_DATA/state/status"
}

# job NAME [SETTING...]: `called` and `said` tell what it did.
job() {
	rm -f "$TEST_TMP/called"
	: >"$TEST_TMP/said"
	env PATH="$BIN:$PATH" "${@:2}" dash "$PROGRAM" "$1"
}
called() { cat "$TEST_TMP/called" 2>/dev/null; }
said() { cat "$TEST_TMP/said"; }

# syncs NAME JOB [SETTING...] / rests NAME JOB [SETTING...]
syncs() {
	job "${@:2}"
	like "$(called)" '^ros-sync sync$' "$1: it syncs"
}
rests() {
	job "${@:2}"
	unlike "$(called)" '^ros-sync sync$' "$1: it does not"
}

# The first second of the five minutes in which this host syncs.
own_moment() {
	local t
	for t in $(seq $((NOON - 9 * HOUR)) 60 $((NOON - 8 * HOUR))); do
		clock "$t"
		synced $((NOON - 20 * HOUR)) state=ok
		job sync
		! called | grep -q sync || { echo "$t" && return; }
	done
}

at_night() {
	local first
	synced $((NOON - 12 * HOUR)) state=ok
	clock $NOON
	syncs "noon, and the last sync began at midnight" sync
	synced $((NOON - HOUR)) state=ok
	rests "noon, and the last one began at 11" sync
	syncs "unless it should have begun at 11:15 at the latest" \
		sync ROS_SYNC_AT=11:15
	clock $((NOON + 16 * HOUR - 2 * HOUR))
	rests "2 in the morning" sync
	syncs "4 in the morning" sync ROS_SYNC_AT=01:20
	clock $((NOON + 16 * HOUR))
	syncs "4 in the morning, by default" sync
	first=$(own_moment)
	ok "a container has its own time within half an hour: $(date -d "@$first" +%T)" \
		test "$first" -ge $((NOON - 9 * HOUR + 1200)) -a \
		"$first" -le $((NOON - 9 * HOUR + 3060))
	is "$(own_moment)" "$first" "and it is the same the next night"
	ok "but others have others" test "$(moments_of a b c d | uniq | wc -l)" -gt 1
	host this-one
}

moments_of() {
	local name
	for name; do host "$name" && own_moment; done
}

settings() {
	clock $NOON
	synced $((NOON - 2 * HOUR)) state=ok
	rests "03:20 is long ago" sync
	syncs "05:20 in New York is not" sync TZ=America/New_York \
		ROS_SYNC_AT=05:20
	rests "a time that is none is 03:20" sync ROS_SYNC_AT=25:99
	echo "export ROS_SYNC_AT='11:00'" >"$ROS_RUN/container.env"
	syncs "cron has no environment: the container's is read" sync
	rm "$ROS_RUN/container.env"
}

after_failures() {
	clock $NOON
	synced $((NOON - HOUR / 2)) state=failed reason=network
	rests "half an hour after a failure" sync
	synced $((NOON - HOUR - 1)) state=failed reason=network
	syncs "an hour after a failure" sync
	synced $((NOON - HOUR - 1)) state=failed reason=settings
	rests "wrong settings do not mend by themselves" sync
	synced $((NOON - HOUR - 1)) state=running
	rests "one that runs, for hours, is not told to the log again and again" sync
	synced $((NOON + 24 * HOUR)) state=ok
	syncs "the clock was set back" sync
	clock 100
	synced 40 state=failed reason=clock
	rests "at 1970" sync
	clock $NOON
	syncs "the clock is right at last" sync
	rm "$ROS_DATA/state/status"
	syncs "there was none ever" sync
	echo "began=x y" >"$ROS_DATA/state/status"
	syncs "a status that is damaged" sync
}

at_start() {
	clock $NOON
	synced $((NOON - 23 * HOUR)) state=ok
	rests "a start 23 hours after success" start
	like "$(called)" '^ros-sync page$' "but the page is written"
	like "$(called)" '^ros-sync health$' "and healthz"
	like "$(said)" "no disk is mounted on $ROS_DATA" "and a missing disk told"
	synced $((NOON - 25 * HOUR)) state=ok
	syncs "a start a day after success" start
	synced $((NOON - 60)) state=failed reason=dns
	syncs "a start after a failure" start
	synced $((NOON - 60)) state=running
	syncs "a start after a power cut" start
	rm "$ROS_DATA/state/status"
	syncs "the first start" start
	synced $NOON state=ok
	syncs "somebody wants it now" now
}

often() {
	mkdir -p "$ROS_RUN/ros-http/state"
	printf '1\t10.0.0.1\t7.1\t/x\t1\n' >"$ROS_RUN/ros-http/state/clients"
	job often
	like "$(called)" '^ros-tls $' "the certificate is looked after"
	like "$(called)" '^ros-http check$' "so is the server"
	unlike "$(called)" rc-service "which is left alone when all is well"
	ok "clients are carried to the disk" \
		cmp "$ROS_RUN/ros-http/state/clients" "$ROS_DATA/state/clients"
	is "$(find "$ROS_DATA/state" -name '.*' -type f)" "" "whole or not at all"
	like "$(called)" '^ros-sync page$' "then the page is written"
	rests "and nothing is synced" often
	program ros-http 1
	job often
	like "$(called)" '^rc-service -q ros-http restart$' \
		"a server that does not see what is there restarts"
	program ros-http 0
	rm -rf "$ROS_DATA"
	ok "without a disk it goes on" job often
	status 2 "an unknown job is an error" job nonesuch
	like "$OUT" 'usage: ros-jobs' "with the usage"
}

mkdir -p "$BIN" "$ROS_RUN"
for name in ros-sync ros-tls ros-http rc-service; do program $name 0; done
printf '#!/bin/sh\ncat >>"%s/said"\n' "$TEST_TMP" >"$BIN/logger"
chmod 755 "$BIN/logger"
host this-one
at_night
settings
after_failures
at_start
often
done_testing
