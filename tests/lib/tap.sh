# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# tap.sh: what integration tests are made of. Each test is a bash script that
# sources this file, calls the functions below and ends with done_testing. It
# prints TAP. $TEST_TMP is a fresh folder, removed at the end; $TOP is the
# project's root; $ALPBUILD the program under test.
set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
ALPBUILD=${ALPBUILD:-$TOP/build/alpbuild}
TEST_TMP=$(mktemp -d "${TMPDIR:-/tmp}/alpbuild-test.XXXXXX")
tap_n=0
tap_failed=0
tap_cleanups=()

# at_exit 'COMMAND': runs it when the test ends, however it ends.
at_exit() { tap_cleanups+=("$1"); }
tap_end() {
	local c
	for c in "${tap_cleanups[@]+"${tap_cleanups[@]}"}"; do eval "$c"; done
	[ -n "${KEEP_TMP:-}" ] || { chmod -R u+rwX "$TEST_TMP"; rm -rf "$TEST_TMP"; } 2>/dev/null
}
trap tap_end EXIT

pass() { tap_n=$((tap_n + 1)); echo "ok $tap_n - $1"; }
fail() {
	tap_n=$((tap_n + 1)); tap_failed=$((tap_failed + 1))
	echo "not ok $tap_n - $1"
	shift
	[ $# = 0 ] || printf '%s\n' "$@" | sed 's/^/# /'
}
# skip NAME REASON: counted as skipped.
skip() { tap_n=$((tap_n + 1)); echo "ok $tap_n - $1 # SKIP $2"; }
# skip_all REASON: the whole script.
skip_all() { echo "1..0 # SKIP $1"; exit 0; }

# ok NAME COMMAND...: the command succeeds. Its output is shown when not.
ok() {
	local name=$1 out st; shift
	out=$("$@" 2>&1); st=$?
	if [ $st = 0 ]; then pass "$name"; else fail "$name" "exit status $st of: $*" "$out"; fi
}
# is GOT WANT NAME: two strings are equal.
is() {
	if [ "$1" = "$2" ]; then pass "$3"; else
		fail "$3" "got:" "$1" "want:" "$2"; fi
}
# like TEXT REGEX NAME: extended regular expression matches (any line).
like() {
	if grep -qE -- "$2" <<<"$1"; then pass "$3"; else
		fail "$3" "no match of: $2" "in:" "$1"; fi
}
unlike() {
	if grep -qE -- "$2" <<<"$1"; then fail "$3" "match of: $2" "in:" "$1"; else
		pass "$3"; fi
}
# status WANT NAME COMMAND...: exit status is WANT; leaves output in $OUT.
status() {
	local want=$1 name=$2 st; shift 2
	OUT=$("$@" 2>&1); st=$?
	if [ $st = "$want" ]; then pass "$name"; else
		fail "$name" "exit status $st, want $want, of: $*" "$OUT"; fi
}
# need PROGRAM...: skips the whole test when one is missing.
need() {
	local p
	for p; do command -v "$p" >/dev/null || skip_all "$p is not installed"; done
}
done_testing() { echo "1..$tap_n"; [ $tap_failed = 0 ]; exit $?; }
