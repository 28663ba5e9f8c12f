#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The upgrade server as routers meet it: started natively, it mirrors a fake
# upstream on the router's side of its veth, and is asked what routers ask, by
# HTTP and HTTPS, while versions come, syncs are killed and the disk is full.
# timeout: 600
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/boot_checks.sh
. "$TOP/tests/lib/boot_checks.sh"
need_containers
need openssl

SERVER=alp_rc_upgrade-server
HERE=172.17.0.2	# the container, and the router's side
THERE=172.17.0.1
UP=$TEST_TMP/upstream
TRUTH=$TEST_TMP/truth
UPSTREAM='' SOON=60
at_exit stop_upstream

stop_upstream() {
	[ -n "$UPSTREAM" ] || return 0
	kill "$UPSTREAM" && wait "$UPSTREAM"
	UPSTREAM=''
} 2>/dev/null

start_upstream() {
	stop_upstream
	rm -f "$UP/port" "$UP/faults"
	nsenter --net="/proc/$(ppid_of "$P")/ns/net" \
		python3 "$TOP/tests/lib/ros_upstream.py" "$UP" --host $THERE \
		--port 9090 --size 200 </dev/null >"$TEST_TMP/upstream.log" 2>&1 &
	UPSTREAM=$!
	wait_for 30 test -s "$UP/port" && return
	fail "the fake upstream starts" "$(cat "$TEST_TMP/upstream.log")"
	done_testing
}

faults() { printf '%s\n' "$@" >"$UP/faults"; }
no_faults() { rm -f "$UP/faults"; }

# publish VERSION: MikroTik does.
publish() {
	python3 "$TOP/tests/lib/ros_tree.py" release "$UP/tree" "$1" --size 200
	python3 "$TOP/tests/lib/ros_tree.py" point "$UP/tree" NEWESTa7.stable "$1"
}

# start_server ARG...: container.py's
start_server() {
	boot $SERVER --env "ROS_UPGRADE_URL=http://$THERE:9090" \
		--env "ROS_DOWNLOAD_URL=http://$THERE:9090" --env ROS_RETRY=2 \
		--env ROS_MIN_FREE_MB=1 "$@" || {
		fail "the server starts" "$(cat "$LOG")"
		done_testing
	}
	start_upstream
}

client() {
	host_side python3 "$TOP/tests/lib/router_client.py" --truth "$TRUTH" "$@"
}

# replay PREFIX ARG...: each rule of the client is a test.
replay() {
	local prefix=$1 line rules=0
	shift
	while IFS= read -r line; do
		case $line in
		'ok '*)
			pass "$prefix: ${line#ok }"
			rules=$((rules + 1))
			;;
		'#'* | watched:*) echo "# ${line#\# }" ;;
		*)
			fail "$prefix: ${line#wrong }" "$(tail -n 20 "$LOG")"
			;;
		esac
	done < <(client "$@" 2>&1)
	[ $rules -gt 0 ] || fail "$prefix: anything at all"
}

# get PATH: the body, over the network.
get() {
	host_side python3 -c 'import sys, urllib.request, urllib.error
try:
    answer = urllib.request.urlopen(sys.argv[1], timeout=20)
except urllib.error.HTTPError as e:
    answer = e
sys.stdout.buffer.write(answer.read())' "http://$HERE/$1"
}

# has PATH: it is served, and not empty.
has() {
	host_side python3 -c 'import sys, urllib.request
assert urllib.request.urlopen(sys.argv[1], timeout=20).read()' "http://$HERE$1"
}

offered() { get "routeros/NEWESTa7.${1:-stable}" | cut -d' ' -f1; }
offers() { [ "$(offered)" = "$1" ]; }
healthy() { [ "$(get healthz)" = ok ]; }

