# shellcheck shell=bash disable=SC2034,SC2153 # what it sets is for tests
# SPDX-License-Identifier: MIT
# router_box.sh: a router on loopback, by REST (router_rest.py) and SFTP (sshd.sh)
# over the same files. Source it after tap.sh and sshd.sh. One for each shell; parts
# that run side by side have one each.
#
# box_start VERSION [JQ]: a router of that version, arm64, with the disk usb1, the lists
#	LAN and WAN, and things of its own; JQ changes that. Called again, it is another
#	router at the same place. Sets
#	BOX               its folder; $BOX/files is what SFTP serves
#	BOX_PORT          of HTTPS
#	BOX_FINGERPRINT   SHA-256 of its certificate
#	BOX_SSH_PORT      of SSH, by way of cut_proxy.py: PROXY_CONTROL is its
#	With $BOX_DISK (usb1:16k) SFTP sees a disk of that size.
# box_stop: it and its SFTP server end.
# box_keep: remembers all that it is. box_back [KIND AT [MS [OF]]]: makes it so again, with
#	that fault.
# box_state: what it is, normalised, when nothing goes on any more.
# box_same FILE NAME: a test that it is the same as in that file.
# box_get JQ: of all that it is. box_change JQ: somebody changes it.
# box_fault KIND AT [OF [JQ]]: befalls the request number AT, counted from now, of all
#	or of those that are "changes"; see router_faults.py. box_no_fault.
# box_count requests|changes|hits: since then.
# box_requests: the lines of changing requests since box_start or box_fault.
# box_images: $BOX_IMAGES/v1.tar to v5.tar of alp, and one for amd64.
# box_deploy N|FILE|OPTION...: alpbuild deploy of that image, as its admin, with
#	$OPTIONS. box_said: what it said. box_deploy_exec: becomes it, for the
#	background.
# box_looks: what alpbuild has on it, in few words.
# box_expects TAG[.LETTER] [TAG[.LETTER]]: how that looks with a container that runs and
#	a previous one, LETTER being that of its place.

box_control() {
	curl -sS --max-time 30 "http://127.0.0.1:$BOX_CONTROL/$1" "${@:2}"
}

box_default() {
	jq -n --arg v "$1" --arg user "$SSHD_USER" '{version: ($v + " (stable)"), architecture: "arm64",
		board: "RB5009UG+S+", user: $user, password: "geheim 1",
		packages: [{name: "routeros"}, {name: "container"}],
		device_mode: {mode: "advanced", container: true}, flash: 500000000,
		disks: [{slot: "usb1", size: 50000000}], lists: ["LAN", "WAN"], next: 100,
		menus: {
			"/interface/bridge": [{".id": "*2", name: "bridge", comment: "defconf"}],
			"/interface/veth": [{".id": "*10", name: "veth-web",
				address: "172.18.0.2/24", gateway: "172.18.0.1", comment: "mine"}],
			"/ip/address": [{".id": "*3", address: "192.168.88.1/24",
				interface: "bridge", comment: "defconf"}],
			"/ip/firewall/nat": [{".id": "*4", chain: "srcnat", action: "masquerade"}],
			"/container/envs": [{".id": "*5", key: "TZ", value: "UTC"}]}} |
		.menus["/container/envs"][0][if $v | startswith("7.1") or
			startswith("7.6") or startswith("7.5") then "name" else "list" end] = "web" |
		'"${2:-.}"
}

box_begin() {
	local out=$BOX/out
	mkdir -p "$out" "$BOX/files"
	[ -z "${BOX_CERTIFICATE:-}" ] || set -- "$BOX_CERTIFICATE" "$BOX_KEY"
	# shellcheck disable=SC2086
	sshd_start "$BOX/files" ${BOX_DISK:-}
	cut_proxy_start "$SSHD_PORT"
	BOX_SSH_PORT=$PROXY_PORT
	sshd_known "$BOX_SSH_PORT"
	box_default 7.20 >"$BOX/state"
	python3 "$TOP/tests/lib/router_rest.py" "$BOX/state" "$BOX/files" "$out" "$@" \
		>"$BOX/log" 2>&1 &
	BOX_PID=$!
	at_exit box_stop
	sshd_wait test -s "$out/ready" || fail "the router starts" "$(cat "$BOX/log")"
	read -r BOX_PORT BOX_CONTROL BOX_FINGERPRINT < <(
		jq -r '"\(.https) \(.control) \(.fingerprint)"' "$out/ready")
}

box_start() {
	BOX=$TEST_TMP/box
	[ -n "${BOX_PID:-}" ] || box_begin
	mkdir -p "$BOX/files/usb1"
	find "$BOX/files" -mindepth 1 ! -path "$BOX/files/usb1" -delete
	cut_proxy pass
	box_default "$1" "${2:-.}" | jq --arg proxy "$PROXY_CONTROL" '.proxy = $proxy |
		.disks[].slot' >/dev/null || fail "box_start $*: jq"
	box_default "$1" "${2:-.}" | jq --arg proxy "$PROXY_CONTROL" '.proxy = $proxy' |
		box_control raw --data-binary @- >/dev/null
	box_no_fault
}

