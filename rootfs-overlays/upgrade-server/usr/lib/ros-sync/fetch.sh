# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# fetch.sh: downloads by busybox wget, with limits for everything: size (ulimit),
# time (guard.sh), attempts. A file counts as fetched when its length is what the
# server announced; whether it is the right one is for the caller to find out.
#
# After a failure: fetch_reason (network dns upstream disk loop clock), fetch_text
# (for people) and fetch_code (the server's status, or "-").

FETCH_AGENT="RouterOS 7.20"
# In blocks of 512 bytes, as ulimit counts: 32 KiB, 4 MiB, 512 MiB.
BLOCKS_TINY=64
BLOCKS_TEXT=8192
BLOCKS_LARGE=1048576

fetch_pid=
fetch_code=- fetch_length=- fetch_tag=-
fetch_size=-
fetch_reason='' fetch_text=''

# fetch_run BLOCKS FILE URL OPTION...: one request; what wget says is in
# $PART/answer. In the background, so that a signal to the job ends it at once.
fetch_run() {
	local blocks=$1 file=$2 url=$3 st=0
	shift 3
	fetch_reason='' fetch_text=''
	: >"$PART/answer"
	(
		trap - TERM INT HUP
		ulimit -f "$blocks"
		exec wget -q -U "$FETCH_AGENT" -O "$file" "$@" "$url" 2>"$PART/answer"
	) &
	fetch_pid=$!
	echo "$fetch_pid $file" >"$PART/now"
	wait "$fetch_pid" || st=$?
	fetch_pid=
	: >"$PART/now"
	fetch_headers
	[ "$fetch_loop" = 0 ] || st=1
	[ $st = 0 ] || fetch_explain $st "$url"
	return $st
}

