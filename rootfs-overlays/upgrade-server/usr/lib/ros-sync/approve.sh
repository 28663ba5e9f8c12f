# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# approve.sh: ros-sync approve, which does not wait for a sync: what is offered must be
# here already. The network is for what the settings have come to want since.

# approve_row CHANNEL POINTER VERSION
approve_row() {
	{
		approved_others "$2"
		echo "$1$TAB$2$TAB$3"
	} | put "$STATE/approved" || return
	row_of "$2" || :
	publish "$1" "$2" "$3" "$row_upstream"
}

# approve_pointer CHANNEL POINTER [VERSION]: without one what upstream offers.
approve_pointer() {
	local chosen=${3:-}
	row_of "$2" || :
	[ -n "$chosen" ] || chosen=$row_upstream
	if ! is_version "$chosen" || ! pointer_is_for "$2" "$chosen" || pointer_is_empty "$chosen"; then
		[ -n "${3:-}" ] || log "$2: there is nothing to approve"
		return
	fi
	if ! set_is_whole_of "$1" "$chosen"; then
		log_error "$2: $chosen is not here; complete are: $(approve_choice)"
		return 1
	fi
	approve_row "$1" "$2" "$chosen" && log "$2: $chosen is approved"
}

approve_choice() {
	local path
	for path in "$STATE"/set/*; do
		[ -s "$path" ] && echo "${path##*/}"
	done | versions_sorted | tr '\n' ' '
}

# approve_complete CHANNEL [VERSION]: what the settings of now want beyond what was
# fetched comes before the pointer; what cannot be had is told, and is no obstacle
# to a way back. Nothing of this while a sync runs, which may be busy with the same.
approve_complete() {
	local channel pointer copied version_is failed=0
	if ! lock_take; then
		log "a sync runs: whether the version is complete the next one finds out"
		return
	fi
	pointers >"$PART/pointers.approve"
	while read -r channel pointer copied <&4; do
		[ "$channel" = "$1" ] && [ -z "$copied" ] || continue
		row_of "$pointer" || :
		version_is=${2:-$row_upstream}
		set_is_whole_of "$channel" "$version_is" && lacks "$channel" "$version_is" || continue
		log "$version_is lacks $lacking: fetching what is missing"
		status_read
		guard_start
		version_ensure "$channel" "$version_is" || failed=1
		guard_stop
		status_doing=''
		status_write
	done 4<"$PART/pointers.approve"
	lock_leave
	[ $failed = 0 ] || log_error "$version_is is offered without that; the next sync tries again"
}

# approve_all CHANNEL [VERSION]: under the lock of who publishes.
approve_all() {
	local channel pointer copied st=0
	pointers >"$PART/pointers.approve"
	while read -r channel pointer copied <&4; do
		[ "$channel" = "$1" ] && [ -z "$copied" ] || continue
		approve_pointer "$channel" "$pointer" "${2:-}" || st=1
	done 4<"$PART/pointers.approve"
	publish_copies || st=1
	return $st
}

# approve CHANNEL [VERSION]
approve() {
	local channels
	channels=$(pointers | cut -d' ' -f1 | grep -vx bridge | uniq | tr '\n' ' ')
	if [ "$ROS_APPROVE" != 1 ]; then
		log_error "ROS_APPROVE is 0: nothing waits for approval"
		return 2
	fi
	case " $channels" in
	*" ${1:-} "*) ;;
	*)
		log_error "no such channel: ${1:-(none)}; there are: $channels"
		return 2
		;;
	esac
	if [ -n "${2:-}" ] && ! is_version "$2"; then
		log_error "no version: $2; expected one such as 7.24.4"
		return 2
	fi
	approve_complete "$@"
	publishing approve_all "$@" || return
	status_read
	page_update
}
