# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# image.sh: for tests that build images. Source it after tap.sh.
#
# use_mirror real|fixture sets MIRROR (a URL), ALPINE (a version there) and
# makes $PROJECT, a copy of manifests, overlays and arch files that a test may
# change, outside of any git checkout. `real` is ALPBUILD_TEST_MIRROR, real
# Alpine; `fixture` is made of Debian packages (tests/mirror). The fixture has
# signed repositories too: v0.0/main, v0.0/community, edge/testing, and
# hostile/<case>, each of which must be refused.
# build COMMAND ARG... runs alpbuild in $PROJECT with that mirror and a cache of the
# test's own.

FIXTURE=$TOP/build/test-mirror
# An Alpine that has no git, or another one, must give the same bytes.
export GIT_CEILING_DIRECTORIES=$TEST_TMP

have_real_mirror() { [ -n "${ALPBUILD_TEST_MIRROR:-}" ]; }

# What makes the fixture, in one digest.
fixture_made_by() {
	(cd "$TOP/tests/mirror" && find . -type f -print0 | sort -z |
		xargs -0 sha256sum) | sha256sum
}

# Makes the fixture mirror once for all tests; they may run side by side. It is
# made again when what makes it has changed.
make_fixture() {
	mkdir -p "$TOP/build"
	(
		flock 9
		made_by=$(fixture_made_by)
		[ "$(cat "$FIXTURE/.done" 2>/dev/null)" = "$made_by" ] && exit 0
		"$TOP/tests/mirror/make-mirror.sh" "$FIXTURE" &&
			echo "$made_by" >"$FIXTURE/.done"
	) 9>"$TOP/build/test-mirror.lock" >"$TEST_TMP/make-mirror.log" 2>&1
}

# copy_project DIR: manifests, overlays and arch files, without git.
copy_project() {
	mkdir -p "$1"
	cp -r "$TOP/manifests" "$TOP/rootfs-overlays" "$TOP/arch" "$1/"
}

use_mirror() {
	PROJECT=$TEST_TMP/project-$1
	CACHE=$TEST_TMP/cache-$1
	copy_project "$PROJECT"
	if [ "$1" = real ]; then
		MIRROR=$ALPBUILD_TEST_MIRROR
		# Keys of repositories there that are not Alpine's own.
		[ ! -d "${MIRROR#file://}/keys" ] ||
			export ALPBUILD_KEYRING=${MIRROR#file://}/keys
		ALPINE=$(sed -n 's/.*"alpine": *"\([^"]*\)".*/\1/p' \
			"$PROJECT/manifests/alp_rc.json")
		return
	fi
	unset ALPBUILD_KEYRING
	make_fixture || skip_all "no fixture mirror: $(tail -n 3 "$TEST_TMP/make-mirror.log")"
	MIRROR=file://$FIXTURE
	ALPINE=0.0.1
	sed -i "s/\"alpine\": *\"[^\"]*\"/\"alpine\": \"$ALPINE\"/" \
		"$PROJECT/manifests/alp_rc.json"
}

# The mirrors that there are, one a line.
mirrors() {
	have_real_mirror && echo real
	echo fixture
}

build() {
	(cd "$PROJECT" && "$ALPBUILD" "$1" --mirror "$MIRROR" --cache "$CACHE" "${@:2}")
}

alpine_arch() {
	case $1 in
	amd64) echo x86_64 ;;
	arm64) echo aarch64 ;;
	*) echo "$1" ;;
	esac
}

# packages_of ARCH NAME-VERSION...: their files on the fixture, a line each.
packages_of() {
	local a name dir
	a=$(alpine_arch "$1")
	for name in "${@:2}"; do
		for dir in v0.0/main v0.0/community edge/testing; do
			[ ! -f "$FIXTURE/$dir/$a/$name.apk" ] ||
				echo "$FIXTURE/$dir/$a/$name.apk"
		done
	done
}

# default_packages ARCH: what alp_rc asks for, as expect_tree.py wants it:
# world=..., then the files in apk's order, a line each. Nothing where it asks
# for nothing. For real Alpine the order is the real apk's, which was asked
# without the two last.
default_packages() {
	local a words log
	words=$(jq -r '.packages | join(" ")' "$PROJECT/manifests/alp_rc.json")
	[ -n "$words" ] || return 0
	echo "world=$words"
	a=$(alpine_arch "$1")
	log=${MIRROR#file://}/reference/v${ALPINE%.*}-$a-alp_rc.log
	if [ -f "$log" ]; then
		sed -n 's/.*Installing \(.*\) (\(.*\))$/\1-\2.apk/p' "$log" |
			sed "s|^|${MIRROR#file://}/v${ALPINE%.*}/main/$a/|"
		compgen -G "${MIRROR#file://}/v${ALPINE%.*}/main/$a/openssh-sftp-server-*.apk"
		compgen -G "${MIRROR#file://}/v${ALPINE%.*}/main/$a/tzdata-*.apk"
		return
	fi
	packages_of "$1" ifupdown-ng-0.12.1-r4 glibc-fixture-2.36-r0 \
		libcap2-2.69-r1 openrc-0.52.1-r2 \
		busybox-openrc-1.36.1-r15 libcrypto3-3.1.4-r5 \
		openssh-keygen-9.6_p1-r0 openssh-server-common-9.6_p1-r0 \
		openssh-server-common-openrc-9.6_p1-r0 zlib-1.3.1-r0 \
		openssh-server-9.6_p1-r0 openssh-sftp-server-9.6_p1-r0 \
		tzdata-2023d-r0
}

# minirootfs_of ARCH: path of its .tar.gz on a file: mirror.
minirootfs_of() {
	local a
	a=$(alpine_arch "$1")
	echo "${MIRROR#file://}/v${ALPINE%.*}/releases/$a/alpine-minirootfs-$ALPINE-$a.tar.gz"
}
