# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# health.sh: one line for whoever watches: "ok", or "failed: REASON: MESSAGE". Good
# is: the disk can be used, and the last sync that ended was successful, not too long ago.

# health_line: sets $health from the disk and the status.
health_line() {
	local age time
	health=ok
	data_problem || :
	if [ -n "$problem" ]; then
		health="failed: disk: $problem"
		return
	fi
	if [ -n "$status_reason" ] && [ "$status_reason" != stopped ]; then
		health="failed: $status_reason: $status_message"
		return
	fi
	if [ -z "$status_last_ok" ]; then
		health="failed: never: the first sync has not ended yet"
		return
	fi
	time=$(now)
	age=$(((time - status_last_ok) / 86400))
	[ "$time" -ge "$CLOCK_LEAST" ] && [ $age -ge "$ROS_MAX_AGE_DAYS" ] || return 0
	health="failed: old: the last successful sync was $age days ago: ros-sync"
}

# With a full disk the old line must not stay.
health_write() {
	health_line
	[ "$health" != "$(cat "$WWW/healthz" 2>/dev/null)" ] || return 0
	echo "$health" | put "$WWW/healthz" || : >"$WWW/healthz"
}

# A sync that was killed said nothing; and one that succeeded before the clock was
# set has an age only now. Who syncs has the lock: then there is nothing to do.
health_repair() {
	local changed=no
	lock_take || return 0
	status_read
	if [ "$status_state" = running ]; then
		status_state=failed status_pid='' status_doing='' changed=yes
		[ -n "$status_reason" ] || status_reason=stopped
		[ -n "$status_message" ] || status_message="the sync was stopped: ros-sync"
	fi
	if [ -n "$status_last_ok" ] && [ "$status_last_ok" -lt "$CLOCK_LEAST" ] &&
		[ "$(now)" -ge "$CLOCK_LEAST" ]; then
		status_last_ok=$(now) changed=yes
	fi
	[ $changed = no ] || status_write
	lock_leave
}

# health: says and writes the line; the exit status is for healthcheck-cmd.
health() {
	health_repair
	status_read
	health_write
	echo "$health"
	[ "$health" = ok ]
}
