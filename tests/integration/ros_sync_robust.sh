#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ros_sync_robust: ros-sync is killed, meets itself, a full disk, a damaged one, a
# clock that nobody set and settings that make no sense.
# timeout: 900
. "$(dirname "$0")/../lib/tap.sh"
. "$TOP/tests/lib/side_by_side.sh"
ROS_PARTS=yes
. "$TOP/tests/lib/ros_sync.sh"
without_page
export ROS_CHANNELS=stable ROS_ARCHES=arm64 ROS_PACKAGES="routeros ups"
export ROS_BRIDGE=0 ROS_RETRY=2
MAIN=routeros-7.24.5-arm64.npk

# starts COMMAND...: in a process group of its own, whose number is in $group.
starts() {
	# shellcheck disable=SC2086
	PATH=$BIN setsid $ROS_SHELL "$JOB" "$@" >"$TEST_TMP/job.log" 2>&1 &
	group=$!
	until kill -0 -- -$group 2>/dev/null; do kill -0 $group 2>/dev/null || break; done
}

# fetching: until the main package has begun to come.
fetching() {
	local i
	for i in {1..600}; do
		[ ! -s "$ROS_DATA/state/part/$MAIN" ] || return
		sleep 0.05
	done
	fail "a package is being fetched" "after $i looks: $(cat "$TEST_TMP/job.log")"
}

# Between two versions, at moments all over a sync; sometimes the job alone dies and
# leaves its download behind, sometimes everything at once.
killed() {
	local round moment at
	fresh
	tree release 7.24.5
	ros sync >/dev/null 2>&1
	faults "slow *.npk 40000"
	for round in {1..24}; do
		[ $((round % 2)) = 0 ] && at=7.24.4 || at=7.24.5
		tree point NEWESTa7.stable $at
		case $((round % 3)):$(pointer NEWESTa7.stable) in
		0:"$at "*) ;;
		0:*) rm -rf "$ROS_DATA/www/routeros/$at" ;;
		esac
		starts sync
		printf -v moment '0%04d' $((RANDOM % 1600))
		sleep "${moment%???}.${moment: -3}"
		if [ $((round % 4)) -lt 2 ]; then
			kill -KILL $group 2>/dev/null
		else
			kill -KILL -- -$group 2>/dev/null
		fi
		wait $group 2>/dev/null
		python3 "$LIB/ros_check.py" "$ROS_DATA/www" "$UP/tree" >"$TEST_TMP/wrong" ||
			break
	done
	is "$round $(cat "$TEST_TMP/wrong")" "24 " "killed at any moment: all that is served is right"
	faults
	sync_ends 0 "the next sync does not wait for anybody"
	whole "and the mirror is whole"
	is "$(pointer NEWESTa7.stable)" "$(cat "$UP/tree/NEWESTa7.stable")" "and up to date"
}

# Power is cut: names are on the disk, and what they name is not.
empty_files() {
	local path=$ROS_DATA/www/routeros/7.24.4
	: >"$path/routeros-7.24.4-arm64.npk"
	: >"$path/CHANGELOG"
	: >"$path/packages.csv"
	: >"$ROS_DATA/state/ok/ups-7.24.4-arm64.npk"
	: >"$ROS_DATA/state/status"
	: >"$ROS_DATA/state/channels"
	: >"$ROS_DATA/state/7.24.4.csv"
	tree point NEWESTa7.stable 7.24.4
	: >"$UP/requests"
	sync_ends 0 "after a power cut"
	whole "what was empty is there again"
	is "$(requests 'ups-7.24.4-arm64.npk ')" 0 "what is right is not fetched again"
}

stopped() {
	fresh
	tree point NEWESTa7.stable 7.24.5
	faults "slow *.npk 5000"
	starts sync
	fetching
	kill -TERM $group
	wait $group
	is $? 1 "TERM ends it at once"
	is "$(state state) $(state reason)" "failed stopped" "and it says so"
	like "$(www healthz)" "^failed: never" "which is no failure, but no success"
	: >"$UP/requests"
	faults
	sync_ends 0 "the next sync"
	is "$(requests "$MAIN 206")" 1 "goes on in the middle of the file"
}

twice() {
	fresh
	faults "slow *$MAIN 10000"
	starts sync
	fetching
	sync_ends 3 "a second sync at the same time"
	like "$OUT" "another sync runs" "says so"
	status 1 "health meanwhile" ros health
	like "$(ros status)" "running since .*: $MAIN \(1 of 2\)" "status tells what is fetched"
	wait $group
	is "$? $(www healthz)" "0 ok" "the first one does not mind"
}

