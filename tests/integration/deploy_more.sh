#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild deploy: neighbours, odd disks and odd routers. What is usual: deploy.sh,
# what goes wrong on the way: deploy_faults.sh.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/sshd.sh
. "$TOP/tests/lib/sshd.sh"
# shellcheck source=../lib/router_box.sh
. "$TOP/tests/lib/router_box.sh"
# shellcheck source=../lib/side_by_side.sh
. "$TOP/tests/lib/side_by_side.sh"
need python3 jq curl openssl
need_sshd
export LC_ALL=C.UTF-8
AT_ONCE=4

box_images
OPTIONS=(--name alp --settle 0)

# run STATUS NAME ARG...: deploys.
run() {
	local want=$1 name=$2 st=0
	shift 2
	box_deploy "$@" || st=$?
	if [ "$st" = "$want" ]; then
		pass "$name"
	else
		fail "$name" "exit status $st, want $want" "$(box_said)" \
			"$(tail -n 40 "$BOX/out/requests")"
	fi
}

# refused STATUS TEXT NAME ARG...: nothing is changed, and it says why.
refused() {
	box_state >"$BOX/now"
	run "$1" "$3" "${@:4}"
	like "$(box_said)" "$2" "$3: it says why"
	box_same "$BOX/now" "$3: nothing is changed"
}

# ---- other containers ----------------------------------------------------------

neighbours() {
	box_start 7.21.3
	OPTIONS[1]=alp2
	run 0 "a container whose name begins with another one's" 1
	OPTIONS[1]=alp
	refused 19 "interface veth-alp2 has the name or the address" \
		"the other one is a stranger with this address" 2
	box_change '.menus["/interface/veth"][1].address = "fd00::2/64,172.17.0.2/24"'
	refused 19 "interface veth-alp2 has the name or the address" \
		"and with two addresses" 2
	run 0 "with another address" 2 --address 172.17.0.3/24
	run 0 "it is upgraded" 3
	is "$(box_state | jq -r '.menus["/container"][] | "\(.comment): \(.tag) \(.phase)"')" \
		"alpbuild: alp2: alp:v1 running
alpbuild: alp (previous): alp:v2 stopped
alpbuild: alp: alp:v3 running" "the other one is left alone"
}

# ---- disks ---------------------------------------------------------------------

disks() {
	local tmp='.disks += [{slot: "tmp1", size: 31000}] | .disks[0].size = 5500'
	box_start 7.21.3 '.disks[0].fs = "fat32"'
	refused 19 "has the file system fat32, .*format-drive usb1 file-system=ext4" "FAT" 1
	box_start 7.21.3
	refused 19 "no disk USB1 on the router .there is: usb1." "another case" 1 --disk USB1
	refused 19 "no folder usb1/images on the router: make it" "no folder" 1 \
		--disk usb1/images
	mkdir "$BOX/files/usb1/images"
	run 0 "a folder of a disk" 1 --disk usb1/images
	is "$(box_get '.menus["/container"][0]["root-dir"]')" usb1/images/alp "is used"
	box_start 7.21.3 "$tmp"
	mkdir "$BOX/files/tmp1"
	refused 19 "not enough space on usb1: .*the image and what" "one disk is too small" 5
	run 0 "two disks are not" 5 --disk tmp1 --root-dir usb1/alp
	refused 19 "not enough space on usb1: .* for what is in the image.*--root-dir" \
		"there is no room for two" 4 --disk tmp1 --root-dir usb1/alp
	box_start 7.21.3 '.flash = 10000'
	mkdir "$BOX/files/flash"
	refused 19 "not enough space on the router.s flash" "the flash of small boards" 5 --disk flash
	box_start 7.21.3
	run 0 "a container" 1
	run 0 "and another one" 2
	box_change '.disks[0].size = 38000'
	refused 19 "or give up the previous|give up the previous container with" "a full disk" 4
	refused 0 "warning: without the previous container: not enough space on usb1" \
		"a plan without the previous one" 4 --forget-previous --dry-run
	run 0 "and what comes of it" 4 --forget-previous
}

# ---- the way to the router -----------------------------------------------------

way() {
	box_start 7.21.3
	https_proxy=http://127.0.0.1:9 all_proxy=http://127.0.0.1:9 \
		run 0 "the proxy of the environment is for others" 1 --dry-run
	BOX_PATIENCE=0 BOX_PORT=9 refused 5 "ip/service/print must show www-ssl enabled" \
		"www-ssl is off" 1
	BOX_PATIENCE=0 BOX_PORT=$SSHD_PORT refused 5 "www-ssl enabled.*--https-port" \
		"the port of another service" 1
	BOX_PATIENCE=0 BOX_SSH_PORT=9 refused 5 "must show ssh enabled.*policies ssh and" \
		"ssh is off" 1
	BOX_PASSWORD=x refused 20 "the user's group needs the policies ssh, ftp and rest-api" \
		"no right to log in" 1
}

# ---- what is no router ----------------------------------------------------------

# canned_start: another server takes the router's place.
canned_start() {
	box_start 7.21.3
	echo "{}" >"$BOX/answers"
	python3 "$TOP/tests/lib/canned_https.py" "$BOX/answers" \
		"$BOX/out/certificate.pem" "$BOX/out/key.pem" "$BOX/canned" \
		>"$BOX/canned.log" 2>&1 &
	at_exit "kill $! 2>/dev/null"
	sshd_wait test -s "$BOX/canned"
	BOX_PORT=$(<"$BOX/canned")
}