# The fields of the last answer; after redirects there are several. Texts of the
# server go into nothing but comparisons, and without what could do harm there.
fetch_headers() {
	local fields
	fields=$(awk '
		BEGIN { code = length_is = tag = "-"; loop = 0 }
		{ gsub(/[^ -~]/, "") }
		match($0, /HTTP\/[0-9.]+ [0-9][0-9][0-9]/) {
			code = substr($0, RSTART + RLENGTH - 3, 3)
			length_is = tag = "-"
		}
		{ name = tolower($1) }
		name == "content-length:" && $2 ~ /^[0-9]+$/ && length($2) < 12 {
			length_is = $2
		}
		name == "etag:" || name == "last-modified:" {
			gsub(/[^A-Za-z0-9:-]/, ""); tag = tag substr($0, 1, 80)
		}
		name ~ /^(server|x-served-by):$/ && $2 == "alp_rc_upgrade-server" { loop = 1 }
		END { print code, length_is, tag, loop }' "$PART/answer")
	read -r fetch_code fetch_length fetch_tag fetch_loop <<-END
		$fields
	END
}

# fetch_why REASON TEXT
fetch_why() {
	fetch_reason=$1
	fetch_text=$2
}

# fetch_explain STATUS URL: reason and text from what wget said.
fetch_explain() {
	local said host=${2#*://}
	host=${host%%/*}
	said=$(grep -v '^  ' "$PART/answer" | tail -n 1 | tr -dc ' -~' | cut -c1-120)
	if [ "$fetch_loop" = 1 ]; then
		fetch_why loop "$host leads to this server or another mirror like it"
	elif [ -e "$PART/slow" ]; then
		rm -f "$PART/slow"
		fetch_why network "$host: no answer, or less than 1 KiB/s, in $ROS_TIMEOUT s"
	elif [ "$1" = 153 ]; then
		fetch_why upstream "$2: larger than it can be"
	elif grep -qiE 'certificate|ssl routines' "$PART/answer"; then
		fetch_certificate "$host"
	else
		fetch_explain_wget "$said" "$2" "$host"
	fi
}

# fetch_certificate HOST: with a wrong clock every certificate is wrong.
fetch_certificate() {
	if [ "$(now)" -lt "$CLOCK_LEAST" ]; then
		fetch_why clock "$1: no certificate holds on $(date -u +%Y-%m-%d)"
	else
		fetch_why upstream "$1: its certificate is not valid (a proxy in between?)"
	fi
}

# fetch_explain_wget SAID URL HOST
fetch_explain_wget() {
	case $1 in
	*'bad address'*) fetch_why dns "cannot resolve $3" ;;
	*'No space left'* | *'write error'* | *'short write'* | *'File too large'*)
		fetch_why disk "cannot write: ${1#wget: }"
		;;
	*'Read-only file system'* | *"can't open"*) fetch_why disk "${1#wget: }" ;;
	*'server returned error'* | *redirect* | *'not an http or ftp url'*)
		fetch_why upstream "$2: ${1#wget: server returned error: }"
		;;
	*'connection closed'*) fetch_why network "$2: the connection was cut" ;;
	*) fetch_why network "$3: ${1#wget: }" ;;
	esac
	[ -n "$1" ] || fetch_text="$3: no answer"
}

# Whether another attempt is in vain.
fetch_is_final() {
	case $fetch_reason in loop | disk) return 0 ;; esac
	case $fetch_code in
	408 | 416 | 429) return 1 ;;
	4??) return 0 ;;
	esac
	return 1
}

# fetch_pause N: before the attempt after the Nth.
fetch_pause() {
	local seconds=$(($1 * $1 * ROS_RETRY_WAIT))
	[ $seconds -gt 0 ] || return 0
	[ $seconds -lt 300 ] || seconds=300
	sleep $seconds &
	fetch_pid=$!
	wait $fetch_pid
	fetch_pid=
}

# fetch_again COMMAND...: up to ROS_RETRY times.
fetch_again() {
	local i=1
	until "$@"; do
		! fetch_is_final && [ $i -lt "$ROS_RETRY" ] || return 1
		fetch_pause $i
		i=$((i + 1))
	done
}

# fetch_text_once URL FILE BLOCKS
fetch_text_once() {
	rm -f "$2"
	fetch_run "$3" "$2" "$1" -S || return
	file_size "$2"
	[ "$fetch_length" = - ] || [ "$fetch_length" = "$size" ] && return
	fetch_why network "$1: $size bytes came of $fetch_length"
	return 1
}

# fetch_small URL FILE BLOCKS: a text. Not there: status 1 and fetch_code 404.
fetch_small() { fetch_again fetch_text_once "$@"; }

# fetch_probe URL: size and identity of a file, without it.
fetch_probe() { fetch_run "$BLOCKS_TINY" /dev/null "$1" -S --spider; }

# fetch_is_loop URL: whether who failed to answer is this server: it would answer
# HTTPS by a certificate of its own, and have nothing at first. Else the failure stays
# what it was.
fetch_is_loop() {
	local code=$fetch_code reason=$fetch_reason text=$fetch_text host=${1#*://}
	case $reason in loop) return 0 ;; dns | disk) return 1 ;; esac
	host=${host%%/*}
	case $1 in https://*) host=${host%:[0-9]*} ;; esac
	fetch_probe "http://$host/healthz" || [ "$fetch_reason" != loop ] || return 0
	fetch_code=$code
	fetch_why "$reason" "$text"
	return 1
}

disk_free_kb() {
	df -Pk "$ROS_DATA" 2>/dev/null | awk '
		match($0, / [0-9]+ +-?[0-9]+ +-?[0-9]+ +[0-9]+%/) {
			split(substr($0, RSTART, RLENGTH), field, " "); free = field[3]
		}
		END { print free }'
}

# disk_has BYTES: whether so much can come and ROS_MIN_FREE_MB remain. What df
# does not know is tried.
disk_has() {
	local free need
	free=$(disk_free_kb)
	need=$(($1 / 1024 + ROS_MIN_FREE_MB * 1024))
	case $free in '' | *[!0-9]*) return 0 ;; esac
	[ "$free" -lt $need ] || return 0
	prune_for_space && free=$(disk_free_kb) && [ "$free" -ge $need ] && return
	fetch_why disk "$((free / 1024)) MB are free, and $((need / 1024 + 1)) MB are needed"
	return 1
}

# fetch_part URL FILE: one attempt, going on where FILE ends. A part that belongs
# to another state of the file at the server is thrown away first.
fetch_part() {
	local length
	fetch_size=-
	fetch_probe "$1" || return
	length=$fetch_length
	fetch_size=$length
	if [ "$fetch_tag" = - ] || [ "$(cat "$2.id" 2>/dev/null)" != "$length $fetch_tag" ]; then
		rm -f "$2"
		echo "$length $fetch_tag" >"$2.id"
	fi
	file_size "$2"
	if [ "$length" = - ]; then
		disk_has 0 && fetch_run "$BLOCKS_LARGE" "$2" "$1"
		return
	fi
	if [ $((length / 512)) -gt $BLOCKS_LARGE ]; then
		fetch_why upstream "$1: larger than it can be"
		return 1
	fi
	[ "$size" -le "$length" ] || { rm -f "$2" && size=0; }
	[ "$size" != "$length" ] || return 0
	disk_has $((length - size)) || return
	if ! fetch_run $((length / 512 + 64)) "$2" "$1" -c; then
		[ "$fetch_code" != 416 ] || rm -f "$2"
		return 1
	fi
	file_size "$2"
	[ "$size" != "$length" ] || return 0
	fetch_why network "$1: $size bytes came of $length"
	return 1
}

# fetch_is_much BYTES: 256 KiB, or an eighth of the file.
fetch_is_much() {
	[ "$1" -le 262144 ] || return 0
	[ "$fetch_size" != - ] && [ "$1" -gt $((fetch_size / 8)) ]
}

# fetch_large URL FILE: attempts that came much farther than any before do not
# count; after two that came no farther FILE is begun anew.
fetch_large() {
	local i=1 best more
	file_size "$2"
	best=$size
	until fetch_part "$@"; do
		! fetch_is_final || return 1
		file_size "$2"
		more=$((size - best))
		[ $more -le 0 ] || best=$size
		! fetch_is_much $more || i=0
		i=$((i + 1))
		[ $i -le "$ROS_RETRY" ] || return 1
		[ $i != 3 ] || [ $more -gt 0 ] || rm -f "$2"
		fetch_pause $((i - 1))
	done
}