# A dead job's download has the lock for a moment; and a dead job is not running.
orphan() {
	fresh
	faults "slow *$MAIN 5000"
	starts sync
	fetching
	kill -KILL $group
	wait $group 2>/dev/null
	faults
	like "$(ros status)" "interrupted" "a killed sync is not running"
	sync_ends 0 "a sync right after one that was killed"
	whole "the mirror is whole"
	starts sync
	kill -KILL -- -$group
	wait $group 2>/dev/null
	printf 'state=running\npid=999999\nbegan=5\nlast_ok=%s\n' "$(date +%s)" \
		>"$ROS_DATA/state/status"
	status 0 "health after a killed sync" ros health
	is "$(state state) $(state reason)" "failed stopped" "puts the status right"
}

# As many MB are free as DISK has.
small_disk() {
	mkdir -p "$ROS_DATA"
	mount -t tmpfs -o "size=$1,mode=0755" none "$ROS_DATA" 2>/dev/null || return
	at_exit "umount -l '$ROS_DATA' 2>/dev/null"
}

full_disk() {
	fresh
	if ! small_disk 2m; then
		skip "full disk" "no mount here"
		return
	fi
	tree point NEWESTa7.stable 7.24.4
	sync_ends 0 "a small disk"
	tree point NEWESTa7.stable 7.24.5
	ROS_MIN_FREE_MB=2 sync_ends 1 "less free space than must remain"
	is "$(state reason)" disk "is the reason"
	like "$(state message)" "MB are free, and .* needed" "with numbers"
	like "$(state message)" "fewer ROS_ARCHES" "and what to do"
	is "$(pointer NEWESTa7.stable | cut -d' ' -f1)" 7.24.4 "the pointer stays"
	whole "nothing wrong is served"
	mkdir "$ROS_DATA/www/routeros/7.24.3"
	dd if=/dev/zero of="$ROS_DATA/ballast" bs=4k status=none 2>/dev/null
	ROS_MIN_FREE_MB=0 sync_ends 1 "no space at all"
	unlike "$(www healthz)" '^ok' "healthz does not say ok"
	ROS_KEEP=0 status 0 "prune where nothing can be written" ros prune
	like "$OUT" 'removed 7.24.3' "removes what nobody names"
	ok "and leaves what is offered" has 7.24.4/routeros-7.24.4-arm64.npk
	whole "nothing wrong is served, still"
	rm "$ROS_DATA/ballast"
	sync_ends 0 "with space again"
	whole "the mirror is whole"
	umount "$ROS_DATA"
}

# 24 kB fit before the disk is full in the middle of a package that is larger than
# what df promised: announced is nothing.
full_within() {
	fresh
	small_disk 200k || return
	sync_ends 1 "a disk that is full in the middle of a file"
	is "$(state reason)" disk "is the reason"
	ok "no pointer" test ! -e "$ROS_DATA/www/routeros/NEWESTa7.stable"
	whole "nothing wrong is served"
	umount "$ROS_DATA"
}

read_only() {
	local command
	fresh
	if small_disk 2m; then
		sync_ends 0 "a disk"
		ok "nobody writes there after a sync" mount -o remount,ro "$ROS_DATA"
		for command in sync health prune verify page; do
			status 1 "a disk that is read-only: $command" ros $command
			like "$OUT" "mount a disk" "$command says what to do"
		done
		status 0 "status reads it all the same" ros status
		like "$OUT" "^health +failed: disk: cannot write" "and says the same of the health"
		umount "$ROS_DATA"
	fi
	fresh
	: >"$ROS_DATA"
	status 1 "no folder can be made" ros sync
	like "$OUT" "mount a disk" "says what to do"
	rm "$ROS_DATA"
}

