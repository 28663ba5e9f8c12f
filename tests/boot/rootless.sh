#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# boot.sh as a user at a desk runs it, without root: with ids of their own in
# /etc/subuid, with a single one, and where user namespaces are not allowed.
# timeout: 300
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/side_by_side.sh
. "$TOP/tests/lib/side_by_side.sh"
# shellcheck source=../lib/ordinary_user.sh
. "$TOP/tests/lib/ordinary_user.sh"

FOREIGN=armv7

# boots WHAT OUTPUT ARCH: the whole list of checks, and none fails.
boots() {
	local check
	unlike "$2" '^not ok' "$1: nothing fails"
	for check in 'default runlevel is reached' \
		'syslogd comes back after kill -9' 'SIGTERM ends everything'; do
		like "$2" "^ok [0-9]+ - alp_rc-.*-$3: $check" "$1, $3: $check"
	done
	like "$2" '^1\.\.[1-9]' "$1: to the end"
}

# by_user HOW ARCH: what boot.sh says of that image.
by_user() {
	as_user "$1" bash tests/boot/boot.sh "$HERE/dist/"alp_rc-v*-"$2.tar" 2>&1
}

need_ranges() {
	has_ranges || skip_all "newuidmap or /etc/subuid is missing (uidmap)"
}

ranges() {
	local out
	need_ranges
	out=$(by_user ranges "$NATIVE")
	boots "a user with ranges of ids" "$out" "$NATIVE"
	unlike "$out" 'single id' "and has them"
}

# Before Linux 6.7 only root brings emulators.
emulated() {
	local out why
	need_ranges
	can_run "$FOREIGN" || skip_all "$WHY"
	out=$(by_user ranges "$FOREIGN")
	why=${out#*# SKIP }
	[ "$why" = "$out" ] || skip_all "${why%%$'\n'*}"
	boots "the image of another architecture" "$out" "$FOREIGN"
}

single() {
	local out
	out=$(by_user single "$NATIVE")
	boots "a user with a single id" "$out" "$NATIVE"
	like "$out" '^# .*no SSH login.*Remedy: ' "and is told what that means"
}

# A user namespace that allows none below it.
forbidden() {
	local out
	out=$(cd "$HERE" && python3 tests/lib/user_root.py sh -c '
		echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv \
			--reuid "$0" --regid "$0" --clear-groups "$@"' "$DESK" \
		env -i PATH=/usr/local/bin:/usr/bin:/bin bash \
		tests/boot/boot.sh "$HERE/dist/"alp_rc-v*-"$NATIVE.tar" 2>&1)
	like "$out" '^1\.\.0 # SKIP .*user namespaces.*Remedy: ' \
		"where they are forbidden it says so, and the remedy"
}

# To look around: what is typed is run in the container.
shell() {
	local out
	need_ranges
	out=$(as_user ranges sh -c "echo 'rc-service crond status; id -u' |
		bash tests/boot/boot.sh --shell dist/alp_rc-v*-$NATIVE.tar" 2>&1)
	like "$out" 'status: started' "a shell shows services"
	like "$out" '^0$' "as root of the container"
	like "$out" 'Server listening on .* port 22' "beside the log"
	like "$out" 'stopped after [0-9]+ ms, status 1?[0-9]+' "and a stop ends it"
}

# run PART
run() { "$1"; }

[ "$(id -u)" = 0 ] ||
	skip_all "making a user needs root; boot.sh itself does not"
need_containers
use_mirror "$(mirrors | head -n 1)"
NATIVE=$(native_arch)
build_tars alp_rc --arch "$NATIVE" --arch "$FOREIGN" --format routeros ||
	fail "alp_rc builds" "$OUT"
user_begins
mv "$TEST_TMP/dist" "$HERE"
user_owns
user_may || skip_all "users may not have user namespaces here"
side_by_side run emulated ranges single forbidden shell
done_testing
