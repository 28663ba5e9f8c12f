# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# channels.sh: which pointers there are, what upstream answers for them, and the
# table of them (state/channels):
#
#   channel, pointer, published version, its build time, upstream version, state
#
# between tabs, "-" for what there is not. States: ok waiting incomplete pinned empty.

# pointers: "CHANNEL POINTER [COPIED]" for each that the settings ask for. COPIED
# is another pointer of ours, for those that must always say the same.
pointers() {
	local channel
	for channel in $ROS_CHANNELS; do
		echo "$channel NEWESTa7.$channel"
	done
	if [ "$ROS_BRIDGE" = 1 ]; then
		echo "bridge LATEST.7"
		for channel in $ROS_CHANNELS; do
			echo "bridge NEWEST7.$channel LATEST.7"
		done
	fi
	[ "$ROS_V6" = 0 ] || pointers_6
	[ "$ROS_WINBOX" = 0 ] || {
		echo "winbox-3 winbox/LATEST.3"
		echo "winbox-4 winbox/LATEST.4"
	}
}

# RouterOS 6 before 6.49 asks LATEST.6, and has other names for the channels. Its
# channel "upgrade" leads over 7.12.1 to what we offer to RouterOS 7.
pointers_6() {
	local channel first=${ROS_CHANNELS%% *}
	for channel in $ROS_CHANNELS; do
		case $channel in
		stable) echo "v6-stable LATEST.6" && first=stable ;;
		long-term) echo "v6-long-term LATEST.6fix" ;;
		testing) echo "v6-testing LATEST.6rc" ;;
		esac
		echo "v6-$channel NEWEST6.$channel"
	done
	echo "v6-upgrade NEWEST6.upgrade"
	echo "v6-upgrade NEWESTa6.upgrade NEWESTa7.$first"
}

# pin_of CHANNEL: sets $pin.
pin_of() {
	case $1 in
	stable) pin=$ROS_PIN_STABLE ;;
	long-term) pin=$ROS_PIN_LONG_TERM ;;
	testing) pin=$ROS_PIN_TESTING ;;
	development) pin=$ROS_PIN_DEVELOPMENT ;;
	*) pin= ;;
	esac
}

# What is wanted of major versions: a pointer never leads a router astray.
pointer_is_for() {
	case $1:$2 in
	*:0.0 | *:0.00) ;;
	winbox/LATEST.3:3.* | winbox/LATEST.4:4.*) ;;
	winbox/*) return 1 ;;
	NEWEST6.upgrade:7.*) ;;
	LATEST.6*:6.* | NEWEST6.*:6.*) ;;
	LATEST.6* | NEWEST6.*) return 1 ;;
	LATEST.7:7.*) ;;
	LATEST.7:*) return 1 ;;
	*:[0-6].*) return 1 ;;
	esac
}

# pointer_read FILE POINTER: sets $version and $time ("-": none). One short line.
pointer_read() {
	local more=''
	version='' time=''
	file_size "$1"
	[ "$size" -le 200 ] || return
	read -r version time more <"$1" || [ -n "$version" ] || return
	version=${version%"$CR"} time=${time%"$CR"}
	case $time in *[!0-9]* | ????????????*) return 1 ;; esac
	: "${time:=-}"
	[ -z "$more" ] && is_version "$version" && pointer_is_for "$2" "$version"
}
CR=$(printf '\r')

# pointer_is_empty VERSION: "0.00 0" is how MikroTik says that there is nothing.
pointer_is_empty() {
	case $1 in 0.0 | 0.00) return 0 ;; esac
	return 1
}

# pointer_fetch POINTER: upstream's answer in $version and $time.
pointer_fetch() {
	local file=$PART/pointer
	if ! fetch_small "$ROS_UPGRADE_URL/routeros/$1" "$file" "$BLOCKS_TINY"; then
		fetch_is_loop "$ROS_UPGRADE_URL" || :
		return 1
	fi
	if ! pointer_read "$file" "$1"; then
		fetch_why upstream "$ROS_UPGRADE_URL/routeros/$1: the answer is no version"
		return 1
	fi
	[ "$time" = - ] || time_keep "$version" "$time"
}

# pointer_published POINTER: ours, in $version and $time; status 1 for none.
pointer_published() {
	version=- time=-
	[ -s "$TREE/$1" ] && pointer_read "$TREE/$1" "$1" && return
	version=- time=-
	return 1
}

# time_keep VERSION TIME: build times, for versions that no pointer names any more.
time_keep() {
	grep -qxF "$1 $2" "$STATE/times" 2>/dev/null && return
	{
		grep -v "^$1 " "$STATE/times" 2>/dev/null | tail -n 200
		echo "$1 $2"
	} | put "$STATE/times"
}

# time_of VERSION: sets $time, from a pointer, else from the CHANGELOG, else 0.
time_of() {
	local text
	time=$(sed -n "s/^$1 \([0-9]*\)$/\1/p" "$STATE/times" 2>/dev/null | tail -n 1)
	[ -z "$time" ] || return 0
	text=$(head -n 1 "$TREE/$1/CHANGELOG" 2>/dev/null | sed -n '
		s/^.*(\([0-9]\{4\}\)-\([A-Z][a-z][a-z]\)-\([0-9][0-9]\) \([0-9][0-9]:[0-9][0-9]\)).*$/\1-\2-\3 \4/
		s/Jan/01/; s/Feb/02/; s/Mar/03/; s/Apr/04/; s/May/05/; s/Jun/06/
		s/Jul/07/; s/Aug/08/; s/Sep/09/; s/Oct/10/; s/Nov/11/; s/Dec/12/
		/^[0-9]\{4\}-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]$/p')
	[ -n "$text" ] && time=$(date -u -d "$text" +%s 2>/dev/null) || time=0
}

# row_put CHANNEL POINTER VERSION TIME UPSTREAM STATE: replaces the pointer's row.
row_put() {
	{
		awk -F "$TAB" -v pointer="$2" '$2 != pointer' "$STATE/channels" 2>/dev/null
		echo "$1$TAB$2$TAB$3$TAB$4$TAB$5$TAB$6"
	} | put "$STATE/channels"
}

# row_of POINTER: sets row_version row_time row_upstream row_state.
row_of() {
	row_version=- row_time=- row_upstream=- row_state=-
	while IFS=$TAB read -r _ row_pointer row_version row_time row_upstream row_state; do
		[ "$row_pointer" != "$1" ] || return 0
	done 2>/dev/null <"$STATE/channels"
	row_version=- row_time=- row_upstream=- row_state=-
	return 1
}

# rows_settle: in the order of the settings, without what they ask for no more.
rows_settle() {
	pointers | awk -F "$TAB" '
		NR == FNR { row[$2] = $0; next }
		{ split($0, word, " "); if (word[2] in row) print row[word[2]] }
	' "$STATE/channels" - | put "$STATE/channels"
}
