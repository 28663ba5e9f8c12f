#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild rsc on routers where alpbuild deploy was: with the container that it keeps
# for going back, and with what its runs leave when they are cut off.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/rsc.sh
. "$TOP/tests/lib/rsc.sh"
need python3 jq

# left VERSION ITEM...: containers on a router as deploy leaves them. An item is
# MARK:LETTER:MARK-OF-VETH:STATE, for "alpbuild: alp_rc (MARK)" in usb1/alp_rc.LETTER.
left() {
	kept "left-$(sha256sum <<<"$*" | cut -c1-16)" leave "$@"
	before
}
leave() {
	installed "$1"
	shift
	jq -f "$TEST_TMP/left.jq" "$TEST_TMP/state" --args "$@" >"$TEST_TMP/changed"
	mv "$TEST_TMP/changed" "$TEST_TMP/state"
}
cat >"$TEST_TMP/left.jq" <<'JQ'
def mark: "alpbuild: alp_rc" + (if . == "" then "" else " (\(.))" end);
def tail(before): if . == "" then "" else before + . end;
def of_veth: "veth-alp_rc" + (.[1] | tail("-"));
.menus["/container"][0] as $made |
[$ARGS.positional[] | split(":")] as $items |
del(.files["usb1/alp_rc"]) |
.menus["/container"] = [$items[] | . as $i | $made + {".id": "*c\(.[1])",
	comment: (.[0] | mark), "root-dir": ("usb1/alp_rc" + (.[1] | tail("."))),
	interface: of_veth, running: (.[3] == "running")} |
	if $made.name then .name = "n" + $i[1] else . end |
	if $made["start-on-boot"] then .["start-on-boot"] = if .running or $i[0] == ""
		then "yes" else "no" end else . end] |
.files += ([.menus["/container"][] | {(.["root-dir"]): 0}] | add) |
.menus["/interface/veth"] |= [.[] | select(.comment == "mine")] + [$items[] |
	{".id": "*v\(.[1])", name: of_veth, comment: (.[2] | mark),
	address: "172.17.0.2/24", gateway: "172.17.0.1"}] |
.menus["/interface/bridge/port"] = [$items[] | {".id": "*p\(.[1])", bridge: "containers",
	interface: of_veth, comment: (.[2] | mark)}]
JQ

