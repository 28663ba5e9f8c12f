#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild deploy: whatever goes wrong at whichever request, it either succeeds or
# leaves the router as it was, with the old container running. The router is
# tests/lib/router_rest.py.
#
# ALL_FAULTS=1 tries each kind of fault at each request, not only the most telling;
# VERSION=7.16 does so on that RouterOS.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/sshd.sh
. "$TOP/tests/lib/sshd.sh"
# shellcheck source=../lib/router_box.sh
. "$TOP/tests/lib/router_box.sh"
# shellcheck source=../lib/side_by_side.sh
. "$TOP/tests/lib/side_by_side.sh"
need python3 jq curl openssl
need_sshd
export LC_ALL=C.UTF-8
AT_ONCE=14

box_images
OPTIONS=(--name alp --port 2222:22 --env "GREETING=a b" --volume /var --settle 0)
QUICK='.extract_ms = 20 | .start_ms = 0 | .stop_ms = 10 | .die_ms = 50'
VERSION=${VERSION:-7.21.3}

PARTS="upgrade_1_5 upgrade_2_5 upgrade_3_5 upgrade_4_5 upgrade_5_5 install_1_3 install_2_3
	install_3_3 rollback_1_3 rollback_2_3 rollback_3_3 dead_1_9 dead_4_9 dead_7_9
	uploads full gone"
OTHERS=(lost-request 500 503 refuse 401 hang power-before down)

# ---- what is tried -------------------------------------------------------------

# prepare SCENARIO: sets $what (of box_deploy), and keeps the router as it is before.
prepare() {
	local st=0 want=0
	box_start "$VERSION" "$QUICK"
	if [ "$1" != install ]; then
		box_deploy 1 && box_deploy 2 || fail "$1: prepared" "$(box_said)"
	fi
	case $1 in
	install) what=(1) ;;
	upgrade) what=(3) ;;
	rollback) what=(--rollback) ;;
	dead)
		what=(3) want=19
		OPTIONS+=(--settle 1)
		box_change '.outcome = ["dead"]'
		;;
	esac
	box_keep
	box_state >"$BOX/before"
	box_no_fault
	box_deploy "${what[@]}" || st=$?
	[ "$st" = "$want" ] || fail "$1: without a fault" "$(box_said)"
	box_state >"$BOX/success"
	requests=$(box_count requests) changes=$(box_count changes)
}

# judge STATUS: what is wrong with the router after that; nothing: it is well.
judge() {
	local want=success
	[ "$1" = 0 ] || want=before
	box_state | diff "$BOX/$want" - >"$BOX/difference" && return
	echo "exit status $1, the router is not as it should be ($want):"
	head -n 40 "$BOX/difference"
	return 1
}

# tell TEXT: how it came to that.
tell() {
	echo "$1, of ${what[*]}; it said:"
	box_said
	tail -n 60 "$BOX/out/requests" | cut -c1-150
}

# fault KIND OF N: it befalls the Nth request, or the Nth of those that are "changes".
fault() {
	local st=0
	box_back "$1" "$3" 100 "$2"
	box_deploy "${what[@]}" || st=$?
	[ "$st" = 0 ] || failures=$((failures + 1))
	judge "$st" || tell "fault $1 at request $3 of $2"
}

# ---- the client ends -----------------------------------------------------------

# end_at N SIGNAL: the client gets it while its Nth request is under way, which
# never is carried out. Leaves its exit status in $st.
end_at() {
	local pid i
	box_back hang "$1" 3000
	box_deploy_exec "${what[@]}" >"$BOX/talk" 2>&1 &
	pid=$!
	for ((i = 0; i < 1000; i++)); do
		! grep -q " hangs " "$BOX/out/requests" && kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	kill -s "$2" "$pid" 2>/dev/null
	st=0
	{ wait "$pid"; } 2>/dev/null || st=$?
	[ "$st" = 0 ] || failures=$((failures + 1))
}

# stopped N: by SIGTERM it takes back what it did, or ends well.
stopped() {
	local st
	end_at "$1" TERM
	judge "$st" || tell "SIGTERM at request $1"
}

# A client that is killed may leave the image's file and the folder of a container
# that it had just removed: nobody can know afterwards whose they are.
but_left_files() {
	jq '[.menus["/container"][]?."root-dir"] as $used | .files |= with_entries(
		select(.key as $f | ($used | index($f)) or (.key | startswith("usb1/alp") | not)))'
}

# killed N: after SIGKILL the next run does what this one would have done; a rollback
# that was as good as done is done back.
killed() {
	local st now
	end_at "$1" KILL
	cp "$BOX/talk" "$BOX/first"
	box_no_fault
	st=0
	box_deploy "${what[@]}" || st=$?
	now=$(box_state | but_left_files)
	[ "$now" != "$(but_left_files <"$BOX/success")" ] || return
	[ "${what[0]}" != --rollback ] || [ "$now" != "$(but_left_files <"$BOX/before")" ] || return
	echo "the router is not as it should be:"
	diff <(but_left_files <"$BOX/success") - <<<"$now"
	cat "$BOX/first"
	tell "SIGKILL at request $1, and again: exit status $st"
}

