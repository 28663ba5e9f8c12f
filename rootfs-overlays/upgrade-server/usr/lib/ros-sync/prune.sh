# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# prune.sh: versions that nobody names are removed, but for the ROS_KEEP newest of
# each major version; what is not complete is of no use to anybody. Named are: what
# pointers say, what upstream's said last (it may wait for approval, or be on its way),
# what was approved, and what is being fetched.

# named: versions, a line each.
named() {
	local file
	for file in "$TREE"/NEWEST* "$TREE"/LATEST* "$TREE"/winbox/LATEST*; do
		[ -s "$file" ] && head -c 100 "$file" | head -n 1 | cut -d' ' -f1 | tr -d '\r'
	done
	cut -f3,5 "$STATE/channels" 2>/dev/null | tr '\t' '\n'
	[ "$ROS_APPROVE" = 0 ] || cut -f3 "$STATE/approved" 2>/dev/null
	for file in ${wanted:-} $ROS_PIN_STABLE $ROS_PIN_LONG_TERM $ROS_PIN_TESTING \
		$ROS_PIN_DEVELOPMENT; do
		echo "$file"
	done
}

# prunable FOLDER PREFIX: versions in it that may go; PREFIX is that of their sets.
prunable() {
	local path major last='' n=0
	for path in "$1"/[0-9]*; do
		[ -d "$path" ] && [ ! -L "$path" ] || continue
		is_version "${path##*/}" && echo "${path##*/}"
	done | grep -vxF -e "$named" | versions_sorted | while read -r path; do
		if [ ! -s "$STATE/set/$2$path" ]; then
			echo "$path"
			continue
		fi
		major=${path%%.*}
		[ "$major" = "$last" ] || n=0
		last=$major n=$((n + 1))
		[ $n -le "$ROS_KEEP" ] || echo "$path"
	done
}

# remove SET PATH: it is gone at once; what remains to be deleted is out of sight.
remove() {
	local file
	rm -f "$STATE/set/$1"
	mv "$TREE/$2" "$PART/gone.$$" || return
	for file in "$PART/gone.$$"/*; do
		mark_name "$2/${file##*/}"
		rm -f "$mark"
	done
	rm -rf "$PART/gone.$$"
	log "removed $2"
}

# prune: status 0 when something went. Under the lock of who publishes: what is
# approved meanwhile stays, or is refused.
prune() { publishing prune_now; }

# The list is in no file, as the disk may be full.
prune_now() {
	local version_is st=1 named
	named=$(named | sort -u)
	for version_is in $(prunable "$TREE" ''); do
		remove "$version_is" "$version_is" || continue
		rm -f "$STATE/$version_is.csv" "$STATE/$version_is.list"
		st=0
	done
	for version_is in $(prunable "$TREE/winbox" winbox-); do
		remove "winbox-$version_is" "winbox/$version_is" && st=0
	done
	return $st
}

# prune_for_space: at most once in a sync.
prune_for_space() {
	[ "${pruned:-no}" = no ] || return
	pruned=yes
	log "the disk is nearly full: removing what is not needed"
	prune
}
