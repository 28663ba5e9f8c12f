# shellcheck shell=bash disable=SC2034 # what it sets is for tests
# SPDX-License-Identifier: MIT
# sshd.sh: an OpenSSH server on loopback whose SFTP begins in a folder, as a
# router's does. Source it after tap.sh.
#
# need_sshd: skips the whole test where there is none.
# sshd_start DIR [NAME:SIZE]: sets
#	SSHD_PORT         where it listens, on 127.0.0.1
#	SSHD_USER         admin; whoever runs the test where that cannot be
#	SSHD_PASSWORD     "geheim 1"; empty where nobody can have a password
#	SSHD_KEY          a private key that may log in; $SSHD_KEY.pub is beside it
#	SSHD_KNOWN_HOSTS  a file that knows its host key
#	SSHD_HOST_KEY     the same as SHA256:..., as ssh-keygen -l prints it
#	SSHD_LOG          what it says, who logged in or did not
# With NAME:SIZE (usb9:2m) the folder DIR/NAME is a disk of that size, which only
# the server sees; sshd_has_disks says whether that is possible.
# sshd_stop: it and all its sessions end at once, as when a router reboots.
# sshd_again: it starts on the same port.
# sshd_new_host_key TYPE: has another host key (ed25519, rsa) when it starts again;
# $SSHD_KNOWN_HOSTS stays as it was.
# sshd_known PORT: $SSHD_KNOWN_HOSTS knows its key at another port, a proxy's.
#
# cut_proxy_start PORT: forwards to it, and does what $PROXY_CONTROL says, as
# cut_proxy.py tells. Sets PROXY_PORT. cut_proxy WORDS... writes that file.
#
# The server is an ordinary user's in a namespace of its own, where files in place
# of passwd and shadow know admin, who is that user.
SSHD_ID=54321 # admin's, there

SSHD_PROGRAM=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd)

need_sshd() {
	[ -x "$SSHD_PROGRAM" ] || skip_all "sshd is not installed"
	need ssh-keygen openssl python3
}

sshd_has_disks() { unshare --user --map-root-user --mount true 2>/dev/null; }

sshd_wait() {
	local i
	for ((i = 0; i < 500; i++)); do
		"$@" 2>/dev/null && return
		sleep 0.02
	done
	fail "sshd.sh: waited in vain for: $*"
	return 1
}

sshd_port_free() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

sshd_listens() { : <"/dev/tcp/127.0.0.1/$SSHD_PORT"; }

# As known_hosts names a server: the host alone where the port is SSH's own.
sshd_known() {
	echo "[127.0.0.1]:$1 $(cut -d' ' -f1,2 "$SSHD/host.pub")" \
		>>"$SSHD_KNOWN_HOSTS"
}

sshd_new_host_key() {
	rm -f "$SSHD/host" "$SSHD/host.pub"
	ssh-keygen -q -t "$1" -N '' -f "$SSHD/host"
	SSHD_HOST_KEY=$(ssh-keygen -l -f "$SSHD/host.pub" | cut -d' ' -f2)
}

sshd_config() {
	cat >"$SSHD/config" <<-END
		ListenAddress 127.0.0.1
		Port $SSHD_PORT
		HostKey $SSHD/host
		PidFile none
		AuthorizedKeysFile $SSHD/authorized_keys
		StrictModes no
		UsePAM no
		UseDNS no
		PermitRootLogin yes
		PasswordAuthentication yes
		MaxStartups 100
		LogLevel VERBOSE
		Subsystem sftp internal-sftp -d "$SSHD_DIR"
	END
	# From 9.8 on; guests that failed would be kept out.
	! "$SSHD_PROGRAM" -t -f "$SSHD/config" -o PerSourcePenalties=no \
		2>/dev/null || echo "PerSourcePenalties no" >>"$SSHD/config"
}

