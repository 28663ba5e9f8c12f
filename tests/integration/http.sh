#!/bin/bash
# SPDX-License-Identifier: MIT
# Downloads over real sockets: a server that misbehaves (bad-server.py) and
# nginx, for TLS and for a download that is slow enough to be killed.
# timeout: 120
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need python3 nginx openssl strace

DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_http
[ -x "$DRIVER" ] || skip_all "no driver_http: make drivers"

# Neither the caller's proxies and authorities nor their .netrc.
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY no_proxy NO_PROXY
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
export HOME=$TEST_TMP/home
FILES=$TEST_TMP/files
PART=$TEST_TMP/part
LOG=$TEST_TMP/bad.log
mkdir -p "$HOME" "$FILES"
cd "$TEST_TMP" || exit

head -c 300000 /dev/urandom >"$FILES/a"
head -c 800000 /dev/urandom >"$FILES/middle"
head -c 2000000 /dev/urandom >"$FILES/big"
A=$(sha256sum <"$FILES/a" | cut -d' ' -f1)
BIG=$(sha256sum <"$FILES/big" | cut -d' ' -f1)

# free_port: one that nobody listens on now.
free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# wait_for COMMAND...: until it succeeds, at most ten seconds.
wait_for() {
	local i
	for ((i = 0; i < 500; i++)); do
		"$@" 2>/dev/null && return
		sleep 0.02
	done
	return 1
}

start_bad_server() {
	: >"$LOG"
	python3 "$TOP/tests/lib/bad-server.py" "$FILES" port "$LOG" 2>bad.err &
	at_exit "kill $! 2>/dev/null"
	wait_for test -e port || { fail "bad-server starts" "$(cat bad.err)"; done_testing; }
	read -r BAD_PORT SILENT_PORT <port
	BAD=http://127.0.0.1:$BAD_PORT
}

