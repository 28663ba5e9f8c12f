# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# approve.sh: ros-sync approve, which needs no network and does not wait for a sync:
# what is offered must be here already.

# approve_row CHANNEL POINTER VERSION
approve_row() {
	{
		awk -F "$TAB" -v pointer="$2" '$2 != pointer' "$STATE/approved" 2>/dev/null
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
	publishing approve_all "$@" || return
	status_read
	page_update
}