# Files that stand for passwd and shadow.
sshd_accounts() {
	cp /etc/passwd "$SSHD/passwd"
	echo "admin:x:$SSHD_ID:$SSHD_ID::$SSHD_DIR:/bin/sh" >>"$SSHD/passwd"
	printf 'admin:%s:20000::::::\n' "$(openssl passwd -6 "$1")" \
		>"$SSHD/shadow"
}

# Becomes sshd.
sshd_run() {
	set -- "$SSHD_PROGRAM" -D -e -f "$SSHD/config"
	if ! sshd_has_disks; then
		# Where sshd locks itself in when root starts it.
		[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
		exec "$@"
	fi
	# shellcheck disable=SC2016
	exec unshare --user --map-root-user --mount sh -c '
		files=$1 id=$2 dir=$3 disk=$4
		shift 4
		mount --bind "$files/passwd" /etc/passwd &&
			mount --bind "$files/shadow" /etc/shadow || exit
		[ -z "$disk" ] || mount -t tmpfs -o "size=${disk#*:},mode=777" \
			tmpfs "$dir/${disk%:*}" || exit
		exec unshare --user --map-user="$id" --map-group="$id" "$@"' \
		sh "$SSHD" "$SSHD_ID" "$SSHD_DIR" "$SSHD_DISK" "$@"
}

sshd_again() {
	(sshd_run) >>"$SSHD_LOG" 2>&1 </dev/null &
	SSHD_PID=$!
	sshd_wait sshd_listens
}

# The process, and all that it started.
sshd_family() {
	local child
	echo "$1"
	for child in $(ps -e -o pid= -o ppid= | awk -v p="$1" '$2 == p { print $1 }'); do
		sshd_family "$child"
	done
}

sshd_stop() {
	# shellcheck disable=SC2046
	[ -z "${SSHD_PID:-}" ] || kill -9 $(sshd_family "$SSHD_PID") 2>/dev/null
	wait "${SSHD_PID:-}" 2>/dev/null
	SSHD_PID=
}

sshd_start() {
	SSHD=$TEST_TMP/sshd
	mkdir -p "$SSHD" "$1"
	SSHD_DIR=$(cd "$1" && pwd) SSHD_DISK=${2:-}
	[ -z "$SSHD_DISK" ] || mkdir -p "$SSHD_DIR/${SSHD_DISK%:*}"
	SSHD_PORT=$(sshd_port_free)
	SSHD_KEY=$SSHD/key SSHD_KNOWN_HOSTS=$SSHD/known_hosts SSHD_LOG=$SSHD/log
	sshd_new_host_key ed25519
	ssh-keygen -q -t ed25519 -N '' -f "$SSHD_KEY"
	cp "$SSHD_KEY.pub" "$SSHD/authorized_keys"
	: >"$SSHD_KNOWN_HOSTS"
	sshd_known "$SSHD_PORT"
	if sshd_has_disks; then
		SSHD_USER=admin SSHD_PASSWORD="geheim 1"
		sshd_accounts "$SSHD_PASSWORD"
	else
		SSHD_USER=$(id -un) SSHD_PASSWORD=""
	fi
	sshd_config
	at_exit sshd_stop
	sshd_again || fail "sshd starts" "$(cat "$SSHD_LOG")"
}

cut_proxy() {
	echo "$*" >"$PROXY_CONTROL.new"
	mv "$PROXY_CONTROL.new" "$PROXY_CONTROL"
	sshd_wait grep -qxF "$*" "$PROXY_CONTROL.done"
}

cut_proxy_start() {
	local dir
	dir=$(mktemp -d "$TEST_TMP/proxy.XXXXXX")
	PROXY_CONTROL=$dir/control
	: >"$PROXY_CONTROL"
	python3 "$TOP/tests/lib/cut_proxy.py" "$1" "$PROXY_CONTROL" \
		>"$dir/log" 2>&1 &
	at_exit "kill $! 2>/dev/null"
	sshd_wait test -s "$PROXY_CONTROL.port" || fail "the proxy starts" "$(cat "$dir/log")"
	PROXY_PORT=$(cat "$PROXY_CONTROL.port")
}
