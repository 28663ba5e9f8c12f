#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild rsc: the scripts by version, as golden files, and what a router does with
# them; tests/lib/router_sim.py plays the router, with the words of each version.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/rsc.sh
. "$TOP/tests/lib/rsc.sh"
need python3 jq

# ---- what is written -----------------------------------------------------------

golden() {
	local file=$TOP/tests/golden/rsc/$1
	shift
	rsc "$@" >"$TEST_TMP/golden"
	[ -z "${UPDATE_GOLDEN:-}" ] || cp "$TEST_TMP/golden" "$file"
	ok "${file##*/} is the golden one" diff -u "$file" "$TEST_TMP/golden"
}

for v in 7.5 7.6 7.10 7.19 7.20 7.21 7.22 7.23 7.24; do
	golden alp_rc-$v.rsc --routeros $v
done
golden alp_rc-7.20-upgrade.rsc --routeros 7.20 --upgrade
golden alp_rc-7.20-remove.rsc --routeros 7.20 --remove
golden alp_rc-7.24-upgrade.rsc --routeros 7.24 --upgrade
golden alp_rc-7.24-remove.rsc --routeros 7.24 --remove
is "$(LC_ALL=C grep -lE '[^ -~]|.{1500}' "$TOP"/tests/golden/rsc/*)" "" "plain short lines"

# ---- a life on each version ----------------------------------------------------

# life VERSION ROUTER: installed, again, upgraded, again, removed, again.
life() {
	state "$2 (stable)"
	run --routeros "$1"
	like "$OUT" "^put alp_rc runs" "$1: installed"
	unlike "$OUT" "^(wrong|error)" "$1: without complaint"
	is "$(get '.menus["/container"][0].running')" true "$1: it runs"
	change '(.menus["/container/envs"][] | select(.key == "TZ" and (.list // .name)
		== "alp_rc")).value = "Europe/Berlin"'
	run --routeros "$1"
	unlike "$OUT" "^(did|error|wrong)" "$1: the second run changes nothing"
	run --routeros "$1" --upgrade
	unlike "$OUT" "^(did|error|wrong)" "$1: nor does an upgrade to the same"
	run --routeros "$1" --upgrade --force
	like "$OUT" "^put alp_rc is upgraded" "$1: upgraded"
	is "$(get '[.menus["/container"][] | [.running, .comment, ."root-dir"]] | tojson')" \
		'[[true,"alpbuild: alp_rc","usb1/alp_rc.b"]]' "$1: one container, in another folder"
	is "$(get '.files | has("usb1/alp_rc")')" false "$1: the old folder is gone"
	is "$(get '.menus["/container/envs"][] | select(.key == "TZ" and (.list // .name)
		== "alp_rc").value')" Europe/Berlin "$1: a value that was changed stays"
	run --routeros "$1"
	unlike "$OUT" "^(did|error|wrong)" "$1: then the first script still changes nothing"
	run --routeros "$1" --upgrade --force
	is "$(get '[.menus["/container"][] | [.running, ."root-dir", .interface]] | tojson')" \
		'[[true,"usb1/alp_rc","veth-alp_rc"]]' "$1: the next upgrade goes back to the first"
	run --routeros "$1" --remove
	like "$OUT" "^put alp_rc is removed" "$1: removed"
	clean_menus
	same "$1: nothing is left, and nothing else was touched"
	run --routeros "$1" --remove
	unlike "$OUT" "^(did|error|wrong)" "$1: removing again changes nothing"
}

life 7.5 7.5
life 7.10 7.16.2
life 7.19 7.19.4
life 7.20.8 7.20.8
life 7.21 7.22.2
life 7.23 7.23.1
life 7.24 7.24.4
life 7.21rc3 7.21rc3

# ---- before anything is changed ------------------------------------------------

