#!/bin/bash
# SPDX-License-Identifier: MIT
# RouterOS' REST API as deploy/rest speaks it, with a router on loopback
# (tests/lib/router_rest.py): what is asked, what is refused, and patience.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need python3 jq curl openssl
DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_rest
[ -x "$DRIVER" ] || skip_all "no driver_rest: make drivers"
export PASSWORD="geheim 1"
cd "$TEST_TMP" || exit 1
mkdir files out

jq -n '{version: "7.21.3 (stable)", architecture: "arm64", board: "RB5009UG+S+",
	user: "admin", password: "geheim 1", packages: [{name: "container"}],
	device_mode: {mode: "advanced", container: true}, flash: 500000000,
	disks: [{slot: "usb1", size: 50000000}], lists: ["LAN"], next: 100,
	menus: {"/interface/bridge": [{".id": "*2", name: "bridge", comment: "defconf"},
		{".id": "*1A", name: "other", comment: "a \"b\" \\ ü"}]}}' >state
python3 "$TOP/tests/lib/router_rest.py" state files out >log 2>&1 &
ROUTER=$!
at_exit "kill $ROUTER 2>/dev/null"
for ((i = 0; i < 200; i++)); do [ -s out/ready ] && break; sleep 0.05; done
read -r PORT CONTROL FINGERPRINT < <(
	jq -r '"\(.https) \(.control) \(.fingerprint)"' out/ready)

# rest COMMAND...: PATIENCE is in milliseconds.
rest() { timeout 30 "$DRIVER" "$PORT" "$FINGERPRINT" "${PATIENCE:-5000}" "$@"; }
# fault KIND AT [JQ]: befalls a request; the list of requests begins anew.
fault() {
	: >out/requests
	jq -nc --arg kind "$1" --argjson at "$2" "[{kind: \$kind, at: \$at} | ${3:-.}]" |
		curl -sS "http://127.0.0.1:$CONTROL/fault" --data-binary @- >/dev/null
}
asked() { cut -d' ' -f1-3 out/requests | xargs; }

# ---- what is asked ---------------------------------------------------------------

fault 401 1000
is "$(rest print /interface/bridge | grep -o 'name=[a-z]*' | xargs)" \
	"name=bridge name=other" "items of a menu"
like "$(rest print /interface/bridge name=other)" '\.id=\*1A.* comment=a "b" \\ ü$' \
	"an item, with what JSON has to quote"
is "$(rest print /interface/bridge 'comment=a "b" \ ü' | grep -c .)" 1 \
	"a comment is found as it is"
is "$(rest print /interface/bridge name=none)" "" "none is success"
is "$(rest print /interface/bridge disabled=no name=other | grep -c .)" 1 \
	"what a router says in another way is filtered here"
like "$(rest print /system/resource)" 'architecture-name=arm64' "a menu of one item"
is "$(asked)" "GET /rest/interface/bridge 200 $(for _ in 1 2 3 4; do
	echo "POST /rest/interface/bridge/print 200"; done | xargs) GET /rest/system/resource 200" \
	"with a filter the router is asked to choose"

