# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# boot.sh: for tests that start images. Source it after tap.sh.
#
# unpack_tar TAR NAME makes $TEST_TMP/NAME/{root,config.json} as a router
# would. boot NAME ARG... starts it (ARG: container.py's) and sets
#	$P	PID 1, as the host counts
#	$LOG	what the container said
# `inside COMMAND...` runs something in it, as /container/shell does, without
# the container's environment. Then boot_checks.sh; stop_container ends it.
#
# Who sources it reads what is set here.
# shellcheck disable=SC2034
CONTAINER=$TOP/tests/lib/container.py
BOOT_MAX=${BOOT_MAX:-60} # seconds; 3 is usual under an emulator
STOP_MAX=10	# seconds; RouterOS kills then
ENV_WORD=HELLO_FROM=envlist
BINFMT=/proc/sys/fs/binfmt_misc
EMULATE=()
P='' CHILD='' LOG='' USERNS=() STATUS='' STOP_MS='?'
OWNERS=--same-owner BE_ROOT=(-S 0 -G 0)

NO_USER_NAMESPACES="starting containers needs root or user namespaces. Remedy: \
be root; or as root, sysctl -w user.max_user_namespaces=9999, on Debian also \
kernel.unprivileged_userns_clone=1, on Ubuntu \
kernel.apparmor_restrict_unprivileged_userns=0"

need_containers() {
	need python3 unshare nsenter ip jq tar
	[ "$(id -u)" = 0 ] || again_as_root
	has_ids || one_id
	unshare --mount --uts --ipc --net --pid --cgroup --fork true \
		2>/dev/null || skip_all "no right to make namespaces here"
	unshare --net ip link add bt0 type veth peer name bt1 2>/dev/null ||
		skip_all "no right to make a network here"
	at_exit kill_container
	# Root of a user namespace is somebody else here.
	chmod 711 "$TEST_TMP"
}

# again_as_root: this test, from its first line, as root of a user namespace.
again_as_root() {
	local argv
	unshare --user --map-root-user --mount true 2>/dev/null ||
		skip_all "$NO_USER_NAMESPACES"
	mapfile -d '' -t argv <"/proc/$$/cmdline"
	tap_end
	exec python3 "$TOP/tests/lib/user_root.py" "${argv[@]}"
}

has_ids() { awk '{ n += $3 } END { exit n < 2 }' /proc/self/uid_map; }

# Enough to see services start. Nothing can be another user's.
one_id() {
	OWNERS=--no-same-owner BE_ROOT=(--preserve-credentials)
	echo "# this user has a single id: all files belong to root, and there" \
		"is no SSH login and no cron job. Remedy: apt install uidmap," \
		"and a line in /etc/subuid and /etc/subgid (usermod" \
		"--add-subuids 100000-165535 --add-subgids 100000-165535 NAME)"
}

# can_run ARCH: natively or through an emulator: one that only the container
# has, or, before Linux 6.7, one that all have while tests run.
can_run() {
	local emulated
	emulated=$(emulator "$1")
	[ -n "$emulated" ] || return 0
	WHY="qemu-user-static is not installed"
	[ -e "/usr/libexec/qemu-binfmt/$emulated-binfmt-P" ] ||
		command -v "qemu-$emulated-static" "qemu-$emulated" \
			>/dev/null || return
	EMULATE=(--emulate "$emulated")
	unshare --user --map-root-user --mount mount -t binfmt_misc \
		binfmt_misc "$BINFMT" 2>/dev/null && return
	WHY="no right to register an emulator: neither in a user namespace nor \
for the machine"
	EMULATE=()
	register "$emulated"
}

# register ARCH: for the whole machine, unless there is an emulator already.
# Tests side by side share it, and the last takes it away: who uses it has 8
# locked, who changes something has 9.
register() {
	local lock=${TMPDIR:-/tmp}/alpbuild-binfmt-$1.lock
	[ -e "$BINFMT/register" ] ||
		mount -t binfmt_misc binfmt_misc "$BINFMT" 2>/dev/null || return
	[ ! -e "$BINFMT/qemu-$1" ] || return 0
	exec 8>"$lock" 9>"$lock.change"
	flock 9
	flock -s 8
	[ -e "$BINFMT/alpbuild-$1" ] ||
		python3 "$CONTAINER" --register "$1" 2>/dev/null || return
	exec 9>&-
	at_exit "exec 9>'$lock.change' && flock 9
		! flock -xn 8 || [ ! -e $BINFMT/alpbuild-$1 ] ||
		echo -1 >$BINFMT/alpbuild-$1"
}

# emulator ARCH: nothing for what this machine runs itself.
emulator() {
	case $1:$(uname -m) in
	amd64:x86_64 | arm64:aarch64 | armv7:armv7l | armv7:aarch64) ;;
	arm64:*) echo aarch64 ;;
	armv7:*) echo arm ;;
	*) echo x86_64 ;;
	esac
}

# native_arch: of the names in arch/, what this machine runs itself.
native_arch() {
	local arch
	for arch in amd64 arm64 armv7; do
		[ -n "$(emulator $arch)" ] || { echo $arch && return; }
	done
}

