#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ros-tls of the upgrade server: the CA that is kept, the certificate that is
# renewed, whatever the clock says and the disk is like. By dash, with a clock
# that can be set.
# shellcheck disable=SC2119,SC2120
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need openssl dash flock

PROGRAM=$TOP/rootfs-overlays/upgrade-server/usr/sbin/ros-tls
DAY=86400
IMAGE_TIME=1760000000	# 2025-10-09
NAME=upgrade.mikrotik.com
export ROS_DATA=$TEST_TMP/data ROS_RUN=$TEST_TMP/run ROS_IMAGE_TIME=$IMAGE_TIME
TLS=$ROS_DATA/tls
BIN=$TEST_TMP/bin

# clock SECONDS: what `date` takes for now.
clock() {
	NOW=$1
	cat >"$BIN/date" <<-EOF
	#!/bin/sh
	case " \$* " in *' -d '*) exec $(command -v date) "\$@" ;; esac
	exec $(command -v date) -d @$1 "\$@"
	EOF
	chmod 755 "$BIN/date"
}

# failing PROGRAM: as on a share that cannot do it.
failing() {
	printf '#!/bin/sh\nexit 1\n' >"$BIN/$1"
	chmod 755 "$BIN/$1"
}

# run [NAME=VALUE...]; `said` tells its words.
run() { env PATH="$BIN:$PATH" "$@" dash "$PROGRAM" >"$TEST_TMP/said" 2>&1; }
said() { cat "$TEST_TMP/said"; }

fresh() {
	rm -rf "$ROS_DATA" "$ROS_RUN" "$BIN"
	mkdir -p "$ROS_DATA" "$ROS_RUN" "$BIN"
	clock "${1:-$((IMAGE_TIME + 10 * DAY))}"
}

# good_at SECONDS [HOST-OPTION HOST]: a client's judgement.
good_at() {
	openssl verify -x509_strict -purpose sslserver -attime "$1" \
		-CAfile "$TLS/ca.crt" "${2:--verify_hostname}" "${3:-$NAME}" \
		"$TLS/server.pem"
}

sums() { (cd "$TLS" && sha256sum "$@"); }
all_sums() { sums ca.key ca.crt server.key server.crt server.pem; }
ca_sums() { sums ca.key ca.crt; }

first_time() {
	fresh
	ok "the first run makes all" run
	ok "the certificate is for $NAME" good_at "$NOW"
	status 2 "and for no other name" \
		good_at "$NOW" -verify_hostname example.org
	ok "clients whose clock is an hour late believe it, too" \
		good_at $((NOW - 3600))
	ok "it is valid for a year" good_at $((NOW + 366 * DAY))
	status 2 "but for less than 398 days" good_at $((NOW + 397 * DAY))
	ok "the CA is, for 20 years" openssl verify -CAfile "$TLS/ca.crt" \
		-attime $((NOW + 7300 * DAY)) "$TLS/ca.crt"
	like "$(openssl x509 -in "$TLS/ca.crt" -noout -text)" \
		'CA:TRUE, pathlen:0' "a CA that signs no others"
	like "$(openssl x509 -in "$TLS/server.pem" -noout -text)" \
		prime256v1 "keys are of P-256"
	is "$(cd "$TLS" && stat -c '%a %n' ca.key server.key server.pem)" \
		"$(printf '600 %s\n' ca.key server.key server.pem)" \
		"only root reads the keys"
	is "$(stat -c %a "$ROS_DATA/www/ca.crt" "$TLS/ca.crt" | uniq)" 644 \
		"everybody reads the CA"
	ok "it can be downloaded" cmp "$TLS/ca.crt" "$ROS_DATA/www/ca.crt"
	is "$(cat "$TLS/server.crt" "$TLS/server.key")" \
		"$(cat "$TLS/server.pem")" "server.pem is certificate and key"
	is "$(find "$ROS_RUN" -name 'ros-tls.*' ! -name '*.lock')" "" \
		"nothing is left in /run"
}

second_time() {
	local before
	before=$(all_sums)
	ok "the second run is content" run
	is "$(all_sums)" "$before" "and changes nothing"
	is "$(said)" "" "and says nothing"
	rm "$ROS_DATA/www/ca.crt"
	run
	ok "the CA is offered again when it was removed" \
		cmp "$TLS/ca.crt" "$ROS_DATA/www/ca.crt"
}

other_names() {
	local ca
	ca=$(ca_sums)
	ok "names and addresses" run \
		ROS_HOSTNAMES="$NAME, mus.lan 192.168.88.2 fd00::2"
	ok "a second name" good_at "$NOW" -verify_hostname mus.lan
	ok "an IPv4 address" good_at "$NOW" -verify_ip 192.168.88.2
	ok "an IPv6 address" good_at "$NOW" -verify_ip fd00::2
	ok "the first name still" good_at "$NOW"
	is "$(ca_sums)" "$ca" "the CA stays, whatever the names"
	ok "something odd among the names" run ROS_HOSTNAMES="a/b $NAME -x"
	like "$(said)" 'left out: a/b' "is left out, and that is said"
	ok "the rest is in the certificate" good_at "$NOW"
	ca=$(all_sums)
	status 1 "no name at all is an error" run ROS_HOSTNAMES="/"
	status 1 "so is an address that is none" run ROS_HOSTNAMES="10.0.0.300"
	is "$(all_sums)" "$ca" "and what was there stays"
}

