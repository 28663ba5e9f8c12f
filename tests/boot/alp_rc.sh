#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A life of alp_rc with services of a user's own: a first start that fails, a
# power cut, one that succeeds, an SSH login, cron, daemons that die, a service
# that is stuck when the stop comes.
# timeout: 400
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/boot_checks.sh
. "$TOP/tests/lib/boot_checks.sh"
need_containers
need ssh ssh-keygen

ssh-keygen -q -t ed25519 -N '' -C boot-test -f "$TEST_TMP/key"
SECRETS='ssh_host_.*_key|/id_(rsa|ecdsa|ed25519|dsa)|authorized_keys|etc/machine-id$'
MARKER=var/lib/alp_rc/first_start.done

# alp_rc, and what boot/overlay has.
own_manifest() {
	cp -r "$TOP/tests/boot/overlay" "$PROJECT/rootfs-overlays/boot-test"
	jq -n '{name: "boot-test", version: "1", extends: "alp_rc.json",
		overlays: ["boot-test"], services: {default: ["demo"]},
		paths: [{path: "/usr/sbin/demo", mode: "0755"},
			{path: "/etc/init.d/*", mode: "0755"}]}' \
		>"$PROJECT/manifests/boot-test.json"
}

# Nobody's keys, passwords or identity in the layers.
check_no_secrets() {
	local found
	found=$(cd "$ROOT" && find . -type f -size +0 | grep -E "$SECRETS")
	is "$found" "" "$IMAGE: no key and no identity in the image"
	is "$(grep -rlaE -- '-----BEGIN [A-Z ]*PRIVATE KEY-----' \
		--exclude='*.so*' --exclude='*keygen' "$ROOT/etc" \
		"$ROOT/root" "$ROOT/var" "$ROOT/home" 2>/dev/null)" "" \
		"$IMAGE: no private key in its files"
	is "$(awk -F: '$2 !~ /^[*!]/ { print $1 }' "$ROOT/etc/shadow")" "" \
		"$IMAGE: no password in it"
}

start() {
	boot "$NAME" --env "SSH_AUTHORIZED_KEYS=$(cat "$TEST_TMP/key.pub")" ||
		fail "$IMAGE: starts" "$(cat "$LOG")"
}

# 1: the tool that makes host keys does not work; then the power is cut.
first_start_fails() {
	mv "$ROOT/usr/bin/ssh-keygen" "$TEST_TMP/ssh-keygen"
	printf '#!/bin/sh\nexit 1\n' >"$ROOT/usr/bin/ssh-keygen"
	chmod 755 "$ROOT/usr/bin/ssh-keygen"
	start
	did "$IMAGE: default runlevel is reached with a failing first start" \
		wait_for "$BOOT_MAX" in_default
	did "$IMAGE: the failure is said" said "runs again at the next start"
	ok "$IMAGE: and it is not marked as done" test ! -e "$ROOT/$MARKER"
	kill_container
	cp -p "$TEST_TMP/ssh-keygen" "$ROOT/usr/bin/ssh-keygen"
}

ssh_to() {
	host_side ssh -i "$TEST_TMP/key" -F none -o BatchMode=yes \
		-o StrictHostKeyChecking=no -o ConnectTimeout=5 \
		-o UserKnownHostsFile="$TEST_TMP/known" \
		-o LogLevel=ERROR root@172.17.0.2 "$@" </dev/null
}

check_ssh() {
	did "$IMAGE: ssh login with the key, over the network" \
		wait_for 20 ssh_to test -x /sbin/init
	is "$(ssh_to 'echo $SHLVL-$(id -u)' | tail -c 3)" -0 \
		"$IMAGE: as root"
	status 255 "$IMAGE: without the key there is no login" \
		host_side ssh -F none -o BatchMode=yes -i /dev/null \
		-o StrictHostKeyChecking=no -o ConnectTimeout=5 \
		-o UserKnownHostsFile=/dev/null root@172.17.0.2 true
}

# 2: it repairs itself.
second_boot() {
	start
	check_up || return
	did "$IMAGE: the first start succeeds the second time" \
		wait_for "$BOOT_MAX" test -e "$ROOT/$MARKER"
	settle
	at_rest
	check_ssh
	did "$IMAGE: a service's own output is in the log" \
		said "demo: up with envlist"
	check_daemons
	is "$(grep -ac 'demo: up with envlist' "$LOG")" \
		"$(grep -ac 'demo: up' "$LOG")" \
		"$IMAGE: demo had the environment every time"
	did "$IMAGE: cron runs a job" wait_for 70 test -e "$ROOT/root/cron-ran"
	check_stop TERM
	did "$IMAGE: the daemon had the time to end by itself" \
		said "demo: got TERM"
	measured
}

# 3: nothing is done twice, and a stop does not wait for what is stuck.
third_boot() {
	local made
	made=$(cat "$ROOT"/etc/ssh/ssh_host_*_key.pub "$ROOT/etc/machine-id")
	ln -s /etc/init.d/stuck "$ROOT/etc/runlevels/default/zz-stuck"
	mv "$ROOT/etc/runlevels/default/zz-stuck" \
		"$ROOT/etc/runlevels/default/stuck"
	start
	did "$IMAGE: sshd is there without another first start" \
		wait_for "$BOOT_MAX" ssh_to true
	is "$(cat "$ROOT"/etc/ssh/ssh_host_*_key.pub "$ROOT/etc/machine-id")" \
		"$made" "$IMAGE: and its identity is the same"
	did "$IMAGE: a service is stuck in its start" \
		wait_for 20 matching "sleep 60"
	# OpenRC's words when a stop meets a start.
	ALLOWED='Call to flock failed'
	check_stop TERM
	ALLOWED=$NOTHING
}

life() {
	NAME=life-$1
	IMAGE="alp_rc, $1"
	use_mirror "$1"
	own_manifest
	build_tars boot-test --arch amd64 || {
		fail "$IMAGE: builds" "$OUT"
		return
	}
	unpack_tar "$(tar_of boot-test amd64)" "$NAME"
	ROOT=$TEST_TMP/$NAME/root
	check_no_secrets
	echo '* * * * * touch /root/cron-ran' >>"$ROOT/etc/crontabs/root"
	first_start_fails
	second_boot
	kill_container
	third_boot
	rm -rf "${TEST_TMP:?}/$NAME/root" "$TEST_TMP/dist"
}

[ -z "$(emulator amd64)" ] || skip_all "this is not amd64"
# shellcheck disable=SC2046
[ $# != 0 ] || set -- $(mirrors)
for mirror; do
	life "$mirror"
done
done_testing
