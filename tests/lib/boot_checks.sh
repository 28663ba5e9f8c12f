# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# boot_checks.sh: what holds for every image whose PID 1 is init with OpenRC.
# Source it after boot.sh. $IMAGE names in the test names what is booted.
# shellcheck disable=SC2153

# OpenRC's and our own words for what must not be in a log.
COMPLAINTS='ERROR|WARNING|[Cc]annot|[Cc]an.t |crashed|non existent|not found|[Dd]enied|[Ff]ailed|exited with return code'
# What $ALLOWED matches is let through.
NOTHING='^$'
ALLOWED=$NOTHING
# Scripts of a user's image may have chosen otherwise.
ALL_SUPERVISED=yes
BOOT_MS='?' PROCESSES='?' RSS='?' PSS='?'

# host_pid PID: as the host counts what counts as PID in the container.
host_pid() {
	processes | sed 's|.*|/proc/&/status|' | xargs awk -v pid="$1" '
		/^Pid:/ { host = $2 }
		/^NSpid:/ && $NF == pid { print host }' 2>/dev/null
}

# supervised SERVICE: the daemon below its supervise-daemon.
supervised() {
	local p
	p=$(matching "supervise-daemon $1 ") || return
	p=$(cat "/proc/$p/task/$p/children") && p=${p%% *}
	[ -n "$p" ] && echo "$p"
}

