#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# alp_rc under the runtimes of containers elsewhere, runc and crun, with a
# config.json of their own making (spec) that has what the image says.
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

# All that this machine has to give.
FULL=$(setpriv --dump | sed -n 's/^Capability bounding set: //p' |
	tr 'a-z,' 'A-Z ')
# What Docker gives.
DOCKER='CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP
	NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP'
READ_ONLY_ROOT='.root.readonly = true | .mounts += [{destination: "/run",
	type: "tmpfs", source: "tmpfs", options: ["mode=0755"]}]'
IN_USER_NAMESPACE='.linux.namespaces += [{type: "user"}] |
	([{containerID: 0, hostID: '$USER_BASE', size: 65536}]) as $ids |
	.linux.uidMappings = $ids | .linux.gidMappings = $ids'
# Below a user namespace that has no cgroups of its own.
NO_CGROUPS='.mounts |= map(select(.type != "cgroup")) | del(.linux.resources)'

# bundle CAPABILITIES [JQ-FILTER]: the config.json of $TEST_TMP/tree.
bundle() {
	local dir=$TEST_TMP/tree
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
			permitted: $caps} | '"${2:-.}" --args $1 \
		<"$dir/spec.json" >"$dir/config.json"
}

# crun 1.8 knows cgroups v1 or v2, not both: it sees v2 only, in a mount
# namespace of its own, and leaves them alone. An emulator that nobody else
# has is that of a user namespace.
runtime() {
	local within=()
	[ ${#EMULATE[@]} = 0 ] ||
		within=(python3 "$TOP/tests/lib/user_root.py" "${EMULATE[@]}")
	case $RUNTIME in
	runc)
		"${within[@]}" runc --rootless="$ROOTLESS" \
			--root "$TEST_TMP/runc" "$@"
		;;
	crun)
		unshare --mount sh -c 'umount -R /sys/fs/cgroup 2>/dev/null
			mount -t cgroup2 cgroup2 /sys/fs/cgroup &&
			exec "$@"' sh "${within[@]}" \
			crun --cgroup-manager=disabled --root "$TEST_TMP/crun" "$@"
		;;
	esac
}

# What boot does with container.py.
boot() {
	ROOT=$TEST_TMP/tree/root
	log_to tree
	BOOT_BEGAN=$(now_ms)
	runtime run --bundle "$TEST_TMP/tree" --pid-file "$TEST_TMP/pid" \
		"${TEST_TMP##*/}-$$" >"$TEST_TMP/pipe" 2>&1 </dev/null &
	CHILD=$!
	wait_for 20 test -s "$TEST_TMP/pid" || return
	P=$(cat "$TEST_TMP/pid")
}

# under WHAT CAPABILITIES [JQ-FILTER]
under() {
	IMAGE="alp_rc, $MIRROR_KIND, $RUNTIME, $1"
	if bundle "$2" "${3:-.}"; then
		boot_and_check tree
	else
		fail "$IMAGE: a bundle"
	fi
}

# stale CAPABILITIES
stale() {
	IMAGE="alp_rc, $MIRROR_KIND, $RUNTIME, a /run of the last boot"
	bundle "$1" || fail "$IMAGE: a bundle"
	stale_run tree
}

# emulated: with all capabilities.
emulated() {
	can_run "$ARCH" || skip_all "$WHY"
	if [ ${#EMULATE[@]} = 0 ]; then
		under "$ARCH" "$FULL"
	else
		ROOTLESS=true USERNS=(-U)
		under "$ARCH" "$FULL" "$NO_CGROUPS"
	fi
}

in_user_namespace() {
	USERNS=(-U)
	python3 "$CONTAINER" --shift "$USER_BASE" "$ROOT"
	under "in a user namespace" "$FULL" "$IN_USER_NAMESPACE"
}

without() { tr -s '[:space:]' '\n' <<<"$FULL" | grep -vx "$1"; }

# variant MIRROR-RUNTIME-NAME: from a fresh tree.
variant() {
	local name arch=amd64
	at_exit kill_container
	IFS=- read -r MIRROR_KIND RUNTIME name <<<"$1"
	command -v "$RUNTIME" >/dev/null ||
		skip_all "$RUNTIME is not installed"
	case $name in arm*) arch=$name ;; esac
	unpack_tar "${TARS[$MIRROR_KIND-$arch]}" tree
	ROOT=$TEST_TMP/tree/root ROOTLESS=auto
	case $name in
	full) under "full capabilities" "$FULL" ;;
	boot) under "without SYS_BOOT" "$(without SYS_BOOT)" ;;
	admin | docker | stale) ALLOWED=$NO_TMPFS ;;&
	admin) under "without SYS_ADMIN" "$(without SYS_ADMIN)" ;;
	docker) under "Docker's capabilities" "$DOCKER" ;;
	stale) stale "$(without SYS_ADMIN)" ;;
	userns) in_user_namespace ;;
	ro)
		ALLOWED=$READ_ONLY
		under "read-only root, tmpfs on /run" "$FULL" "$READ_ONLY_ROOT"
		;;
	arm*) emulated ;;
	esac
}

# The first mirror's image in every way, the other's with what differs most;
# each emulated architecture under each runtime, not more than two at a time.
matrix() {
	local first=$1 other=${2:-$1} runtime
	printf '%s\n' "$first-runc-arm64" "$first-crun-armv7"
	for runtime in runc crun; do
		printf "$first-$runtime-%s\n" \
			full admin boot docker ro userns stale
		[ "$other" = "$first" ] ||
			printf "$other-$runtime-%s\n" full docker
	done
	printf '%s\n' "$other-crun-arm64" "$other-runc-armv7"
}

[ "$(id -u)" = 0 ] || skip_all "what runtimes do with cgroups needs root"
need_containers
need runc
build_mirrors --arch amd64 --arch arm64 --arch armv7
[ -z "$(emulator amd64)" ] || skip_all "this is not amd64"
# shellcheck disable=SC2046
side_by_side variant $(matrix $(mirrors))
done_testing
