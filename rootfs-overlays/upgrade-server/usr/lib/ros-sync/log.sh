# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# log.sh: what the job says, the paths that all parts share, and how files are
# written: beside, and then by rename. The folder of temporaries is on the same
# disk, and not below what is served.

: "${ROS_DATA:=/data}"
: "${ROS_LIB:=/usr/lib/ros-sync}"
: "${ROS_RUN:=/run}"
WWW=$ROS_DATA/www
TREE=$WWW/routeros
STATE=$ROS_DATA/state
PART=$STATE/part
TAB=$(printf '\t')

# A clock before this has not been set yet: 2025-01-01.
CLOCK_LEAST=1735689600

log() { echo "ros-sync: $*"; }
log_error() { echo "ros-sync: error: $*" >&2; }

now() { date +%s; }

# put FILE: stdin becomes FILE, all of it or none.
put() {
	local new=$PART/put.$$
	if cat >"$new" && mv -f "$new" "$1"; then return; fi
	rm -f "$new"
	log_error "cannot write $1: is the disk full, or read-only?"
	return 1
}

# file_size FILE: sets $size, 0 when there is none.
file_size() {
	size=$(stat -c %s "$1" 2>/dev/null) || size=0
}

# file_sum FILE: sets $sum.
file_sum() {
	sum=$(sha256sum 2>/dev/null <"$1") || sum=
	sum=${sum%% *}
}

# megabytes BYTES
megabytes() { echo "$((($1 + 999999) / 1000000)) MB"; }

# A disk that turned read-only has its folders still. Opening a file that is there
# asks the disk, and writes nothing: this happens every five minutes.
data_writable() {
	mkdir -p "$TREE" "$STATE/ok" "$STATE/set" "$PART" && (: >>"$STATE/lock")
} 2>/dev/null

# data_problem: sets $problem, what is wrong with the disk, or nothing. Status 1 when
# nothing can be done there: that others cannot enter harms the web server alone.
data_problem() {
	problem=
	if ! data_writable; then
		problem="cannot write to $ROS_DATA: mount a disk on it that is not read-only"
		return 1
	fi
	open_folders || problem=$open_error
}

make_folders() {
	local st=0
	data_problem || st=1
	[ -z "$problem" ] || log_error "$problem"
	return $st
}
