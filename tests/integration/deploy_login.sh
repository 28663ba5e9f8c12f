#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild deploy as people meet it: arguments that are wrong, where the password
# comes from, what is printed. What it does on the router: deploy.sh.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/sshd.sh
. "$TOP/tests/lib/sshd.sh"
# shellcheck source=../lib/router_box.sh
. "$TOP/tests/lib/router_box.sh"
need python3 jq curl openssl
need_sshd
export LC_ALL=C.UTF-8 HOME=$TEST_TMP
unset ALPBUILD_ROUTER_PASSWORD
cd "$TEST_TMP" || exit 1
box_images
IMAGE=$BOX_IMAGES/v1.tar

# ---- arguments, before anything is asked of anybody --------------------------------

# wrong STATUS NAME TEXT ARG...
wrong() {
	status "$1" "$2" timeout 20 setsid "$ALPBUILD" deploy --patience 0 \
		--https-port 9 "${@:4}"
	like "$OUT" "$3" "$2: is told"
}
wrong 2 "no arguments" "expected FILE USER@ROUTER, such as .* got 0 words"
wrong 2 "a file alone" "expected FILE USER@ROUTER" "$IMAGE"
wrong 2 "a word too many" "got 3 words" a b c@d
wrong 2 "no user" 'has no "@"' "$IMAGE" 127.0.0.1
wrong 2 "the wrong order" "the file comes first" admin@127.0.0.1 "$IMAGE"
wrong 2 "a port in the router" "see --https-port" "$IMAGE" admin@127.0.0.1:443
wrong 2 "a password" "passwords come from ALPBUILD_ROUTER_PASSWORD" "$IMAGE" \
	admin:geheim@127.0.0.1
unlike "$OUT" geheim "and not repeated"
wrong 2 "a port that is none" "no number from 1 to 65535" --ssh-port 65536 a b@c
wrong 2 "a patience that is none" "no number from 0" --patience x a b@c
wrong 2 "a fingerprint that is none" "64 hex digits" --fingerprint "SHA256:abc" a b@c
wrong 2 "a host key that is none" "as ssh-keygen -l prints it" --host-key abc a b@c
wrong 4 "a key that is not there" "there is no file none" --identity none a b@c
wrong 4 "known hosts that are not there" "no file none" --known-hosts none a b@c
wrong 2 "a rollback of what" "tell which container" --rollback admin@127.0.0.1
wrong 2 "a rollback of what cannot be" 'name "a b"' --rollback --name "a b" admin@127.0.0.1
wrong 4 "a manifest's image" "wants the file of an image, such as .*: alp_rc: No such" \
	alp_rc admin@127.0.0.1
wrong 8 "a file that is none" "not a tar archive" "$TOP/LICENSE" admin@127.0.0.1
wrong 2 "an address that cannot be" "[-][-]address" --address 1.2.3 "$IMAGE" admin@127.0.0.1
wrong 5 "nobody there, at last" "127.0.0.1 does not answer" "$IMAGE" admin@127.0.0.1
wrong 5 "a rollback, by a file" "does not answer" --rollback "$IMAGE" admin@127.0.0.1
wrong 5 "a name comes before a file" "does not answer" --rollback --name alp none \
	admin@127.0.0.1

# ---- where the password comes from ---------------------------------------------------

box_start 7.21.3
unset SSH_AUTH_SOCK
WAY=(--https-port "$BOX_PORT" --ssh-port "$BOX_SSH_PORT" --fingerprint "$BOX_FINGERPRINT"
	--known-hosts "$SSHD_KNOWN_HOSTS" --identity "$SSHD_KEY" --patience 5 --settle 0)
# way STATUS NAME [VARIABLE=VALUE] ARG...: without a terminal.
way() {
	local set=()
	case $3 in *=*) set=("$3"); set -- "$1" "$2" "${@:4}" ;; esac
	status "$1" "$2" timeout 60 setsid env "${set[@]}" "$ALPBUILD" deploy "${WAY[@]}" "${@:3}"
}
# asked ANSWER... -- ARG...: on a terminal, where these are typed.
asked() {
	local answers=()
	while [ "$1" != -- ]; do answers+=("$1"); shift; done
	shift
	timeout 60 python3 "$TOP/tests/lib/typed.py" "password of $SSHD_USER@127.0.0.1: " \
		"${answers[@]}" -- "$ALPBUILD" deploy "${WAY[@]}" "$@"
}
PLAN=(--dry-run "$IMAGE" "$SSHD_USER@127.0.0.1")
way 20 "without a password" "${PLAN[@]}"
like "$OUT" "the password comes from ALPBUILD_ROUTER_PASSWORD, ~/.netrc or the terminal" \
	"it is told where one may be"
