#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# alp_rc where less is allowed: without capabilities, in a user namespace, with
# a root that cannot be written, with a /run that the last boot left.
# timeout: 400
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/boot_checks.sh
. "$TOP/tests/lib/boot_checks.sh"
need_containers

# OpenRC says so, and goes on with what rc-early has emptied.
NO_TMPFS='mount: permission denied|Unable to mount tmpfs on /run|Can.t continue'

# under NAME WHAT ARG...: from a fresh tree.
under() {
	IMAGE=$2
	unpack_tar "$TAR" "$1"
	boot_and_check "$1" "${@:3}"
	ALLOWED=$NOTHING
	rm -rf "${TEST_TMP:?}/$1/root"
}

# RouterOS since 7.21.2 keeps /run; a process has the number of a stale pid.
stale_run() {
	IMAGE="a /run of the last boot"
	ALLOWED=$NO_TMPFS
	unpack_tar "$TAR" stale
	boot stale --drop SYS_ADMIN
	did "$IMAGE: first boot" wait_for "$BOOT_MAX" in_default
	settle
	kill_container
	ok "$IMAGE: is there" test -L "$ROOT/run/openrc/started/crond"
	echo 1 >"$ROOT/run/crond.pid"
	boot_and_check stale --drop SYS_ADMIN
	ALLOWED=$NOTHING
}

read_only() {
	# first_start.sh cannot keep anything, and says so.
	ALLOWED='first_start: ERROR: /etc is read-only|it runs again at the next start'
	under read-only "read-only root, tmpfs on /run" --read-only --tmpfs /run
}

for mirror in $(mirrors | head -n 1); do
	use_mirror "$mirror"
	build_tars alp_rc --arch amd64 || fail "alp_rc builds" "$OUT"
	TAR=$(tar_of alp_rc amd64)
	unpack_tar "$TAR" image
	can_run "$ARCH" || skip_all "$WHY"
	ALLOWED=$NO_TMPFS
	under no-admin "without SYS_ADMIN" --drop SYS_ADMIN
	under no-boot "without SYS_BOOT" --drop SYS_BOOT
	ALLOWED=$NO_TMPFS
	under neither "without both" --drop SYS_ADMIN --drop SYS_BOOT
	under userns "user namespace whose root is 32768" --userns 32768
	read_only
	stale_run
done
done_testing
