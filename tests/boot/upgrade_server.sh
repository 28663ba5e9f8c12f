#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The tar of alp_rc_upgrade-server, started for each architecture: what it
# serves and as whom, its certificate, power cuts; natively also daemons that
# die, disks that are gone, read-only or full, and a stop during a sync. What
# routers see of syncs is router_replay's.
# timeout: 600
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/boot_checks.sh
. "$TOP/tests/lib/boot_checks.sh"
# shellcheck source=../lib/side_by_side.sh
. "$TOP/tests/lib/side_by_side.sh"

SERVER=alp_rc_upgrade-server
NAME=upgrade.mikrotik.com
HERE=172.17.0.2	# the container, and the router's side
THERE=172.17.0.1
SOON=60	# seconds; an emulator on a busy machine needs most of them
POINTER=routeros/NEWESTa7.stable
UPSTREAM=''

start_upstream() {
	nsenter --net="/proc/$(ppid_of "$P")/ns/net" \
		python3 "$TOP/tests/lib/ros_upstream.py" "$TEST_TMP/upstream" \
		--host "$THERE" --port 9090 </dev/null \
		>"$TEST_TMP/upstream.log" 2>&1 &
	UPSTREAM=$!
	wait_for 20 upstream_answers || fail "$IMAGE: the fake upstream starts" \
		"$(cat "$TEST_TMP/upstream.log")"
}

upstream_answers() { get "http://$THERE:9090/$POINTER" >/dev/null; }

stop_upstream() {
	[ -n "$UPSTREAM" ] || return 0
	kill "$UPSTREAM" && wait "$UPSTREAM"
	UPSTREAM=''
} 2>/dev/null

# start ARG...: one package, so that a sync takes little.
start() {
	boot server --env "ROS_UPGRADE_URL=http://$THERE:9090" \
		--env "ROS_DOWNLOAD_URL=http://$THERE:9090" \
		--env ROS_CHANNELS=stable --env ROS_ARCHES=arm64 \
		--env ROS_PACKAGES=routeros --env ROS_BRIDGE=0 \
		--env ROS_MIN_FREE_MB=1 "$@" && return
	fail "$IMAGE: starts" "$(cat "$LOG")"
	done_testing
}

get() { host_side curl -sS --max-time 20 "$@"; }
http() { get "http://$HERE/$1"; }
https() {
	get --cacert "$TEST_TMP/ca.crt" --connect-to "$NAME:443:$HERE:443" \
		"https://$NAME/$1"
}
answers() { http "$1" >/dev/null; }
healthy() { [ "$(http healthz)" = ok ]; }
health_is() { http healthz | grep -qE "$1"; }
job_is_over() { [ ! -e "/proc/$P/root/run/ros-sync.job" ]; }

# Nobody's keys, certificates or state in the layers.
check_no_secrets() {
	local layer dir=$TEST_TMP/server
	for layer in $(jq -r '.[0].Layers[]' "$dir/manifest.json"); do
		tar -xOf "$TAR" "$layer" >"$TEST_TMP/layer.tar"
		ok "$IMAGE: no key, password or identity in the layer" \
			python3 "$TOP/tests/lib/find_secrets.py" "$TEST_TMP/layer.tar"
		rm "$TEST_TMP/layer.tar"
	done
	is "$(find "$ROOT/data" -mindepth 1)" "" "$IMAGE: /data is empty"
	is "$(grep -rla 'BEGIN .*CERTIFICATE' "$ROOT/etc/lighttpd" "$ROOT/root" \
		"$ROOT/var" "$ROOT/usr/lib/ros-sync" "$ROOT/usr/sbin/"ros-*)" "" \
		"$IMAGE: no certificate is built in"
}

# ids PID: of user and group, real, effective and saved; capabilities.
ids() { awk '/^[UG]id:/ { print $2, $3, $4 } /^CapEff:/ { print $2 }' "/proc/$1/status"; }

check_unprivileged() {
	local daemon
	daemon=$(supervised ros-http)
	unlike "$(ids "${daemon:-1}")" '(^| )0( |$)' \
		"$IMAGE: the web server is not root"
	like "$(ids "${daemon:-1}")" '^0000000000000000$' \
		"$IMAGE: and has no capability"
	daemon=$(matching ros-access)
	unlike "$(ids "${daemon:-1}")" '(^| )0( |$)' \
		"$IMAGE: nor is what reads its log"
}

check_https() {
	http ca.crt >"$TEST_TMP/ca.crt"
	did "$IMAGE: with the CA from the page, HTTPS is $NAME" https healthz
	is "$(https "$POINTER?version=7.24.2")" "$(http "$POINTER")" \
		"$IMAGE: and says the same"
	status 60 "$IMAGE: without the CA nobody believes it" \
		get --connect-to "$NAME:443:$HERE:443" "https://$NAME/healthz"
	is "$(get -o /dev/null -w '%{http_code}' "http://$HERE/tls/ca.key")" 404 \
		"$IMAGE: the CA's key cannot be had"
	is "$(stat -c %a "$ROOT/data/tls/"{ca.key,server.key,server.pem} | uniq)" \
		600 "$IMAGE: only root reads keys"
}