# unpack_tar TAR NAME: all layers, as root, with the image's owners.
unpack_tar() {
	local dir=$TEST_TMP/$2 layer
	mkdir -p "$dir/root"
	UNPACKED_SIZE=0
	tar -xOf "$1" manifest.json >"$dir/manifest.json" || return
	tar -xOf "$1" "$(jq -r '.[0].Config' "$dir/manifest.json")" \
		>"$dir/config.json" || return
	while IFS= read -r layer; do
		tar -xOf "$1" "$layer" >"$dir/layer" &&
			tar -xpf "$dir/layer" --numeric-owner $OWNERS -C "$dir/root" ||
			return
		UNPACKED_SIZE=$((UNPACKED_SIZE + $(on_disk "$dir/layer")))
	done < <(jq -r '.[0].Layers[]' "$dir/manifest.json")
	rm -f "$dir/layer"
	TAR_SIZE=$(stat -c %s "$1")
	ARCH=$(jq -r '.architecture' "$dir/config.json")
	[ "$ARCH" != arm ] || ARCH=armv7
}

# on_disk TAR: bytes that its tree takes in blocks of 4 KiB, as ext4 has them;
# short links take none.
on_disk() {
	tar -tvf "$1" | awk '/^[-d]/ { n += int(($3 + 4095) / 4096) }
		/^d/ { n++ } END { print n * 4096 }'
}

now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
	local end=$(($(now_ms) + $1 * 1000))
	shift
	until "$@" 2>/dev/null; do
		[ "$(now_ms)" -lt $end ] || return 1
		sleep 0.05
	done
}

# The log is a pipe, as on a router: services open /proc/1/fd/1 themselves.
log_to() {
	LOG=$TEST_TMP/$1.log
	: >"$LOG"
	rm -f "$TEST_TMP/pipe" "$TEST_TMP/pid"
	mkfifo "$TEST_TMP/pipe"
	cat "$TEST_TMP/pipe" >>"$LOG" &
	LOGGER=$!
}

boot() {
	local name=$1
	shift
	ROOT=$TEST_TMP/$name/root
	[ -z "$(emulator "$ARCH")" ] || set -- "${EMULATE[@]}" "$@"
	USERNS=()
	case " $* " in *' --emulate '* | *' --userns '*) USERNS=(-U) ;; esac
	log_to "$name"
	BOOT_BEGAN=$(now_ms)
	python3 "$CONTAINER" --pid-file "$TEST_TMP/pid" --env "$ENV_WORD" "$@" \
		"$ROOT" "$TEST_TMP/$name/config.json" \
		>"$TEST_TMP/pipe" 2>&1 </dev/null &
	CHILD=$!
	wait_for 10 test -s "$TEST_TMP/pid" || return
	P=$(cat "$TEST_TMP/pid")
	wait_for 10 pid_one_runs
}

# PID 1 is the image's program, and no longer what prepared its place.
pid_one_runs() {
	! tr "\0" " " 2>/dev/null <"/proc/$P/cmdline" | grep -q container.py
}

inside() {
	nsenter -t "$P" "${USERNS[@]}" -m -p -u -i -n -C -r -w "${BE_ROOT[@]}" \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"
}

# host_side COMMAND...: on the router's end of the veth.
host_side() {
	nsenter --net="/proc/$(ppid_of "$P")/ns/net" "$@"
}

ppid_of() { sed -n 's/^PPid:[[:blank:]]*//p' "/proc/$1/status"; }

gone() { ! kill -0 "$1" 2>/dev/null; }

# stop_container SIGNAL: sets $STOP_MS and $STATUS; not gone in time is 1.
stop_container() {
	local began st=0
	began=$(now_ms)
	kill "-$1" "$P"
	wait_for $STOP_MAX gone "$P" || st=1
	STOP_MS=$(($(now_ms) - began))
	[ $st = 0 ] || kill -9 "$P"
	reap
	return $st
}

reap() {
	STATUS=0
	wait "$CHILD" || STATUS=$?
	wait "$LOGGER"
	P='' CHILD=''
}

# kill_container: as a power cut does.
kill_container() {
	[ -n "$P" ] || return 0
	kill -9 "$P" 2>/dev/null
	reap
}

# processes: pids of the container, as the host counts.
processes() {
	local ns
	ns=$(readlink "/proc/$P/ns/pid") || return
	# Brackets are a pattern's.
	find /proc/[0-9]*/ns/pid -lname "${ns//[\[\]]/?}" 2>/dev/null |
		cut -d/ -f3
}

# matching TEXT: the first of its processes whose command line has the text.
matching() {
	local p
	for p in $(processes); do
		tr '\0' ' ' 2>/dev/null <"/proc/$p/cmdline" |
			grep -qF -- "$1" && echo "$p" && return
	done
	return 1
}

# Not as the last boot left it, which a test marks.
in_default() {
	[ ! -e "/proc/$P/root/run/of-last-boot" ] &&
		[ "$(cat "/proc/$P/root/run/openrc/softlevel")" = default ] &&
		[ ! -e "/proc/$P/root/run/openrc/rc.starting" ]
}

# services RUNLEVEL: those that the image enables in it.
services() {
	find "$ROOT/etc/runlevels/$1" -mindepth 1 -printf '%f\n' 2>/dev/null |
		sort
}

# did NAME COMMAND...: like ok, but in this shell; shows the log when not.
did() {
	local name=$1 st=0
	shift
	"$@" >"$TEST_TMP/did" 2>&1 || st=$?
	if [ $st = 0 ]; then
		pass "$name"
	else
		fail "$name" "status $st of: $*" "$(tail -n 10 "$TEST_TMP/did")" \
			"$(tail -n 40 "$LOG")"
		return 1
	fi
}

# build_tars IMAGE ARG...: for all architectures, on the mirror of image.sh.
build_tars() {
	rm -rf "$TEST_TMP/dist"
	OUT=$(build build "$1" -q --output "$TEST_TMP/dist" "${@:2}" 2>&1)
}

# tar_of IMAGE ARCH
tar_of() { compgen -G "$TEST_TMP/dist/$1-v*-$2.tar"; }
