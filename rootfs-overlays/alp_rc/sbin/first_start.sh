#!/bin/sh
# SPDX-License-Identifier: MIT
# first_start.sh: what must be this container's own, and is in no image: SSH
# host keys, machine id, root's authorized keys; then the SSH server is enabled,
# and what images that extend this one have in /etc/first-start.d is run.
#
# The service first-start runs it until it has succeeded once. It may be run
# again at any time, and changes only what is missing. Exit status 0: all done.
# Shares where chown or chmod fail do not end it: it says so and goes on.
#
#   SSH_AUTHORIZED_KEYS       public keys for root, a line each (or "\n" between)
#   SSH_AUTHORIZED_KEYS_FILE  a file of them (/config/authorized_keys)
#
# shellcheck shell=dash
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
failed=0
reconfigured=no

say() { echo "$*"; }
fail() {
	say "error: $*"
	failed=1
}

# In a shell of /container/shell the environment of the container is missing.
environment() {
	local keys=${SSH_AUTHORIZED_KEYS:-} file=${SSH_AUTHORIZED_KEYS_FILE:-}
	# shellcheck source=/dev/null
	[ ! -r /run/container.env ] || . /run/container.env
	keys_text=${keys:-${SSH_AUTHORIZED_KEYS:-}}
	keys_file=${file:-${SSH_AUTHORIZED_KEYS_FILE:-/config/authorized_keys}}
}

# One at a time: somebody may call this while the service runs it.
lock() {
	(: >/run/first_start.lock) 2>/dev/null || return 0
	exec 9>/run/first_start.lock
	flock 9 2>/dev/null || :
}

# own MODE PATH: mode and owner that sshd wants to see.
own() {
	chown root:root "$2" 2>/dev/null ||
		say "cannot chown $2 here; going on"
	chmod "$1" "$2" 2>/dev/null ||
		say "cannot chmod $2 here; going on"
}

machine_id() {
	local new=/etc/machine-id.new
	[ ! -s /etc/machine-id ] || return 0
	if tr -d - </proc/sys/kernel/random/uuid >$new &&
		mv $new /etc/machine-id; then
		own 0444 /etc/machine-id
		say "made /etc/machine-id"
	else
		fail "cannot write /etc/machine-id"
	fi
}

# A power cut may have left half a key, which ssh-keygen would keep.
host_keys() {
	local key
	for key in /etc/ssh/ssh_host_*_key; do
		grep -q '^-----END' "$key" 2>/dev/null ||
			rm -f "$key" "$key.pub" 2>/dev/null
	done
	if ! ssh-keygen -A >/dev/null; then
		fail "ssh-keygen cannot make host keys in /etc/ssh"
		return
	fi
	for key in /etc/ssh/ssh_host_*_key; do
		own 0600 "$key"
		if [ -n "$(find "$key" -perm /077)" ]; then
			say "others may read $key, so sshd will not use it:" \
				"put root-dir on ext4"
		fi
	done
	say "SSH host keys are there"
}

# add_key LINE: to root's authorized keys, unless it is there.
add_key() {
	local file=/root/.ssh/authorized_keys before=
	[ -f "$file" ] && grep -qxF -- "$1" "$file" && return
	if ! printf '%s\n' "$1" | ssh-keygen -l -f - >/dev/null 2>&1; then
		say "not a public key, left out: $(printf '%.40s' "$1")..."
		return
	fi
	# What somebody else wrote may have no newline at its end.
	[ -z "$(tail -c 1 "$file" 2>/dev/null)" ] || before='\n'
	if (umask 077 && printf "$before%s\n" "$1" >>"$file"); then
		say "authorized a key: $(printf '%s\n' "$1" | ssh-keygen -l -f -)"
	else
		fail "cannot write $file"
	fi
}