# ---- all of it -----------------------------------------------------------------

# tries_at N: what is tried at the Nth request, a line each. Where an answer is lost
# matters for changes only.
tries_at() {
	[ "$1" -gt "$changes" ] || echo "fault lost-answer changes"
	echo "fault power all"
	if [ -n "${ALL_FAULTS:-}" ]; then
		printf 'fault %s all\n' "${OTHERS[@]}"
		echo stopped
		[ "$scenario" = dead ] || echo killed
		return
	fi
	[ $(($1 % 2)) = 0 ] || echo "fault ${OTHERS[$1 / 2 % ${#OTHERS[@]}]} all"
	case $(($1 % 8)) in
	2) echo stopped ;;
	6) [ "$scenario" = dead ] || echo killed ;;
	esac
}

# part SCENARIO_FIRST_STEP: at each STEPth request, from the FIRST on.
part() {
	local scenario first step n try tries=0 failures=0 what requests changes
	IFS=_ read -r scenario first step <<<"$1"
	prepare "$scenario"
	: >"$BOX/wrong"
	for ((n = first; n <= requests; n += step)); do
		while read -r try; do
			$try "$n" </dev/null >"$BOX/one"
			tries=$((tries + 1))
			head -n 150 "$BOX/one" >>"$BOX/wrong"
		done < <(tries_at "$n")
	done
	is "$(head -n 400 "$BOX/wrong")" "" \
		"$scenario: $tries faults at each of $requests requests, part $first"
	ok "$scenario: $failures runs failed" test "$failures" -gt 1
}

# ---- the upload ----------------------------------------------------------------

# uploaded STATUS NAME: and the router is as it should be.
uploaded() {
	local st=0
	box_deploy "${what[@]}" || st=$?
	is "$st $(judge "$st")" "$1 " "$2"
	[ "$st" = "$1" ] || box_said
	cut_proxy pass
	box_back
}

uploads() {
	local what requests changes
	prepare upgrade
	box_back
	cut_proxy cut 12000 1
	uploaded 0 "an upload that is cut goes on"
	like "$(box_said)" "upload goes on at byte [1-9]" "where it was"
	cut_proxy cut 1000 2
	uploaded 5 "a login that is cut changes nothing"
	cut_proxy refuse
	BOX_PATIENCE=1 uploaded 5 "nor is it by a router without SSH"
	python3 "$TOP/tests/lib/router_image.py" "$TEST_TMP/large.tar" alp:v3 arm64 400000
	cut_proxy cut 100000
	box_deploy "$TEST_TMP/large.tar"
	is "$(box_looks)" "$(box_expects v3.c v2.b)" "one that is cut again and again arrives"
}

full() {
	local what requests changes st=0
	sshd_has_disks || {
		skip "a disk that is full" "no disks of a server's own here"
		return
	}
	BOX_DISK=usb1:16k
	box_start "$VERSION" "$QUICK"
	box_state >"$BOX/before"
	box_deploy 1 || st=$?
	is "$st" 19 "a disk that is full ends the upload"
	box_same "$BOX/before" "and the router is as it was"
	is "$(echo "ls usb1" | sftp -q -b - -P "$SSHD_PORT" -i "$SSHD_KEY" -o \
		"UserKnownHostsFile=$SSHD_KNOWN_HOSTS" "$SSHD_USER@127.0.0.1" |
		grep -v '^sftp>')" "" "its disk is, too"
}

# ---- a router that does not come back soon -------------------------------------

# A client that gives up says so; when the router is back, the same command ends
# well. Once in each part of an upgrade; after the switch it is a warning.
gone() {
	local what requests changes st n
	prepare upgrade
	for n in 3 35 45 60 75 90; do
		box_back down "$n" 2500
		st=0
		BOX_PATIENCE=1 box_deploy "${what[@]}" || st=$?
		is "$st" $((n < 70 ? 5 : 0)) "the router is gone at request $n: it gives up"
		like "$(box_said)" "does not answer" "it says so"
		box_state >/dev/null # when it is back
		box_no_fault
		st=0
		box_deploy "${what[@]}" || st=$?
		is "$st $(diff <(but_left_files <"$BOX/success") \
			<(box_state | but_left_files))" "0 " \
			"and the next run ends well"
	done
}

one() {
	case $1 in
	*_*) part "$1" ;;
	*) "$1" ;;
	esac
}

# shellcheck disable=SC2086
side_by_side one $PARTS
done_testing