# 1: the disk is empty. It ends in a power cut.
first_boot() {
	start
	start_upstream
	did "$IMAGE: the server answers at once" wait_for "$BOOT_MAX" \
		answers healthz
	did "$IMAGE: the first sync is done by itself" wait_for "$SOON" healthy
	is "$(http "$POINTER")" "$(cat "$TEST_TMP/upstream/tree/${POINTER#*/}")" \
		"$IMAGE: what is offered is upstream's"
	did "$IMAGE: a request is a line of the log" said \
		"$THERE - GET /$POINTER 200"
	like "$(http "")" '^<!(doctype|DOCTYPE) html>' "$IMAGE: there is a page"
	check_https
	did "$IMAGE: the first start is done" wait_for "$SOON" \
		test -e "$ROOT/var/lib/alp_rc/first_start.done"
	stop_upstream
	kill_container
}

# listening: ports, of both families.
listening() {
	cat "/proc/$P/net/tcp" "/proc/$P/net/tcp6" 2>/dev/null |
		awk '$4 == "0A" { sub(/.*:/, "", $2); print $2 }' | sort -u |
		while read -r port; do echo $((16#$port)); done | xargs
}

# 2: without network: what is on the disk is served. The log has no error.
second_boot() {
	local made
	made=$(sha256sum "$ROOT/data/tls/"*)
	start
	check_up || return
	did "$IMAGE: after a power cut the server answers, without upstream" \
		wait_for "$BOOT_MAX" healthy
	is "$(http "$POINTER")" "$(cat "$TEST_TMP/upstream/tree/${POINTER#*/}")" \
		"$IMAGE: as before"
	is "$(sha256sum "$ROOT/data/tls/"*)" "$made" \
		"$IMAGE: with the same CA and certificate"
	did "$IMAGE: so does HTTPS" https healthz
	settle
	wait_for "$SOON" job_is_over
	at_rest
	wait_for "$SOON" sshd_listens
	is "$(listening)" "22 80 443" "$IMAGE: nothing else listens"
	check_unprivileged
	if [ -z "$(emulator "$ARCH")" ]; then
		check_log
		check_daemons
		check_jobs
		check_no_module
		check_disks
	fi
	check_stop TERM
	ALLOWED=$NOTHING
	measured
}

# What reads the server's log dies; a lighttpd that hands nothing down.
check_log() {
	local old
	wait_for 20 reader_is_settled
	old=$(matching ros-access) && kill -9 "$old"
	did "$IMAGE: what reads the server's log comes back" \
		wait_for 30 another_reader "$old"
	did "$IMAGE: and tells of requests" wait_for 10 reader_tells back
	inside sh -c 'echo "10.9.8.7 200 5 \"GET /by-syslog HTTP/1.1\" \"-\"" |
		/usr/sbin/ros-http log' </dev/null
	did "$IMAGE: without the container's log it takes the system's" \
		said "ros-http: 10.9.8.7 - GET /by-syslog 200 5"
}

# lighttpd does not start one again at once that has ended within five seconds.
reader_is_settled() {
	local p
	p=$(matching ros-access) &&
		[ $(($(date +%s) - $(stat -c %Y "/proc/$p"))) -ge 7 ]
}

another_reader() {
	local new
	answers healthz
	new=$(matching ros-access) && [ "$new" != "$1" ]
}

reader_tells() {
	answers "$1"
	grep -qa "GET /$1 404" "$LOG"
}

sshd_listens() { listening | grep -qw 22; }

# often: what cron does, without waiting for it.
often() {
	inside sh -c "$(awk '/ros-jobs often/ { print $(NF - 1), $NF }' \
		"$ROOT/etc/crontabs/root")" </dev/null
}

check_jobs() {
	local old
	is "$(grep -c ros-jobs "$ROOT/etc/crontabs/root")" 2 \
		"$IMAGE: cron has two lines for it"
	old=$(supervised ros-http)
	often
	is "$(supervised ros-http)" "$old" \
		"$IMAGE: cron leaves a server alone that has what it needs"
	rm "$ROOT/data/tls/server.pem"
	often
	did "$IMAGE: a lost certificate is made anew" \
		test -s "$ROOT/data/tls/server.pem"
	did "$IMAGE: and the server restarts to use it" \
		wait_for 20 another_daemon ros-http "$old"
	did "$IMAGE: HTTPS is there, by the same CA" wait_for 20 https healthz
	did "$IMAGE: clients are kept on the disk" \
		grep -q "$THERE" "$ROOT/data/state/clients"
	is "$(inside sh -c '/usr/sbin/ros-jobs sync' 2>&1)" "" \
		"$IMAGE: cron's sync is not due yet"
	is "$(grep -c began= "$ROOT/data/state/status")" 1 \
		"$IMAGE: and has not begun"
}

# HTTPS that cannot be takes nothing else with it.
check_no_module() {
	local module=$ROOT/usr/lib/lighttpd/mod_openssl.so
	ALLOWED='mod_openssl'
	mv "$module" "$TEST_TMP/module"
	inside rc-service -q ros-http restart >/dev/null 2>&1
	did "$IMAGE: HTTP is there when HTTPS cannot be" wait_for 20 healthy
	did "$IMAGE: and that is said" said "ros-http: error: no HTTPS: "
	mv "$TEST_TMP/module" "$module"
	inside rc-service -q ros-http restart >/dev/null 2>&1
	did "$IMAGE: HTTPS is there when it can" wait_for 20 https healthz
}

# A disk that is replaced while the container runs, by one of all kinds.
check_disks() {
	ALLOWED='/data|ros-sync|ros-jobs|mod_openssl'
	inside rc-service -q ros-http stop >/dev/null 2>&1
	inside mount -t tmpfs -o ro,size=1m tmpfs /data
	inside rc-service -q ros-http start >/dev/null 2>&1
	did "$IMAGE: a disk that is read-only: it is said" said \
		"cannot write in /data (Read-only file system)"
	did "$IMAGE: the server answers, healthz says why" wait_for 20 \
		health_is '^failed: disk: .*Read-only'
	like "$(http "")" 'Read-only' "$IMAGE: so does the page"
	inside mount -o remount,rw /data
	often
	did "$IMAGE: a disk that can be written, at last" wait_for 20 \
		health_is '^failed: never'
	did "$IMAGE: has a CA, so there is HTTPS" wait_for 20 another_ca
	inside sh -c 'echo "7.1 1" >/data/www/routeros/NEWESTa7.stable
		cat /dev/zero >/data/fill' 2>/dev/null
	often
	did "$IMAGE: a full disk: healthz says why" wait_for 20 \
		health_is '^failed: disk: .*No space left'
	is "$(http "$POINTER")" "7.1 1" "$IMAGE: what is there is served"
	inside rm /data/fill
	often
	did "$IMAGE: space again" wait_for 20 health_is '^failed: never'
	inside rc-service -q ros-http stop >/dev/null 2>&1
	inside umount /data
	inside rc-service -q ros-http start >/dev/null 2>&1
	did "$IMAGE: the first disk is back" wait_for 20 healthy
}

another_ca() {
	http ca.crt >"$TEST_TMP/other.crt" &&
		! cmp -s "$TEST_TMP/other.crt" "$TEST_TMP/ca.crt" &&
		get --cacert "$TEST_TMP/other.crt" \
			--connect-to "$NAME:443:$HERE:443" "https://$NAME/" >/dev/null
}

# 3: a stop does not wait for a sync.
stop_while_syncing() {
	rm -rf "$ROOT/data"
	mkdir "$ROOT/data"
	echo 'slow */*.npk 1000' >"$TEST_TMP/upstream/faults"
	start
	start_upstream
	did "$IMAGE: a sync is on its way" wait_for "$SOON" matching "wget "
	ALLOWED='ros-sync|Call to flock failed'
	check_stop TERM
	ALLOWED=$NOTHING
	did "$IMAGE: the port is another one when that is wanted" other_port
}

other_port() {
	start --env ROS_PORT=8080 --env ROS_TLS_PORT=0
	wait_for "$BOOT_MAX" get "http://$HERE:8080/healthz" >/dev/null &&
		[ "$(listening | tr ' ' '\n' | grep -vx 22 | xargs)" = 8080 ]
}

life() {
	ARCH=$1 IMAGE="$SERVER, $1"
	at_exit 'stop_upstream; kill_container'
	can_run "$1" || skip_all "$WHY"
	TAR=$(compgen -G "$DIST/$SERVER-v*-$1.tar")
	unpack_tar "$TAR" server
	ROOT=$TEST_TMP/server/root
	mkdir "$TEST_TMP/upstream"
	check_no_secrets
	[ -z "$(emulator "$ARCH")" ] || slow_keys "$ROOT"
	first_boot
	second_boot
	[ -n "$(emulator "$ARCH")" ] || stop_while_syncing
}

need_containers
need curl openssl
use_mirror fixture
build_tars "$SERVER" --arch all --format routeros || {
	fail "$SERVER builds" "$OUT"
	done_testing
}
DIST=$TEST_TMP/dist
[ $# != 0 ] || set -- amd64 arm64 armv7
side_by_side life "$@"
done_testing