# Nothing under www is a temporary, none is anything but the upstream's.
only_genuine() {
	local file wrong=''
	while IFS= read -r file; do
		cmp -s "$ROOT/data/www/routeros/$file" "$UP/tree/$file" ||
			wrong+=" $file"
	done < <(cd "$ROOT/data/www/routeros" &&
		find . -type f ! -name packages.csv)
	echo "not upstream's:$wrong"
	[ -z "$wrong" ]
}

# The command of cron's line for the nightly sync.
cron_line() {
	awk '$1 !~ /^#/ && /ros-/ && /sync/ {
		for (i = 0; i < 5; i++) sub(/^[^ \t]+[ \t]+/, "")
		print
	}' "$ROOT/etc/crontabs/root"
}

# As if the night had come: the last sync is older than a day.
night_comes() {
	local file=$ROOT/data/state/status
	sed -i "s/^\(began\|ended\|last_ok\)=.*/\1=$(($(date +%s) - 90000))/" "$file"
}

nightly() {
	night_comes
	inside sh -c "$(cron_line)" >"$TEST_TMP/nightly" 2>&1 </dev/null
}

# 1: from the first start to the answers.
first_start() {
	start_server --env "ROS_ARCHES=arm64 arm x86"
	did "the server answers before anything is mirrored" \
		wait_for $SOON get healthz
	did "the first sync ends well" wait_for $SOON healthy
	replay "RouterOS 7.19.1, arm64" update stable routeros wifi-qcom container
	replay "RouterOS 7.19.1, arm, long-term" --arch arm \
		update long-term routeros zerotier
	replay "CHR" --arch x86 update stable routeros user-manager
	replay "RouterOS 7.10" --version 7.10 --pointer NEWEST7 \
		update stable routeros wifiwave2
	is "$(get routeros/LATEST.7)" "$(cat "$UP/tree/LATEST.7")" \
		"LATEST.7 is 7.12.1 with its time"
	replay "odd requests" odd 7.24.4 routeros-7.24.4-arm64.npk \
		wifi-qcom-7.24.4-arm.npk
	did "only what upstream has is served" only_genuine
	is "$(sed -n 's/.*ros-sync: got \([^,]*\),.*/\1/p' "$LOG" | sort |
		uniq -d)" "" "no package was fetched twice"
	did "a request is a line of the log: client, version, file" \
		said_request
	did "what clients sent has done nothing to the log" log_is_clean
	as_documented
}

# What docs/upgrade-server.md says.
as_documented() {
	local page=$TOP/docs/upgrade-server.md path command
	for path in $(grep -F '| 80/tcp' "$page" | grep -oE '`/[a-z.]*`' |
		tr -d '`'); do
		did "documented: $path is served" wait_for 10 has "$path"
	done
	command=$(sed -n 's/.*healthcheck-cmd="\([^"]*\)".*/\1/p' "$page" |
		sort -u)
	# Words, as RouterOS splits them.
	# shellcheck disable=SC2086
	did "documented: healthcheck-cmd=$command" inside $command
	# What has an argument wants a version that waits.
	while IFS= read -r command; do
		# shellcheck disable=SC2086
		did "documented: $command" inside $command </dev/null
		wait_for $SOON job_is_over
	done < <(sed -n 's/^| `\(r[a-z-]*[ a-z-]*\)` | .*/\1/p' "$page" |
		grep -E '^(ros-sync|rc-service)' | grep -v approve)
}

job_is_over() { ! matching "ros-jobs now" >/dev/null; }

said_request() {
	wait_for 5 grep -qaE \
		"$THERE RouterOS 7\.19\.1 GET .*/NEWESTa7\.stable" "$LOG"
}

# Clients said odd things of themselves, and a router cuts lines at 179.
log_is_clean() {
	! grep -aE '[^[:print:][:space:]]|mod_accesslog|\(server\.c.*error' \
		"$LOG" && ! grep -aE "^$THERE .{160}" "$LOG"
}