renewal() {
	local ca made
	fresh
	made=$NOW
	run
	ca=$(ca_sums)
	clock $((made + 365 * DAY))
	run
	ok "31 days before its end nothing happens" test -z "$(said)"
	clock $((made + 368 * DAY))
	run
	like "$(said)" 'less than 30 days' "30 days before its end it is renewed"
	ok "for another year" good_at $((NOW + 366 * DAY))
	is "$(ca_sums)" "$ca" "by the same CA"
	clock $((made + 2000 * DAY))
	run
	ok "so it is when it has ended long ago" good_at "$NOW"
	is "$(ca_sums)" "$ca" "by the same CA, too"
	clock $((made + 7000 * DAY))
	run
	ok "near the CA's end there is a new one in time" \
		good_at $((NOW + 366 * DAY))
	like "$(said)" 'made a CA' "and that is said"
	ok "which is offered" cmp "$TLS/ca.crt" "$ROS_DATA/www/ca.crt"
}

# The clock of a router without a battery, before it has asked the network.
wrong_clock() {
	local ca
	fresh 42
	ok "at 1970 it works" run
	like "$(said)" '1970-01-01, before this image was made' "and that is said"
	ok "what it made is valid on the day of the image" good_at $IMAGE_TIME
	ok "and a year later" good_at $((IMAGE_TIME + 365 * DAY))
	ca=$(all_sums)
	run
	is "$(all_sums)" "$ca" "at 1970 the second run changes nothing"
	clock $((IMAGE_TIME + 100 * DAY))
	run
	is "$(all_sums)" "$ca" "nor does the right time"
	fresh 42
	run
	ca=$(ca_sums)
	clock $((IMAGE_TIME + 700 * DAY))
	run
	ok "an image two years old: renewed when the clock is right" \
		good_at "$NOW"
	is "$(ca_sums)" "$ca" "and the CA is that of the first minute"
	fresh $((IMAGE_TIME + 4000 * DAY))
	run
	clock $((IMAGE_TIME + 10 * DAY))
	run
	ok "a clock that was years ahead" good_at "$NOW"
}

# damage NAME COMMAND...: repaired by the next run.
damage() {
	local name=$1
	shift
	fresh
	run
	"$@"
	run
	ok "$name: repaired" good_at "$NOW"
	ok "$name: the CA that is offered is the one" \
		cmp "$TLS/ca.crt" "$ROS_DATA/www/ca.crt"
}

half() { truncate -s "$(($(stat -c %s "$TLS/$1") / 2))" "$TLS/$1"; }
another_pem() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj /CN=x -keyout "$TEST_TMP/k" -out "$TLS/server.pem" 2>/dev/null
	cat "$TEST_TMP/k" >>"$TLS/server.pem"
}
mixed_pem() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		>"$TEST_TMP/k" 2>/dev/null
	cat "$TLS/server.crt" "$TEST_TMP/k" >"$TLS/server.pem"
}

damages() {
	local file
	for file in ca.key ca.crt server.pem; do
		damage "half of $file" half $file
		damage "an empty $file" truncate -s 0 "$TLS/$file"
		damage "no $file" rm "$TLS/$file"
	done
	damage "no names" rm "$TLS/names"
	damage "somebody else's server.pem" another_pem
	damage "a key that is not the certificate's" mixed_pem
	fresh
	run
	file=$(openssl x509 -in "$TLS/ca.crt" -noout -pubkey)
	rm "$TLS/ca.crt"
	run
	is "$(openssl x509 -in "$TLS/ca.crt" -noout -pubkey)" "$file" \
		"a lost CA certificate is made anew of its key"
	ok "and the server's stays valid" good_at "$NOW"
}

odd_disks() {
	fresh
	failing chmod
	ok "where chmod fails it goes on" run
	like "$(said)" 'cannot chmod .*ca.key' "and says so"
	ok "with what is right" good_at "$NOW"
	fresh
	failing chown
	ok "it wants no chown" run
	fresh
	failing fsync
	ok "nor fsync" run
	fresh
	: >"$ROS_DATA/tls"
	status 1 "a file in the place of the folder is an error" run
	like "$(said)" "cannot make $TLS" "which names the folder"
	fresh
	failing openssl
	status 1 "openssl that fails is an error" run
	fresh
	run
	failing mv
	rm "$TLS/server.pem"
	status 1 "a disk that cannot be written is an error" run
}

# Two at a time, as at a start when cron is due.
two_at_once() {
	fresh
	run &
	run
	wait $!
	ok "two at once leave what is right" good_at "$NOW"
	is "$(find "$TLS" -name '*.new')" "" "and nothing else"
}

first_time
second_time
other_names
renewal
wrong_clock
damages
odd_disks
two_at_once
done_testing
