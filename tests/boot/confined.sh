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
# shellcheck source=../lib/side_by_side.sh
. "$TOP/tests/lib/side_by_side.sh"
# shellcheck source=../lib/confined.sh
. "$TOP/tests/lib/confined.sh"

# under WHAT ARG...: of container.py.
under() {
	IMAGE="alp_rc, $MIRROR_KIND, $1"
	boot_and_check tree "${@:2}"
}

# variant MIRROR-NAME: from a fresh tree.
variant() {
	at_exit kill_container
	MIRROR_KIND=${1%%-*}
	unpack_tar "${TARS[$MIRROR_KIND-amd64]}" tree
	can_run "$ARCH" || skip_all "$WHY"
	case ${1#*-} in
	admin)
		ALLOWED=$NO_TMPFS
		under "without SYS_ADMIN" --drop SYS_ADMIN
		;;
	boot) under "without SYS_BOOT" --drop SYS_BOOT ;;
	both)
		ALLOWED=$NO_TMPFS
		under "without both" --drop SYS_ADMIN --drop SYS_BOOT
		;;
	userns)
		under "user namespace whose root is $USER_BASE" \
			--userns "$USER_BASE"
		;;
	ro)
		ALLOWED=$READ_ONLY
		under "read-only root, tmpfs on /run" --read-only --tmpfs /run
		;;
	stale)
		IMAGE="alp_rc, $MIRROR_KIND, a /run of the last boot"
		ALLOWED=$NO_TMPFS
		stale_run tree --drop SYS_ADMIN
		;;
	esac
}

need_containers
build_mirrors --arch amd64
# shellcheck disable=SC2046
side_by_side variant $(for mirror in $(mirrors); do
	printf "$mirror-%s\n" admin boot both userns ro stale
done)
done_testing
