#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Files to a real OpenSSH server: whose key is trusted, who logs in, uploads that
# are cut, stalled, cancelled and resumed, and what the server refuses.
# timeout: 120
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/sshd.sh
. "$TOP/tests/lib/sshd.sh"
need_sshd
need ssh-agent ssh-add

DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_sftp
[ -x "$DRIVER" ] || skip_all "no driver_sftp: make drivers"
"$DRIVER" 2>"$TEST_TMP/err" ||
	skip_all "$(sed -n 's/.*\(libcurl .* cannot do sftp\).*/\1/p' "$TEST_TMP/err")"

unset SSH_AUTH_SOCK http_proxy https_proxy all_proxy ALL_PROXY
export HOME=$TEST_TMP/home
mkdir -p "$HOME/.ssh"
cd "$TEST_TMP" || exit
ROOT=$TEST_TMP/root
head -c 5000000 /dev/urandom >big
head -c 1000 /dev/urandom >small
mkdir -p "$ROOT/usb1"

sshd_start "$ROOT" full:1m
cut_proxy_start "$SSHD_PORT"
sshd_known "$PROXY_PORT"

# sftp WORD...: $OUT, $ERR, $STATUS; $SSHD_LOG begins anew. LOGIN are options.
LOGIN=(identity="$SSHD_KEY")
[ -z "$SSHD_PASSWORD" ] || LOGIN=(password="$SSHD_PASSWORD")
TO=(port="$SSHD_PORT" known-hosts="$SSHD_KNOWN_HOSTS" user="$SSHD_USER")
sftp() {
	: >"$SSHD_LOG"
	OUT=$("$DRIVER" "${TO[@]}" "$@" 2>err)
	STATUS=$?
	OUT=${OUT//$'\n'/ } ERR=$(grep -v '^update' err)
}
admin() { sftp "${LOGIN[@]}" "$@"; }
through_proxy() {
	local port=$1
	shift
	sftp "${LOGIN[@]}" port="$port" "$@"
}
same() {
	if cmp -s "$1" "$2"; then pass "$3"; else
		fail "$3" "$(stat -c '%n: %s bytes' "$1" "$2")"; fi
}
logins() { grep -cE '^Accepted (password|publickey)' "$SSHD_LOG"; }
# All that a client tried, beside connecting.
attempts() { grep -cE 'Accepted|Failed|Postponed|authenticating|invalid user' "$SSHD_LOG"; }

check_files() {
	local odd="a b%20#?&+ü'\"\\c"
	admin upload big usb1/big 0 size usb1/big size none upload small "$odd" 0 \
		rename "$odd" "usb1/$odd" size "usb1/$odd" size "$odd"
	is "$OUT $STATUS" "ok 5000000 -1 ok ok 1000 -1 0" "uploaded, renamed, looked at"
	same big "$ROOT/usb1/big" "what arrives is what was sent"
	same small "$ROOT/usb1/$odd" "under an odd name, too"
	is "$(logins)" 1 "all by one login"
	admin remove "usb1/$odd" remove "usb1/$odd" remove usb1/none remove no/folder
	is "$OUT $STATUS" "ok ok ok ok 0" "what is gone is removed already"
	is "$(ls "$ROOT/usb1")" big "the others stay"
	: >"$ROOT/empty"
	: >nothing
	admin size empty upload nothing empty2 0 size empty2 upload small usb1/big 0
	is "$OUT $STATUS" "0 ok 0 ok 0" "empty files, and one that is made anew"
	same small "$ROOT/usb1/big" "nothing of the old one is left"
}

check_progress() {
	head -c 2000000 big >"$ROOT/part"
	admin upload big part 2000000
	is "$OUT $ERR" "ok begin: part 5000000
end 7: done" "progress has the name and the size of the whole"
	is "$(grep '^update' err | sed -n '1p;$p')" "update 7: 2000000 of 5000000
update 7: 5000000 of 5000000" "it begins where the file goes on, and ends at its end"
	same big "$ROOT/part" "the rest was appended"
	ok "it never goes back" sh -c "grep ^update err | sort -c -s -n -k3,3"
}

check_refusals() {
	admin rename big usb1/big rename none other upload big no/folder 0 \
		upload big usb1 0
	is "$OUT $STATUS" "router router router router 19" \
		"no such file, no such folder, a folder"
	like "$ERR" "cannot rename none: there is no such file" "is told"
	like "$ERR" "^cannot write no/folder: .*: no such file or folder" "is told"
	echo a >"$ROOT/a"
	echo b >"$ROOT/b"
	admin rename a b
	is "$OUT $(cat "$ROOT/a" "$ROOT/b" | tr '\n' ' ')" "router a b " \
		"no file is renamed onto another"
	like "$ERR" "cannot rename a to b: that exists already" "is told"
	mkdir -p "$ROOT/locked/in"
	admin remove locked
	is "$OUT" router "a folder is not removed"
	if [ "$SSHD_USER" = root ]; then
		skip "no right" "root may write anywhere"
	else
		chmod 500 "$ROOT/locked"
		admin upload big locked/x 0
		is "$OUT $STATUS" "router 19" "no right to write"
		like "$ERR" "^cannot write locked/x: .*: permission denied" "is told"
	fi
}

check_full() {
	sshd_has_disks || {
		skip "a full disk" "no user namespaces"
		return
	}
	admin upload big full/x 0 upload small full/y 0
	is "$OUT $STATUS" "router router 19" "a full disk"
	like "$ERR" "the router takes no more than 1048576 of 5000000 bytes of full/x: its disk is full" \
		"is told"
	admin remove full/x upload small full/y 0
	is "$OUT" "ok ok" "and nothing else is wrong"
}

check_local() {
	admin upload none x 0
	is "$OUT $STATUS $(attempts)" "not-found 4 0" "no such local file"
	admin upload big usb1/big 500
	is "$OUT $STATUS" "verify 7" "another size there than expected"
	like "$ERR" "usb1/big has 1000 bytes there, expected 500" "is told"
	same small "$ROOT/usb1/big" "and nothing is written"
	admin upload small usb1/big 2000
	is "$OUT" verify "more there than here"
	cp big growing
	: >err
	cut_proxy slow 3000000
	"$DRIVER" "${TO[@]}" "${LOGIN[@]}" port="$PROXY_PORT" upload growing x 0 \
		>out 2>err &
	sshd_wait grep -q '^update 7: [1-9]' err
	echo more >>growing
	wait $!
	is "$(cat out) $?" "verify 0" "a local file that grows meanwhile"
	like "$(cat err)" "growing: it changes while it is uploaded: it had 5000000 bytes, and has 5000005" \
		"is told"
	cut_proxy pass
}

# ---- whose key ---------------------------------------------------------------

# refused_key TEXT NAME: nobody tried to log in.
refused_key() {
	is "$OUT $STATUS $(attempts)" "verify 7 0" "$2: no login is tried"
	like "$ERR" "$1" "$2: is told"
	unlike "$ERR" "geheim" "$2: no password is"
}
plain() { echo "${1//+/\\+}"; } # as a regular expression
at() { echo "127\.0\.0\.1:$SSHD_PORT: "; }

check_unknown() {
	local scan="ssh-keyscan -p $SSHD_PORT 127\.0\.0\.1 >> "
	: >unknown
	admin known-hosts=unknown size big
	refused_key "$(at)its host key is not known: $(plain "$SSHD_HOST_KEY") \(ED25519\): .*--host-key, or for good: ${scan}unknown$" \
		"an unknown host"
	is "$(cat unknown)" "" "it is not made known by that"
	admin known-hosts=missing size big
	refused_key "not known: .*$(plain "$SSHD_HOST_KEY")" "no known_hosts at all"
	is "$(ls missing 2>/dev/null)" "" "none is made"
	# The command of the message.
	ssh-keyscan -p "$SSHD_PORT" 127.0.0.1 2>/dev/null >>unknown
	admin known-hosts=unknown size usb1/big
	is "$OUT" 1000 "what ssh-keyscan says is enough"
	mkdir folder
	admin known-hosts=folder size big
	is "$OUT $STATUS $(attempts)" "io 12 0" "a known_hosts that cannot be read"
	sed "s/^/@revoked /" "$SSHD_KNOWN_HOSTS" >revoked
	admin known-hosts=revoked size big
	refused_key "$(plain "$SSHD_HOST_KEY") \(ED25519\) is revoked in revoked" "a revoked key"
}

# A file as Debian's ssh writes it: hashed names, and others' keys of other kinds.
check_hashed() {
	ssh-keygen -q -t rsa -N '' -f other
	{
		echo "other.example $(cut -d' ' -f1,2 other.pub)"
		cat "$SSHD_KNOWN_HOSTS"
	} >hashed
	ssh-keygen -q -H -f hashed >/dev/null 2>&1
	sed -i '1i other.example sk-ssh-nonsense@openssh.com AAAA' hashed
	unlike "$(cat hashed)" "127\.0\.0\.1" "names are hashed"
	admin known-hosts=hashed size usb1/big
	is "$OUT" 1000 "a hashed name is found"
	cp hashed "$HOME/.ssh/known_hosts"
	: >"$SSHD_LOG"
	is "$("$DRIVER" user="$SSHD_USER" "${LOGIN[@]}" port="$SSHD_PORT" \
		size usb1/big 2>&1)" 1000 "the known_hosts at home is looked at"
}

check_pin() {
	local wrong
	admin known-hosts=missing host-key="$SSHD_HOST_KEY" size usb1/big
	is "$OUT" 1000 "a pinned key needs no known_hosts"
	admin known-hosts=revoked host-key="$SSHD_HOST_KEY=" size usb1/big
	is "$OUT" 1000 "nor looks at it; padding is allowed"
	wrong=$(ssh-keygen -l -f other.pub | cut -d' ' -f2)
	admin host-key="$wrong" size big
	refused_key "$(at)another host key than the pinned one \(expected $(plain "$wrong"), found $(plain "$SSHD_HOST_KEY") \(ED25519\)\): somebody may listen in" \
		"another key than the pinned one"
	admin host-key=SHA256:abc size big
	is "$STATUS" 2 "half a pin: status 2"
}

check_changed() {
	local old=$SSHD_HOST_KEY type
	for type in ed25519 ecdsa; do
		sshd_stop
		sshd_new_host_key $type
		sshd_again
		admin size big
		refused_key "$(at)its host key is $(plain "$SSHD_HOST_KEY") \(${type^^}\), and $SSHD_KNOWN_HOSTS has another: somebody may listen in.*ssh-keygen -R '\[127\.0\.0\.1\]:$SSHD_PORT' -f $SSHD_KNOWN_HOSTS && ssh-keyscan" \
			"a changed key ($type)"
	done
	unlike "$ERR" "$(plain "$old")" "the old one is not taken for the new one"
	sed -i "s/^/# /" "$SSHD_KNOWN_HOSTS"
	sshd_known "$SSHD_PORT"
	sshd_known "$PROXY_PORT"
	admin size usb1/big
	is "$OUT" 1000 "once it is known it is trusted"
}

# ---- who logs in -------------------------------------------------------------

check_passwords() {
	[ -n "$SSHD_PASSWORD" ] || {
		skip "passwords" "nobody can have one here"
		return
	}
	sftp password="falsch 2" size usb1/big password "$SSHD_PASSWORD" size usb1/big
	is "$OUT $STATUS" "login 1000 0" "a wrong password, and then the right one"
	like "$ERR" "$(at)user admin may not log in \(tried: the password\)" "is told"
	unlike "$ERR" "falsch|geheim" "but not the password"
	sftp size usb1/big
	is "$OUT $STATUS" "login 20" "none at all"
	echo "machine 127.0.0.1 login admin password \"$SSHD_PASSWORD\"" >"$HOME/.netrc"
	sftp size usb1/big
	is "$OUT" 1000 "that of .netrc"
	rm "$HOME/.netrc"
	sftp user=nobody-here password="$SSHD_PASSWORD" size usb1/big
	is "$OUT $STATUS" "login 20" "another user"
	sftp identity=other password="$SSHD_PASSWORD" size usb1/big size none
	is "$OUT $(logins)" "1000 -1 1" "a refused key, and then the password"
}

check_keys() {
	sftp identity="$SSHD_KEY" password=falsch size usb1/big
	is "$OUT $(grep -c password "$SSHD_LOG")" "1000 0" "by a key, no password is sent"
	cp "$SSHD_KEY" alone
	sftp identity=alone size usb1/big
	is "$OUT" 1000 "by a key without its public half"
	cp other alone-other
	sftp identity=alone-other size usb1/big
	is "$OUT $STATUS" "login 20" "another key"
	like "$ERR" "tried: the key alone-other .*, the password\)" "is told"
	sftp identity=nowhere size usb1/big
	is "$OUT $STATUS" "not-found 4" "no such key"
	is "$(wc -c <"$SSHD_LOG")" 0 "and nobody is asked"
	cp "$SSHD_KEY" locked
	ssh-keygen -q -p -P '' -N secret -f locked >/dev/null
	sftp identity=locked size usb1/big
	is "$OUT $STATUS" "login 20" "a key with a passphrase"
	like "$ERR" "one with a passphrase works by ssh-agent only" "is told"
}

check_agent() {
	eval "$(ssh-agent -s)" >/dev/null
	at_exit "kill $SSH_AGENT_PID 2>/dev/null"
	if [ -n "$SSHD_PASSWORD" ]; then
		sftp password="$SSHD_PASSWORD" size usb1/big
		is "$OUT" 1000 "an agent without keys, and then the password"
	fi
	ssh-add -q other "$SSHD_KEY"
	sftp password=falsch size usb1/big
	is "$OUT $(grep -c 'password' "$SSHD_LOG")" "1000 0" \
		"by the second key of an agent, no password is sent"
	unset SSH_AUTH_SOCK
}

# ---- connections -------------------------------------------------------------

# Each is cut once, at different moments, and resumed.
check_cuts() {
	local n
	for n in 1000 3000 3700 5000 100000 2500000 4990000; do
		rm -f "$ROOT/cut"
		cut_proxy cut $n 1
		through_proxy "$PROXY_PORT" resume big cut resume big cut
		like "$OUT $STATUS" "^(network )?(ok )?ok 0$" "cut after $n bytes, and resumed"
		same big "$ROOT/cut" "cut after $n bytes: it is whole"
		[ $n -lt 100000 ] || like "$ERR" \
			"$PROXY_PORT: the connection broke at byte [0-9]+ of cut" "is told"
	done
	rm -f "$ROOT/cut"
	cut_proxy cut 1000000
	through_proxy "$PROXY_PORT" resume big cut resume big cut resume big cut \
		resume big cut resume big cut resume big cut
	like "$OUT" "^network network network .*ok ok$|^network network network .*ok$" \
		"cut again and again, and it goes on each time"
	same big "$ROOT/cut" "it is whole, too"
}

# The answer to a command gets lost, but not what it did.
check_lost_answers() {
	local n
	cut_proxy pass
	for n in 0 200; do
		cp small "$ROOT/from"
		rm -f "$ROOT/to" go
		: >out
		"$DRIVER" "${TO[@]}" "${LOGIN[@]}" port="$PROXY_PORT" size none \
			await go rename from to size to size from remove none \
			>out 2>err &
		sshd_wait test -s out
		cut_proxy refuse
		cut_proxy cutdown $((4000 + n)) 1
		touch go
		wait $!
		like "$(tr '\n' ' ' <out)" "^-1 (ok 1000 -1|network -1 1000) ok $" \
			"a rename that is cut after $n bytes is true or has failed"
		cut_proxy pass
	done
}

check_dead() {
	# libcurl loses the memory of an SSH session that cannot say goodbye.
	local -x ASAN_OPTIONS=detect_leaks=0
	cut_proxy refuse
	through_proxy "$PROXY_PORT" size big
	is "$OUT $STATUS" "network 5" "nobody listens"
	like "$ERR" "127\.0\.0\.1:$PROXY_PORT: failed to connect" "is told"
	cut_proxy stall 100
	through_proxy "$PROXY_PORT" connect-ms=300 size big
	is "$OUT $STATUS" "network 5" "nobody answers"
	cut_proxy stall 1000000
	rm -f "$ROOT/stalled"
	through_proxy "$PROXY_PORT" stall-s=1 connect-ms=500 upload big stalled 0
	is "$OUT $STATUS" "network 5" "an upload that stalls"
	like "$ERR" "cannot write stalled: .*: stalled: no byte for 1000 ms" "is told"
	cut_proxy pass
	admin resume big stalled
	same big "$ROOT/stalled" "and is resumed"
}

# cancelled WORDS...: of the proxy, while an upload runs.
cancelled() {
	local start ms
	rm -f "$ROOT/cancelled"
	: >err
	cut_proxy "$@"
	"$DRIVER" "${TO[@]}" "${LOGIN[@]}" port="$PROXY_PORT" upload big cancelled 0 \
		>out 2>err &
	sshd_wait grep -q '^update 7: [1-9]' err
	start=$(date +%s%N)
	kill $!
	wait $!
	STATUS=$?
	ms=$((($(date +%s%N) - start) / 1000000))
	is "$(cat out) $STATUS" "interrupted 130" "$1: an upload is cancelled"
	if [ $ms -lt 3000 ]; then pass "$1: soon"; else fail "$1: soon" "$ms ms"; fi
}

check_cancel() {
	# libcurl loses the memory of an SSH session that cannot say goodbye.
	local -x ASAN_OPTIONS=detect_leaks=0
	cancelled slow 1000000
	cancelled stall 1000000
	cut_proxy pass
	admin resume big cancelled
	same big "$ROOT/cancelled" "and goes on"
}

check_restart() {
	local driver
	rm -f go
	: >out
	"$DRIVER" "${TO[@]}" "${LOGIN[@]}" size usb1/big await go size usb1/big \
		size usb1/big >out 2>err &
	driver=$!
	sshd_wait test -s out
	sshd_stop
	sshd_again
	touch go
	wait $driver
	like "$(tr '\n' ' ' <out)" "^1000 (1000|network) 1000 $" \
		"a server that starts again is found again"
}

check_files
check_progress
check_refusals
check_full
check_local
check_unknown
check_hashed
check_pin
check_changed
check_passwords
check_keys
check_agent
check_cuts
check_lost_answers
check_dead
check_cancel
check_restart
done_testing
