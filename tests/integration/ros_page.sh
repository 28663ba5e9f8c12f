#!/bin/bash
# SPDX-License-Identifier: MIT
# The upgrade server's web page: what it says in each state, that nothing from
# outside becomes markup, that it is valid, whole in a text browser, and looks
# right in a browser. Made by the job's own scripts, run by busybox.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/ros_state.sh
. "$TOP/tests/lib/ros_state.sh"
need busybox python3 openssl tidy w3m jq strace

ros_env "$TEST_TMP"
WWW=$ROS_DATA/www
check() { python3 "$TOP/tests/lib/page_check.py" "$@" 2>&1; }

# write: the page anew; $PAGE is what a text browser shows of it.
write() {
	OUT=$(ros_run 'page_write && rsc_write' 2>&1) || fail "page_write" "$OUT"
	PAGE=$(w3m -dump -cols 200 -T text/html "$WWW/index.html")
}

# well NAME: valid by two readers, and JSON that is JSON.
well() {
	is "$(tidy -qe "$WWW/index.html" 2>&1)" "" "$1: valid HTML"
	is "$(check tags "$WWW/index.html")" "" "$1: no element or attribute but ours, plain ASCII"
	ok "$1: status.json is JSON" jq -e .written "$WWW/status.json"
}

says() { like "$PAGE" "$1" "says: ${2:-$1}"; }

# Before the first sync there is nothing.
write
well "never synced"
says "Not synced yet"
says "first sync begins by itself"
says "Nothing is mirrored yet"
says "None has asked yet"
says "This mirror has no certificate yet"
like "$(cat "$WWW/upgrade.rsc")" '^:error "the channel stable .* nothing yet"' \
	"upgrade.rsc refuses where there is nothing"
is "$(jq -c '[.sync.state, .sync.last_ok, .channels, .clients]' "$WWW/status.json")" \
	'["never",null,[],[]]' "JSON of nothing"

ros_state
write
well "all in order"
says "In order"
says "stable +Published +7.24.4 +2026-09-16 +7.24.4 +NEWESTa7.stable" "a channel"
says "bridge +Published +7.12.1" "the bridge"
says "28.9 GB free of 31.3 GB" "the disk"
says "144 MB in 4 versions" "what is mirrored"
says "7.24.4 stable . 30 files . 38.4 MB" "a version, its channel and size"
says "^ *routeros +12.9 MB 13.5 MB" "a package's size for two architectures"
says "192.168.88.14 +7.20.8 +2026-11-22 03:45 +9 +/routeros/7.24.4/wifi-qcom" "a router"
says "192.168.88.1 +7.24.4 stable" "a router that is up to date"
says "/ip/dns/static/add name=upgrade.mikrotik.com address=172.31.7.2" "the DNS command"
says "/system/package/update/set mode=http" "the command for 7.23"
says "/tool/fetch url=\"http://172.31.7.2/ca.crt\"" "how to get the CA"
says "/certificate/import file-name=alp-ca.crt" "how to import the CA"
says "/system/package/update/set mode=https check-certificate=yes-without-crl"
says "/system/package/update/check-for-updates"
says "$(openssl x509 -in "$WWW/ca.crt" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' |
	tr A-F a-f)" "the fingerprint, as openssl has it"
unlike "$(cat "$WWW/index.html")" 'http-equiv=.refresh' "no refresh while nothing happens"
is "$(check tables "$WWW/index.html")" "" "tables have captions and scopes"
is "$(jq -c '.channels[0] | [.channel, .pointer, .version, .built, .upstream, .state]' \
	"$WWW/status.json")" '["stable","NEWESTa7.stable","7.24.4",1789558341,"7.24.4","ok"]' \
	"a channel in JSON"
is "$(jq -c '.disk.free, (.clients | length), .clients[1].version' "$WWW/status.json" |
	tr '\n' ' ')" '28924968960 4 "7.20.8" ' "disk and routers in JSON"
before=$(stat -c %i "$WWW/upgrade.rsc")
write
is "$(stat -c %i "$WWW/upgrade.rsc")" "$before" "what is the same is not written again"

# A stick wears out: the time alone, and a few kilobytes of space, are no reason.
written() { stat -c %i "$WWW/index.html" "$WWW/status.json" | tr '\n' ' '; }
before=$(written)
ROS_NOW=$((ROS_NOW + 300)) ROS_TEST_DISK="30524608 703500 28247028 3% /data" write
is "$(written)" "$before" "nor is what differs by the time alone"
echo reason=dns >>"$ROS_DATA/state/status"
write
unlike "$(written)" "^$before\$" "what changed is written"
sed -i '$d' "$ROS_DATA/state/status"
ROS_TEST_DISK="30524608 903500 28047028 3% /data" write
like "$(jq .disk.free "$WWW/status.json")" 28720156672 "so is space that went"
write