box_stop() {
	[ -z "${BOX_PID:-}" ] || kill "$BOX_PID" 2>/dev/null
	BOX_PID=
	sshd_stop
}

box_keep() { box_control keep -d '' >/dev/null; }
box_back() {
	local faults=[]
	[ $# = 0 ] || faults='[{"kind": "'$1'", "at": '$2', "ms": '${3:-100}', "of": "'${4:-all}'"}]'
	: >"$BOX/out/requests"
	box_control back -d "$faults" >/dev/null
}
box_state() { box_control state; }
box_same() { is "$(box_state | diff "$1" - | head -n 40)" "" "$2"; }
box_get() { box_control raw | jq -r "$1"; }
box_change() {
	box_control raw | jq "$1" | box_control raw --data-binary @- >/dev/null
}

box_fault() {
	: >"$BOX/out/requests"
	jq -nc --arg kind "$1" --argjson at "$2" --arg of "${3:-all}" \
		"[{kind: \$kind, at: \$at, of: \$of}] | ${4:-.}" |
		box_control fault --data-binary @- | grep error
}
box_no_fault() {
	: >"$BOX/out/requests"
	box_control fault -d '[]' >/dev/null
}
box_count() { box_control counts | jq ".$1"; }
box_requests() { grep -vE '^(GET|POST [^ ]*/print) ' "$BOX/out/requests"; }

box_images() {
	local n
	BOX_IMAGES=$TEST_TMP/images
	mkdir "$BOX_IMAGES"
	for n in 1 2 3 4 5; do
		python3 "$TOP/tests/lib/router_image.py" "$BOX_IMAGES/v$n.tar" alp:v$n \
			arm64 $((n * 1000))
	done
	python3 "$TOP/tests/lib/router_image.py" "$BOX_IMAGES/amd64.tar" alp:v1 amd64
}

# Becomes alpbuild.
box_deploy_exec() {
	case ${1:-} in [1-9]) set -- "$BOX_IMAGES/v$1.tar" "${@:2}" ;; esac
	case ${1:-} in
	-*) set -- "$SSHD_USER@127.0.0.1" "$@" ;;
	*) set -- "$1" "$SSHD_USER@127.0.0.1" "${@:2}" ;;
	esac
	case " $* " in
	*" --rollback "*) set -- --name alp --settle 0 "$@" ;;
	*) set -- "${OPTIONS[@]}" "$@" ;;
	esac
	export HOME=$BOX ALPBUILD_ROUTER_PASSWORD=${BOX_PASSWORD-geheim 1}
	exec "$ALPBUILD" deploy --https-port "$BOX_PORT" --ssh-port "$BOX_SSH_PORT" \
		--fingerprint "$BOX_FINGERPRINT" --known-hosts "$SSHD_KNOWN_HOSTS" \
		--identity "$SSHD_KEY" --patience "${BOX_PATIENCE:-20}" "$@"
}

box_deploy() { (box_deploy_exec "$@") >"$BOX/talk" 2>&1; }
box_said() { cat "$BOX/talk"; }

# A line for each container whose interface and port have its mark.
box_looks() {
	box_state | jq -r '.menus as $m | .files as $f |
		[$m["/container"][]? | . as $c |
			($m["/interface/veth"][] | select(.name == $c.interface)) as $v |
			($m["/interface/bridge/port"][] | select(.interface == $v.name)) as $p |
			"\([.comment, $v.comment, $p.comment] | unique | join("|")): " +
			"\(.tag) \(.phase), boots \(."start-on-boot"), named \(.name // "-"), " +
			"\(."root-dir") has \($f[."root-dir"]), " +
			"\($v.name) \($v.address) on \($p.bridge)"] + [
		"\($m["/interface/veth"] | length - 1) interfaces, " +
		"\($m["/interface/bridge/port"] | length) ports: " +
		([$f | keys[] | select(startswith("usb1/"))] | join(" "))] | sort | .[]'
}

# box_expects_one COMMENT PHASE BOOTS NAME TAG[.LETTER]
box_expects_one() {
	local tag=${5%.*} letter=
	[ "$tag" = "$5" ] || letter=${5#*.}
	echo "alpbuild: $1: alp:$tag $2, boots $3, named $4, usb1/alp${letter:+.$letter}" \
		"has image alp:$tag, veth-alp${letter:+-$letter} 172.17.0.2/24 on containers"
	echo "usb1/alp${letter:+.$letter}" >&3
}

box_expects() {
	local name=alp previous=alp-previous
	[ "$(box_get '.version | split("[. ]"; "")[1] | tonumber < 19')" = false ] ||
		name=- previous=-
	{
		box_expects_one alp running yes $name "$1"
		[ $# = 1 ] || box_expects_one "alp (previous)" stopped no $previous "$2"
	} 3>"$BOX/files.txt" >"$BOX/expected"
	echo "$# interfaces, $# ports: $(sort "$BOX/files.txt" | xargs)" >>"$BOX/expected"
	sort "$BOX/expected"
}