state 7.21.3
run --routeros 7.20
refused "this script is for RouterOS 7.20, the router has 7.21.3" "another version"
state 7.23.2
run --routeros 7.23.1
refused "this script is for RouterOS 7.23 to 7.23.1" "a patch that has another word"
state 7.20 '.architecture = "arm"'
run --routeros 7.20
refused "the image is for arm64, the router is arm: " "another architecture"
state 7.20 '.packages = [{name: "routeros"}, {name: "container", available: true}]'
run --routeros 7.20
refused "package container is not installed" "without the package"
state 7.20 '.packages = [{name: "routeros"}]'
run --routeros 7.20 --remove
refused "package container is not installed" "removing without the package"
state 7.20 'del(.files.usb1)'
run --routeros 7.20
refused "there is no disk usb1" "without the disk"
state 7.20 'del(.files["'$FILE'"])'
run --routeros 7.20
refused "there is no file $FILE: upload" "without the image"
state 7.20 '.disks[0].free = 9000000'
run --routeros 7.20
refused "not enough space: 10 MiB are needed, 8 MiB are free" "a full disk"
state 7.20 '.files["usb1/alp_rc"] = 0'
run --routeros 7.20
refused "the folder usb1/alp_rc is there already" "a folder that is in the way"
state 7.20 '.lists = []'
run --routeros 7.20
refused "no interface list LAN" "without the list of interfaces"
run --routeros 7.20 --from all
like "$OUT" "^put alp_rc runs" "--from all needs none"
state 7.20
run --routeros 7.20 --address 172.18.0.2/24
refused "the interface veth-web has the name or the address" "an address that is taken"
state 7.20
run --routeros 7.20 --upgrade
refused "there is no container to upgrade: install it first" "nothing to upgrade"

# ---- what goes wrong on the way ------------------------------------------------

state 7.20 '.refuses = true'
run --routeros 7.20
like "$OUT" "^error container could not be added to /container: .*device-mode" "device-mode"
change '.refuses = false'
run --routeros 7.20
like "$OUT" "^put alp_rc runs" "and the same script goes on from there"
for kind in "none|could not read" "failed|was not extracted" "stuck|still being extracted" \
	"dead|does not keep running"; do
	state 7.20 '.images["'$FILE'"] = "'"${kind%|*}"'"'
	run --routeros 7.20
	like "$OUT" "^error .*${kind#*|}" "an image that is ${kind%|*}"
	state 7.16 '.images["'$FILE'"] = "'"${kind%|*}"'"'
	run --routeros 7.16
	like "$OUT" "^error .*${kind#*|}" "an image that is ${kind%|*}, on 7.16"
done

for v in 7.16 7.20 7.24; do
	for kind in none failed stuck dead; do
		installed $v
		change '.images["'$FILE'"] = "'$kind'"'
		before
		run --routeros $v --upgrade --env NEW=1
		like "$OUT" "^error not upgraded, the old container stays: " \
			"$v: the new image is $kind"
		same "$v: the router is as it was"
	done
	installed $v
	run --routeros $v --upgrade
	like "$OUT" "is upgraded" "$v: upgraded to another tag"
	installed $v
	change '.disks[0].free = 100'
	before
	run --routeros $v --upgrade
	refused "not enough space" "$v: an upgrade without space"
	installed $v
	change '.files["usb1/alp_rc.b"] = 0'
	before
	run --routeros $v --upgrade
	refused "folder usb1/alp_rc.b is there already" "$v: an upgrade with a folder in the way"
done

# Power cuts: after each change of an upgrade, the next run ends well.
for ((cut = 1; cut < 40; cut++)); do
	installed 7.20
	change ".cut = $cut"
	run --routeros 7.20 --upgrade
	grep -q "power cut" <<<"$OUT" || break
	change 'del(.cut)'
	run --routeros 7.20
	[ "$(get '[.menus["/container"][] | select(.running)] | length')" = 1 ] ||
		run --routeros 7.20 --upgrade
	run --routeros 7.20 --upgrade --force
	is "$(get '[.menus["/container"][] | [.running, .comment]] | tojson'
		get '[.menus["/interface/veth"][] | select(.comment != "mine")] | length')" \
		'[[true,"alpbuild: alp_rc"]]
1' "power cut after change $cut of an upgrade: the next one ends well"
done
ok "there were so many" test "$cut" -gt 10
for ((cut = 1; cut < 40; cut++)); do
	state 7.20 ".cut = $cut"
	run --routeros 7.20
	grep -q "power cut" <<<"$OUT" || break
	change 'del(.cut)'
	run --routeros 7.20
	run --routeros 7.20 --remove
	clean_menus
	before=$(jq -S .menus "$TEST_TMP/before")
	is "$(jq -S .menus "$TEST_TMP/state")" "$before" "cut after change $cut, then removed"
