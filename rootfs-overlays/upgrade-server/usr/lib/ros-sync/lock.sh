# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# lock.sh: one sync at a time. The kernel frees the lock of who dies; downloads
# hold it, too (guard.sh ends those whose job has died).

# lock_try FILE: on descriptor 9. Status 2: this disk knows no locks.
lock_try() {
	local said
	(: >>"$1") 2>/dev/null || return 2
	exec 9>>"$1"
	said=$(flock -n 9 2>&1) && return
	[ -z "$said" ] || return 2
	return 1
}

# Network disks may have no locks: then this container at least has one.
lock_once() {
	local st=0
	lock_try "$STATE/lock" || st=$?
	[ $st = 2 ] || return $st
	lock_try "$ROS_RUN/ros-sync.lock"
}

# lock_holder_lives: whether the process that the status names is a sync.
lock_holder_lives() {
	status_read
	[ -n "$status_pid" ] || return
	[ "$status_pid" != $$ ] || return
	tr '\0' ' ' 2>/dev/null <"/proc/$status_pid/cmdline" | grep -q ros-sync
}

# lock_take: a lock without a living owner is free in a moment.
lock_take() {
	local i=0
	until lock_once; do
		i=$((i + 1))
		[ $i -lt 5 ] && ! lock_holder_lives || return 1
		sleep 1
	done
}

lock_leave() { exec 9>&-; }