way 0 "of the environment" "ALPBUILD_ROUTER_PASSWORD=geheim 1" "${PLAN[@]}"
way 20 "an empty one is none" ALPBUILD_ROUTER_PASSWORD= "${PLAN[@]}"
printf 'machine 127.0.0.1 login %s password "geheim 1"\n' "$SSHD_USER" >.netrc
chmod 600 .netrc
way 0 "of .netrc" "${PLAN[@]}"
way 20 "the environment comes first" ALPBUILD_ROUTER_PASSWORD=other "${PLAN[@]}"
unlike "$OUT" "other|geheim" "passwords are not repeated"
out=$(asked x -- "${PLAN[@]}")
unlike "$out" "password of" "who is in .netrc is not asked"
rm .netrc
out=$(asked "geheim 1" -- "${PLAN[@]}")
is "$?" 0 "of a person"
unlike "$out" "geheim" "what is typed is not shown"
like "$out" "^planned: container alp, alp:v1" "and the work goes on"
out=$(asked falsch "geheim 1" -- "${PLAN[@]}")
is "$?" 0 "who mistyped is asked again"
out=$(asked falsch falsch falsch falsch -- "${PLAN[@]}")
is "$? $(grep -o 'password of' <<<"$out" | wc -l)" "20 3" "three times"
out=$(asked ^C -- "${PLAN[@]}")
is "$?" 130 "an interrupt ends the question"
like "$out" "interrupted" "and is told as that"
out=$(ALPBUILD_ROUTER_PASSWORD=falsch asked x -- "${PLAN[@]}")
is "$?" 20 "who sets the variable is not asked"
unlike "$out" "password of" "at all"

# ---- what is printed -------------------------------------------------------------------

export ALPBUILD_ROUTER_PASSWORD="geheim 1"
HERE=$SSHD_USER@127.0.0.1
deploy() { timeout 60 setsid "$ALPBUILD" deploy "${WAY[@]}" "$@" 2>said; }
is "$(deploy "$IMAGE" "$HERE")" "router $HERE: RB5009UG+S+, arm64, RouterOS 7.21.3 (stable)
installed: container alp, alp:v1, in usb1/alp, on veth-alp
a shell, on the router: /container/shell [find comment=\"alpbuild: alp\"]" \
	"what was done, and what may be done"
like "$(cat said)" "uploaded usb1/alpbuild-alp-" "each change is told on stderr"
is "$(deploy "$IMAGE" "$HERE" --json | jq -c '[.router, .result, .container]')" \
	"[{\"version\":\"7.21.3\",\"architecture\":\"arm64\",\"board\":\"RB5009UG+S+\"},\
\"unchanged\",{\"name\":\"alp\",\"root_dir\":\"usb1/alp\",\"interface\":\"veth-alp\",\
\"tag\":\"alp:v1\",\"file\":\"$IMAGE\"}]" "the same for machines"
is "$(deploy "$BOX_IMAGES/v2.tar" "$HERE" --json --dry-run |
	jq -c '[.result, (.events | length > 1), (.events[0] | keys)]')" \
	'["planned",true,["menu","what"]]' "a plan is called one"
like "$(deploy -q "$BOX_IMAGES/v2.tar" "$HERE" --dry-run)" "^would add: container" \
	"with -q it is still printed"
is "$(cat said)" "" "and nothing else is told"
like "$(deploy "$BOX_IMAGES/v2.tar" "$HERE")" \
	"^the one before: alpbuild deploy --rollback --name alp $HERE\$" "the way back"
is "$(deploy --rollback "$IMAGE" "$HERE" --json | jq -c '[.result, .container]')" \
	'["rolled-back",{"name":"alp","root_dir":"usb1/alp","interface":"veth-alp",'"\
\"tag\":null,\"file\":null}]" "back, by the name of a file's image"
unlike "$(deploy "$BOX_IMAGES/v3.tar" "$HERE" --forget-previous)" "rollback" \
	"without one before there is no way back"
PYTHONPATH=$TOP/tests/lib python3 -c 'import router_image as r
r.MACHINES["arm64"] = r.MACHINES["amd64"]
r.main()' "$BOX_IMAGES/bad.tar" alp:v4 arm64
status 18 "an image that no router runs" deploy "$BOX_IMAGES/bad.tar" "$HERE"
like "$(cat said)" "^error elf-" "what is wrong with it is told"
like "$(cat said)" "error.* for RouterOS 7.21.3: nothing was uploaded" "for this version"
done_testing