done

# ---- texts that want to be commands --------------------------------------------

evil='a";/system/reboot;"$x \ ? [:put 1] {}
next'
state 7.20
run --routeros 7.20 --env "EVIL=$evil"
is "$(get '.menus["/container/envs"][] | select(.key == "EVIL").value')" "$evil" \
	"a value arrives as it is"
unlike "$OUT" "^(wrong|put 1)" "and is no command"

# ---- the archive and its report ------------------------------------------------

python3 - "$TEST_TMP" "$TOP/tests/good/report.json" <<'PY'
import hashlib, io, json, sys, tarfile
top, good = sys.argv[1:]
layer = b"\0" * 1024
digest = "sha256:" + hashlib.sha256(layer).hexdigest()
config = json.dumps({"architecture": "arm64", "os": "linux", "config": {
	"Entrypoint": ["/sbin/init"], "Cmd": ["a b"]},
	"rootfs": {"type": "layers", "diff_ids": [digest]}}).encode()
manifest = json.dumps([{"Config": "c.json", "RepoTags": ["web:v1"],
	"Layers": ["l/layer.tar"]}]).encode()
with tarfile.open(top + "/web.tar", "w") as tar:
	for name, data in ("manifest.json", manifest), ("c.json", config), ("l/layer.tar", layer):
		info = tarfile.TarInfo(name)
		info.size = len(data)
		tar.addfile(info, io.BytesIO(data))
with open(good, encoding="utf-8") as file:
	report = json.load(file)
report["diff_id"] = digest
with open(top + "/good.json", "w", encoding="utf-8") as file:
	json.dump(report, file)
PY
web() { "$ALPBUILD" rsc "$TEST_TMP/web.tar" --quiet --routeros 7.24 --json "$@"; }

status 0 "a file without a report" web
is "$(jq -r '[.name, .file, .architecture, .tag, (.steps | length),
	.steps[-1].properties.entrypoint, .steps[-1].properties.cmd] | tojson' <<<"$OUT")" \
	'["web","usb1/web.tar","arm64","web:v1",6,"/sbin/init",null]' \
	"has its name, architecture, tag and what can be said of its command"
cp "$TEST_TMP/good.json" "$TEST_TMP/web.report.json"
status 0 "a file and its report" web --env TZ=CET --port 22:22
is "$(jq -c '[.steps[] | select(.kind == "own") | .properties | .["dst-port"] // .value // .src]' \
	<<<"$OUT")" '["22","CET","usb1/web-srv"]' "has the router's part, with options first"
sed -i 's/"diff_id": "sha256:..../"diff_id": "sha256:0000/' "$TEST_TMP/web.report.json"
status 7 "the report of another build is refused" web
gzip -k "$TEST_TMP/web.tar" && mv "$TEST_TMP/web.tar.gz" "$TEST_TMP/z.tar"
status 2 "what not every router imports is refused" \
	"$ALPBUILD" rsc "$TEST_TMP/z.tar" --routeros 7.24
status 4 "a file that is not there" "$ALPBUILD" rsc ./none.tar --routeros 7.24

# refuses TEXT ARGUMENTS: the command line is wrong.
refuses() {
	local text=$1
	shift
	like "$(rsc "$@" 2>&1)" "$text" "refused: $*"
}
refuses "\-\-routeros is missing" --json
refuses "expected ROUTER:CONTAINER" --routeros 7.20 --port 22
refuses "expected NAME=VALUE" --routeros 7.20 --env X
refuses "cannot lead to both" --routeros 7.20 --port 22:22 --port 22:23
refuses "is not another address" --routeros 7.20 --gateway 10.0.0.1
refuses "expected addresses with commas" --routeros 7.20 --dns ""
refuses "expected a path on the router" --routeros 7.20 --disk '/x'
refuses "first a letter" --routeros 7.20 --name 'a"b'
refuses "is built for 3 architectures" --routeros 7.20 --arch all
is "$(rsc --routeros 7.20 --json | jq -r '.steps[-1].properties["root-dir"]')" usb1/alp_rc \
	"--json has the steps"
done_testing