start_nginx() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
		-days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
		2>/dev/null
	PLAIN_PORT=$(free_port)
	TLS_PORT=$(free_port)
	cat >nginx.conf <<-END
		daemon off;
		master_process off;
		pid nginx.pid;
		error_log nginx.err;
		events {}
		http {
			log_format range escape=none '\$request_uri \$status \$http_range \$http_if_range';
			access_log nginx.log range;
			client_body_temp_path t1; proxy_temp_path t2;
			fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
			server {
				listen 127.0.0.1:$PLAIN_PORT;
				root $FILES;
				location /slow/ { alias $FILES/; limit_rate 800k; }
				location /up/ { return 301 https://127.0.0.1:$TLS_PORT/a; }
				location /bounce { return 301 https://127.0.0.1:$TLS_PORT/down; }
			}
			server {
				listen 127.0.0.1:$TLS_PORT ssl;
				ssl_certificate cert.pem;
				ssl_certificate_key key.pem;
				root $FILES;
				location /down { return 301 http://127.0.0.1:$PLAIN_PORT/a; }
				location /file { return 302 file:///etc/passwd; }
			}
		}
	END
	nginx -p "$TEST_TMP" -c nginx.conf 2>nginx.out &
	at_exit "kill $! 2>/dev/null"
	wait_for test -s nginx.pid || { fail "nginx starts" "$(cat nginx.out nginx.err)"; done_testing; }
	PLAIN=http://127.0.0.1:$PLAIN_PORT
	TLS=https://127.0.0.1:$TLS_PORT
}

# fetch ARGUMENT...: into a new $PART; output in $OUT, standard error in $ERR.
fetch() {
	rm -f "$PART" "$PART.meta"
	again "$@"
}
# again ARGUMENT...: the same with what is in $PART.
again() {
	local options=() urls=() word
	for word; do
		case $word in
		*://*) urls+=("$word") ;;
		*) options+=("$word") ;;
		esac
	done
	: >"$LOG"
	OUT=$("$DRIVER" "${options[@]}" "$PART" "${urls[@]}" 2>err)
	STATUS=$?
	ERR=$(cat err)
}

# requests REGEX: how many lines of the bad server's log match.
requests() { grep -cE -- "$1" "$LOG"; }
a_done() { is "$OUT" "done 300000 ${2:-0} $A" "$1"; }
part_is() {
	if cmp -s "$PART" "$FILES/$1"; then pass "$2"; else fail "$2"; fi
}

start_bad_server
start_nginx

# Plain success, and other mirrors.
fetch "$PLAIN/a"
a_done "nginx delivers"
part_is a "the file is what was sent"
fetch "want=$A" "$BAD/page/404" "$PLAIN/none" "$PLAIN/a"
a_done "404 goes to the next mirror" 2
is "$(requests .)" 1 "404 is not retried"
fetch "$BAD/page/404" "$BAD/page/410"
is "$OUT $STATUS" "missing 4" "404 everywhere is not found"
is "$(stat -c %s "$PART")" 0 "a page never gets into the file"
fetch optional=1 "$BAD/page/404"
is "$OUT $STATUS" "missing 0" "an optional file may be missing"
fetch "$BAD/page/403" "$BAD/good/a"
a_done "403 goes to the next mirror" 1
is "$(requests /page/403)" 1 "403 is not retried"
dead=http://127.0.0.1:$(free_port)
fetch "$dead/a" "$PLAIN/a"
a_done "a host that refuses connections goes to the next mirror" 1
fetch "$dead/a" "$BAD/page/500" tries=2
is "$STATUS" 5 "no mirror delivers: status 5"
like "$ERR" "^  $dead/a: .*\(2 tries\)$" "the first URL is told with what it said"
like "$ERR" "^  $BAD/page/500: HTTP status 500" "and the second"

# Retries.
fetch "$BAD/busy/2/a"
a_done "503 is retried"
is "$(requests /busy)" 3 "as often as needed"
fetch tries=3 "$BAD/busy/9/a" "$BAD/good/a"
a_done "503 for ever goes to the next mirror" 1
is "$(requests /busy)" 3 "after the tries that are allowed"
start=$(date +%s%N)
fetch "$BAD/later/1/a"
a_done "429 is retried"
ms=$((($(date +%s%N) - start) / 1000000))
if [ $ms -ge 950 ] && [ $ms -lt 5000 ]; then
	pass "Retry-After is kept to"
else
	fail "Retry-After is kept to" "$ms ms"
fi

# Broken transfers.
fetch "want=$A" "$BAD/cut/100000/a"
a_done "a cut connection is resumed"
is "$(requests '/cut/100000/a bytes=100000- "v1" ')" 1 "from where it was cut, with If-Range"
part_is a "and the file is whole"
fetch "want=$A" "$BAD/cut-always/80000/a"
a_done "it is resumed again and again"
is "$(requests /cut-always)" 4 "within the tries"
fetch "want=$A" tries=2 "$BAD/cut-always/80000/a" "$BAD/good/a"
a_done "the next mirror continues what the first one began" 1
is "$(requests '/good/a bytes=160000- - ')" 1 "without a validator of the first one"
fetch "$BAD/date/a"
a_done "Last-Modified is a validator too"
is "$(requests 'bytes=100000- Fri,_06_Sep')" 1 "sent back in If-Range"
fetch "$BAD/changing/100000/a"
a_done "a file that changed meanwhile is fetched anew"
part_is a "not mixed"
fetch "want=$A" "$BAD/no-range/100000/a"
a_done "a server without ranges starts anew"
part_is a "not appended"
fetch "want=$A" "$BAD/wrong-range/100000/a"
a_done "a range from elsewhere is not taken"
part_is a "but fetched anew"
fetch "want=$A" "$BAD/too-far/100000/a"
a_done "416 starts anew"
fetch "$BAD/unasked-range/a" "$BAD/good/a"
a_done "a range that nobody asked for is refused" 1
fetch stall-s=1 "want=$A" "$BAD/stall/50000/a"
a_done "a stalled transfer is ended and resumed"
like "$ERR" "note: stalled: no byte for 1 s" "which is told"

fetch connect-ms=300 tries=1 "https://127.0.0.1:$SILENT_PORT/a" "$BAD/good/a"
a_done "a host that accepts and says nothing goes to the next mirror" 1
like "$ERR" "note: no connection within 300 ms" "after the connect time-out"
fetch stall-s=1 tries=1 "http://127.0.0.1:$SILENT_PORT/a" "$BAD/good/a"
a_done "one that never answers too" 1

# Wrong bytes and sizes.
fetch "want=$A" "$BAD/wrong/a" "$BAD/good/a"
a_done "wrong bytes go to the next mirror" 1
is "$(requests '/good/a - - ')" 1 "and are not resumed"
fetch "want=$A" "$BAD/wrong/a"
is "$STATUS" 7 "wrong bytes alone: status 7"
like "$ERR" "digest mismatch \(expected sha256:$A, found sha256:[0-9a-f]{64}\)" \
	"expected and found are told"
is "$(stat -c %s "$PART")" 0 "no byte of it stays"
fetch "want=$A" "$BAD/wrong-once/100000/a"
a_done "wrong bytes of an earlier try are found and fetched anew"
fetch max-size=299999 "$BAD/good/a"
is "$STATUS" 7 "a file above the limit: status 7"
fetch max-size=1000000 "$BAD/endless/"
is "$STATUS" 7 "an endless answer is ended"
[ "$(stat -c %s "$PART")" -le 1000000 ]
is $? 0 "within the limit"
fetch size=300001 "$BAD/good/a"
like "$ERR" "has 300000 bytes, expected 300001" "a short file is told"

# Redirects.
fetch "$BAD/to/$PLAIN/a"
a_done "a redirect from http: to http: is followed"
fetch "$BAD/loop/0"
like "$ERR" "more than 5 redirects" "a loop of redirects is ended"
is "$(requests /loop)" 6 "after five"
fetch "$BAD/to/file://$FILES/a"
like "$ERR" "redirect to file:///.* refused" "a redirect to file: is refused"
export SSL_CERT_FILE=$TEST_TMP/cert.pem
fetch "$TLS/a"
a_done "https: with a trusted certificate"
fetch "$PLAIN/up/"
a_done "a redirect from http: to https: is followed"
fetch "$TLS/down"
is "$STATUS" 5 "a redirect from https: to http: is refused"
like "$ERR" "redirect from https: to $PLAIN/a refused" "and told"
fetch "$PLAIN/bounce"
like "$ERR" "redirect from https: to $PLAIN/a refused" "even after http:"
fetch "$TLS/file"
like "$ERR" "redirect to file:///etc/passwd refused" "https: to file: too"
unset SSL_CERT_FILE
fetch "$TLS/a" "$PLAIN/a"
a_done "an untrusted certificate goes to the next mirror" 1
like "$ERR" "note: .*certificate.*next mirror" "without another try"
fetch "$TLS/a"
is "$STATUS" 5 "it is never accepted"

# Proxy, .netrc.
http_proxy=$BAD fetch "http://mirror.invalid/good/a"
a_done "http_proxy is used"
is "$(requests '^GET http://mirror.invalid/good/a ')" 1 "with the whole URL"
fetch "$BAD/auth/a"
is "$STATUS" 5 "401 without a password"
printf 'machine 127.0.0.1 login user password secret\n' >"$HOME/.netrc"
fetch "$BAD/auth/a"
a_done ".netrc gives the password"
rm "$HOME/.netrc"
fetch "${BAD/\/\////user:secret@}/auth/a"
a_done "the URL gives the password"
fetch "${BAD/\/\////user:secret@}/page/403"
like "$ERR" '  http://\*\*\*@' "a password is not told"
unlike "$ERR" secret "anywhere"

# Several at once.
start=$(date +%s%N)
OUT=$("$DRIVER" ./p1 "$PLAIN/slow/middle" -- ./p2 "$PLAIN/slow/middle" \
	-- ./p3 "$PLAIN/slow/middle" 2>err)
ms=$((($(date +%s%N) - start) / 1000000))
is "$(grep -c "^done 800000 0 " <<<"$OUT")" 3 "three downloads"
if [ $ms -lt 2200 ]; then pass "at the same time"; else
	fail "at the same time" "$ms ms for 3 times 1000"; fi

# A process that is killed, or told to stop, half-way.
stop_half_way() {
	rm -f "$PART" "$PART.meta"
	"$DRIVER" "want=$BIG" "$PART" "$PLAIN/slow/big" >out 2>err &
	wait_for sh -c "[ \"\$(stat -c %s '$PART')\" -ge 100000 ]"
	kill "$1" $!
	wait $! 2>/dev/null
	STATUS=$?
}
for signal in -KILL -TERM; do
	stop_half_way $signal
	if [ $signal = -TERM ]; then
		is "$STATUS" 130 "SIGTERM: status 130"
	fi
	cp "$PART.meta" meta
	size=$(stat -c %s "$PART")
	: >nginx.log
	again "want=$BIG" "$PLAIN/big"
	is "$OUT" "done 2000000 0 $BIG" "kill $signal: the next one finishes"
	part_is big "kill $signal: the file is whole"
	like "$(cat nginx.log)" "^/big 206 bytes=$size- *$" \
		"kill $signal: from byte $size"
	is "$(test -e "$PART.meta"; echo $?)" 1 "kill $signal: nothing is left beside it"
done
stop_half_way -KILL
size=$(stat -c %s "$PART")
: >nginx.log
again "$PLAIN/slow/big"
like "$(cat nginx.log)" "^/slow/big 206 bytes=$size- \"[0-9a-f-]+\"$" \
	"without a digest, only with the validator that was kept"
part_is big "and the file is whole"

# Offline.
ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=network "$DRIVER" offline=1 "$PART" "$PLAIN/a" \
	"$TLS/a" "file://$FILES/a" >out 2>err
is "$(cat out)" "done 300000 2 $A" "offline, a file: mirror serves"
is "$(grep -cE 'socket|connect|bind' trace)" 0 "and no socket is opened"
fetch offline=1 "$PLAIN/a"
is "$STATUS" 6 "offline without one: status 6"
like "$ERR" "^  $PLAIN/a: not tried: offline$" "the URL is told"
done_testing
