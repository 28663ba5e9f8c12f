#!/bin/bash
# SPDX-License-Identifier: MIT
#
# fresh-debian.sh [--mirror FOLDER] [--no-check] [--suite NAME]
#
# Proves that a clean clone works on a fresh Debian with only git and make:
# `make run` without a reachable mirror of Alpine (the demo), a second time
# quickly, `make run` with the mirror FOLDER, and `make check`. Everything
# happens in a chroot in a temporary folder; its mounts live in a mount
# namespace of their own, so nothing stays behind.
#
# Needs root and debootstrap; takes minutes. The bare system is kept in
# ~/.cache/alpbuild-fresh (remove it to have a newer one).
set -euo pipefail
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/alpbuild-fresh
SUITE=bookworm
MIRROR=
CHECK=yes

die() {
	printf 'fresh-debian: %s\n' "$@" >&2
	exit 1
}
say() { printf '\n=== %s\n' "$*"; }

parse_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		--mirror)
			MIRROR=$(cd "${2:?--mirror needs a folder}" && pwd)
			shift
			;;
		--suite) SUITE=${2:?--suite needs a name}; shift ;;
		--no-check) CHECK=no ;;
		*) die "usage: fresh-debian.sh [--mirror FOLDER] [--no-check] [--suite NAME]" ;;
		esac
		shift
	done
}

# Debian's archive as this machine reaches it.
debian_mirror() {
	local uri
	uri=$(cat /etc/apt/sources.list.d/debian.sources \
		/etc/apt/sources.list 2>/dev/null |
		sed -n 's/^URIs: *\([^ ]*\).*/\1/p
			s/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' |
		grep -m 1 '/debian/*$') || true
	echo "${uri:-http://deb.debian.org/debian}"
}

# The bare system with git and make, as a tar in the cache.
make_base() {
	local base=$CACHE/$SUITE.tar root
	[ ! -s "$base" ] || return 0
	command -v debootstrap >/dev/null || die "debootstrap is not installed"
	say "debootstrap $SUITE from $(debian_mirror)"
	mkdir -p "$CACHE"
	root=$(mktemp -d "$CACHE/root.XXXXXX")
	# shellcheck disable=SC2064
	trap "rm -rf --one-file-system '$root'" EXIT
	chmod 0755 "$root"
	debootstrap --variant=minbase "$SUITE" "$root" "$(debian_mirror)" \
		>"$CACHE/debootstrap.log" || die "see $CACHE/debootstrap.log"
	enter_network "$root"
	chroot "$root" apt-get update -qq
	DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -qq -y \
		--no-install-recommends git make >>"$CACHE/debootstrap.log" 2>&1
	tar -C "$root" -cf "$base.new" .
	mv "$base.new" "$base"
	rm -rf --one-file-system "$root"
	trap - EXIT
}

# What a machine in this network needs: names, apt's sources and proxies, and
# additional certificate authorities.
enter_network() {
	local root=$1 f
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	for f in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
		[ ! -f "$f" ] || ! grep -qiE 'proxy|check-date|valid-until' "$f" ||
			cp "$f" "$root/etc/apt/apt.conf.d/"
	done
	if [ -f /etc/apt/sources.list.d/debian.sources ] &&
		grep -q "$SUITE" /etc/apt/sources.list.d/debian.sources; then
		cp /etc/apt/sources.list.d/debian.sources \
			"$root/etc/apt/sources.list.d/"
		rm -f "$root/etc/apt/sources.list"
	fi
	mkdir -p "$root/usr/local/share/ca-certificates"
	cp -R /usr/local/share/ca-certificates/. \
		"$root/usr/local/share/ca-certificates/"
}

# Runs in the namespace: unpacks, mounts, clones.
prepare() {
	local node
	mkdir -p "$ROOT"
	tar -C "$ROOT" -xpf "$CACHE/$SUITE.tar"
	enter_network "$ROOT"
	# Alpine's default mirror shall not answer, wherever this runs.
	cp /etc/hosts "$ROOT/etc/hosts"
	echo "127.0.0.1 dl-cdn.alpinelinux.org" >>"$ROOT/etc/hosts"
	mount -t proc proc "$ROOT/proc"
	mount -t tmpfs -o mode=0755 tmpfs "$ROOT/dev"
	for node in null zero full random urandom tty; do
		: >"$ROOT/dev/$node"
		mount --bind "/dev/$node" "$ROOT/dev/$node"
	done
	mkdir "$ROOT/dev/pts"
	mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$ROOT/dev/pts"
	ln -s pts/ptmx "$ROOT/dev/ptmx"
	mkdir -m 1777 "$ROOT/dev/shm"
	ln -s /proc/self/fd "$ROOT/dev/fd"
	git clone -q --no-hardlinks "$TOP" "$ROOT/root/alpbuild"
	[ -z "$MIRROR" ] || {
		mkdir "$ROOT/mnt/alpine"
		mount --bind -o ro "$MIRROR" "$ROOT/mnt/alpine"
	}
}

# inside COMMAND: in the clone, with nothing of our environment but the way
# out; says how long it took.
inside() {
	local keep=() v start=$SECONDS
	for v in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY \
		NODE_EXTRA_CA_CERTS; do
		[ -z "${!v+x}" ] || keep+=("$v=${!v}")
	done
	say "$*"
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "${keep[@]}" \
		chroot "$ROOT" sh -c "cd /root/alpbuild && $*" ||
		die "failed on a fresh $SUITE: $*"
	printf '=== %d s: %s\n' $((SECONDS - start)) "$*"
	elapsed=$((SECONDS - start))
}

demo_runs() {
	local f
	inside make run
	for f in amd64 arm64 armv7; do
		compgen -G "$ROOT/root/alpbuild/dist/alp_rc-demo-*-$f.tar" \
			>/dev/null || die "make run left no demo image for $f"
	done
	inside make run
	[ "$elapsed" -le 30 ] || die "the second make run took $elapsed s"
}

real_runs() {
	local f
	inside ALPBUILD_MIRROR=file:///mnt/alpine make run
	for f in amd64 arm64 armv7; do
		compgen -G "$ROOT/root/alpbuild/dist/alp_rc-v*-$f.tar" >/dev/null ||
			die "make run left no image for $f"
	done
}

check_runs() {
	if [ -n "$MIRROR" ]; then
		inside ALPBUILD_TEST_MIRROR=file:///mnt/alpine make check
	else
		inside make check
	fi
}

main() {
	parse_options "$@"
	[ "$(id -u)" = 0 ] || die "needs root: chroot and mounts"
	if [ -z "${FRESH_ROOT:-}" ]; then
		make_base
		FRESH_ROOT=$(mktemp -d "${TMPDIR:-/tmp}/alpbuild-fresh.XXXXXX")
		trap 'rm -rf --one-file-system "$FRESH_ROOT"' EXIT
		export FRESH_ROOT
		unshare --mount --pid --fork --kill-child "$0" "$@"
		return
	fi
	ROOT=$FRESH_ROOT/root
	prepare
	demo_runs
	[ -z "$MIRROR" ] || real_runs
	[ "$CHECK" = no ] || check_runs
	say "a clean clone works on a fresh $SUITE"
}

main "$@"
