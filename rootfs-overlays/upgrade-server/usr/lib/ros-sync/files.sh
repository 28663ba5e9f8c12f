# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# files.sh: one file of a version: there and as it should be, or fetched, verified,
# and put in its place by rename. What was verified has a note (state/ok): SHA-256,
# size, and by what; so that a sync that has nothing to do reads no package.

# file_url PATH: sets $url.
file_url() { url=$ROS_DOWNLOAD_URL/routeros/$1; }

# fetch_is_missing: the server says that there is none; some say it with 403.
fetch_is_missing() {
	case $fetch_code in 403 | 404 | 410) return 0 ;; esac
	return 1
}

# sum_get PATH: sets $want, what upstream says its SHA-256 is; nothing when it does
# not say. Status 1: it could not be asked.
sum_get() {
	want=
	file_url "$1.sha256"
	if ! fetch_small "$url" "$PART/sum" "$BLOCKS_TINY"; then
		fetch_is_missing
		return
	fi
	read -r want _ <"$PART/sum" || :
	want=${want%"$CR"}
	case $want in
	*[!0-9A-Fa-f]*) ;;
	*)
		want=$(echo "$want" | tr A-F a-f)
		[ ${#want} != 64 ] || return 0
		;;
	esac
	want=
	fetch_why upstream "$url: the answer is no SHA-256"
	return 1
}

# magic_fits FILE NAME: it begins as such a file does.
magic_fits() {
	local magic
	magic=$(head -c 4 "$1" | od -An -tx1 | tr -d ' \n')
	case $2:$magic in
	*.npk:1ef1d0ba | *.exe:4d5a* | *.zip:504b0304) return 0 ;;
	*.npk:* | *.exe:* | *.zip:* | *:3c* | *:) return 1 ;;
	esac
}

# part_name PATH: sets $part.
part_name() {
	case $1 in
	winbox/*) part=$PART/$(echo "$1" | tr / _) ;;
	*) part=$PART/${1##*/} ;;
	esac
}

# mark_write PATH SUM SIZE BY
mark_write() {
	mark_name "$1"
	echo "$2 $3 $4" | put "$mark"
}

# part_verify PART PATH: sets sum, size and by.
part_verify() {
	file_sum "$1"
	file_size "$1"
	by=sha256
	[ -n "$want" ] || by=magic
	[ "$sum" = "${want:-$sum}" ] && magic_fits "$1" "$2"
}

# part_fetch PATH: into $part, verified. What was wrong is fetched once more from the
# beginning, with the checksum, as upstream may have replaced both meanwhile.
part_fetch() {
	local try=1
	part_name "$1"
	while file_url "$1" && fetch_large "$url" "$part"; do
		part_verify "$part" "$1" && return
		rm -f "$part" "$part.id"
		if [ $try = 2 ]; then
			fetch_code=-
			if [ -n "$want" ] && [ "$sum" != "$want" ]; then
				fetch_why checksum "$url is not what its .sha256 says"
			else
				fetch_why upstream "$url is no ${1##*.} file"
			fi
			return 1
		fi
		try=2
		sum_get "$1" || return
	done
	return 1
}

# part_place PATH SUM SIZE BY: it is on the disk before it has its name.
part_place() {
	part_name "$1"
	mv -f "$part" "$TREE/$1" && mark_write "$@" || {
		fetch_why disk "cannot write $TREE/$1"
		return 1
	}
	rm -f "$part.id"
}

# file_is_here PATH: nothing is to be done.
file_is_here() {
	local fits=no
	mark_fits "$1" && fits=yes
	if ! sum_get "$1"; then
		# It was right, and whether it was replaced can be asked tomorrow.
		[ $fits = yes ] && [ "$fetch_reason" = upstream ]
		return
	fi
	[ $fits = no ] || [ "${want:-$mark_sum}" != "$mark_sum" ] || return 0
	[ -n "$want" ] && [ -s "$TREE/$1" ] || return
	file_sum "$TREE/$1"
	[ "$sum" = "$want" ] || return
	file_size "$TREE/$1"
	mark_write "$1" "$sum" "$size" sha256
}

# file_ensure PATH: status 4 when upstream has none. Of a file that replaces one the
# note is in $PART/replace, and it waits for the others of its version.
file_ensure() {
	fetch_reason=
	file_is_here "$1" && return
	[ -z "$fetch_reason" ] || fetch_is_missing || return 1
	if ! part_fetch "$1"; then
		! fetch_is_missing || return 4
		return 1
	fi
	sync "$part" 2>/dev/null || sync
	status_done_files=$((status_done_files + 1))
	status_done_bytes=$((status_done_bytes + size))
	if [ -s "$TREE/$1" ]; then
		echo "$1 $sum $size $by" >>"$PART/replace"
		log "got another ${1##*/}, $size bytes"
		return
	fi
	part_place "$1" "$sum" "$size" "$by" || return
	log "got ${1##*/}, $size bytes"
}

# replace_all: what waits takes its place, within a moment.
replace_all() {
	local path sum_is size_is by_is
	[ -s "$PART/replace" ] || return 0
	while read -r path sum_is size_is by_is; do
		part_place "$path" "$sum_is" "$size_is" "$by_is" || return
	done <"$PART/replace"
	: >"$PART/replace"
}
