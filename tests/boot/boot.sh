#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# boot: boots images whose PID 1 is init with OpenRC, as a router would, and
# looks at their services. Needs root; other architectures run emulated.
#
#	tests/boot/boot.sh TAR...
#
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

need_containers
# shellcheck disable=SC2034
[ $# = 0 ] || ALL_SUPERVISED=no
for tar; do
	boot_tar "$(basename "$tar" .tar)" "$tar"
done
[ $# = 0 ] || done_testing

# native_arch: of the names in arch/, what this machine runs itself.
native_arch() {
	local arch
	for arch in amd64 arm64 armv7; do
		[ -n "$(emulator $arch)" ] || { echo $arch && return; }
	done
}

NATIVE=$(native_arch)
use_mirror fixture
build_tars alp_rc-tools --arch "$NATIVE" --format routeros ||
	fail "alp_rc-tools builds" "$OUT"
boot_tar "alp_rc-tools, fixture, $NATIVE" "$(tar_of alp_rc-tools "$NATIVE")"
done_testing
