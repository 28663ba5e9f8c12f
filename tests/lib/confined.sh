# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# confined.sh: what tests share that boot an image where less is allowed.
# Source it after boot_checks.sh and side_by_side.sh.
# shellcheck disable=SC2034

# OpenRC says so, and goes on with what rc-early has emptied.
NO_TMPFS='mount: permission denied|Unable to mount tmpfs on /run|Can.t continue'
# first_start.sh cannot keep anything, and says so.
READ_ONLY='first_start: ERROR: /etc is read-only|it runs again at the next start'
USER_BASE=32768 # root of an image in a user namespace
declare -A TARS=()

# build_mirrors: alp_rc of every mirror, as ${TARS[MIRROR-ARCH]}.
build_mirrors() {
	local mirror arch
	for mirror in $(mirrors); do
		use_mirror "$mirror"
		build_tars alp_rc --format routeros "$@" ||
			fail "alp_rc of the $mirror mirror builds" "$OUT"
		mv "$TEST_TMP/dist" "$TEST_TMP/dist-$mirror"
		for arch in amd64 arm64 armv7; do
			TARS[$mirror-$arch]=$(compgen -G \
				"$TEST_TMP/dist-$mirror/alp_rc-v*-$arch.tar")
		done
	done
}

# stale_run NAME ARG...: RouterOS since 7.21.2 keeps /run; after a power cut
# there are services that seem to run, and numbers of processes that are others.
stale_run() {
	local file
	boot "$@"
	did "$IMAGE: first boot" wait_for "$BOOT_MAX" in_default
	settle
	kill_container
	ok "$IMAGE: is there" test -L "$ROOT/run/openrc/started/crond"
	for file in "$ROOT"/run/*.pid; do
		echo 1 >"$file"
	done
	touch "$ROOT/run/of-last-boot"
	boot_and_check "$@"
}