# answers STATUS TEXT NAME JQ: to JQ, {path: [status, text]}, beside what is usual.
answers() {
	jq -n '{
		"/rest/system/resource": {version: "7.21.3 (stable)", "architecture-name":
			"arm64", "board-name": "%s%n", "free-hdd-space": "1000000000"},
		"/rest/system/package": [{name: "container"}],
		"/rest/system/device-mode": {container: "true"}} | map_values([200, tojson]) |
		. + ('"$4"')' >"$BOX/answers"
	run "$1" "$3" 1
	like "$(box_said)" "$2" "$3: it says what"
	unlike "$(box_said)" "taking back|$(printf '\033')" "$3: nothing was changed"
}

strange() {
	canned_start
	resource() { answers "$1" "$2" "$3" "{\"/rest/system/resource\": [$4]}"; }
	resource 8 "not valid JSON.*is this port .--https-port. that of www-ssl" \
		"a web page" '200, "<!DOCTYPE html>"'
	resource 8 "status 404, and nothing that RouterOS says.*--https-port" \
		"another web server" '404, "<html>"'
	resource 8 "status 302, and nothing that" "a redirect" '302, ""'
	resource 8 "not valid JSON" "nothing" '200, ""'
	resource 8 "nested more than" "a deep answer" '200, ("[" * 100000)'
	resource 10 "more than 16777216 bytes" "a long answer" '200, ("x" * 17000000)'
	resource 19 "enough permissions .9.: the user's group lacks a policy" "no right" \
		'500, ({error: 500, detail: "not enough permissions (9)"} | tojson)'
	resource 19 "RouterOS 6.49.10: containers are known in 7.5 and later" "RouterOS 6" \
		'200, ({version: "6.49.10 (long-term)"} | tojson)'
	resource 19 '"" is no version of RouterOS' "no version" '200, "{}"'
	answers 8 "/container/print is an error, with status 200" "an error that is called none" \
		'{"/rest/container": [200, ({error: 400, detail: "%s%n\u001b[31m"} | tojson)]}'
	answers 8 "wanted for has no id" "an item without a right id" \
		'{"/rest/interface/veth": [200, "[]"], "/rest/container": [200, ([{".id":
		"*1/../*2", comment: "alpbuild: alp (next)", stopped: "true"}] | tojson)]}'
	answers 19 'two containers on the router have the comment "alpbuild: alp"' "twins" \
		'{"/rest/container": [200, ([{comment: "alpbuild: alp"},
		{comment: "alpbuild: alp"}] | tojson)]}'
}

# ---- a loud neighbour -----------------------------------------------------------

loud() {
	local noise now
	now=$(cut -d' ' -f1 /proc/uptime)
	noise='{".id": "*F0", comment: "x", interface: "ether1", "root-dir": "usb1/x",
		file: "x", name: ("x\u001b\n%s" * 5000), "restart-policy": "on-failure",
		_phase: "starting", _at: '$now', _mark: {machine: "amd64"}, _lost: true}'
	box_start 7.21.3 '.menus["/container"] = ['"$noise"'] | .outcome = ["dead"] |
		.restart_ms = 200'
	run 19 "an image that does not run, beside a container that talks" 1
	like "$(box_said)" '"execvpe' "its own line is explained"
	is "$(box_said | wc -L | awk '{ print $1 < 1500 }')" 1 "long lines are cut"
	unlike "$(box_said)" "^%s|$(printf '\033')" "and stay lines"
}

# ---- the end of it --------------------------------------------------------------

# ended SIGNAL: at a change that is under way.
ended() {
	local pid st=0
	box_fault hang 5 changes ".[0].ms = 1000"
	box_deploy_exec 2 >"$BOX/talk" 2>&1 &
	pid=$!
	sshd_wait grep -q " hangs " "$BOX/out/requests"
	kill -s "$1" "$pid"
	wait "$pid" || st=$?
	is "$st" 130 "SIG$1 ends it"
	box_same "$BOX/now" "and the router is as it was"
}

ends() {
	local text
	box_start 7.21.3
	run 0 "a container" 1
	box_state >"$BOX/now"
	ended HUP
	ended INT
	text=$(printf 'failure: could not add %0470d' 0)
	box_start 7.21.3
	box_fault refuse 6 changes '.[0].times = 1000 | .[0].text = "'"$text"'"'
	run 19 "neither forward nor back" 1
	like "$(box_said)" \
		"look at /log/print; does .*could not be taken back: .*: remove it by hand$" \
		"what would help survives a long refusal"
}

# ---- a rollback that was cut off ------------------------------------------------

looks() { box_state | jq -r '.menus["/container"][] |
	"\(.comment): \(.tag) \(.phase), boots \(."start-on-boot")"'; }

back_and_cut() {
	OPTIONS+=(--env A=b)
	box_start 7.21.3
	run 0 "a container" 1
	run 0 "and the next one" 2
	box_keep
	# Its changes: stop, start, then the marks; nothing answers after them.
	# shellcheck disable=SC2119
	box_back
	box_fault lost-request 3 changes '.[0].times = 1000'
	BOX_PATIENCE=1 run 5 "a rollback that is cut off before its marks" --rollback
	box_no_fault
	run 0 "another image after it" 3
	is "$(looks)" "alpbuild: alp (previous): alp:v2 stopped, boots no
alpbuild: alp: alp:v3 running, boots yes" "is what runs"
	like "$(box_said)" "stopped the previous container" "the one that ran is stopped first"
	# shellcheck disable=SC2119
	box_back
	box_fault lost-request 4 changes '.[0].times = 1000'
	BOX_PATIENCE=1 run 5 "and between them" --rollback
	box_fault power 1
	sleep 0.5
	run 0 "after a power cut" 2
	is "$(looks)" "alpbuild: alp (previous): alp:v1 stopped, boots no
alpbuild: alp: alp:v2 running, boots yes" "only the current one runs"
}

side_by_side eval back_and_cut ends loud neighbours disks way strange
done_testing