# lighttpd is not root: a disk whose own root is for root alone gives 403.
closed() {
	fresh
	sync_ends 0 "a disk"
	chmod 700 "$ROS_DATA" "$ROS_DATA/www"
	status 0 "a folder that is for root alone" ros health
	like "$OUT" "nobody but root could enter $ROS_DATA: chmod" "is opened, and that is said"
	is "$(stat -c %a "$ROS_DATA" "$ROS_DATA/www" | xargs)" "711 711" "also those below it"
	command -v dash >/dev/null || return
	chmod 700 "$ROS_DATA"
	ln -sf /bin/true "$BIN/chmod"
	ROS_SHELL=$(command -v dash) status 1 "where chmod does nothing" ros health
	like "$OUT" "^failed: disk: nobody but root can enter .*mode 700.*403.*NFS" "health tells it"
	like "$(www healthz)" "^failed: disk: nobody but root" "healthz, too"
	like "$(ROS_SHELL=$(command -v dash) ros status)" "^health +failed: disk: nobody" \
		"and status"
	ROS_SHELL=$(command -v dash) sync_ends 0 "it is synced all the same"
	like "$OUT" "error: nobody but root can enter" "and the log tells"
	ln -sf "$(command -v busybox)" "$BIN/chmod"
}

# A folder that refuses what it is to get: no reason at all is not success.
refused() {
	local dir=$ROS_DATA/www/routeros/7.24.5
	fresh
	mkdir -p "$dir"
	if ! mount --bind "$dir" "$dir" 2>/dev/null; then
		skip "a folder that refuses" "no mount here"
		return
	fi
	at_exit "umount -l '$dir' 2>/dev/null"
	mount -o remount,bind,ro "$dir"
	tree point NEWESTa7.stable 7.24.5
	sync_ends 1 "a folder that refuses files"
	is "$(state state) $(state reason)" "failed disk" "is a failure, and why"
	umount "$dir"
}

damaged() {
	local file=$ROS_DATA/www/routeros/7.24.5/$MAIN
	fresh
	sync_ends 0 "a mirror"
	status 0 "verify" ros verify
	printf X | dd of="$file" bs=1 seek=5000 conv=notrunc status=none
	echo 7 >"$ROS_DATA/www/routeros/7.24.5/ups-7.24.5-arm64.npk"
	status 0 "verify a damaged one" ros verify
	like "$OUT" "$MAIN is damaged" "finds it"
	whole "the mirror is whole"
	printf X | dd of="$file" bs=1 seek=5000 conv=notrunc status=none
	faults 'status * 500'
	status 1 "verify when it cannot be fetched" ros verify
	ok "what is damaged is not served" test ! -e "$file"
	ok "nor what leads to it" test ! -e "$ROS_DATA/www/routeros/NEWESTa7.stable"
	unlike "$(www routeros/7.24.5/packages.csv)" routeros "nor what names it"
	whole "nothing wrong is served"
	faults
	sync_ends 0 "the next sync repairs that"
	whole "the mirror is whole again"
	rm -rf "$ROS_DATA/state"
	: >"$UP/requests"
	sync_ends 0 "a tree without its notes"
	is "$(requests '\.npk ')" 0 "is read, and not fetched again"
	: >"$file"
	ROS_APPROVE=1 tree point NEWESTa7.stable 7.24.4
	ROS_APPROVE=1 sync_ends 0 "what is offered while another version waits"
	whole "is repaired, too"
	is "$(row NEWESTa7.stable)" "7.24.5 7.24.4 waiting" "and still offered"
	tree point NEWESTa7.stable 7.24.5
}

# Another shell, as busybox' does not look for applets in PATH; so a clock can be
# wrong, and a wget as in Alpine, which verifies certificates.
another_shell() {
	command -v dash >/dev/null || return
	ROS_SHELL=$(command -v dash)
	fresh
	sync_ends 0 "under dash"
	whole "under dash: the mirror is whole"
}

# On NFS without locks, or a file system that has none.
no_locks() {
	[ "$ROS_SHELL" != "${ROS_SHELL#*dash}" ] || return
	mv "$BIN/flock" "$TEST_TMP/flock"
	printf '#!/bin/sh\n%s /proc/self/fd/9 | grep -q /state/lock || exec %s "$@"\n%s\nexit 1\n' \
		"$BIN/readlink" "$TEST_TMP/flock" 'echo "flock: 9: No locks available" >&2' \
		>"$BIN/flock"
	chmod +x "$BIN/flock"
	sync_ends 0 "a disk without locks"
	ok "the lock is the container's own" test -e "$ROS_RUN/ros-sync.lock"
	"$TEST_TMP/flock" "$ROS_RUN/ros-sync.lock" sleep 20 &
	sleep 0.2
	sync_ends 3 "and holds"
	kill $!
	mv "$TEST_TMP/flock" "$BIN/flock"
}

