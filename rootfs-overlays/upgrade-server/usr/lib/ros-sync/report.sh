# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# report.sh: ros-sync status, for people and for programs.

# when SECONDS: in the time zone of TZ.
when() {
	[ -n "$1" ] && date -d "@$1" '+%Y-%m-%d %H:%M:%S' || echo never
}

# What a sync that was killed left in the file is not what is.
report_state() {
	state=$status_state
	[ "$state" != running ] || lock_holder_lives || [ "$status_pid" = $$ ] || state=interrupted
}

report_people() {
	local state
	report_state
	health_line
	echo "health     $health"
	case $state in
	running)
		echo "state      running since $(when "$status_began"): $status_doing"
		echo "fetched    $status_done_files files, $(megabytes "$status_done_bytes")"
		;;
	*) echo "state      $state, ended $(when "$status_ended")" ;;
	esac
	echo "last good  $(when "$status_last_ok")"
	[ -z "$status_message" ] || echo "problem    $status_reason: $status_message"
	echo "disk       $(report_free) free of $ROS_DATA"
	echo
	report_table
}

report_table() {
	{
		echo "CHANNEL${TAB}POINTER${TAB}OFFERED${TAB}BUILT${TAB}UPSTREAM${TAB}STATE"
		cat "$STATE/channels" 2>/dev/null
	} | while IFS=$TAB read -r channel pointer version time upstream verdict; do
		case $time in
		*[!0-9]* | 0) ;;
		*) time=$(date -u -d "@$time" +%Y-%m-%d) ;;
		esac
		printf '%-15s %-20s %-11s %-11s %-11s %s\n' "$channel" "$pointer" "$version" \
			"$time" "$upstream" "$verdict"
	done
}

report_free() {
	local free
	free=$(disk_free_kb)
	[ -n "$free" ] && echo "$((free / 1024)) MB" || echo unknown
}

# report_json: what /status.json says, as of now; page.sh knows its form.
report_json() { page_facts | page_awk json.awk; }
