#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# cron and SSH of alp_rc as services: supervised by scripts of the overlay, which
# an upgrade by apk leaves alone. Sessions outlive what happens to the listener,
# and a broken configuration ends nothing, is said, and is no busy loop.
# timeout: 300
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
need_containers
need ssh ssh-keygen

KEY=$TEST_TMP/key
ssh-keygen -q -t ed25519 -N '' -f "$KEY"
SSHD_MAX=30 # seconds; it is back within seven

ssh_to() {
	host_side ssh -F none -o BatchMode=yes -i "$KEY" \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o ConnectTimeout=10 -o LogLevel=ERROR -l root 172.17.0.2 "$@"
}
login() { ssh_to "$@" true </dev/null; }

# What a build tells of files that are not their packages'.
check_origin() {
	local tar=$1 script
	for script in crond sshd; do
		ok "$IMAGE: the report says whose $script is" jq -e \
			--arg path "etc/init.d/$script" \
			'.origins["overlay alp_rc"] | index($path)' \
			"${tar%.tar}.report.json"
	done
	ok "$IMAGE: an audit is silent about them" "$ALPBUILD" audit "$tar"
}

# As with a newer version of the packages.
check_apk() {
	local main dir=$ROOT/mnt/main/x86_64
	main=${MIRROR#file://}/v${ALPINE%.*}/main/x86_64
	mkdir -p "$dir"
	: >"$ROOT/mnt/none"
	cp "$main"/APKINDEX.tar.gz "$main"/busybox-openrc-*.apk \
		"$main"/openssh-server-common-openrc-*.apk "$dir"
	ok "$IMAGE: apk installs the packages of both scripts again" \
		chroot "$ROOT" apk --no-network --allow-untrusted -X /mnt/main \
		--repositories-file /mnt/none fix --reinstall busybox-openrc \
		openssh-server-common-openrc
	is "$(cd "$ROOT/etc/init.d" && grep -lF supervise-daemon crond* sshd* |
		tr '\n' ' ')" "crond sshd " "$IMAGE: ours are kept"
	is "$(cd "$ROOT/etc/init.d" && echo *.apk-new)" \
		"crond.apk-new sshd.apk-new" "$IMAGE: the packages' put beside"
	rm -r "$ROOT/mnt/main" "$ROOT/mnt/none"
}

# A login that lasts: answers a line with the same line.
open_session() {
	mkfifo "$TEST_TMP/ask"
	: >"$TEST_TMP/answers"
	ssh_to 'echo here; while read -r x; do echo "$x"; done' \
		<"$TEST_TMP/ask" >"$TEST_TMP/answers" 2>&1 &
	exec 7>"$TEST_TMP/ask"
	did "$IMAGE: a session" wait_for 20 grep -qx here "$TEST_TMP/answers"
}

# check_session WHAT
check_session() {
	echo "$1" >&7
	did "$IMAGE: the session outlives $1" \
		wait_for 5 grep -qx "$1" "$TEST_TMP/answers"
}

close_session() {
	exec 7>&-
	rm "$TEST_TMP/ask"
}

check_killed() {
	local old
	old=$(supervised sshd)
	kill -9 "$old"
	did "$IMAGE: sshd comes back after kill -9" \
		wait_for "$SSHD_MAX" found_other sshd "$old"
	did "$IMAGE: and lets in" wait_for "$SSHD_MAX" login
	check_session "kill -9 of the listener"
}

has_word() {
	tr '\0' '\n' <"/proc/$(matching "supervise-daemon sshd ")/environ" |
		grep -qx "$ENV_WORD"
}

# The command must come back, which it does not where a daemon holds its output.
check_restart_from_inside() {
	local old
	old=$(supervised sshd)
	did "$IMAGE: a restart from within a session ends well" \
		timeout 30 bash -c "P=$P KEY=$KEY
		$(declare -f ssh_to host_side ppid_of)
		ssh_to -tt rc-service sshd restart </dev/null"
	did "$IMAGE: with another listener" wait_for 10 found_other sshd "$old"
	did "$IMAGE: which lets in" wait_for "$SSHD_MAX" login
	ok "$IMAGE: and has the container's environment" has_word
	check_session "a restart"
}

check_reload() {
	local old config=$ROOT/etc/ssh/sshd_config.d/10-port.conf
	old=$(supervised sshd)
	printf 'Port 22\nPort 2222\n' >"$config"
	ok "$IMAGE: sshd reloads" inside rc-service sshd reload
	did "$IMAGE: it has read its configuration again" \
		wait_for "$SSHD_MAX" login -p 2222
	is "$(supervised sshd)" "$old" "$IMAGE: in the same process"
	check_session "a reload"
	rm "$config"
}

# $OUT is what it said.
refused() {
	status 1 "$IMAGE: a broken configuration: no $1" \
		inside rc-service sshd "$1"
	like "$OUT" 'Bad configuration option: Bogus' "$IMAGE: and why"
}

times_said() { grep -ac 'sshd: .*Bad configuration option: Bogus' "$LOG"; }

