#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The first start of alp_rc: on a share where chown and chmod fail, keys from a
# mounted file, once more by hand, hooks of images that extend it, and root's
# password, which is none at first.
# timeout: 300
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/boot_checks.sh
. "$TOP/tests/lib/boot_checks.sh"
need_containers
need ssh ssh-keygen sha256sum

for key in file variable other; do
	ssh-keygen -q -t ed25519 -N '' -C "$key" -f "$TEST_TMP/$key"
done
PASSWORD=secret-of-the-test
printf '#!/bin/sh\necho %s\n' "$PASSWORD" >"$TEST_TMP/askpass"
chmod 755 "$TEST_TMP/askpass"

# Everything that boot starts: no chown and no chmod there.
python3() { command python3 "$NO_MODES" python3 "$@"; }
NO_MODES=$TOP/tests/lib/no_modes.py

# refused COMMAND...: the same inside.
refused() {
	command python3 "$NO_MODES" bash -c "P=$P USERNS=()
		$(declare -f inside)"' && inside "$@"' - "$@"
}

write_hook() {
	printf '#!/bin/sh\n%s\n' "$2" >"$ROOT/etc/first-start.d/$1"
	chmod 755 "$ROOT/etc/first-start.d/$1"
}

# The first hook has the environment, the second fails until it is mended.
write_hooks() {
	write_hook 10-env 'echo 10 $HELLO_FROM >>/srv/hooks'
	write_hook 20-disk 'echo 20 >>/srv/hooks; [ -e /srv/mended ]'
	write_hook 30-last 'echo 30 >>/srv/hooks'
	write_hook 30-last.apk-new 'echo wrong >>/srv/hooks'
	echo 'echo wrong >>/srv/hooks' >"$ROOT/etc/first-start.d/40-plain"
	# As a power cut leaves it.
	echo '-----BEGIN OPENSSH PRIVATE KEY-----' \
		>"$ROOT/etc/ssh/ssh_host_ed25519_key"
	mkdir -m 700 "$ROOT/root/.ssh"
	printf '# no newline' >"$ROOT/root/.ssh/authorized_keys"
}

write_keys() {
	{
		echo '# of the admins'
		echo
		cat "$TEST_TMP/file.pub"
		echo "ssh-ed25519 broken"
	} >"$ROOT/config/authorized_keys"
}

login() {
	host_side env SSH_ASKPASS="$TEST_TMP/askpass" SSH_ASKPASS_REQUIRE=force \
		ssh -F none -o StrictHostKeyChecking=no -o ConnectTimeout=5 \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		-o IdentitiesOnly=yes "$@" root@172.17.0.2 true </dev/null
}
by_key() { login -o BatchMode=yes -i "$TEST_TMP/$1"; }
by_password() {
	login -o PreferredAuthentications=password -o NumberOfPasswordPrompts=1
}

