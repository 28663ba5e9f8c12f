# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# publish.sh: the last step. A pointer changes by one rename, when everything that
# its version consists of is on the disk, and never otherwise. approve and a sync may
# both want to: under a lock of its own each looks at the newest decision.

# set_write NAME: stdin, files below the tree, is what a version consists of.
set_write() { put "$STATE/set/$1"; }

# set_name CHANNEL VERSION: sets $set.
set_name() {
	case $1 in
	winbox-*) set=winbox-$2 ;;
	*) set=$2 ;;
	esac
}

# mark_name FILE: sets $mark, the note of what was verified of a file of the tree.
mark_name() {
	case $1 in
	winbox/*) mark=$STATE/ok/$(echo "$1" | tr / _) ;;
	*) mark=$STATE/ok/${1##*/} ;;
	esac
}

# mark_read FILE: sets mark_sum, mark_size and mark_by (sha256 or magic).
mark_read() {
	mark_sum='' mark_size='' mark_by=''
	mark_name "$1"
	[ -s "$mark" ] || return
	read -r mark_sum mark_size mark_by <"$mark"
	[ -n "$mark_by" ]
}

# mark_fits FILE: it is there, and as large as what was verified.
mark_fits() {
	mark_read "$1" || return
	file_size "$TREE/$1"
	[ "$size" = "$mark_size" ] && [ "$size" != 0 ]
}

# set_is_whole NAME
set_is_whole() {
	local file
	[ -s "$STATE/set/$1" ] || return
	while IFS= read -r file; do
		case $file in
		*/CHANGELOG) [ -s "$TREE/$file" ] || return 1 ;;
		*) mark_fits "$file" || return 1 ;;
		esac
	done <"$STATE/set/$1"
}

# approved_of POINTER: sets $approved.
approved_of() {
	approved=$(awk -F "$TAB" -v pointer="$1" '$2 == pointer { print $3 }' \
		"$STATE/approved" 2>/dev/null | tail -n 1)
}

# approved_forget POINTER: who switches approval on again does not mean a version of
# long ago.
approved_forget() {
	approved_of "$1"
	[ -z "$approved" ] || approved_others "$1" | put "$STATE/approved"
}

# approved_others POINTER: what was approved for other pointers.
approved_others() {
	awk -F "$TAB" -v pointer="$1" '$2 != pointer' "$STATE/approved" 2>/dev/null
}

# pointer_write POINTER VERSION TIME: nothing when it says so already. What it names
# must survive a power cut that it survives.
pointer_write() {
	local old text="$2 $3"
	[ "$3" != - ] || text=$2
	[ "$text" != "$(cat "$TREE/$1" 2>/dev/null)" ] || return 0
	old=$(pointer_published "$1"; echo "$version")
	sync -f "$TREE" 2>/dev/null || sync
	echo "$text" | put "$TREE/$1" || return
	log "$1 says $2 now (before: $old)"
}

# decide CHANNEL POINTER WANTED: sets $target and $verdict, by approval.
decide() {
	local current
	target=$3 verdict=ok
	pin_of "$1"
	[ -z "$pin" ] || { verdict=pinned && return; }
	[ "$ROS_APPROVE" = 1 ] && [ "$1" != bridge ] || return 0
	pointer_published "$2" || :
	current=$version
	approved_of "$2"
	target=$current
	if [ -n "$approved" ]; then
		set_name "$1" "$approved"
		! set_is_whole "$set" || target=$approved
	fi
	[ "$target" != - ] || target=0.00
	[ "$target" = "$3" ] || verdict=waiting
}

# publishing COMMAND...: one at a time, in a shell of its own.
publishing() {
	(
		exec 9>&- 8>>"$STATE/publish.lock"
		flock 8 2>/dev/null || :
		"$@"
	)
}

# publish CHANNEL POINTER WANTED UPSTREAM: WANTED is whole.
publish() {
	decide "$1" "$2" "$3"
	if [ "$target" != "$3" ] && ! pointer_is_empty "$target"; then
		set_is_whole_of "$1" "$target" || verdict=incomplete
	fi
	[ "$ROS_APPROVE" = 1 ] || approved_forget "$2"
	publish_time "$1" "$2" "$target"
	pointer_write "$2" "$target" "$time" || return
	row_put "$1" "$2" "$target" "$time" "$4" $verdict
	[ $verdict != waiting ] || log "$2: $4 waits for: ros-sync approve $1"
}

