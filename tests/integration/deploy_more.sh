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

# ---- the way to the router -----------------------------------------------------

way() {
	box_start 7.21.3
	https_proxy=http://127.0.0.1:9 all_proxy=http://127.0.0.1:9 \
		run 0 "the proxy of the environment is for others" 1 --dry-run
}

side_by_side eval neighbours way
done_testing
