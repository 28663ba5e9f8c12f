# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# guard.sh: a companion of the job that looks at the running download once a
# second. It ends one that is too slow, and, when the job was killed with no
# chance to clean up, its download: that holds the lock and would write on.

guard_pid=

# guard_start: the download is in $PART/now, "PID FILE".
guard_start() {
	: >"$PART/now"
	rm -f "$PART/slow"
	# With 9>&- at the function the shell would keep a copy, and so the lock.
	(
		exec 9>&- </dev/null
		guard_loop $$
	) &
	guard_pid=$!
}

guard_stop() {
	[ -z "$guard_pid" ] || kill "$guard_pid" 2>/dev/null
	guard_pid=
}

# guard_kill PID FILE: unless the number belongs to somebody else by now.
guard_kill() {
	tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -qF -- " $2 " &&
		kill "$1" 2>/dev/null
}

# guard_is_slow FILE: status 0 when too little came since the last look.
guard_is_slow() {
	file_size "$1"
	[ $((size - seen)) -lt $((ROS_TIMEOUT * 1024)) ] && return
	seen=$size
	seconds=0
	return 1
}

# guard_loop JOB: who has lost its parent is given another.
guard_loop() {
	local parent pid file last='' seen=0 seconds=0
	trap 'exit 0' TERM
	trap - INT HUP
	while read -r _ _ _ parent _ </proc/self/stat && [ "$parent" = "$1" ]; do
		sleep 1
		read -r pid file 2>/dev/null <"$PART/now" || pid=
		[ -n "$pid" ] || continue
		if [ "$pid" != "$last" ]; then
			last=$pid
			file_size "$file"
			seen=$size
			seconds=0
		fi
		seconds=$((seconds + 1))
		if [ $seconds -ge "$ROS_TIMEOUT" ] && guard_is_slow "$file"; then
			: >"$PART/slow"
			guard_kill "$pid" "$file"
		fi
	done
	read -r pid file 2>/dev/null <"$PART/now" && guard_kill "$pid" "$file"
	exit 0
}