by_https() {
	did "there is a certificate" wait_for $SOON get_ca
	replay "HTTPS" --ca "$TEST_TMP/ca.crt" --port 443 tls
	replay "RouterOS 7.24.2 by HTTPS" --ca "$TEST_TMP/ca.crt" --port 443 \
		--version 7.24.2 update stable routeros wifi-qcom
	replay "odd requests by HTTPS" --ca "$TEST_TMP/ca.crt" --port 443 \
		odd 7.24.4 routeros-7.24.4-arm64.npk wifi-qcom-7.24.4-arm.npk
}

get_ca() {
	get ca.crt >"$TEST_TMP/ca.crt" && grep -q BEGIN "$TEST_TMP/ca.crt" &&
		host_side openssl s_client -connect "$HERE:443" </dev/null
}

# 2: a new version, seen by a router that never stops asking.
new_version() {
	publish 7.24.5
	faults "slow 7.24.5/*.npk 400000"
	client --arch arm64,arm,x86 watch stable "$TEST_TMP/stop" \
		>"$TEST_TMP/watched" 2>&1 &
	local watcher=$!
	is "$(cron_line | wc -l)" 1 "cron has one line for the nightly sync"
	nightly
	sleep 1
	touch "$TEST_TMP/stop"
	did "the pointer never names what is not there" wait $watcher
	like "$(cat "$TEST_TMP/watched")" \
		'^watched: polls [0-9]{2,}, files [0-9]{3,}, versions 7\.24\.4 7\.24\.5$' \
		"and it changes once"
	sed 's/^/# /' "$TEST_TMP/watched"
	no_faults
	replay "the new version" update stable routeros wifi-qcom
}

# 3: the power is cut during a sync.
power_cut() {
	publish 7.24.6
	faults "slow 7.24.6/*.npk 100000"
	inside rc-service ros-sync again >/dev/null 2>&1 </dev/null
	did "a package is half fetched" wait_for $SOON half_fetched
	kill_container
	is "$(find "$ROOT/data/www" -path '*7.24.6*' -name '*.npk' -size -1k)" "" \
		"no package of no length is left"
	start_server --env "ROS_ARCHES=arm64 arm x86" --env ROS_APPROVE=1
	did "what was there is served after the power cut" \
		wait_for $SOON offers 7.24.5
	replay "after a power cut" --behind update stable routeros wifi-qcom
}

half_fetched() { find "$ROOT/data/state/part" -type f -size +8k | grep -q .; }

# 4: in this life versions want to be approved.
approval() {
	did "the sync is repaired by itself" wait_for $SOON waits stable 7.24.6
	is "$(offered)" 7.24.5 "but routers are not offered what waits"
	did "an operator approves" inside ros-sync approve stable
	is "$(offered)" 7.24.6 "and routers are offered it"
	replay "the approved version" update stable routeros wifi-qcom
	did "the operator goes back" inside ros-sync approve stable 7.24.5
	is "$(offered)" 7.24.5 "and so are routers"
	replay "the older version" --behind update stable routeros wifi-qcom
	did "and forth" inside ros-sync approve stable 7.24.6
	did "only what upstream has is served, still" only_genuine
}

# waits CHANNEL VERSION: mirrored, not offered.
waits() {
	awk -F'\t' -v c="$1" -v v="$2" '
		$1 == c && $5 == v && $6 == "waiting" { found = 1 }
		END { exit !found }' "$ROOT/data/state/channels"
}

# 5: healthz says over the network what is wrong, and right when it is over.
# sick REASON NAME SETTING...
sick() {
	local reason=$1 name=$2
	shift 2
	inside env "$@" ros-sync sync >"$TEST_TMP/sync.log" 2>&1 </dev/null &&
		fail "$name is a failure" "$(cat "$TEST_TMP/sync.log")"
	like "$(get healthz)" "^failed: $reason: .+" "$name: healthz says $reason"
	is "$(offered)" 7.24.6 "$name: routers are offered what was there"
}

