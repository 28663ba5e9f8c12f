#!/bin/bash
# SPDX-License-Identifier: MIT
# Init scripts of the mirrors' packages: what alpbuild reads in depend()
# without running it is what a shell says that runs it. What stands in a
# condition may or may not be said.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"

DEPEND=${TEST_BIN:-$TOP/build}/tests/integration/driver_depend
[ -x "$DEPEND" ] || skip_all "driver_depend is not built"
export LC_ALL=C

# shell_says FILE: the words of depend() as a shell comes to them, a line each.
# The scripts are the test's own input, and do nothing but define functions.
shell_says() {
	# shellcheck disable=SC2016
	env -i PATH=/nonexistent /bin/sh -c '
		for w in need use want before after provide keyword; do
			eval "$w() { for q; do echo \"$w \$q\"; done; }"
		done
		yesno() { return 1; }
		fstabinfo() { :; }
		depend() { :; }
		RC_SVCNAME=${1##*/}
		set -f
		. "$1" >/dev/null 2>&1
		depend' sh "$1" 2>/dev/null
}

# differs FILE: what one of the two says and the other does not.
differs() {
	local said=$TEST_TMP/said read=$TEST_TMP/read
	shell_says "$1" | sort -u >"$said"
	"$DEPEND" "$1" >"$TEST_TMP/out" 2>"$TEST_TMP/notes"
	grep -v '?$' "$TEST_TMP/out" | sort -u >"$read"
	comm -13 "$said" "$read" | sed 's/^/read, not said: /'
	comm -23 "$said" "$read" >"$TEST_TMP/more"
	sed -n 's/?$//p' "$TEST_TMP/out" | grep -Fvxf - "$TEST_TMP/more" |
		sed 's/^/said, not read: /'
}

# shellcheck disable=SC2153 # MIRROR is set by use_mirror
check_mirror() {
	local n=0 words=0 all="" out apk file
	for apk in $(find "${MIRROR#file://}/v${ALPINE%.*}" \( -name '*openrc*' -o \
		-name 'openssh-server-common*' \) -name '*.apk' | sort); do
		rm -rf "$TEST_TMP/x"
		mkdir "$TEST_TMP/x"
		tar -xzf "$apk" -C "$TEST_TMP/x" --wildcards 'etc/init.d/*' \
			2>/dev/null
		for file in "$TEST_TMP/x/etc/init.d/"*; do
			[ -f "$file" ] || continue
			n=$((n + 1))
			out=$(differs "$file")
			words=$((words + $(wc -l <"$TEST_TMP/said")))
			[ -z "$out" ] || all+="${apk##*/} ${file##*/}: $out
"
		done
	done
	is "$all" "" "$1: $n init scripts, $words words, as a shell reads them"
	[ $words -gt 100 ] || fail "$1: there are init scripts" "$n"
}

for mirror in $(mirrors); do
	use_mirror "$mirror"
	check_mirror "$mirror"
done
done_testing
