# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# life.sh: a life of alp_rc for one architecture, with the mirrors side by side
# as most of it is waiting. Source it after docs_table.sh; `lives ARCH` does
# all. The tar that a user gets is started three times:
#	1. a first start that fails, then a power cut
#	2. one that succeeds; SSH, a daemon of a user's own, daemons that
#	   restart and that die, cron
#	3. nothing is done twice, and what is stuck does not block the stop
#
# boot_checks.sh reads $ALLOWED.
# shellcheck disable=SC2034
# shellcheck source=side_by_side.sh
. "$TOP/tests/lib/side_by_side.sh"
MARKER=var/lib/alp_rc/first_start.done
PASSWORD=any-password
# A key exchange takes an emulator two seconds, and a busy machine ten.
SSH_MAX=30

# lives ARCH [MIRROR...]
lives() {
	local arch=$1
	shift
	need_containers
	need ssh ssh-keygen
	has_ids || skip_all "a life has sshd and cron, which need more than one id"
	ARCH=$arch
	can_run "$arch" || skip_all "$WHY"
	ssh-keygen -q -t ed25519 -N '' -C boot-test -f "$TEST_TMP/key"
	printf '#!/bin/sh\necho %s\n' "$PASSWORD" >"$TEST_TMP/askpass"
	chmod 755 "$TEST_TMP/askpass"
	KEY=$TEST_TMP/key ASKPASS=$TEST_TMP/askpass
	# shellcheck disable=SC2046
	[ $# != 0 ] || set -- $(mirrors)
	side_by_side life "$@"
	done_testing
}

# life MIRROR
life() {
	IMAGE="alp_rc, $1, $ARCH"
	MIRROR_KIND=$1
	at_exit kill_container
	use_mirror "$1"
	build_tars alp_rc --arch "$ARCH" --format routeros || {
		fail "$IMAGE: builds" "$OUT"
		return
	}
	TAR=$(tar_of alp_rc "$ARCH")
	unpack_tar "$TAR" life
	ROOT=$TEST_TMP/life/root
	check_no_secrets
	# Services of a user's own, none of them enabled.
	cp -r "$TOP/tests/boot/overlay/." "$ROOT"
	chmod 755 "$ROOT/usr/sbin/demo" "$ROOT/etc/init.d/"{demo,stuck,clings}
	first_boot
	[ -z "$(emulator "$ARCH")" ] || slow_keys "$ROOT"
	second_boot
	kill_container
	third_boot
}

# Nobody's keys, passwords or identity in the layers; integration/secrets
# tests the search.
check_no_secrets() {
	local layer
	for layer in $(jq -r '.[0].Layers[]' "$TEST_TMP/life/manifest.json"); do
		tar -xOf "$TAR" "$layer" >"$TEST_TMP/layer.tar"
		ok "$IMAGE: no key, password or identity in the layer" \
			python3 "$TOP/tests/lib/find_secrets.py" "$TEST_TMP/layer.tar"
	done
	rm "$TEST_TMP/layer.tar"
}

start() {
	boot life --env "SSH_AUTHORIZED_KEYS=$(cat "$KEY.pub")" ||
		fail "$IMAGE: starts" "$(cat "$LOG")"
}

# 1: the tool that makes host keys does not work; then the power is cut.
first_boot() {
	mv "$ROOT/usr/bin/ssh-keygen" "$TEST_TMP/ssh-keygen"
	printf '#!/bin/sh\nexit 1\n' >"$ROOT/usr/bin/ssh-keygen"
	chmod 755 "$ROOT/usr/bin/ssh-keygen"
	start
	did "$IMAGE: default runlevel is reached with a failing first start" \
		wait_for "$BOOT_MAX" in_default
	did "$IMAGE: the failure is said" \
		wait_for "$BOOT_MAX" said "runs again at the next start"
	ok "$IMAGE: and it is not marked as done" test ! -e "$ROOT/$MARKER"
	kill_container
	mv "$TEST_TMP/ssh-keygen" "$ROOT/usr/bin/ssh-keygen"
}

# 2: it repairs itself.
second_boot() {
	# At the next full minute, while the other checks go on.
	echo '* * * * * touch /root/cron-ran' >>"$ROOT/etc/crontabs/root"
	start
	check_up || return
	did "$IMAGE: the first start succeeds the second time" \
		wait_for "$BOOT_MAX" test -e "$ROOT/$MARKER"
	settle
	did "$IMAGE: it comes to rest" wait_for 30 nothing_runs
	at_rest
	check_host_keys
	check_ssh
	check_reload
	add_demo
	check_daemons
	check_supervised
	did "$IMAGE: cron runs a job" \
		wait_for 130 test -e "$ROOT/root/cron-ran"
	check_stop TERM
	ALLOWED=$NOTHING
	did "$IMAGE: the daemon had the time to end by itself" \
		said "demo: got TERM"
	measured
	[ "$MIRROR_KIND" != real ] || check_docs
}

check_host_keys() {
	local kind
	for kind in ed25519 ecdsa rsa; do
		is "$(stat -c '%a %u' "$ROOT/etc/ssh/ssh_host_${kind}_key")" \
			"600 0" "$IMAGE: a host key that only root reads, $kind"
	done
}

# login ARG... : to the container, from the router's end of its network.
login() {
	host_side env SSH_ASKPASS="$ASKPASS" SSH_ASKPASS_REQUIRE=force \
		ssh -F none -o StrictHostKeyChecking=no \
		-o ConnectTimeout=$SSH_MAX -o IdentitiesOnly=yes \
		-o UserKnownHostsFile="$TEST_TMP/known" -o LogLevel=ERROR \
		-l root "$@" </dev/null
}
by_key() { login -o BatchMode=yes -i "$KEY" 172.17.0.2 "$@"; }
by_nothing() { login -o BatchMode=yes -i /dev/null 172.17.0.2 true; }
by_password() {
	login -o PreferredAuthentications=password \
		-o NumberOfPasswordPrompts=1 172.17.0.2 true
}

check_ssh() {
	did "$IMAGE: ssh login with the key, over the network" \
		wait_for $SSH_MAX by_key test -x /sbin/init
	# shellcheck disable=SC2016
	is "$(by_key 'echo $SHLVL-$(id -u)' | tail -c 3)" -0 "$IMAGE: as root"
	ALLOWED='Failed password for root from'
	status 255 "$IMAGE: without the key there is no login" by_nothing
	like "$OUT" "Permission denied" "$IMAGE: because sshd refuses it"
	status 255 "$IMAGE: nor with a password while root has none" by_password
	like "$OUT" "Permission denied" "$IMAGE: because sshd refuses it, too"
}

# As a user would from /container/shell.
add_demo() {
	inside rc-update -q add demo default </dev/null >/dev/null 2>&1
	did "$IMAGE: a service of a user's own starts" \
		inside rc-service demo start
	did "$IMAGE: its output is in the log, and it has the environment" \
		said "demo: up with envlist"
}

# check_daemons has killed what is supervised; these must be among them.
# Every version of OpenRC must hand on the signal.
check_reload() {
	local listener
	listener=$(supervised sshd)
	ok "$IMAGE: sshd reloads" inside rc-service sshd reload
	did "$IMAGE: as it says" said "Received SIGHUP; restarting"
	did "$IMAGE: and lets in" wait_for $SSH_MAX by_key true
	is "$(supervised sshd)" "$listener" "$IMAGE: in the same process"
}

check_supervised() {
	local service
	for service in crond sshd demo; do
		ok "$IMAGE: $service is supervised" supervised "$service"
	done
	is "$(grep -ac 'demo: up with envlist' "$LOG")" \
		"$(grep -ac 'demo: up' "$LOG")" \
		"$IMAGE: demo had the environment every time"
}

identity() { cat "$ROOT"/etc/ssh/ssh_host_*_key.pub "$ROOT/etc/machine-id"; }

# 3: nothing is done twice, and a stop does not wait for what is stuck.
third_boot() {
	local made service
	made=$(identity)
	for service in stuck clings; do
		ln -s "/etc/init.d/$service" "$ROOT/etc/runlevels/default"
	done
	start
	did "$IMAGE: a service is stuck in its start" \
		wait_for "$BOOT_MAX" matching "sleep 61"
	did "$IMAGE: sshd is there without another first start" \
		wait_for $SSH_MAX by_key true
	is "$(identity)" "$made" "$IMAGE: and its identity is the same"
	# OpenRC's words when a stop meets a start.
	ALLOWED='Call to flock failed'
	check_stop TERM
	ALLOWED=$NOTHING
	echo "# measured: $IMAGE: stop with stuck services $STOP_MS ms"
	[ -z "${UPDATE_DOCS:-}" ] || [ "$MIRROR_KIND" != real ] ||
		table_set stuck "$(of_machine "$(seconds "$STOP_MS")")"
}
