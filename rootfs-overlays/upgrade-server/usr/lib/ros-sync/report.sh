# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# report.sh: ros-sync status, for people and as JSON (also /status.json).

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
	echo "disk       $(($(report_free) / 1048576)) MB free of $ROS_DATA"
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

# Bytes; 0 when unknown.
report_free() {
	local free
	free=$(disk_free_kb)
	echo $((${free:-0} * 1024))
}

# json_text TEXT: quoted.
json_text() {
	printf '"%s"' "$(printf '%s' "$1" | tr -d '\000-\037\177' | sed 's/[\\"]/\\&/g')"
}

# json_number TEXT
json_number() {
	case $1 in
	'' | *[!0-9]*) printf null ;;
	*) printf '%s' "$1" ;;
	esac
}

report_json() {
	local state channel pointer version time upstream verdict comma=
	report_state
	health_line
	printf '{"state":%s,"health":%s' "$(json_text "$state")" "$(json_text "$health")"
	printf ',"began":%s,"ended":%s,"last_ok":%s' "$(json_number "$status_began")" \
		"$(json_number "$status_ended")" "$(json_number "$status_last_ok")"
	printf ',"reason":%s,"message":%s,"doing":%s' "$(json_text "$status_reason")" \
		"$(json_text "$status_message")" "$(json_text "$status_doing")"
	printf ',"done_files":%s,"done_bytes":%s' "$(json_number "$status_done_files")" \
		"$(json_number "$status_done_bytes")"
	printf ',"free_bytes":%s,"channels":[' "$(json_number "$(report_free)")"
	while IFS=$TAB read -r channel pointer version time upstream verdict; do
		printf '%s\n{"channel":%s,"pointer":%s' "$comma" "$(json_text "$channel")" \
			"$(json_text "$pointer")"
		printf ',"version":%s,"build_time":%s' "$(json_text "$version")" \
			"$(json_number "$time")"
		printf ',"upstream":%s,"state":%s}' "$(json_text "$upstream")" \
			"$(json_text "$verdict")"
		comma=,
	done 2>/dev/null <"$STATE/channels"
	printf ']}\n'
}

report_write() { report_json | put "$WWW/status.json"; }