reasons() {
	sick settings "a wrong setting" ROS_CHANNELS=stapel
	sick dns "no such name" ROS_UPGRADE_URL=http://nowhere.invalid
	sick loop "a mirror of itself" ROS_UPGRADE_URL=http://$HERE
	faults "status NEWESTa7.* 500"
	sick upstream "an upstream that fails" ROS_RETRY=1
	no_faults
	publish 7.24.7
	sick disk "no space" ROS_MIN_FREE_MB=999999
	faults "corrupt 7.24.7/routeros-*.npk"
	sick checksum "a corrupt package" ROS_RETRY=1
	ok "which is not kept" test ! -e \
		"$ROOT/data/www/routeros/7.24.7/routeros-7.24.7-arm64.npk"
	stop_upstream
	sick network "no upstream" ROS_RETRY=1
	start_upstream
	did "all is well again" inside ros-sync sync
	did "and healthz says so" wait_for 10 healthy
	did "7.24.7 waits for approval" waits stable 7.24.7
}

# 6: another container, the same disk.
replaced() {
	local ca
	ca=$(get ca.crt)
	check_stop TERM
	mv "$ROOT/data" "$TEST_TMP/data"
	rm -rf "$ROOT"
	unpack_tar "$(tar_of $SERVER amd64)" $SERVER
	rm -rf "$ROOT/data"
	mv "$TEST_TMP/data" "$ROOT/data"
	start_server --env "ROS_ARCHES=arm x86" --env ROS_V6=1 --env ROS_WINBOX=1
	did "a new container offers at once what the disk has" \
		wait_for $SOON offers 7.24.6
	is "$(get ca.crt)" "$ca" "with the same CA"
	old_routers
	check_stop TERM
}

# This one approves by itself, and has RouterOS 6 and WinBox, too.
old_routers() {
	local file
	did "with other settings it syncs" inside ros-sync sync
	is "$(offered)" 7.24.7 "and no approval is needed"
	replay "RouterOS 6.49.10" --version 6.49.10 --pointer NEWEST6 --arch arm \
		update stable routeros ntp
	replay "RouterOS 6.49.10, x86, to 7" --version 6.49.10 \
		--pointer NEWEST6 --arch x86 update upgrade routeros
	for file in LATEST.6 LATEST.6fix winbox/LATEST.3 winbox/LATEST.4 \
		winbox/3.41/winbox64.exe winbox/4.0beta20/WinBox_Linux.zip; do
		did "$file is upstream's" same_as_upstream $file
	done
}

same_as_upstream() { get "routeros/$1" | cmp - "$UP/tree/$1"; }

# 7: a disk that is too small for all of it, by the limit and in earnest.
# full_disk SIZE ROS_MIN_FREE_MB
full_disk() {
	rm -rf "$ROOT/data"
	mkdir "$ROOT/data"
	start_server --tmpfs "$1@/data" --env "ROS_MIN_FREE_MB=$2"
	did "a disk of $1 is full, and healthz says so" wait_for $SOON says_disk
	no_broken_pointer
	did "the page is there" has /index.html
	kill_container
}

says_disk() { get healthz | grep -q '^failed: disk: '; }

# Whatever is offered can be had.
no_broken_pointer() {
	is "$(offered stable)" 7.24.7 "what came first is offered"
	replay "what came first" update stable routeros wifi-qcom
	unlike "$(offered long-term)" '^[0-9]' "what did not fit is not"
}

[ -z "$(emulator amd64)" ] || skip_all "this is not amd64"
use_mirror fixture
build_tars $SERVER --arch amd64 || {
	fail "the image is built" "$OUT"
	done_testing
}
unpack_tar "$(tar_of $SERVER amd64)" $SERVER
ROOT=$TEST_TMP/$SERVER/root
IMAGE="upgrade server"
mkdir -p "$UP" "$TRUTH"
ln -s "$UP/tree" "$TRUTH/routeros"
first_start
by_https
new_version
power_cut
approval
reasons
replaced
full_disk 2m 1
full_disk 1m 0
done_testing