# sshd passes over keys that others could have written.
keys_are_used() {
	local path
	for path in /root /root/.ssh /root/.ssh/authorized_keys; do
		if [ -n "$(find "$path" -prune '(' ! -user root -o -perm /022 ')')" ]; then
			say "$path is not root's alone, so sshd will not use the keys:" \
				"put root-dir on ext4"
		fi
	done
}

# A key with a line break inside reads as two lines that are no keys.
wanted_keys() {
	printf '%s\n' "$keys_text" | sed 's/\\n/\n/g'
	[ ! -f "$keys_file" ] || cat "$keys_file"
}

authorized_keys() {
	local line
	if ! (umask 077 && mkdir -p /root/.ssh); then
		fail "cannot make /root/.ssh"
		return
	fi
	wanted_keys | tr -d '\r' | sed 's/^[ \t]*//; s/[ \t]*$//' >/run/first_start.keys
	while IFS= read -r line; do
		case $line in
		'' | '#'*) ;;
		*) add_key "$line" ;;
		esac
	done </run/first_start.keys
	rm -f /run/first_start.keys
	[ ! -f /root/.ssh/authorized_keys ] || {
		own 0700 /root/.ssh
		own 0600 /root/.ssh/authorized_keys
		keys_are_used
	}
}

# Older OpenSSH packages have an sshd_config that reads no folder. sshd takes
# the first value that it finds, so the folder comes first.
sshd_config() {
	local config=/etc/ssh/sshd_config include='Include /etc/ssh/sshd_config.d/*.conf'
	grep -qiE '^[ 	]*Include[ 	]+"?/etc/ssh/sshd_config\.d/' "$config" &&
		return
	if { printf '%s\n\n' "$include" && cat "$config"; } >"$config.new" &&
		sshd -t -f "$config.new" && mv "$config.new" "$config"; then
		reconfigured=yes
		say "$config reads sshd_config.d now"
	else
		rm -f "$config.new"
		fail "cannot change $config"
	fi
}

# 9>&-: a daemon would keep the lock.
sshd_service() {
	if [ ! -L /etc/runlevels/default/sshd ] &&
		! rc-update -q add sshd default 9>&-; then
		fail "rc-update cannot add sshd to runlevel default"
	fi
	if ! rc-service -q sshd status >/dev/null 2>&1 9>&-; then
		rc-service -q sshd start 9>&- || fail "sshd does not start"
	elif [ $reconfigured = yes ]; then
		rc-service -q sshd reload 9>&- || fail "sshd does not reload"
	fi
}

# In the order of their names. Each may need the one before: the first that
# fails is the last. sshd is there by then, for whoever comes to mend it.
hooks() {
	local hook
	for hook in /etc/first-start.d/*; do
		case $hook in *.apk-new | *~) continue ;; esac
		[ -f "$hook" ] || continue
		if [ ! -x "$hook" ]; then
			say "$hook is not executable, left out"
		elif ! "$hook" </dev/null 9>&-; then
			fail "$hook has failed"
			return
		fi
	done
}

# The hash of root's password is none until `passwd root` has been run.
remind() {
	local hash
	hash=$(sed -n 's/^root:\([^:]*\):.*/\1/p' /etc/shadow)
	case $hash in
	'' | [*!]*) say "root has no password: no login with one before: passwd root" ;;
	esac
	[ -s /root/.ssh/authorized_keys ] ||
		say "no authorized keys: set SSH_AUTHORIZED_KEYS, or write $keys_file"
}

writable() {
	(: >/etc/.first_start) 2>/dev/null && rm -f /etc/.first_start
}

if [ "$(id -u)" != 0 ]; then
	say "error: only root can do this"
	exit 1
fi
if ! writable; then
	say "error: /etc is read-only: neither keys nor identity can be kept"
	exit 1
fi
environment
lock
machine_id
host_keys
authorized_keys
sshd_config
if [ $failed = 0 ]; then sshd_service; fi
hooks
remind
[ $failed = 0 ] && say "done"
exit $failed
