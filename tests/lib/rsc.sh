# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# rsc.sh: scripts of alpbuild rsc on a router that keeps its state, which
# router_sim.py plays. For tests that have sourced tap.sh.

FILE=usb1/alp_rc-v3.18.9-0.0.1-arm64.tar
OLD=usb1/old.tar

rsc() {
	"$ALPBUILD" rsc alp_rc --arch arm64 --cache "$TEST_TMP/cache" --offline "$@"
}

# state VERSION [JQ]: a router with the file on its disk, and things of its own.
state() {
	jq -n --arg v "$1" '{version: $v, architecture: "arm64",
		packages: [{name: "routeros"}, {name: "container"}],
		files: {usb1: 0, "'$FILE'": 9000000, "'$OLD'": 8000000},
		disks: [{slot: "usb1", free: 90000000}], lists: ["LAN", "WAN"], next: 100,
		images: {"'$FILE'": "good", "'$OLD'": "good"},
		tags: {"'$FILE'": "alp_rc:v3.18.9-0.0.1", "'$OLD'": "alp_rc:v0"},
		menus: {
			"/interface/veth": [{".id": "*1", name: "veth-web", address: "172.18.0.2/24",
				gateway: "172.18.0.1", comment: "mine"}],
			"/interface/bridge": [{".id": "*2", name: "bridge", comment: "defconf"}],
			"/ip/firewall/nat": [{".id": "*3", chain: "srcnat", action: "masquerade"}],
			"/container/envs": [{".id": "*4", name: "web", list: "web", key: "TZ",
				value: "UTC"}]}} | '"${2:-.}" >"$TEST_TMP/state"
	before
}

before() { jq -S 'del(.next)' "$TEST_TMP/state" >"$TEST_TMP/before"; }

# change JQ: somebody changes the router.
change() {
	jq "$1" "$TEST_TMP/state" >"$TEST_TMP/changed"
	mv "$TEST_TMP/changed" "$TEST_TMP/state"
}

# run SCRIPT-ARGUMENTS: what the router says. Each script is written once.
run() {
	local script
	script=$TEST_TMP/$(sha256sum <<<"$*" | cut -c1-16).rsc
	[ -e "$script" ] || rsc "$@" -o "$script" || return 1
	OUT=$(python3 "$TOP/tests/lib/router_sim.py" "$script" "$TEST_TMP/state" 2>&1)
}

# same NAME: the router is as it was. A menu that became empty is no difference.
same() {
	is "$(diff "$TEST_TMP/before" <(jq -S 'del(.next)' "$TEST_TMP/state") |
		grep '^[<>]' | grep -vE '"(/[a-z/]+": \[\],?|menus)"?' |
		grep -vE '^[<>] +("(\.end|\.stop|extracting)":.*)?$' | head -5)" "" "$1"
}

clean_menus() { change '.menus |= with_entries(select(.value | length > 0))'; }

get() { jq -r "$1" "$TEST_TMP/state"; }

# refused WHY NAME
refused() {
	like "$OUT" "^error .*$1" "$2"
	unlike "$OUT" "^(did|wrong)" "$2: nothing is changed"
	same "$2: the router is as it was"
}

# kept NAME COMMAND...: the state that the command made, made once.
kept() {
	local copy=$TEST_TMP/$1.kept
	shift
	[ -e "$copy" ] || { "$@"; cp "$TEST_TMP/state" "$copy"; }
	cp "$copy" "$TEST_TMP/state"
}

# installed VERSION: with the old image.
installed() { kept "installed-$1" install_old "$1"; }
install_old() {
	state "$1"
	change '.files["'$FILE'"] = 8000000 | .tags["'$FILE'"] = "alp_rc:v0"'
	run --routeros "$1"
	change '.tags["'$FILE'"] = "alp_rc:v3.18.9-0.0.1"'
}
