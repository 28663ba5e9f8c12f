# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# ros_sync.sh: what the tests of ros-sync share, after tap.sh. The job runs with
# nothing but busybox in its PATH (and flock, which Debian's lacks), against an
# upstream of its own. ROS_DATA is below $TEST_TMP; ROS_SHELL may be another shell.
need busybox flock python3
LIB=$TOP/tests/lib
JOB=$TOP/rootfs-overlays/upgrade-server/usr/sbin/ros-sync
ROS_SHELL=${ROS_SHELL:-$(command -v busybox) sh}
export ROS_LIB=$TOP/rootfs-overlays/upgrade-server/usr/lib/ros-sync
export ROS_RETRY_WAIT=0 ROS_TIMEOUT=2 ROS_MIN_FREE_MB=1
export PYTHONDONTWRITEBYTECODE=1 LC_ALL=C
unset ROS_CHANNELS ROS_ARCHES ROS_PACKAGES ROS_PIN_STABLE ROS_APPROVE ROS_KEEP

# In $TEST_TMP, so that parts that run side by side do not meet.
folders() {
	BIN=$TEST_TMP/bin
	UP=$TEST_TMP/up
	export ROS_DATA=$TEST_TMP/data ROS_RUN=$TEST_TMP/run
	mkdir -p "$BIN" "$ROS_RUN"
	busybox --install -s "$BIN"
	ln -sf "$(command -v flock)" "$BIN/flock"
}

# upstream_start: a new one; see ros_upstream.py for $UP/faults.
upstream_start() {
	mkdir -p "$UP"
	: >"$UP/faults"
	: >"$UP/requests"
	rm -f "$UP/port"
	python3 "$LIB/ros_upstream.py" "$UP" &
	upstream=$!
	until [ -s "$UP/port" ]; do sleep 0.05; done
	ROS_UPGRADE_URL=http://127.0.0.1:$(cat "$UP/port")
	export ROS_UPGRADE_URL ROS_DOWNLOAD_URL=$ROS_UPGRADE_URL
}
upstream_stop() {
	kill "$upstream" 2>/dev/null
	wait "$upstream" 2>/dev/null
}

# part FUNCTION...: these, one after the other, with an upstream of their own; for
# side_by_side, whose name for it is FUNCTION,FUNCTION...
part() {
	local step
	folders
	upstream_start
	at_exit upstream_stop
	for step in ${1//,/ }; do "$step"; done
}

# faults [LINE...]: of $UP/faults.
# shellcheck disable=SC2120
faults() { printf '%s\n' "$@" >"$UP/faults"; }
tree() { python3 "$LIB/ros_tree.py" "$1" "$UP/tree" "${@:2}"; }
requests() { grep -cE -- "$1" "$UP/requests"; }

# ros ARGUMENT...: the job, as in the image.
ros() {
	# shellcheck disable=SC2086
	PATH=$BIN $ROS_SHELL "$JOB" "$@"
}

# without_page: the job alone, which the page's part would only slow down.
without_page() {
	local file
	mkdir -p "$TEST_TMP/lib"
	for file in "$ROS_LIB"/*.sh; do
		case ${file##*/} in page.sh | rsc.sh) ;; *) ln -sf "$file" "$TEST_TMP/lib/" ;; esac
	done
	export ROS_LIB=$TEST_TMP/lib
}

# A mirror that is empty again.
fresh() {
	rm -rf "$ROS_DATA"
	: >"$UP/faults"
	: >"$UP/requests"
}

www() { cat "$ROS_DATA/www/$1" 2>/dev/null; }
pointer() { www "routeros/$1"; }
state() { sed -n "s/^$1=//p" "$ROS_DATA/state/status"; }
row() { awk -F '\t' -v p="$1" '$2 == p { print $3, $5, $6 }' "$ROS_DATA/state/channels"; }
has() { [ -s "$ROS_DATA/www/routeros/$1" ]; }

# whole NAME [TREE...]: what must always hold, holds.
whole() {
	local name=$1
	shift
	[ $# != 0 ] || set -- "$UP/tree"
	ok "$name" python3 "$LIB/ros_check.py" "$ROS_DATA/www" "$@"
}

# sync STATUS NAME: a sync that ends so; its words are in $OUT.
sync_ends() { status "$1" "$2" ros sync; }

# One part is all there is, unless a test says otherwise.
folders
if [ "${ROS_PARTS:-no}" = no ]; then
	upstream_start
	at_exit upstream_stop
fi
