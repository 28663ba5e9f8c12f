#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild deploy: the life of a container on each version of RouterOS, what is
# refused before anything is changed, and images that do not run. The router is
# tests/lib/router_rest.py. What goes wrong on the way: deploy_faults.sh.
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
AT_ONCE=8

box_images
OPTIONS=(--name alp --port 2222:22 --env "GREETING=a b" --volume /var --settle 0)

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

# Remembers the router as it is.
now() {
	box_state >"$BOX/now"
	box_no_fault
}
same() { box_same "$BOX/now" "$1"; }
# unchanged NAME: nothing was asked to be changed since then, and nothing is.
unchanged() {
	is "$(box_requests)" "" "$1: it asks for no change"
	same "$1: nothing is changed"
}

# What is not alpbuild's.
foreign() {
	jq -S '[.menus[][] | select([.comment, .list, .name] | tostring |
		test("alp") | not)]'
}

# ---- a life on each version ----------------------------------------------------

life() {
	local v=$1
	box_start "$v" "${2:-.}"
	now
	cp "$BOX/now" "$BOX/first"
	run 0 "$v: --dry-run before anything is there" 1 --dry-run
	like "$(box_said)" "would add: container" "$v: it says what would be added"
	unchanged "$v: --dry-run"
	run 0 "$v: installed" 1
	is "$(box_looks)" "$(box_expects v1)" "$v: it runs, and nothing else is there"
	is "$(box_state | foreign)" "$(foreign <"$BOX/first")" "$v: others' things stay"
	now
	run 0 "$v: again" 1
	unchanged "$v: it runs already"
	run 0 "$v: --dry-run of an upgrade" 2 --dry-run
	unchanged "$v: --dry-run of an upgrade"
	run 0 "$v: upgraded" 2
	is "$(box_looks)" "$(box_expects v2.b v1)" "$v: the old one is kept, stopped"
	run 0 "$v: upgraded again" 3
	is "$(box_looks)" "$(box_expects v3.c v2.b)" "$v: the oldest one went"
	run 0 "$v: and again" 4
	is "$(box_looks)" "$(box_expects v4 v3.c)" "$v: in the first one's place"
	now
	run 0 "$v: rolled back" --rollback
	is "$(box_looks)" "$(box_expects v3.c v4)" "$v: the one before runs"
	run 0 "$v: rolled back again" --rollback
	same "$v: which goes forward"
	run 0 "$v: --forget-previous" 5 --forget-previous
	is "$(box_looks)" "$(box_expects v5.b)" "$v: only the new one is there"
	now
	run 4 "$v: nothing to go back to" --rollback
	unchanged "$v: nothing to go back to"
}

# ---- before anything is changed ------------------------------------------------

# refused STATUS TEXT NAME ARG...
refused() {
	local st=$1 text=$2 name=$3
	shift 3
	now
	run "$st" "$name" "$@"
	like "$(box_said)" "$text" "$name: it says why"
	unchanged "$name"
}

# with JQ STATUS TEXT NAME ARG...: refused by a router that JQ makes so.
with() {
	box_start 7.21.3 "$1"
	refused "${@:2}"
}

host_key() { echo "${SSHD_HOST_KEY//+/.}"; }

refusals() {
	with . 18 "board-architecture" "another architecture" "$BOX_IMAGES/amd64.tar"
	with '.board = "CHR"' 19 "image is for x86.*the router is arm64" \
		"another architecture, on a board that is not known" "$BOX_IMAGES/amd64.tar"
	with 'del(.packages[1])' 19 "package container is not installed" "no package" 1
	with '.packages[1].disabled = "true"' 19 "package container is not" "disabled" 1
	with '.device_mode.container = false' 19 "device-mode/update container=yes" \
		"device-mode" 1
	with '.disks[0].size = 20600' 19 "not enough space on usb1" "a full disk" 1
	with . 19 "there is no disk usb9" "no such disk" 1 --disk usb9
	with '.menus["/interface/veth"][0].name = "veth-alp"' 19 \
		"interface veth-alp has the name" "a name that is taken" 1
	with . 19 "interface veth-web has the name or the address" "an address" 1 \
		--address 172.18.0.2/24
	with '.lists = []' 19 "no interface list LAN" "no list of interfaces" 1
	gzip -c "$BOX_IMAGES/v1.tar" >"$TEST_TMP/v1.tar.gz"
	with . 2 "no plain docker-archive" "an image that not every router imports" \
		"$TEST_TMP/v1.tar.gz"
	with '.password = "another"' 20 "user name or password" "a wrong password" 1
	with . 7 "certificate" "another certificate than the pinned one" 1 \
		--fingerprint "$(printf '%064d' 0)"
	: >"$TEST_TMP/nobody"
	with . 7 "$(host_key)" "an unknown host key" 1 --known-hosts "$TEST_TMP/nobody"
	with . 7 "$(host_key)" "another host key than the pinned one" 1 --host-key \
		SHA256:/b0qkB20N7wJjyshrCD344Byn72MXRqfCUnrNKYolTc
	box_start 7.21.3
	mkdir "$BOX/files/usb1/alp" "$BOX/files/usb1/alp".{b,c,d}
	refused 19 "folder usb1/alp .*is there already" "folders in the way" 1
}