serve() {
	python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$1" \
		>"$TEST_TMP/port" 2>/dev/null &
	at_exit "kill $! 2>/dev/null"
	for _ in {1..100}; do
		PORT=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$TEST_TMP/port")
		[ -z "$PORT" ] || break
		sleep 0.1
	done
}
serve "$WWW"
is "$(check links "http://127.0.0.1:$PORT/")" "" "every link and anchor leads somewhere"

# look SIZE SCHEME [MOST]: width, contrast and picture, as Chromium has them.
look() {
	local seen name="$1 $2"
	seen=$(timeout 60 python3 "$TOP/tests/lib/page_look.py" \
		"http://127.0.0.1:$PORT/index.html" "$1" "$2" "$TEST_TMP/$2-$1.png" 2>&1)
	is "$(sed -n 's/^width //p' <<<"$seen")" "${1%x*}" "$name: the page does not scroll sideways"
	ok "$name: contrast of every text is 4.5 or more" awk '
		$1 == "contrast" && $2 >= 4.5 && $2 < 50 { good = 1 } END { exit !good }' <<<"$seen"
	ok "$name: there is something to see" awk '
		$1 == "picture" && $2 > 15000 { good = 1 } END { exit !good }' <<<"$seen"
	is "$(grep -E '^(foreign|failed)' <<<"$seen" | tr '\n' ' ')" "foreign 0 failed 0 " \
		"$name: nothing from elsewhere, nothing missing"
}

looks() {
	CHROMIUM=$(command -v chromium-headless-shell chromium chromium-browser | head -n 1)
	if [ -z "$CHROMIUM" ]; then
		skip "looks of the page" "there is no Chromium"
		return
	fi
	export CHROMIUM
	look 1100x1500 light
	look 1024x900 light
	look 1100x1500 dark
	look 360x800 light
	look 360x800 dark
	unlike "$(cmp "$TEST_TMP"/{light,dark}-360x800.png 2>&1)" '^$' "light and dark differ"
	mkdir "$TEST_TMP/wide"
	echo '<meta name=viewport content="width=device-width"><p style="width:500px">x' \
		>"$TEST_TMP/wide/index.html"
	like "$(timeout 60 python3 "$TOP/tests/lib/page_look.py" \
		"data:text/html,$(tr ' ' + <"$TEST_TMP/wide/index.html" | sed 's/+/%20/g')" \
		360x800 light 2>&1)" '^width 5[0-9][0-9]$' "a page that is too wide would be seen"
}
looks

# A sync under way.
ros_status state=running pid=1 "began=$((ROS_NOW - 60))" ended= "last_ok=$((ROS_NOW - 90000))" \
	reason=network "message=the cable" "doing=routeros-7.25-arm64.npk" done_files=3 \
	done_bytes=2147483648
write
well "running"
says "Syncing"
says "routeros-7.25-arm64.npk"
says "3 files, 2.1 GB" "what it has fetched"
says "one before failed: no connection"
like "$(cat "$WWW/index.html")" "http-equiv='refresh' content='10'" "refreshes itself"

# A failure, with every state of channels, a full disk and all architectures.
ros_version 7.25beta2 "arm arm64 mipsbe mmips smips ppc tile x86" "$ROS_PACKAGES_7"
mkdir -p "$WWW/routeros/"{6.49.18,winbox/4.0}
truncate -s 9000000 "$WWW/routeros/6.49.18/routeros-powerpc-6.49.18.npk" \
	"$WWW/routeros/winbox/4.0/WinBox_Linux.zip"
: >"$ROS_DATA/state/channels"
ros_channel stable NEWESTa7.stable 7.24.3 1789558341 7.24.4 waiting
ros_channel long-term NEWESTa7.long-term 7.21.6 1786012800 7.21.6 pinned
ros_channel testing NEWESTa7.testing 7.24.4 1786012800 7.25beta2 incomplete
ros_channel development NEWESTa7.development 0.00 0 0.00 empty
ros_status state=failed "began=$((ROS_NOW - 60))" "ended=$((ROS_NOW - 50))" \
	last_ok=1790000000 reason=disk "message=less than 200 MB free on /data: a larger disk"