check_broken() {
	local old config=$ROOT/etc/ssh/sshd_config.d/10-broken.conf
	echo 'Bogus yes' >"$config"
	old=$(supervised sshd)
	refused reload
	refused restart
	is "$(supervised sshd)" "$old" "$IMAGE: sshd goes on with the old one"
	kill -9 "$old"
	did "$IMAGE: what is broken is in the log" wait_for "$SSHD_MAX" \
		grep -qaF 'sshd waits until this is mended' "$LOG"
	old=$(supervised sshd)
	sleep 7
	is "$(times_said) $(supervised sshd)" "1 $old" \
		"$IMAGE: once, and nothing is started again and again"
	check_session "a broken configuration"
	rm "$config"
	did "$IMAGE: mended, it lets in by itself" wait_for "$SSHD_MAX" login
}

check_conf() {
	local root=$ROOT words
	cp -p "$root/etc/conf.d/sshd" "$TEST_TMP/conf"
	{ cat "$root/etc/ssh/sshd_config" && echo 'Port 2200'; } \
		>"$root/etc/ssh/other_config"
	cp -p "$root/usr/sbin/sshd" "$root/usr/sbin/sshd.pam"
	echo UsePAM yes >"$root/etc/ssh/sshd_config.d/10-pam.conf"
	printf '%s\n' 'cfgfile=/etc/ssh/other_config' \
		"command_args='-o \"VersionAddendum two words\"'" \
		>>"$root/etc/conf.d/sshd"
	ok "$IMAGE: restart with another conf.d" inside rc-service sshd restart
	did "$IMAGE: cfgfile of conf.d holds, and command_args" \
		wait_for "$SSHD_MAX" banner_is 'two words'
	words=$(readlink "/proc/$(supervised sshd)/exe")
	is "${words##*/}" sshd.pam "$IMAGE: UsePAM takes the program that can"
	rm "$root/usr/sbin/sshd.pam" "$root/etc/ssh/sshd_config.d/10-pam.conf"
	cp -p "$TEST_TMP/conf" "$root/etc/conf.d/sshd"
}

# banner_is END: of what sshd says first.
banner_is() {
	host_side timeout 5 bash -c \
		'exec 5<>/dev/tcp/172.17.0.2/2200 && head -n 1 <&5' |
		tr -d '\r' | grep -q "$1\$"
}

# Nothing of it is left, and start says what is missing.
check_no_keys() {
	ok "$IMAGE: sshd stops" inside rc-service sshd stop
	status 255 "$IMAGE: and nobody gets in" login
	check_session "a stop"
	rm "$ROOT"/etc/ssh/ssh_host_*
	status 1 "$IMAGE: without host keys it does not start" \
		inside rc-service sshd start
	like "$OUT" 'rc-service first-start again' "$IMAGE: but says what to do"
	ok "$IMAGE: which is done" inside rc-service first-start again
	did "$IMAGE: and lets in again" wait_for "$BOOT_MAX" login
}

# Its own pid file does not mislead the supervisor.
check_crond() {
	local old
	old=$(supervised crond)
	kill -9 "$old"
	did "$IMAGE: crond comes back after kill -9" \
		wait_for "$SSHD_MAX" found_other crond "$old"
	ok "$IMAGE: crond stops" inside rc-service crond stop
	did "$IMAGE: for good" wait_for 5 no_crond
	ok "$IMAGE: and starts" inside rc-service crond start
	did "$IMAGE: as it was" wait_for 5 supervised crond
}
no_crond() { ! matching crond; }

# Nobody has to start it by hand.
check_broken_boot() {
	local config=$ROOT/etc/ssh/sshd_config.d/10-broken.conf
	echo 'Bogus yes' >"$config"
	boot services || fail "$IMAGE: starts again" "$(cat "$LOG")"
	did "$IMAGE: it starts with a broken configuration of sshd" \
		wait_for "$BOOT_MAX" in_default
	did "$IMAGE: which it says" wait_for "$SSHD_MAX" \
		grep -qaF 'sshd waits until this is mended' "$LOG"
	rm "$config"
	did "$IMAGE: mended, it lets in" wait_for "$SSHD_MAX" login
	did "$IMAGE: and all stops once more" stop_container TERM
}

life() {
	at_exit kill_container
	IMAGE="alp_rc, $1"
	use_mirror "$1"
	build_tars alp_rc --arch amd64 || {
		fail "$IMAGE: builds" "$OUT"
		return
	}
	unpack_tar "$(tar_of alp_rc amd64)" services
	ROOT=$TEST_TMP/services/root
	check_origin "$(tar_of alp_rc amd64)"
	[ "$1" != real ] || check_apk
	boot services --env "SSH_AUTHORIZED_KEYS=$(cat "$KEY.pub")" ||
		fail "$IMAGE: starts" "$(cat "$LOG")"
	did "$IMAGE: login" wait_for "$BOOT_MAX" login
	settle
	did "$IMAGE: the log has no error" no_complaints
	open_session
	check_killed
	check_restart_from_inside
	check_reload
	check_broken
	check_conf
	check_no_keys
	close_session
	check_crond
	did "$IMAGE: and all stops" stop_container TERM
	check_broken_boot
	rm -rf "$TEST_TMP/services" "$TEST_TMP/dist"
}

[ -z "$(emulator amd64)" ] || skip_all "this is not amd64"
# shellcheck disable=SC2046
side_by_side life $(mirrors)
done_testing