# daemon SERVICE: its process, or nothing. OpenRC notes the pid file where it
# has a start-stop-daemon of its own, which Debian's has not.
daemon() {
	local run=/proc/$P/root/run file
	supervised "$1" && return
	file=$(sed -n 's/^pidfile=\/run\///p' "$run/openrc/daemons/$1"/* \
		2>/dev/null | head -n 1)
	file=$run/${file:-$1.pid}
	[ -s "$file" ] && host_pid "$(cat "$file")"
}

complaints() { grep -aE "$COMPLAINTS" "$LOG" | grep -avE "$ALLOWED"; }
no_complaints() { ! complaints; }

all_started() {
	local level service status=0
	[ -n "$(services default)" ] || return
	for level in boot default; do
		for service in $(services $level); do
			[ -L "/proc/$P/root/run/openrc/started/$service" ] ||
				{ echo "$level: $service" && status=1; }
		done
	done
	return $status
}

nothing_crashed() { ! inside rc-status -a 2>/dev/null | grep -i crashed; }

# has_env SERVICE: the daemon's is the container's. Some write over theirs.
has_env() {
	local p words
	p=$(daemon "$1") && [ -n "$p" ] || return
	words=$(tr '\0' '\n' <"/proc/$p/environ")
	! grep -q '^PATH=' <<<"$words" || grep -qxF "$ENV_WORD" <<<"$words"
}

# Every daemon that OpenRC started.
daemons_have_env() {
	local service n=0
	for service in $(services default); do
		[ -n "$(daemon "$service")" ] || continue
		n=$((n + 1))
		has_env "$service" || return
	done
	[ $n -gt 0 ]
}

# said TEXT: within two seconds.
said() { wait_for 5 grep -qaF -- "$1" "$LOG"; }

another_daemon() {
	local p
	p=$(daemon "$1") && [ "$p" != "$2" ]
}

# check_up: it is there, whole, and talks.
check_up() {
	if ! did "$IMAGE: default runlevel is reached" \
		wait_for "$BOOT_MAX" in_default; then
		return 1
	fi
	BOOT_MS=$(($(now_ms) - BOOT_BEGAN))
	did "$IMAGE: every service that it enables is started" \
		wait_for 5 all_started
	did "$IMAGE: nothing has crashed" nothing_crashed
	did "$IMAGE: the environment reaches the daemons" \
		wait_for 5 daemons_have_env
	inside logger -t boot-test "said to syslog"
	did "$IMAGE: the system log is the container's log" \
		said "boot-test: said to syslog"
	did "$IMAGE: the log has no error" no_complaints
	return 0
}

# check_restart SERVICE: from a shell that has not the environment.
check_restart() {
	local old
	old=$(daemon "$1")
	inside rc-service "$1" restart >"$TEST_TMP/restart" 2>&1 </dev/null
	did "$IMAGE: $1 restarts and has a new process" \
		wait_for 10 another_daemon "$1" "$old"
	did "$IMAGE: PID 1 is there still" kill -0 "$P"
	did "$IMAGE: $1 still has the environment" wait_for 5 has_env "$1"
}

# find_daemon NAME: the process of a supervised service, or init's syslogd.
find_daemon() {
	if [ "$1" = syslogd ]; then
		matching "/sbin/syslogd "
	else
		supervised "$1"
	fi
}

found_other() {
	local new
	new=$(find_daemon "$1") && [ "$new" != "$2" ]
}

# check_respawns NAME...: all killed at once, so that their delays overlap.
check_respawns() {
	local name
	local -A old=()
	for name; do
		old[$name]=$(find_daemon "$name") && kill -9 "${old[$name]}"
	done
	for name; do
		if [ -z "${old[$name]}" ]; then
			fail "$IMAGE: $name runs"
			continue
		fi
		did "$IMAGE: $name comes back after kill -9" \
			wait_for 40 found_other "$name" "${old[$name]}"
	done
}

# Debian's start-stop-daemon wants to see the program in /proc/PID/exe.
can_stop() {
	WHY="its process is the emulator"
	[ -z "$(emulator "$ARCH")" ] || supervised "$1" >/dev/null ||
		[ -d "/proc/$P/root/run/openrc/daemons/$1" ]
}

# unsupervised: daemons that would stay dead.
unsupervised() {
	local service
	for service in $(services default); do
		[ -z "$(daemon "$service")" ] ||
			supervised "$service" >/dev/null || echo "$service"
	done
}

# check_daemons: each that OpenRC started restarts, each supervised one and
# the system log come back.
check_daemons() {
	local service
	[ $ALL_SUPERVISED = no ] ||
		is "$(unsupervised)" "" "$IMAGE: no daemon is left unsupervised"
	for service in $(services default); do
		if [ -z "$(daemon "$service")" ]; then
			continue
		elif can_stop "$service"; then
			check_restart "$service"
		else
			skip "$IMAGE: $service restarts" "$WHY"
		fi
	done
	# shellcheck disable=SC2046
	check_respawns $(for service in $(services default); do
		! supervised "$service" >/dev/null || echo "$service"
	done) syslogd
}

check_stop() {
	did "$IMAGE: SIG$1 ends everything within $STOP_MAX s" \
		stop_container "$1"
	like "$STATUS" '^(0|129|130)$' "$IMAGE: with status 0, 129 or 130"
	did "$IMAGE: the log has no error to the end" no_complaints
}

# at_rest: sets RSS and PSS (kB) and PROCESSES.
at_rest() {
	local p
	PROCESSES=$(processes | wc -l)
	read -r RSS PSS < <(for p in $(processes); do
		cat "/proc/$p/smaps_rollup" 2>/dev/null
	done | awk '/^Rss:/ { rss += $2 } /^Pss:/ { pss += $2 }
		END { print rss + 0, pss + 0 }')
}

# ticks: of processor time of each of its processes, after its state.
ticks() {
	local p
	for p in $(processes); do
		sed "s|.*) |$p |" "/proc/$p/stat" 2>/dev/null
	done | cut -d' ' -f1,2,13,14 | sort
}

# nothing_runs: for two seconds. A start leaves processes that end soon, cron
# has its jobs, and init takes a second to take leave of the dead.
nothing_runs() {
	local before
	before=$(ticks)
	! grep -q ' Z ' <<<"$before" && sleep 2 && [ "$(ticks)" = "$before" ]
}

mib() { awk -v n="$1" 'BEGIN { printf "%.1f", n / 1048576 }'; }

# measured: one line for docs/images.md. Under an emulator its own memory and
# time are in the numbers.
measured() {
	local how=natively
	[ -z "$(emulator "$ARCH")" ] || how=emulated
	echo "# measured: $IMAGE $how:" \
		"tar $(mib "$TAR_SIZE") MiB, unpacked $(mib "$UNPACKED_SIZE") MiB," \
		"boot $BOOT_MS ms, stop $STOP_MS ms, processes $PROCESSES," \
		"RSS $RSS kB, PSS $PSS kB"
}

# slow_keys ROOT: an emulator takes a minute for a key of these; the others are
# left to the first start.
slow_keys() {
	local kind
	[ -d "$1/etc/ssh" ] && command -v ssh-keygen >/dev/null || return 0
	for kind in rsa dsa; do
		ssh-keygen -q -t $kind -N '' \
			-f "$1/etc/ssh/ssh_host_${kind}_key" 2>/dev/null || :
	done
}

# boot_and_check NAME ARG...: the list for every image, from start to stop.
boot_and_check() {
	[ -z "$(emulator "$ARCH")" ] || slow_keys "$TEST_TMP/$1/root"
	boot "$@" || {
		fail "$IMAGE: starts" "$(cat "$LOG")"
		kill_container
		return
	}
	if check_up; then
		settle
		at_rest
		check_daemons
	fi
	check_stop TERM
	measured
}

# What the first start does at once would be measured too.
settle() { wait_for "$BOOT_MAX" test ! -e "/proc/$P/root/run/first-start.pid"; }