identity() {
	(cd "$ROOT" && sha256sum etc/ssh/* etc/machine-id \
		root/.ssh/authorized_keys 2>/dev/null)
}

check_made() {
	like "$(cat "$ROOT/etc/machine-id")" '^[0-9a-f]{32}$' \
		"$IMAGE: a machine id is made"
	is "$(stat -c '%a %u' "$ROOT"/etc/ssh/ssh_host_*_key | sort -u)" "600 0" \
		"$IMAGE: nobody else reads the host keys"
	ok "$IMAGE: half a host key is made anew" \
		ssh-keygen -y -f "$ROOT/etc/ssh/ssh_host_ed25519_key"
	is "$(stat -c %a "$ROOT/root/.ssh" "$ROOT/root/.ssh/authorized_keys" |
		tr '\n' ' ')" "700 600 " "$IMAGE: nor root's keys"
	is "$(grep -v '^#' "$ROOT/root/.ssh/authorized_keys" | cut -d' ' -f3 |
		tr '\n' ' ')" "variable file " "$IMAGE: the keys of variable and file, no others"
}

check_by_hand() {
	local before
	before=$(identity)
	ok "$IMAGE: it may be run by hand" inside /sbin/first_start.sh
	is "$(identity)" "$before" "$IMAGE: which changes nothing"
	cat "$TEST_TMP/other.pub" >>"$ROOT/config/authorized_keys"
	ok "$IMAGE: and again by its service" \
		inside rc-service first-start again
	did "$IMAGE: another key is authorized then" wait_for 20 by_key other
	did "$IMAGE: and it is marked as done again" \
		wait_for 20 test -e "$ROOT/$MARKER"
}

check_logins() {
	did "$IMAGE: login by the key of the variable" wait_for 20 by_key variable
	ok "$IMAGE: login by the key of the file" by_key file
	status 255 "$IMAGE: no password opens before there is one" by_password
	if inside /bin/sh -c "echo root:$PASSWORD | chpasswd" >/dev/null 2>&1; then
		ok "$IMAGE: the password that was set does" by_password
	else
		skip "$IMAGE: the password that was set does" "no chpasswd in it"
	fi
}

# On a share everything may belong to somebody else.
check_owner() {
	chown 65534 "$ROOT/root/.ssh"
	status 0 "$IMAGE: keys of somebody else do not end it" \
		refused /sbin/first_start.sh
	like "$OUT" 'cannot chown /root/.ssh here; going on' \
		"$IMAGE: though it cannot mend that"
	like "$OUT" "/root/.ssh is not root's alone, so sshd will not" \
		"$IMAGE: and says what comes of it"
	status 255 "$IMAGE: which is true" by_key file
	status 0 "$IMAGE: where it can, it mends it" inside /sbin/first_start.sh
	unlike "$OUT" 'not root.s alone' "$IMAGE: and says nothing"
	ok "$IMAGE: the key is good again" by_key file
}

MARKER=var/lib/alp_rc/first_start.done

check_hooks() {
	did "$IMAGE: a hook that fails is said" \
		said "error: /etc/first-start.d/20-disk has failed"
	did "$IMAGE: it will run again" said "runs again at the next start"
	ok "$IMAGE: and is not done" test ! -e "$ROOT/$MARKER"
	is "$(cat "$ROOT/srv/hooks")" "10 envlist
20" "$IMAGE: hooks run in order, with the environment, until one fails"
	did "$IMAGE: SSH is there already" wait_for 20 by_key variable
	touch "$ROOT/srv/mended"
	: >"$ROOT/srv/hooks"
	ok "$IMAGE: again, with what it wanted" \
		inside rc-service first-start again
	did "$IMAGE: it succeeds" wait_for "$BOOT_MAX" test -e "$ROOT/$MARKER"
	is "$(tr '\n' ' ' <"$ROOT/srv/hooks")" "10 envlist 20 30 " \
		"$IMAGE: every hook has run"
	did "$IMAGE: but for one that is not executable, which is said" \
		said "40-plain is not executable, left out"
}

# RouterOS cuts its lines at some 179 characters, with the container's name.
# OpenRC's words may be on the line already: it ends its lines when it is done.
check_log() {
	local longest
	inside logger "$(printf '%0400d' 0) its-end"
	did "$IMAGE: a long line of the system log is whole" said its-end
	longest=$(awk '{ sub(/^ \* [^.]*\.\.\./, "") }
		length > n { n = length } END { print n }' "$LOG")
	ok "$IMAGE: in lines that RouterOS does not cut" test "$longest" -le 150
}

life() {
	NAME=first-$1
	IMAGE="alp_rc, $1"
	use_mirror "$1"
	build_tars alp_rc --arch amd64 || {
		fail "$IMAGE: builds" "$OUT"
		return
	}
	unpack_tar "$(tar_of alp_rc amd64)" "$NAME"
	ROOT=$TEST_TMP/$NAME/root
	write_keys
	write_hooks
	boot "$NAME" --env "SSH_AUTHORIZED_KEYS=$(cat "$TEST_TMP/variable.pub")\\n" ||
		fail "$IMAGE: starts" "$(cat "$LOG")"
	did "$IMAGE: default runlevel is reached" wait_for "$BOOT_MAX" in_default
	settle
	did "$IMAGE: it says what fails" said "cannot chmod /etc/machine-id"
	check_hooks
	did "$IMAGE: a line that is no key is left out" said "not a public key"
	check_made
	check_logins
	check_by_hand
	check_owner
	check_log
	did "$IMAGE: and stops" stop_container TERM
	rm -rf "${TEST_TMP:?}/$NAME/root" "$TEST_TMP/dist"
}

ARCH=amd64
can_run amd64 && [ -z "$(emulator amd64)" ] || skip_all "this is not amd64"
for mirror in $(mirrors); do
	life "$mirror"
done
done_testing
