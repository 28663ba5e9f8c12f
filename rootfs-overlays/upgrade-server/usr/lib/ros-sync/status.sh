# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# status.sh: what the job is doing and how the last one ended, in state/status:
# lines KEY=VALUE, replaced by rename. reason and message of a job that failed stay
# until the next one has ended.

status_state=never
status_pid='' status_began='' status_ended='' status_last_ok=''
status_reason='' status_message='' status_doing=''
status_done_files=0 status_done_bytes=0
page_at=0

# status_read: what is in the file; unknown keys are left out.
status_read() {
	local line value
	[ -r "$STATE/status" ] || return 0
	while IFS= read -r line; do
		value=${line#*=}
		case $line in
		state=*) status_state=$value ;;
		pid=*) status_pid=$value ;;
		began=*) status_began=$value ;;
		ended=*) status_ended=$value ;;
		last_ok=*) status_last_ok=$value ;;
		reason=*) status_reason=$value ;;
		message=*) status_message=$value ;;
		doing=*) status_doing=$value ;;
		done_files=*) status_done_files=$value ;;
		done_bytes=*) status_done_bytes=$value ;;
		esac
	done <"$STATE/status"
	status_clean
}

# What should be a number is one, or nothing.
status_clean() {
	case $status_began in *[!0-9]*) status_began= ;; esac
	case $status_ended in *[!0-9]*) status_ended= ;; esac
	case $status_last_ok in *[!0-9]*) status_last_ok= ;; esac
	case $status_pid in *[!0-9]*) status_pid= ;; esac
	case $status_done_files in '' | *[!0-9]*) status_done_files=0 ;; esac
	case $status_done_bytes in '' | *[!0-9]*) status_done_bytes=0 ;; esac
	case $status_state in
	never | running | ok | failed) ;;
	*) status_state=never ;;
	esac
}

status_write() {
	put "$STATE/status" <<-END
		state=$status_state
		pid=$status_pid
		began=$status_began
		ended=$status_ended
		last_ok=$status_last_ok
		reason=$status_reason
		message=$status_message
		doing=$status_doing
		done_files=$status_done_files
		done_bytes=$status_done_bytes
	END
}

# status_changed: for everybody who wants to know.
status_changed() {
	status_write
	health_write
	page_at=$(now)
	page_update
}

# status_doing TEXT: the page follows some seconds later at most, as it may take
# a small processor a while.
status_doing() {
	local at
	status_doing=$1
	status_write
	at=$(now)
	[ $((at - page_at)) -lt 0 ] || [ $((at - page_at)) -ge 10 ] || return 0
	page_at=$at
	page_update
}

# page_update: the web page and upgrade.rsc, whose parts bring their functions;
# in a shell of its own, so that nothing there can harm the sync. With settings that
# make no sense the page tells so, and the scripts stay as they were.
page_update() {
	local part
	for part in page_write rsc_write; do
		command -v $part >/dev/null || continue
		[ -z "$settings_error" ] || [ $part = page_write ] || continue
		("$part" 9>&-) || log_error "$part failed"
	done
}

# status_begin: a sync that has the lock.
status_begin() {
	status_read
	status_state=running
	status_pid=$$
	status_began=$(now)
	status_ended=
	status_doing='reading what there is'
	status_done_files=0
	status_done_bytes=0
	status_changed
}

# status_end REASON MESSAGE: no reason is success.
status_end() {
	status_ended=$(now)
	status_pid=
	status_doing=
	status_reason=$1
	status_message=$2
	if [ -z "$1" ]; then
		status_state=ok
		status_last_ok=$status_ended
	else
		status_state=failed
	fi
	status_changed
}
