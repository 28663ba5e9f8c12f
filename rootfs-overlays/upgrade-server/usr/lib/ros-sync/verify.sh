# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# verify.sh: ros-sync verify reads every mirrored file again, for disks that are in
# doubt. What is no longer what was verified is removed, and fetched anew.

# verify_file PATH: status 1 when it had to go.
verify_file() {
	[ -f "$TREE/$1" ] || return 0
	if mark_read "$1"; then
		file_sum "$TREE/$1"
		[ "$sum" != "$mark_sum" ] || return 0
		log_error "$1 is damaged: removed"
	else
		log_error "$1 was never verified: removed"
	fi
	rm -f "$TREE/$1" "$mark"
	return 1
}

# verify_all: status 1 when anything was damaged.
verify_all() {
	local path n=0 bad=0
	find "$TREE" -type f \( -name '*.npk' -o -path '*/winbox/*.*' ! -name 'LATEST*' \) \
		>"$PART/verify"
	while IFS= read -r path <&3; do
		n=$((n + 1))
		verify_file "${path#"$TREE"/}" || bad=$((bad + 1))
	done 3<"$PART/verify"
	[ $bad = 0 ] || verify_lists
	log "$n files read, $bad damaged"
	[ $bad = 0 ]
}

# verify_lists: no list names what is gone.
verify_lists() {
	local path
	for path in "$TREE"/[0-9]*; do
		[ ! -d "$path" ] || csv_write "${path##*/}"
	done
}