ours() {
	get '[(.menus["/container"][] | [.comment, .["root-dir"], .interface, .running]),
		(.menus["/interface/veth"], .menus["/interface/bridge/port"] | .[] |
		select(.comment != "mine") | [.comment, .name // .interface])] | tojson'
}

# one LETTER: the router has one container of ours, all of it with the owner's mark.
one() {
	local o='"alpbuild: alp_rc"' veth='"veth-alp_rc'${1:+-$1}'"'
	echo "[[$o,\"usb1/alp_rc${1:+.$1}\",$veth,true],[$o,$veth],[$o,$veth]]"
}

# taken NAME LETTER ITEM...: an upgrade ends in LETTER, and a removal leaves nothing.
taken() {
	local name=$1 to=$2 v
	shift 2
	for v in $VERSIONS; do
		left "$v" "$@"
		run --routeros "$v" --upgrade
		like "$OUT" "^put alp_rc is upgraded" "$v: $name: upgraded"
		unlike "$OUT" "^wrong" "$v: $name: without complaint"
		is "$(ours)" "$(one "$to")" "$v: $name: one container with its interface and port"
		is "$(get '[.files | keys[] | select(test("alp_rc($|[.].$)"))] | tojson')" \
			"[\"usb1/alp_rc${to:+.$to}\"]" "$v: $name: and its folder"
	done
	left 7.24 "$@"
	run --routeros 7.24 --remove
	like "$OUT" "^put alp_rc is removed" "$name: removed"
	is "$(get '[.menus | to_entries[] | select(.key | test("^/(container|interface|ip)")) |
		.value[] | select(.comment // .list // "" | test("alp"))] | tojson')" "[]" \
		"$name: nothing is left in the menus"
	is "$(get '[.files | keys[] | select(test("alp_rc($|[.].$)"))] | tojson')" "[]" \
		"$name: nor of the folders"
}

A=(":::running" "previous:b:previous:stopped")
B=(":::stopped" "next:b:next:running" "previous:c:previous:stopped")
C=(":::stopped" "next:b:next:running" "old:c:previous:stopped")
D=("previous:::stopped" "next:b:next:running" "old:c:previous:stopped")
E=(":b:next:running" "previous:::stopped" "old:c:previous:stopped")
F=("previous:::stopped" "old:b:previous:running")
G=(":::running" "old:b:previous:stopped")
VERSIONS="7.5 7.16 7.20 7.24"
taken "a container before" b "${A[@]}"
VERSIONS="7.24"
taken "a container before, in the new one's folder" "" ":c::running" \
	"previous::previous:stopped"
taken "a container before, out of the way" "" ":b::running" "previous:d:previous:stopped"
taken "a new one, not known to run" b "${B[@]}"
taken "a new one, and the marks begun" b "${C[@]}"
taken "the owner gave its mark away" "" "${D[@]}"
VERSIONS="7.5 7.20"
taken "interfaces have other marks than containers" "" "${E[@]}"
taken "a rollback, the owner's mark given away" "" "${F[@]}"
taken "a rollback that was begun" b "${G[@]}"

left 7.20 "${A[@]}"
change '.disks[0].free = 100'
before
run --routeros 7.20 --upgrade
refused "not enough space" "the container before stays where the upgrade is refused"
left 7.20 "${A[@]}"
change '.menus["/container"][].tag = "alp_rc:v3.18.9-0.0.1"'
before
run --routeros 7.20 --upgrade
unlike "$OUT" "^(did|error|wrong)" "and where there is nothing to upgrade"
left 7.20 "${A[@]}"
change '.images["'$FILE'"] = "dead"'
run --routeros 7.20 --upgrade
like "$OUT" "^error not upgraded, the old container stays" "a new image that does not run"
is "$(ours)" "$(one "")" "the old one runs, the one before it is gone"
left 7.20 "${B[@]}"
change '.disks[0].free = 100'
run --routeros 7.20 --upgrade
like "$OUT" "^error not enough space" "the new one of a run that was cut off goes"
is "$(get '.menus["/container"][] | select(.running) | .comment')" "alpbuild: alp_rc" \
	"and the old one, which was stopped for it, runs again"
for left in "${D[*]}" "${F[*]}" "previous:b:previous:stopped"; do
	# shellcheck disable=SC2086 # words
	left 7.20 $left
	run --routeros 7.20
	refused "there is a container with the comment .*, left of an upgrade" \
		"installing beside ${left%% *}"
done
left 7.20 "previous:b:previous:stopped"
run --routeros 7.20 --upgrade
refused "there is no container to upgrade" "upgrading only the one before"

# after_cut N ITEM...: power goes after change N of an upgrade, the next one is whole.
# Where a folder was to be removed next the router says which one is to go by hand.
after_cut() {
	local cut=$1 folder
	shift
	left 7.24 "$@"
	change ".cut = $cut"
	run --routeros 7.24 --upgrade
	grep -q "power cut" <<<"$OUT" || return 1
	change 'del(.cut)'
	run --routeros 7.24 --upgrade
	folder=$(sed -n 's/^error the folder \([^ ]*\) is there already.*/\1/p' <<<"$OUT")
	if [ "$folder" ] && ! get '.menus["/container"][]["root-dir"]' | grep -qxF "$folder"; then
		change "del(.files[\"$folder\"])"
		run --routeros 7.24 --upgrade
	fi
	OUT=$(ours)
	[[ $OUT = "$(one "")" || $OUT = "$(one b)" ]] ||
		fail "cut after change $cut, with ${1%% *}" "$OUT"
}
for ((cut = 1; cut < 60; cut += 2)); do after_cut $cut "${C[@]}" || break; done
ok "power cuts after changes of an upgrade, with a new one, not known to run" test $cut -gt 20
for ((cut = 2; cut < 60; cut += 2)); do after_cut $cut "${E[@]}" || break; done
ok "power cuts after changes of an upgrade, with other marks" test $cut -gt 20
done_testing
