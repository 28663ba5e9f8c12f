#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Requests to HTTPS servers: whose certificate is taken, what is sent to whom,
# and every way in which an answer can fail to come.
# timeout: 120
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/sshd.sh
. "$TOP/tests/lib/sshd.sh"
need python3 openssl

DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_http_client
[ -x "$DRIVER" ] || skip_all "no driver_http_client: make drivers"

unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY no_proxy NO_PROXY
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE NETRC
export HOME=$TEST_TMP/home
mkdir -p "$HOME"
cd "$TEST_TMP" || exit
LOG=$TEST_TMP/log
SECRET='ge:heim 1'

new_key() { openssl genrsa -out "$1.key" 2048 2>/dev/null; }

# certificate NAME SUBJECT-ALT-NAME DAYS [OPTION...]: signed by the authority, or
# as the options say; NAME.pem is certificate and key.
certificate() {
	local name=$1 alt=$2 days=$3
	shift 3
	[ $# != 0 ] || set -- -CA ca.pem -CAkey ca.key -CAcreateserial
	[ -e "$name.key" ] || new_key "$name"
	openssl req -new -key "$name.key" -subj "/CN=$name" -out "$name.req"
	openssl x509 -req -in "$name.req" -out "$name.crt" \
		-extfile <(echo "subjectAltName=$alt") -days "$days" "$@" 2>/dev/null
	cat "$name.crt" "$name.key" >"$name.pem"
}

make_certificates() {
	new_key ca
	openssl req -x509 -key ca.key -subj /CN=authority -out ca.pem -days 2
	certificate good IP:127.0.0.1 2
	certificate other DNS:router.invalid 2
	certificate expired IP:127.0.0.1 -1
	new_key self
	certificate self DNS:router 2 -signkey self.key
	cp self.key renewed.key
	certificate renewed DNS:router 3 -signkey self.key
	certificate another DNS:router 2
}

fingerprint() {
	openssl x509 -in "$1.crt" -noout -fingerprint -sha256 | cut -d= -f2
}
hex_of() { fingerprint "$1" | tr -d : | tr A-F a-f; }

start_server() {
	rm -f ports
	python3 "$TOP/tests/lib/https_server.py" "$LOG" ports "$@" 2>server.err &
	SERVER_PID=$!
	at_exit "kill $SERVER_PID 2>/dev/null"
	sshd_wait test -e ports || fail "the server starts" "$(cat server.err)"
}

# ask OPTION... METHOD PATH JSON...: $OUT, $ERR, $STATUS; $LOG begins anew.
ask() {
	: >"$LOG"
	OUT=$("$DRIVER" "$@" 2>err)
	STATUS=$?
	ERR=$(cat err)
}
GET=(GET /echo -)
requests() { wc -l <"$LOG"; }

make_certificates
: >"$LOG"
start_server good.pem other.pem expired.pem self.pem
read -r GOOD OTHER EXPIRED SELF <ports
export SSL_CERT_FILE=$TEST_TMP/ca.pem

# Requests.
ask port="$GOOD" password="$SECRET" GET /echo - PUT /echo '{"a":"1"}' \
	PATCH /echo/%2A1 '{"b":"ü"}' DELETE /echo/*1 - POST /echo '{}' \
	GET '/echo/../x?a=b&c=%20' -
is "$OUT" '200 6:GET -:
200 30:PUT application/json:{"a":"1"}
200 33:PATCH application/json:{"b":"ü"}
200 9:DELETE -:
200 24:POST application/json:{}
200 6:GET -:' "each method, with its body"
is "$(cut -d' ' -f1 "$LOG" | sort -u)" 1 "six requests are one connection"
is "$(cut -d' ' -f4- "$LOG" | sort -u)" "admin:$SECRET" \
	"each has the user and the password"
like "$(tail -n1 "$LOG")" "GET /echo/\.\./x\?a=b&c=%20 " \
	"paths are sent as they are"
ask port="$GOOD" GET /status/401 - GET /status/500 - PUT /status/400 '{}' \
	GET /redirect -
is "$OUT" '401 11:{"error":1}
500 11:{"error":1}
400 11:{"error":1}
302 0:' "any status is an answer, and a redirect is not followed"
is "$(requests)" 4 "each was asked once, 401 too"

# Passwords.
ask port="$GOOD" "${GET[@]}"
is "$(cut -d' ' -f4- "$LOG")" "admin:" "without a password it is empty"
printf 'machine 127.0.0.1 login guest password wrong\n%s\n' \
	'machine 127.0.0.1 login admin password netrc1' >"$HOME/.netrc"
ask port="$GOOD" "${GET[@]}" password "$SECRET" - "${GET[@]}" password "" - \
	"${GET[@]}"
is "$(cut -d' ' -f4- "$LOG")" "admin:netrc1
admin:$SECRET
admin:" "that of .netrc goes by the user; another one, and an empty one, win"
printf 'machine other.invalid login admin password netrc2\n' >"$HOME/.netrc"
ask port="$GOOD" "${GET[@]}"
is "$(cut -d' ' -f4- "$LOG")" "admin:" "another server's .netrc is not sent"
rm "$HOME/.netrc"

# Certificates that authorities vouch for, or not. Nothing is sent before.
refused() {
	is "$OUT $STATUS $(requests)" "$1 $2 0" "$3: refused, nothing is sent"
	unlike "$OUT$ERR" "geheim" "$3: no password in what it says"
}
ask port="$OTHER" password=geheim "${GET[@]}"
refused verify 7 "a certificate of another name"
like "$ERR" "^127.0.0.1:$OTHER: its certificate cannot be verified: .*name.*SHA-256 fingerprint is $(hex_of other): .*/certificate/print detail.*--fingerprint$" \
	"its fingerprint and the remedy are told"
ask port="$EXPIRED" password=geheim "${GET[@]}"
refused verify 7 "an expired certificate"
like "$ERR" "expired.*$(hex_of expired)" "the reason and the fingerprint are told"
ask port="$SELF" password=geheim "${GET[@]}"
refused verify 7 "a self-signed certificate"
like "$ERR" "self.signed.*$(hex_of self)" "the reason and the fingerprint are told"
SSL_CERT_FILE=$TEST_TMP/none ask port="$GOOD" password=geheim "${GET[@]}"
refused verify 7 "a file of authorities that is missing"
like "$ERR" "$TEST_TMP/none" "and is named"
CURL_CA_BUNDLE=$TEST_TMP/self.crt ask port="$GOOD" password=geheim "${GET[@]}"
refused verify 7 "CURL_CA_BUNDLE with another authority"
SSL_CERT_FILE=$TEST_TMP/self.crt CURL_CA_BUNDLE=$TEST_TMP/ca.pem ask \
	port="$GOOD" "${GET[@]}"
is "$STATUS" 0 "CURL_CA_BUNDLE wins, as it does for downloads"

# Pinned ones.
for name in self expired other good; do
	port=${name^^}
	ask port="${!port}" fingerprint="$(fingerprint $name)" password="$SECRET" \
		"${GET[@]}" PUT /echo '{}'
	is "$OUT" '200 6:GET -:
200 23:PUT application/json:{}' "$name: the pinned certificate is enough"
	is "$(cut -d' ' -f1 "$LOG" | sort -u | wc -l)" 1 \
		"$name: both requests on one connection"
done
SSL_CERT_FILE=$TEST_TMP/none ask port="$SELF" fingerprint="$(hex_of self)" \
	"${GET[@]}"
is "$STATUS" 0 "a pin needs no authorities"
ask port="$SELF" fingerprint="$(hex_of good)" password=geheim "${GET[@]}"
refused verify 7 "another certificate than the pinned one"
like "$ERR" "^127.0.0.1:$SELF: another certificate .*expected fingerprint $(hex_of good), found $(hex_of self)\): somebody may listen in" \
	"both fingerprints are told, and what it may mean"
ask port="$GOOD" fingerprint="$(hex_of self)" password=geheim "${GET[@]}"
refused verify 7 "even one that authorities vouch for"
ask port="$SELF" fingerprint=12:34 "${GET[@]}"
is "$STATUS" 2 "half a fingerprint: status 2"

# While it runs, another server takes the place of the pinned one.
cut_proxy_start "$SELF"
: >"$LOG"
"$DRIVER" port="$PROXY_PORT" fingerprint="$(hex_of self)" password=geheim \
	"${GET[@]}" await go - PUT /echo '{}' >out 2>err &
driver=$!
sshd_wait test -s out
cut_proxy refuse
cut_proxy to "$GOOD"
touch go
wait $driver
STATUS=$? OUT=$(tr '\n' ' ' <out) ERR=$(cat err)
is "$OUT $STATUS $(requests)" "200 6:GET -: verify  7 1" \
	"another certificate later on: refused, nothing is sent"
like "$ERR" "another certificate .*$(hex_of self), found $(hex_of good)" "and told"

# Answers that do not come.
fails() {
	is "$OUT $STATUS" "network 5" "$1"
	like "$ERR" "^127.0.0.1:$GOOD: ${2:-[a-z]}" "$1: what happened is told"
}
ask port="$GOOD" GET /cut -
fails "an answer that is cut"
ask port="$GOOD" GET /cut-chunks -
fails "one of unknown length that is cut"
ask port="$GOOD" answer-ms=300 GET /slow -
fails "one that takes too long" "no whole answer within 300 ms"
ask port="$GOOD" answer-ms=500 GET /trickle -
fails "one that takes too long to end" "no whole answer within 500 ms"
ask port="$GOOD" PUT /drop '{}'
fails "none at all"
is "$(requests)" 1 "and it is not asked again"
for method in PUT POST PATCH DELETE; do
	ask port="$GOOD" "${GET[@]}" $method /drop '{}' "${GET[@]}"
	is "$(tr '\n' ' ' <<<"$OUT") $(requests)" "200 6:GET -: network 200 6:GET -:  3" \
		"$method is sent once, also on a connection that was kept"
done
ask port="$GOOD" "${GET[@]}" DELETE /drop -
is "$(requests)" 2 "also without a body"
ask port="$(sshd_port_free)" "${GET[@]}"
is "$OUT $STATUS" "network 5" "nobody listens"
like "$ERR" "^127.0.0.1:[0-9]+: failed to connect" "and that is told"
ask host=nobody.invalid "${GET[@]}"
is "$OUT $STATUS" "network 5" "a name that nobody has"
like "$ERR" "^nobody.invalid:443: could not resolve host" "and that is told"
ask port="$GOOD" GET /huge -
is "$OUT $STATUS" "limit 10" "an answer that is announced to be too large"
ask port="$GOOD" GET /endless -
is "$OUT $STATUS" "limit 10" "one that never ends"
like "$ERR" "^127.0.0.1:$GOOD: the answer has more than 16777216 bytes$" "is told"
python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
time.sleep(60)' >silent &
at_exit "kill $! 2>/dev/null"
sshd_wait test -s silent
ask port="$(cat silent)" connect-ms=300 "${GET[@]}"
is "$OUT $STATUS" "network 5" "a server that does not answer to TLS"
ask port="$(cat silent)" connect-ms=300 fingerprint="$(hex_of self)" "${GET[@]}"
is "$OUT $STATUS" "network 5" "the same with a pin"

# Cancelled while it waits.
cancelled() {
	local start
	: >"$LOG"
	"$DRIVER" port="$GOOD" "$@" >out 2>err &
	sshd_wait test -s "$LOG"
	start=$(date +%s%N)
	kill "$!"
	wait "$!"
	STATUS=$?
	MS=$((($(date +%s%N) - start) / 1000000))
}
for path in /slow /trickle /endless; do
	[ $path != /endless ] || continue
	cancelled GET $path -
	is "$(cat out) $STATUS" "interrupted 130" "$path: cancelled"
	if [ $MS -lt 500 ]; then pass "$path: at once"; else fail "$path: at once" "$MS ms"; fi
done
done_testing