fault 401 1000
# shellcheck disable=SC1003 # that backslash is one
ID=$(rest add /interface/bridge name=new comment='"new" \')
like "$ID" '^\*[0-9A-F]+$' "what is added has an id"
status 0 "a value is set" rest set /interface/bridge "$ID" comment=set
like "$(rest print /interface/bridge name=new)" "comment=set" "as can be seen"
status 0 "it is removed" rest remove /interface/bridge "$ID"
is "$(rest print /interface/bridge name=new)" "" "and gone"
status 0 "removing what is gone is success" rest remove /interface/bridge "$ID"
like "$(asked)" "^PUT /rest/interface/bridge 201 PATCH /rest/interface/bridge/\\$ID 200" \
	"ids keep their asterisk"
for id in - '*' '*1/../*2' '*1%0A' 2 name; do
	status 8 "an item without a right id ($id) is not set" \
		rest set /interface/bridge "$id" comment=x
	status 8 "nor removed" rest remove /interface/bridge "$id"
done
unlike "$(cat out/requests)" comment=x "nothing was asked"

# ---- refusals --------------------------------------------------------------------

status 19 "a name that is taken" rest add /interface/bridge name=bridge
like "$OUT" "refuses /interface/bridge/add \(status 400\): failure: already have" \
	"the router's own words come last"
status 19 "a menu that is missing" rest print /nothing
like "$OUT" "/nothing/print .*no such command or directory \(nothing\)" "is told"
status 19 "removing there is no success" rest remove /nothing '*1'
status 19 "starting what is not there" rest start /container '*99'
like "$OUT" "refuses /container/start" "the command is named"
PASSWORD=wrong status 20 "a wrong password" rest print /system/resource
like "$OUT" "refuses user name or password" "is told as that"
unlike "$OUT" "wrong" "and not repeated"
fault 401 1
PASSWORD=wrong rest print /system/resource 2>/dev/null
is "$(asked)" "GET /rest/system/resource 401" "a login is tried once"
status 2 "a value that is not UTF-8" rest add /interface/bridge name=x $'comment=K\xfcche'
FINGERPRINT=${FINGERPRINT//[0-9]/a} status 7 "another certificate" rest print /file
is "$(asked)" "GET /rest/system/resource 401" "nothing was asked then"

# ---- patience --------------------------------------------------------------------

fault 503 1 '.times = 2'
status 0 "a router that is busy is asked again" rest print /system/resource
is "$(grep -c 'does not answer: waiting up to 5 s' <<<"$OUT") \
$(grep -c 'answers again' <<<"$OUT")" "1 1" "who waits is told once, and when it is over"
is "$(asked)" "$(printf 'GET /rest/system/resource %s ' 503 503 200 | sed 's/ $//')" \
	"three requests were needed"
fault lost-answer 1
ID=$(rest print /interface/bridge name=other 2>/dev/null | grep -o '\*1A')
status 0 "a lost answer to a change" rest set /interface/bridge "$ID" comment=again
fault lost-answer 1
status 0 "is asked for again, also when it was removed" rest remove /interface/bridge "$ID"
is "$(asked)" "DELETE /rest/interface/bridge/*1A lost-answer \
DELETE /rest/interface/bridge/*1A 404" "twice"
fault lost-answer 1
status 5 "adding is tried once" rest add /interface/bridge name=once
like "$OUT" "does not answer \(/interface/bridge/add\)" "and told as open"
is "$(asked)" "PUT /rest/interface/bridge lost-answer" "once"
is "$(rest print /interface/bridge name=once | grep -c .)" 1 "it may have happened"
fault 503 1
status 5 "also when the router is busy" rest add /interface/bridge name=busy
is "$(asked)" "PUT /rest/interface/bridge 503" "once"
fault power 1 '.ms = 1500'
status 0 "a router that restarts is waited for" rest set /interface/bridge '*2' comment=x
fault 500 1
status 19 "an error of the router is one" rest print /system/resource
is "$(asked)" "GET /rest/system/resource 500" "and asked for once"

fault down 1 '.ms = 2000'
PATIENCE=700 status 5 "patience has an end" rest print /system/resource
like "$OUT" "does not answer: asked for /system/resource/print, waited 1 s: " \
	"which tells what was asked, and how long it was waited"
sleep 2
fault down 1 '.ms = 2500'
PATIENCE=20000 rest print /system/resource >/dev/null 2>said &
PID=$!
for ((i = 0; i < 100; i++)); do grep -q waiting said && break; sleep 0.05; done
kill "$(pgrep -P $PID -f driver_rest || echo $PID)"
wait $PID
is $? 130 "a signal ends it"
like "$(cat said)" "interrupted while waiting for router 127.0.0.1" "while it waits"
sleep 2.5

# ---- what is no router -----------------------------------------------------------

jq -n '{"/rest/html": [200, "<html>\n"], "/rest/list": [200, "[{\"a\":[]}]"],
	"/rest/gone": [404, "<h1>not \u001b[31mhere</h1>\nmore"],
	"/rest/moved": [301, ""], "/rest/bare": [201, "{\"name\":\"x\"}"],
	"/rest/empty": [204, ""], "/rest/gone/*1": [404, ""],
	"/rest/refused/*1": [400, "{\"detail\":\"no such item\"}"],
	"/rest/broken/*1": [400, "{\"detail\":\"failure: in use\"}"]}' >answers
python3 "$TOP/tests/lib/canned_https.py" answers out/certificate.pem out/key.pem port \
	>log2 2>&1 &
at_exit "kill $! 2>/dev/null"
for ((i = 0; i < 200; i++)); do [ -s port ] && break; sleep 0.05; done
read -r PORT <port
status 8 "a page is no answer of a router" rest print /html
like "$OUT" "router 127.0.0.1: the answer to /html/print: not valid JSON" "as is told"
status 8 "nor is a list in an item" rest print /list
status 8 "nor nothing" rest print /empty
status 8 "what was added has an id" rest add /bare name=x
like "$OUT" 'the answer to /bare/add has no "\.id"' "or else it is told"
status 8 "a server without REST" rest print /gone
like "$OUT" 'status 404, and nothing that RouterOS says: <h1>not \?\[31mhere</h1>$' "its words, in one line, harmless"
status 8 "redirects are not followed" rest print /moved
status 0 "404 without words, for what is removed" rest remove /gone '*1'
status 0 "another way to say that an item is gone" rest remove /refused '*1'
status 19 "what is in use is not gone" rest remove /broken '*1'
done_testing