all="stable long-term testing development"
export ROS_TEST_DISK="1000000 900000 100000 90% /data"
ROS_CHANNELS=$all ROS_PORT=8080 ROS_HOSTNAMES="upgrade.mikrotik.com,192.168.88.1" write
well "failed"
says "Failed"
says "less than 200 MB free on /data: a larger disk" "what to do"
says "Almost full"
says "stable +Waiting +7.24.3" "a version that waits"
says "ros-sync approve stable"
says "long-term +Pinned"
says "testing +Incomplete"
says "7.25beta2 is not complete yet; routers get 7.24.4 until it is"
says "development +Nothing offered +none"
says "^ *Package +arm +arm64 +mipsbe +mmips +ppc +smips +tile +x86" "all architectures"
says "http://192.168.88.1:8080/upgrade.rsc" "the operator's address, and the port"
says "WinBox_Linux.zip +9.0 MB" "WinBox"
like "$PAGE" "^ *routeros +9.0 MB" "RouterOS 6"
is "$(find "$WWW" -name 'upgrade*.rsc' | wc -l)" 5 "a script for each channel, and the first one's"
is "$(check links "http://127.0.0.1:$PORT/")" "" "its links lead somewhere, too"
[ -z "$CHROMIUM" ] || look 360x800 light
write
is "$(find "$WWW" -name 'upgrade*.rsc' | wc -l)" 3 "scripts of channels that are no more are gone"

# Hostile words, wherever they could come from.
evil='<script>alert(1)</script><img src=x onerror=alert(2)> "'"'"' onload=x &lt; \ </title>'
ros_status state=failed began=x ended='<b>' "last_ok=1790000000" "reason=$evil" \
	"message=$evil $(printf '\001\033[31m\377\303\244')" "doing=$evil" 'done_files=<i>'
printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$evil" "$evil" "$evil" "$evil" "$evil" "$evil" \
	>>"$ROS_DATA/state/channels"
printf '%s\t%s\t%s\t%s\t%s\n' 1795321000 "$evil" "$evil" "/$evil$(printf '\001\377')" 7 \
	>>"$ROS_DATA/state/clients"
printf 'garbage\n\t\t\n' | tee -a "$ROS_DATA/state/clients" "$ROS_DATA/state/channels" >/dev/null
touch "$WWW/routeros/7.24.4/<b>-7.24.4-arm.npk" "$WWW/routeros/7.24.4/"$'x\ny-7.24.4-arm.npk'
write
well "hostile"
like "$(cat "$WWW/index.html")" '&lt;script&gt;alert\(1\)' "it is shown as text"
unlike "$PAGE" 'b>-7.24.4' "files of odd names are not linked"
is "$(jq -r '.clients[0].asked' "$WWW/status.json")" "/$evil??" "a path is whole in JSON"
is "$(jq -r '.sync.message' "$WWW/status.json")" "$evil ??[31m???" "control characters are not"
is "$(check links "http://127.0.0.1:$PORT/")" "" "no link leads away"
ros_status state=failed began=1 ended=1 "reason=$(printf '%200s' '' | tr ' ' r)" \
	"message=/$(printf '%300s' '' | tr ' ' m)" "last_ok=$ROS_NOW"
write
[ -z "$CHROMIUM" ] || look 360x800 dark

# Large mirrors cost files to read, not processes.
rm -rf "$WWW/routeros" && mkdir "$WWW/routeros"
packages=$(for i in {1..29}; do echo "package-$i"; done)
for v in 7.24.4 7.24.3 7.21.6 7.12.1; do
	mkdir "$WWW/routeros/$v"
	for a in arm arm64 mipsbe mmips smips ppc tile x86; do
		suffix=-$a
		[ $a != x86 ] || suffix=
		for p in routeros $packages; do
			echo "$WWW/routeros/$v/$p-$v$suffix.npk"
		done
	done
done | xargs touch
write
is "$(jq -c '[.versions[].packages]' "$WWW/status.json")" "[240,240,240,240]" "960 files"
forks=$(strace -f -o /dev/stdout -e trace=clone,clone3,fork,vfork -e signal=none \
	env PATH="$ROS_PATH" "$ROS_SH" -c '
	for part in log names settings page rsc; do . "$ROS_LIB/$part.sh"; done
	page_write' 2>/dev/null | grep -cE '(clone3?|v?fork)\(')
[ "$forks" -gt 5 ] && [ "$forks" -lt 80 ] && pass "their page takes $forks processes" ||
	fail "their page takes few processes" "$forks"
began=${EPOCHREALTIME/[.,]/}
ros_run page_write
took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
[ $took -lt 3000 ] && pass "their page takes $took ms" || fail "their page is quick" "$took ms"

# A page stays when another cannot be made.
cp "$WWW/index.html" "$TEST_TMP/kept"
printf 'function (' >"$TEST_TMP/broken.awk"
mkdir "$TEST_TMP/lib" && cp "$ROS_LIB"/* "$TEST_TMP/lib/" &&
	cp "$TEST_TMP/broken.awk" "$TEST_TMP/lib/page.awk"
(export ROS_LIB=$TEST_TMP/lib && ros_run page_write) >/dev/null 2>&1
status=$?
[ $status != 0 ] && pass "a failure is told" || fail "a failure is told" "$status"
ok "and the page before it stays" cmp "$WWW/index.html" "$TEST_TMP/kept"
done_testing
