#!/bin/bash
# SPDX-License-Identifier: MIT
#
# make-mirror.sh [--arch LIST] [--sources FILE] [--cache DIR] DIR
#
# Makes a mirror in Alpine's layout from packages of the machine's own
# distribution (Debian), for `make demo` and for tests:
#
#	DIR/v0.0/releases/<arch>/alpine-minirootfs-0.0.1-<arch>.tar.gz
#	the same with .sha256 and .sha512 behind it, latest-releases.yaml
#	DIR/v0.0/{main,community}/<arch>/APKINDEX.tar.gz and *.apk
#	DIR/edge/testing/<arch>/... for pins
#	DIR/hostile/<case>/... repositories that must be refused
#
# The repositories are signed with the key of keys/ (see the README there),
# whose public half is in the minirootfs. What is in them: lib/table.py,
# lib/shapes.py; lib/hostile.py.
#
# Branch v0.0 and version 0.0.1 do not exist in Alpine, so nothing made of
# this can be taken for it. The inputs (busybox, musl, OpenRC, OpenSSH, lighttpd
# and what they need, of every architecture) are kept in the cache folder: the
# second time needs no network. The same packages give the same bytes.
#
# It needs bash, coreutils, findutils, sed, gawk or mawk, tar, gzip,
# util-linux, dpkg and apt: what a minimal Debian has; and python3 and openssl
# for the packages (tests/lib/install-deps.sh demo). No root.
set -euo pipefail
umask 022
export LC_ALL=C

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
MIRROR_VERSION=0.0.1
MIRROR_BRANCH=v0.0
MIRROR_KEY=alpbuild-fixture-00000001.rsa.pub
# Whose database the minirootfs has.
APK_TOOLS_VERSION=2.14.4-r0
# Time of what has no time of its own: 2024-01-01. All else is of packages.
MIRROR_EPOCH=1704067200
# Our name, Alpine's and Debian's.
ARCH_TABLE='amd64 x86_64 amd64
arm64 aarch64 arm64
armv7 armv7 armhf'

die() {
	printf 'make-mirror: %s\n' "$@" >&2
	exit 1
}

# shellcheck source=lib/debs.sh
. "$HERE/lib/debs.sh"
# shellcheck source=lib/rootfs.sh
. "$HERE/lib/rootfs.sh"
# shellcheck source=lib/apkdb.sh
. "$HERE/lib/apkdb.sh"
# shellcheck source=lib/release.sh
. "$HERE/lib/release.sh"

usage() {
	cat <<-'EOF'
	Usage: make-mirror.sh [OPTION...] DIR

	Makes an Alpine-shaped mirror in DIR from Debian packages, with signed
	repositories of made-up packages.

	  --arch LIST     architectures: amd64,arm64,armv7 (default: all three)
	  --sources FILE  apt sources to use instead of the machine's own ones
	  --cache DIR     where packages are kept
	                  (default: ~/.cache/alpbuild-mirror)
	  --help          this text
	EOF
}

# Sets OUT, CACHE, SOURCES and ARCHES from the command line.
parse_options() {
	OUT='' SOURCES='' ARCHES='amd64 arm64 armv7'
	CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/alpbuild-mirror
	while [ $# -gt 0 ]; do
		case $1 in
		--arch) ARCHES=${2:?--arch needs a list}; shift ;;
		--sources) SOURCES=${2:?--sources needs a file}; shift ;;
		--cache) CACHE=${2:?--cache needs a folder}; shift ;;
		--help) usage; exit 0 ;;
		-*) die "unknown option $1 (see --help)" ;;
		*) [ -z "$OUT" ] || die "one folder only (see --help)"; OUT=$1 ;;
		esac
		shift
	done
	[ -n "$OUT" ] || die "no folder given (see --help)"
	ARCHES=${ARCHES//,/ }
	[ "$ARCHES" != all ] || ARCHES='amd64 arm64 armv7'
	local a
	for a in $ARCHES; do arch_field "$a" 2 >/dev/null; done
}

# arch_field NAME COLUMN: of ARCH_TABLE.
arch_field() {
	local value
	value=$(awk -v n="$1" -v c="$2" '$1 == n { print $c }' <<<"$ARCH_TABLE")
	[ -n "$value" ] || die "unknown architecture $1 (amd64, arm64, armv7)"
	printf '%s\n' "$value"
}

# What a minimal Debian may lack.
need_programs() {
	local p
	for p in python3 openssl; do
		command -v "$p" >/dev/null || die "$p is not installed" \
			"remedy: tests/lib/install-deps.sh demo, or apt-get install $p"
	done
}

# make_arch NAME: one minirootfs with its checksums and release file, and the
# repositories.
make_arch() {
	local stage=$WORK/$1 alpine deb dir
	alpine=$(arch_field "$1" 2)
	deb=$(arch_field "$1" 3)
	dir=$OUT/$MIRROR_BRANCH/releases/$alpine
	mkdir -p "$stage" "$dir"
	rootfs_skeleton "$stage" "$alpine"
	rootfs_busybox "$stage" "$DEBS/$deb"
	rootfs_musl "$stage" "$DEBS/$deb" "$alpine"
	rootfs_special "$stage"
	rootfs_keys "$stage"
	rootfs_apk "$stage"
	rootfs_times "$stage" "$DEBS/$deb"
	apkdb_write "$stage" "$alpine" "$DEBS/$deb"
	release_write "$stage" "$alpine" "$dir"
	python3 "$HERE/make_packages.py" "$alpine" "$OUT" "$MIRROR_EPOCH" \
		"$DEBS/$deb"
}

# made_from: what the mirror depends on, in one digest.
made_from() {
	{
		echo "$ARCHES"
		cat "$CACHE/SHA256SUMS"
		(cd "$HERE" && find . -type f -print0 | sort -z |
			xargs -0 sha256sum)
	} | sha256sum
}

is_made() {
	local a
	[ "$(cat "$OUT/.made-from" 2>/dev/null)" = "$(made_from)" ] || return 1
	for a in $ARCHES; do
		(cd "$OUT/$MIRROR_BRANCH/releases/$(arch_field "$a" 2)" &&
			sha256sum --quiet -c -- *.sha256) >/dev/null 2>&1 ||
			return 1
	done
	(cd "$OUT" && sha256sum --quiet -c .packages.sha256) >/dev/null 2>&1
}

# The digests of all packages and indexes, for is_made.
packages_sums() {
	(cd "$OUT" && find "$MIRROR_BRANCH" edge hostile -type f \
		! -path '*/releases/*' -print0 2>/dev/null | sort -z |
		xargs -0 -r sha256sum) >"$OUT/.packages.sha256"
}

main() {
	local a pids=() pid
	parse_options "$@"
	debs_get "$CACHE" "$SOURCES"
	is_made && return
	need_programs
	mkdir -p "$OUT"
	WORK=$(mktemp -d "${TMPDIR:-/tmp}/alpbuild-mirror.XXXXXX")
	trap 'chmod -R u+rwx "$WORK"; rm -rf "$WORK"' EXIT
	applets_list "$DEBS/$(dpkg --print-architecture)" >"$WORK/applets"
	for a in $ARCHES; do
		make_arch "$a" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || exit 1; done
	packages_sums
	made_from >"$OUT/.made-from"
}

main "$@"