clock() {
	local real=$BIN/real
	[ "$ROS_SHELL" != "${ROS_SHELL#*dash}" ] || return
	mkdir -p "$real"
	mv "$BIN/date" "$BIN/wget" "$real/"
	printf '#!/bin/sh\n[ "$*" != +%%s ] || set -- -d @86000 +%%s\nexec %s/date "$@"\n' \
		"$real" >"$BIN/date"
	ln -s "$real/wget" "$BIN/wget"
	chmod +x "$BIN/date"
	sync_ends 0 "a clock at 1970 does not matter by HTTP"
	is "$(state last_ok) $(www healthz)" "86000 ok" "and is not yet old"
	rm "$BIN/wget"
	printf '#!/bin/sh\necho "ssl_client: SSL routines: certificate verify failed" >&2\nexit 1\n' \
		>"$BIN/wget"
	chmod +x "$BIN/wget"
	sync_ends 1 "a clock at 1970, by HTTPS"
	is "$(state reason)" clock "is the reason"
	like "$(state message)" "ntp" "with the remedy"
	mv "$real/date" "$BIN/date"
	sync_ends 1 "a wrong certificate, by a right clock"
	is "$(state reason)" upstream "is upstream's fault"
	mv "$real/wget" "$BIN/wget"
	sed -i 's/^last_ok=.*/last_ok=86000/; s/^reason=.*/reason=/; s/^state=.*/state=ok/' \
		"$ROS_DATA/state/status"
	status 0 "health when the clock is right at last" ros health
	ok "the age counts from now" test "$(state last_ok)" -gt 1735689600
	sed -i "s/^last_ok=.*/last_ok=$(($(date +%s) - 4 * 86400))/" "$ROS_DATA/state/status"
	status 1 "health four days after the last good sync" ros health
	like "$OUT" "^failed: old: .* 4 days ago" "says so"
	ROS_MAX_AGE_DAYS=5 status 0 "unless that is expected" ros health
}

# bad NAME=VALUE...: each is refused by its name, and nothing is changed.
bad() {
	local setting
	for setting; do
		export "${setting?}"
		sync_ends 2 "settings: $setting"
		like "$(www healthz)" "^failed: settings: ${setting%%=*}=" "$setting: healthz tells it"
		unset "${setting%%=*}"
	done
}

settings() {
	local url=$ROS_UPGRADE_URL
	fresh
	bad ROS_CHANNELS=stabel 'ROS_CHANNELS=*' ROS_ARCHES=amd64 'ROS_ARCHES=$(reboot)' \
		ROS_PACKAGES='../x' ROS_PACKAGES='all ups' ROS_PIN_STABLE=newest \
		ROS_PIN_TESTING=6.49.18 ROS_KEEP=-1 ROS_KEEP=many ROS_MIN_FREE_MB=9999999 \
		ROS_RETRY=0 ROS_APPROVE=yes ROS_V6=2 ROS_MAX_AGE_DAYS=0 ROS_SYNC_AT=25:00 \
		ROS_PORT=70000 ROS_MODE=proxy ROS_UPGRADE_URL=ftp://x \
		ROS_UPGRADE_URL=http://me:secret@x 'ROS_DOWNLOAD_URL=http://a b' \
		'ROS_HOSTNAMES=a;b'
	is "$(grep -rl secret "$ROS_DATA")" "" "a password is not told to everybody"
	ROS_UPGRADE_URL=$url
	export ROS_UPGRADE_URL ROS_DOWNLOAD_URL=$url
	is "$(requests .)" 0 "nobody was asked for anything"
	ROS_ARCHES=amd64 status 2 "a word that is nearly right" ros status
	like "$OUT" "did you mean x86" "is guessed"
	ROS_MODE=proxy status 2 "ROS_MODE=proxy" ros status
	like "$OUT" "no caching proxy" "says why"
	export ROS_CHANNELS=stable ROS_ARCHES=arm64 ROS_PACKAGES="routeros ups"
	ROS_UPGRADE_URL=$url/routeros/ sync_ends 0 "a URL with the folder in it"
}

# next_version: upstream has 7.24.5, as all but the first part expect.
next_version() { tree release 7.24.5 && tree point NEWESTa7.stable 7.24.5; }

AT_ONCE=6
side_by_side part killed,empty_files next_version,stopped,twice next_version,orphan,damaged \
	next_version,full_disk,full_within,read_only,closed,refused next_version,settings \
	next_version,another_shell,no_locks,clock
done_testing