set_is_whole_of() {
	set_name "$@"
	set_is_whole "$set"
}

# publish_time CHANNEL POINTER VERSION: sets $time; WinBox' pointers may have none.
publish_time() {
	time=0
	! pointer_is_empty "$3" || return 0
	time_of "$3"
	case $1:$time in winbox-*:0) time=- ;; esac
}

# publish_empty CHANNEL POINTER: upstream offers nothing. Who approves versions did
# not approve that one.
publish_empty() {
	pointer_published "$2" || :
	if [ "$ROS_APPROVE" = 1 ] && [ "$version" != - ] && ! pointer_is_empty "$version"; then
		row_put "$1" "$2" "$version" "$time" 0.00 waiting
		return
	fi
	pointer_write "$2" 0.00 0 && row_put "$1" "$2" 0.00 0 0.00 empty
}

# publish_copy CHANNEL POINTER COPIED: says what COPIED says.
publish_copy() {
	row_of "$3" || return 0
	pointer_published "$3" || return 0
	pointer_write "$2" "$version" "$time" &&
		row_put "$1" "$2" "$row_version" "$row_time" "$row_upstream" "$row_state"
}

# publish_copies: after every other pointer.
publish_copies() {
	local channel pointer copied
	pointers | while read -r channel pointer copied; do
		[ -z "$copied" ] || publish_copy "$channel" "$pointer" "$copied" || exit 1
	done
}

# incomplete CHANNEL POINTER UPSTREAM: stays as it was. Where upstream could not be
# asked ("-"), what waits can be approved all the same.
incomplete() {
	local upstream=$3 verdict=incomplete
	if [ "$upstream" = - ] && row_of "$2"; then
		upstream=$row_upstream verdict=$row_state
	fi
	pointer_published "$2" || :
	row_put "$1" "$2" "$version" "$time" "$upstream" "$verdict"
}

# withdraw CHANNEL POINTER VERSION: not all of it is there, nor could be had again.
withdraw() {
	rm -f "$TREE/$2"
	log_error "$2 is withdrawn: of $3 something is missing"
	case $1 in winbox-*) ;; *) csv_write "$3" ;; esac
	row_of "$2" || :
	row_put "$1" "$2" - - "$row_upstream" incomplete
}

# is_damaged CHANNEL VERSION: what is known of it is not all there.
is_damaged() {
	set_name "$@"
	if [ -s "$STATE/set/$set" ]; then
		! set_is_whole "$set"
	else
		! looks_whole "$@"
	fi
}

# looks_whole CHANNEL VERSION: of a tree that was copied here nothing is known before
# the first sync that ends well.
looks_whole() {
	local file
	case $1 in
	winbox-*)
		[ -n "$(ls "$TREE/winbox/$2" 2>/dev/null)" ]
		return
		;;
	esac
	[ -s "$TREE/$2/CHANGELOG" ] && ls "$TREE/$2"/routeros-*.npk >/dev/null 2>&1 || return
	csv_lines "$2" "$TREE/$2/packages.csv" | cmp -s - "$TREE/$2/packages.csv" ||
		[ ! -e "$TREE/$2/packages.csv" ]
}

# pointers_check: removes pointers that nobody wants any more, and those to versions
# that are damaged. Status 1 when there was one of these.
pointers_check() {
	local file pointer channel st=0
	pointers >"$PART/pointers"
	for file in "$TREE"/NEWEST* "$TREE"/LATEST* "$TREE"/winbox/LATEST*; do
		[ -f "$file" ] || continue
		pointer=${file#"$TREE"/}
		channel=$(awk -v pointer="$pointer" '$2 == pointer { print $1 }' "$PART/pointers")
		if [ -z "$channel" ]; then
			rm -f "$file"
			log "$pointer is removed: the settings do not ask for it"
		elif pointer_published "$pointer" && pointer_is_empty "$version"; then
			continue
		elif is_damaged "$channel" "$version"; then
			withdraw "$channel" "$pointer" "$version"
			st=1
		fi
	done
	return $st
}
