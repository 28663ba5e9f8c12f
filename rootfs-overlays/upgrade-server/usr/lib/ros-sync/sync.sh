# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# sync.sh: the order of a sync, which makes it safe to end anywhere: for each channel
# read its pointer, have all of the version, and only then let ours say so. At the
# end what nobody names is removed.

stop=0
failed_reason='' failed_message=''
network_failures=0

# fail REASON TEXT: the first failure is what the status tells. Some make it vain to
# go on; a network may have had a hiccup once.
fail() {
	log_error "$2"
	if [ -z "$failed_reason" ]; then
		failed_reason=$1
		failed_message="$2$(remedy "$1")"
	fi
	case $1 in
	loop | clock | disk) stop=1 ;;
	network | dns)
		network_failures=$((network_failures + 1))
		[ $network_failures -lt 2 ] || stop=1
		;;
	*) network_failures=0 ;;
	esac
}

# remedy REASON
remedy() {
	case $1 in
	network) echo "; the container needs masquerade and a firewall that lets it out" ;;
	dns) echo "; give the container a DNS server that answers: dns=9.9.9.9" ;;
	upstream) echo "; the next sync tries again" ;;
	checksum) echo "; nothing of it is served, the next sync tries again" ;;
	disk) echo "; fewer ROS_ARCHES or ROS_PACKAGES, a smaller ROS_KEEP, or a larger disk" ;;
	loop) echo "; give the container a DNS server without the entry: dns=9.9.9.9" ;;
	clock) echo "; set the router's clock: /system/ntp/client/set enabled=yes" ;;
	esac
}

# bridge_fallback POINTER: LATEST.7 is 7.12.1 for ever, also if upstream forgot.
bridge_fallback() {
	[ "$1" = LATEST.7 ] && fetch_is_missing || return
	version=7.12.1
	time=-
}

# channel_read CHANNEL POINTER: sets upstream and wanted. With a pin the answer is
# worth having, but not needed.
channel_read() {
	pin_of "$1"
	if pointer_fetch "$2" || bridge_fallback "$2"; then
		network_failures=0
		upstream=$version
	elif [ -n "$pin" ] && [ "$fetch_reason" = upstream ]; then
		upstream=-
	else
		fail "$fetch_reason" "$fetch_text"
		return 1
	fi
	wanted=${pin:-$upstream}
}

# channel_keep CHANNEL POINTER: what routers are offered now, or were promised, is
# repaired, and completed for the settings of now, while something newer waits or
# cannot be had. What cannot be completed is offered on to those that it is for.
channel_keep() {
	local offered
	approved_of "$2"
	pointer_published "$2" || :
	for offered in $version $approved; do
		pointer_is_empty "$offered" || [ "$offered" = - ] && continue
		[ $stop = 0 ] || return
		if is_damaged "$1" "$offered"; then
			log "$offered is damaged: fetching what is missing"
		elif lacks "$1" "$offered"; then
			log "$2 offers $offered, which lacks $lacking: fetching what is missing"
		else
			continue
		fi
		version_ensure "$1" "$offered" || [ -n "$failed_reason" ] ||
			fail upstream "$2 offers $offered, which is not complete"
	done
}

# channel_round CHANNEL POINTER: one version, from the pointer to the pointer.
channel_round() {
	if pointer_is_empty "$wanted"; then
		[ "$ROS_APPROVE" = 0 ] || channel_keep "$1" "$2"
		publishing publish_empty "$1" "$2"
		return
	fi
	if version_ensure "$1" "$wanted"; then
		[ "$ROS_APPROVE" = 0 ] || channel_keep "$1" "$2"
		publishing publish "$1" "$2" "$wanted" "$upstream" && return
		fail disk "cannot write $TREE/$2"
		return 1
	fi
	[ -n "$failed_reason" ] || fail disk "cannot write to $TREE"
	[ $stop = 1 ] || channel_keep "$1" "$2"
	publishing incomplete "$1" "$2" "$upstream"
	log_error "$2 stays as it was: $wanted is not complete"
	return 1
}

# channel_sync CHANNEL POINTER: when fetching took its time, or failed because
# upstream moved on, the pointer is read again, and may ask for another round.
channel_sync() {
	local round=1 before st=0 upstream='' wanted='' last='' reason message
	reason=$failed_reason message=$failed_message
	while [ $round -le 3 ]; do
		[ $stop = 0 ] || return 1
		status_doing "$2"
		if ! channel_read "$@"; then
			[ $stop = 1 ] || channel_keep "$@"
			publishing incomplete "$1" "$2" -
			return 1
		fi
		[ "$wanted" != "$last" ] || return $st
		last=$wanted st=0
		failed_reason=$reason failed_message=$message
		before=$status_done_files
		channel_round "$@" || st=1
		[ $st = 1 ] || [ "$before" != "$status_done_files" ] || return 0
		status_changed
		round=$((round + 1))
	done
	return $st
}

# sync_pointers: those that copy others come last.
sync_pointers() {
	local channel pointer copied
	pointers >"$PART/pointers.todo"
	while read -r channel pointer copied <&4; do
		[ -z "$copied" ] || continue
		channel_sync "$channel" "$pointer" || :
		[ $stop = 0 ] || break
	done 4<"$PART/pointers.todo"
	publishing publish_copies || fail disk "cannot write to $TREE"
	publishing pointers_check || [ -n "$failed_reason" ] ||
		fail upstream "something that is offered is damaged: ros-sync verify"
	publishing rows_settle
}

# sync_clean: temporaries of dead jobs. Parts of files are kept for a week, as long
# as something could go on with them.
sync_clean() {
	rm -rf "$PART"/gone.*
	find "$PART" -type f \( -mtime +7 -o -name 'put.*' -mtime +0 \) \
		-exec rm -f {} + 2>/dev/null
}

# sync_stopped: by a signal. What there is stays as it is; the next one goes on.
sync_stopped() {
	trap '' TERM INT HUP
	[ -z "$fetch_pid" ] || kill "$fetch_pid" 2>/dev/null
	guard_stop
	log "stopped; the next sync goes on from here"
	status_end "${status_reason:-stopped}" "${status_message:-the sync was stopped: ros-sync}"
	exit 1
}

# sync_all: status 0, or 1 when anything failed.
sync_all() {
	sync_clean
	status_begin
	trap sync_stopped TERM INT HUP
	guard_start
	log "channels $ROS_CHANNELS; architectures $ROS_ARCHES; packages $ROS_PACKAGES"
	sync_pointers
	[ $stop = 1 ] || prune
	guard_stop
	[ -n "$failed_reason" ] || find "$PART" -type f ! -name now ! -name 'put.*' \
		! -name '*.approve' -exec rm -f {} + 2>/dev/null
	status_end "$failed_reason" "$failed_message"
	trap - TERM INT HUP
	sync_told
}

sync_told() {
	if [ -z "$failed_reason" ]; then
		log "done: $status_done_files files, $(megabytes "$status_done_bytes")"
		return
	fi
	log_error "failed: $failed_reason: $failed_message"
	return 1
}