changed() {
	box_start 7.21.3
	sshd_stop
	sshd_new_host_key ed25519
	sshd_again
	refused 7 "$(host_key)" "a host key that has changed" 1
}

# ---- images that do not run ----------------------------------------------------

# outcome VERSION_KIND: it fails, and the router is as it was, with and without an
# old container.
outcome() {
	local v=${1%_*} kind=${1#*_} text
	case $kind in
	dead) text="execvpe.*mount" ;;
	none) text="found no manifest.json" ;;
	failed) text="A layer that|child spawn failed" ;;
	esac
	box_start "$v" ".outcome = [\"$kind\"]"
	now
	run 19 "$v: an image that is $kind is not installed" 1 --settle 1
	like "$(box_said)" "$text" "$v: the log's line is explained"
	same "$v: $kind: the router is as it was"
	run 0 "$v: another one is" 1
	box_change ".outcome = [\"$kind\"]"
	now
	run 19 "$v: an image that is $kind is no upgrade" 2 --settle 1
	like "$(box_said)" "$text" "$v: the log's line is explained again"
	same "$v: $kind: the old one runs, the router is as it was"
}

# ---- what routers do besides ---------------------------------------------------

# A container that ends is started again by its policy, again and again.
restarts() {
	box_start "$1" '.outcome = ["dead"] | .restart_ms = 200'
	now
	run 19 "$1: a container that ends and starts again does not run" 1 --settle 2
	unlike "$(box_said)" "could not be taken back" "$1: all of it goes"
	same "$1: a container that starts again: the router is as it was"
}

# stopped JQ NAME: SIGTERM while the router extracts an upgrade.
stopped() {
	local pid st=0
	box_change "$1"
	now
	box_deploy_exec 2 >"$BOX/talk" 2>&1 &
	pid=$!
	sshd_wait grep -q "^PUT /rest/container 201" "$BOX/out/requests"
	kill -TERM "$pid"
	{ wait "$pid"; } 2>/dev/null || st=$?
	is "$st" 130 "SIGTERM during an extraction that $2"
	same "the router is as it was"
}

odd() {
	box_start 7.16 '.keeps_full_folders = true'
	run 0 "a router that keeps full folders" 1
	run 0 "upgraded" 2
	run 0 "and again" 3
	like "$(box_said)" "usb1/alp could not be.*by hand" "it says which one is left"
	is "$(box_looks | tail -n 2 | sed 's/has image.*//')" \
		"$(box_expects v3.c v2.b | tail -n 2 | sed 's/has image.*//')" \
		"the rest is well"
	box_start 7.24
	run 0 "--keep-image" 1 --keep-image
	is "$(sha256sum <"$(echo "$BOX"/files/usb1/alpbuild-alp-*.tar)")" \
		"$(sha256sum <"$BOX_IMAGES/v1.tar")" "the image arrived as it is"
	run 0 "--force" 1 --force
	is "$(box_looks | tail -n 1)" "$(box_expects v1.b v1 | tail -n 1)" \
		"deploys what runs already"
	stopped '.extract_ms = 1500' "takes its time"
	stopped '.outcome = ["stuck"]' "never ends"
}

# Versions may show things otherwise.
shown() {
	life "$1" '.leading_slash = true | .sparse_flags = true'
}

parts() {
	local v kind
	for v in 7.6 7.16 7.20.8 7.21.3 7.23.1 7.24; do echo "life_$v"; done
	echo refusals_all changed_all odd_all restarts_7.20.8 restarts_7.23.1 shown_7.21.3
	for v in 7.16 7.21.3 7.24; do
		for kind in dead none failed; do echo "outcome_${v}_$kind"; done
	done
}

part() { "${1%%_*}" "${1#*_}"; }

# shellcheck disable=SC2046
side_by_side part $(parts)
done_testing
