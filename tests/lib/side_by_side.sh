# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# side_by_side.sh: parts of a test that mostly wait, at the same time. Source it
# after tap.sh.
AT_ONCE=4

# side_by_side FUNCTION ARG...: FUNCTION for each ARG, $AT_ONCE at a time, each
# with a $TEST_TMP of its own. Their tests are counted one after the other.
side_by_side() {
	local function=$1 arg running=0
	shift
	# shellcheck disable=SC2016
	at_exit 'kill $(jobs -p) 2>/dev/null; wait
		cat "$TEST_TMP"/*.tap 2>/dev/null'
	for arg; do
		[ $running -lt $AT_ONCE ] || { wait -n || :; }
		running=$((running < AT_ONCE ? running + 1 : AT_ONCE))
		on_its_own "$function" "$arg" >"$TEST_TMP/$arg.tap" 2>&1 &
	done
	wait
	for arg; do
		count_of "$function $arg" <"$TEST_TMP/$arg.tap"
		rm "$TEST_TMP/$arg.tap"
	done
}

# In the background, so in a shell of its own.
on_its_own() {
	TEST_TMP=$TEST_TMP/$2
	# For tap.sh.
	# shellcheck disable=SC2034
	tap_n=0 tap_failed=0 tap_cleanups=()
	trap tap_end EXIT
	mkdir -m 711 "$TEST_TMP"
	"$@"
	done_testing
}

# count_of NAME: TAP as this script's own.
count_of() {
	local line planned=no
	while IFS= read -r line; do
		case $line in
		'1..0 # SKIP '*) skip "$1" "${line#*SKIP }" && planned=yes ;;
		'1..'*) planned=yes ;;
		'ok '*) pass "${line#ok * - }" ;;
		'not ok '*) fail "${line#not ok * - }" ;;
		*) echo "$line" ;;
		esac
	done
	[ $planned = yes ] || fail "$1 comes to its end"
}
