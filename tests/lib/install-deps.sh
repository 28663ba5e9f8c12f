#!/bin/sh
# SPDX-License-Identifier: MIT
# install-deps: installs what is missing of the packages that a group needs.
#
#	install-deps.sh build|demo|test|boot|lint|bench...
#
# Debian and Ubuntu by apt, Alpine by apk. It asks nothing, says what it
# installs, and does nothing (in one look at the package database) when all is
# there. Root is needed only to install; sudo is used otherwise.
set -eu

die() {
	echo "install-deps: $*" >&2
	exit 1
}

# Ubuntu has it as a snap alone, and goes without.
chromium() {
	! grep -qx ID=debian /etc/os-release || echo chromium-headless-shell
}

# package=command: the command is enough, whoever installed it.
apt_group() {
	case $1 in
	build)
		echo gcc libc6-dev make libarchive-dev libcurl4-openssl-dev \
			libjansson-dev libssl-dev zlib1g-dev libyaml-dev \
			ca-certificates
		;;
	test)
		echo libcmocka-dev git jq=jq python3 python3-jsonschema \
			nginx-light=nginx skopeo umoci libarchive-tools openssl \
			strace zsh curl rsync clang nodejs=node npm=npm \
			qemu-user-static=qemu-arm-static busybox=busybox \
			tidy=tidy w3m=w3m "$(chromium)" buildah podman \
			zstd=zstd openssh-server openssh-client=ssh-keygen
		;;
	lint)
		echo clang clang-format clang-tidy libclang-rt-dev cppcheck \
			shellcheck mandoc binutils git python3
		;;
	demo) echo python3=python3 openssl=openssl ;;
	boot)
		echo python3 jq=jq iproute2=ip util-linux runc=runc crun=crun \
			openssh-client=ssh curl openssl qemu-user-static \
			uidmap=newuidmap
		;;
	bench) echo buildah podman umoci skopeo jq=jq pigz strace git ;;
	*) die "unknown group $1 (build, demo, test, boot, lint, bench)" ;;
	esac
}

apk_group() {
	case $1 in
	build)
		echo gcc musl-dev make bash tar libarchive-dev curl-dev \
			jansson-dev openssl-dev zlib-dev yaml-dev \
			ca-certificates
		;;
	test)
		echo cmocka-dev git jq python3 py3-jsonschema nginx skopeo \
			umoci libarchive-tools openssl strace zsh curl rsync \
			clang coreutils util-linux nodejs npm qemu-aarch64 \
			qemu-arm busybox tidyhtml w3m chromium buildah podman \
			tar zstd openssh-server openssh-keygen procps
		;;
	lint)
		echo clang clang-extra-tools compiler-rt cppcheck shellcheck \
			mandoc binutils git python3
		;;
	demo) echo python3 openssl ;;
	boot)
		echo python3 jq iproute2 util-linux setpriv coreutils tar runc \
			crun openssh-client curl openssl qemu-aarch64 qemu-arm
		;;
	bench) echo buildah podman umoci skopeo jq pigz strace git ;;
	*) die "unknown group $1 (build, demo, test, boot, lint, bench)" ;;
	esac
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# What dpkg does not know as installed, in one call of it.
apt_missing() {
	# shellcheck disable=SC2046
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' \
		$(for p; do echo "${p%=*}"; done) 2>/dev/null |
		sed -n 's/^installed //p')
	for p; do
		case "
$have
" in
		*"
${p%=*}
"*) continue ;;
		esac
		case $p in
		*=*) command -v "${p#*=}" >/dev/null && continue ;;
		esac
		echo "${p%=*}"
	done
}

# Package lists may be missing or old: they are fetched when that shows.
apt_install() {
	set -- env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		-o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
		install --no-install-recommends "$@"
	as_root "$@" >"$log" 2>&1 && return
	as_root apt-get -qq update >>"$log" 2>&1 || true
	as_root "$@" >>"$log" 2>&1
}

apk_missing() {
	for p; do
		apk info -e "$p" >/dev/null 2>&1 || echo "$p"
	done
}

apk_install() {
	as_root apk add --quiet "$@" >"$log" 2>&1 && return
	as_root apk update --quiet >>"$log" 2>&1 || true
	as_root apk add --quiet "$@" >>"$log" 2>&1
}

[ $# != 0 ] || die "usage: install-deps.sh build|demo|test|boot|lint|bench..."
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
	kind=apt
elif command -v apk >/dev/null; then
	kind=apk
else
	die "neither apt nor apk is here; install what these stand for:" \
		"$(for group; do apt_group "$group"; done | tr '\n' ' ')"
fi
wanted=$(for group; do "${kind}_group" "$group"; done)
# Package names hold no blanks.
# shellcheck disable=SC2086
missing=$("${kind}_missing" $wanted | sort -u | tr '\n' ' ')
[ -n "$missing" ] || exit 0
# Before output goes to the log, which nobody would see.
[ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
	die "not root and no sudo: as root, run this once: $0 $*" \
		"it installs: $missing"
echo "installing by $kind: $missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086
"${kind}_install" $missing || {
	tail -n 20 "$log" >&2
	die "could not install: $missing"
}
