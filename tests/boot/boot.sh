#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# boot: boots images whose PID 1 is init with OpenRC, as a router would, and
# looks at their services. Needs root or user namespaces; other architectures run
# emulated.
#
#	tests/boot/boot.sh TAR...
#	tests/boot/boot.sh --shell TAR
#
# --shell tests nothing: it shows the log and gives a shell in the container.
# Without a TAR: alp_rc-tools of the fixture mirror, natively. life_*.sh are
# about alp_rc.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/boot_checks.sh
. "$TOP/tests/lib/boot_checks.sh"

boot_tar() {
	local name
	IMAGE=$1
	name=$(tr -c 'a-zA-Z0-9_\n' - <<<"$IMAGE")
	if ! unpack_tar "$2" "$name"; then
		fail "$IMAGE: is an image" "$2"
	elif ! can_run "$ARCH"; then
		skip "$IMAGE" "$WHY"
	else
		boot_and_check "$name"
	fi
	rm -rf "${TEST_TMP:?}/$name/root"
}

# try TAR: to look around; stopped when the shell ends.
try() {
	unpack_tar "$1" try || exit
	can_run "$ARCH" || skip_all "$WHY"
	boot try || exit
	wait_for "$BOOT_MAX" in_default ||
		echo "# it does not come up; a shell all the same" >&2
	tail -n +1 -f "$LOG" >&2 &
	at_exit "kill $!"
	echo "# a shell in the container; its end stops the container" >&2
	inside TERM="${TERM:-linux}" sh -l
	stop_container TERM
	sleep 0.3 # for what tail has not shown
	echo "# stopped after $STOP_MS ms, status $STATUS" >&2
}

need_containers
if [ "${1:-}" = --shell ]; then
	try "${2:?the TAR is missing}"
	exit
fi
# shellcheck disable=SC2034
[ $# = 0 ] || ALL_SUPERVISED=no
for tar; do
	boot_tar "$(basename "$tar" .tar)" "$tar"
done
[ $# = 0 ] || done_testing

NATIVE=$(native_arch)
use_mirror fixture
build_tars alp_rc-tools --arch "$NATIVE" --format routeros ||
	fail "alp_rc-tools builds" "$OUT"
boot_tar "alp_rc-tools, fixture, $NATIVE" "$(tar_of alp_rc-tools "$NATIVE")"
done_testing
