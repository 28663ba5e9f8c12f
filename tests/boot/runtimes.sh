#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# alp_rc under the runtimes of containers elsewhere, runc and crun, with a
# config.json of their own making (spec) that has what the image says.
# timeout: 300
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/boot_checks.sh
. "$TOP/tests/lib/boot_checks.sh"

# All that this machine has to give.
FULL=$(setpriv --dump | sed -n 's/^Capability bounding set: //p' |
	tr 'a-z,' 'A-Z ')
# What Docker gives.
DOCKER='CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP
	NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP'
NO_TMPFS='mount: permission denied|Unable to mount tmpfs on /run|Can.t continue'

# bundle NAME CAPABILITIES JQ-FILTER: its config.json.
bundle() {
	local dir=$TEST_TMP/$1
	mv "$dir/config.json" "$dir/image.json"
	(cd "$dir" && runc spec) || return
	mv "$dir/config.json" "$dir/spec.json"
	# shellcheck disable=SC2086
	jq --slurpfile image "$dir/image.json" --arg word "$ENV_WORD" '
		$image[0].config as $c |
		[$ARGS.positional[] | "CAP_" + .] as $caps |
		.root = {path: "root", readonly: false} |
		.process.terminal = false | .hostname = "alp" |
		.process.args = ($c.Entrypoint // []) + ($c.Cmd // []) |
		.process.env = ($c.Env // []) + [$word] |
		.process.cwd = ($c.WorkingDir // "/") |
		.process.noNewPrivileges = false |
		.process.capabilities = {bounding: $caps, effective: $caps,
			permitted: $caps} | '"$3" --args $2 \
		<"$dir/spec.json" >"$dir/config.json"
}

# crun 1.8 knows cgroups v1 or v2, not both: it sees v2 only, in a mount
# namespace of its own, and leaves them alone.
runtime() {
	case $RUNTIME in
	runc) runc --root "$TEST_TMP/runc" "$@" ;;
	crun)
		unshare --mount sh -c 'umount -R /sys/fs/cgroup 2>/dev/null
			mount -t cgroup2 cgroup2 /sys/fs/cgroup &&
			exec crun --cgroup-manager=disabled --root "$0" "$@"' \
			"$TEST_TMP/crun" "$@"
		;;
	esac
}

# What boot does with container.py.
boot() {
	ROOT=$TEST_TMP/$1/root
	log_to "$1"
	BOOT_BEGAN=$(now_ms)
	runtime run --bundle "$TEST_TMP/$1" --pid-file "$TEST_TMP/pid" "$1-$$" \
		>"$TEST_TMP/pipe" 2>&1 </dev/null &
	CHILD=$!
	wait_for 20 test -s "$TEST_TMP/pid" || return
	P=$(cat "$TEST_TMP/pid")
}

# under NAME WHAT CAPABILITIES [JQ-FILTER]
under() {
	IMAGE="$RUNTIME, $2"
	unpack_tar "$TAR" "$1" && bundle "$1" "$3" "${4:-.}" || {
		fail "$IMAGE: a bundle"
		return
	}
	boot_and_check "$1"
	rm -rf "${TEST_TMP:?}/$1/root"
}

without() { tr -s '[:space:]' '\n' <<<"$FULL" | grep -vx "$1"; }

matrix() {
	ALLOWED=$NOTHING
	under "$RUNTIME-full" "full capabilities" "$FULL"
	[ "$RUNTIME" = crun ] ||
		under "$RUNTIME-no-boot" "without SYS_BOOT" "$(without SYS_BOOT)"
	ALLOWED=$NO_TMPFS
	[ "$RUNTIME" = crun ] ||
		under "$RUNTIME-no-admin" "without SYS_ADMIN" "$(without SYS_ADMIN)"
	under "$RUNTIME-docker" "Docker's capabilities" "$DOCKER"
	ALLOWED='first_start: ERROR: /etc is read-only|it runs again at the next start'
	under "$RUNTIME-ro" "read-only root, tmpfs on /run" "$FULL" \
		'.root.readonly = true | .mounts += [{destination: "/run",
		type: "tmpfs", source: "tmpfs", options: ["mode=0755"]}]'
}

need_containers
need runc
for mirror in $(mirrors | head -n 1); do
	use_mirror "$mirror"
	build_tars alp_rc --arch amd64 || fail "alp_rc builds" "$OUT"
	TAR=$(tar_of alp_rc amd64)
	unpack_tar "$TAR" image
	[ -z "$(emulator "$ARCH")" ] || skip_all "this is not $ARCH"
	for RUNTIME in runc crun; do
		if command -v $RUNTIME >/dev/null; then
			matrix
		else
			skip "$RUNTIME" "it is not installed"
		fi
	done
done
done_testing
