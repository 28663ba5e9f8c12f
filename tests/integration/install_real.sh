#!/bin/bash
# SPDX-License-Identifier: MIT
# Installing packages gives what the real apk gives, file for file and byte for
# byte. Needs ALPBUILD_TEST_MIRROR, a file:// mirror whose folder reference/
# holds what apk made: *.manifest, *.installed, *.triggers, *.world and, for
# the order of the packages, *.log.
. "$(dirname "$0")/../lib/tap.sh"

DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_install
MIRROR=${ALPBUILD_TEST_MIRROR:-}
case $MIRROR in
file://*) MIRROR=${MIRROR#file://} ;;
*) skip_all "ALPBUILD_TEST_MIRROR names no folder" ;;
esac
[ -d "$MIRROR/reference" ] || skip_all "the mirror has no folder reference"
[ -x "$DRIVER" ] || skip_all "$DRIVER is not built"

# rootfs BRANCH ARCH: the plain tar of the minirootfs.
rootfs() {
	gzip -dc "$MIRROR/$1/releases/$2"/alpine-minirootfs-*.tar.gz \
		>"$TEST_TMP/$1-$2.tar"
	echo "$TEST_TMP/$1-$2.tar"
}

# installed_by LOG FOLDER: the packages that apk's log names, in its order.
installed_by() {
	sed -n "s|^([0-9/]*) Installing \([^ ]*\) (\(.*\))$|$2/\1-\2.apk|p" "$1"
}

same() {
	local out
	out=$(diff <(sort "$1") <(sort "$2"))
	if [ -z "$out" ]; then pass "$3"; else fail "$3" "$out"; fi
}

# install NAME BRANCH ARCH WORLD PACKAGE...: into $TEST_TMP/NAME.
install() {
	local name=$1 branch=$2 arch=$3 world=$4
	shift 4
	mkdir "$TEST_TMP/$name"
	ok "$name: $# packages are installed" "$DRIVER" "$TEST_TMP/$name" \
		"$arch" "$(rootfs "$branch" "$arch")" \
		"$MIRROR/$branch/main/$arch/APKINDEX.tar.gz" "$world" "$@"
}

for arch in x86_64 aarch64 armv7; do
	want=$MIRROR/reference/v3.18-$arch-alp_rc
	got=$TEST_TMP/v3.18-$arch
	mapfile -t packages < <(installed_by "$want.log" \
		"$MIRROR/v3.18/main/$arch")
	install "v3.18-$arch" v3.18 "$arch" \
		openrc,busybox-openrc,openssh-server "${packages[@]}"
	same "$got/manifest" "$want.manifest" "$arch: the same files"
	for db in installed triggers world; do
		ok "$arch: the same $db" diff "$got/$db" "$want.$db"
	done
	is "$(TZ=UTC tar -tvf "$got/scripts.tar" | tr -s ' ')" \
		"$(tr -s ' ' <"$want.scripts")" "$arch: the same scripts"
done

# apk left no log here; this is its order for so few packages.
arch=x86_64
got=$TEST_TMP/v3.19-$arch
install "v3.19-$arch" v3.19 "$arch" openrc \
	"$MIRROR/v3.19/main/$arch"/{ifupdown-ng-[0-9]*,libcap2-*,openrc-*}.apk
same "$got/manifest" "$MIRROR/reference/v3.19-$arch-openrc.manifest" \
	"v3.19 $arch: the same files"
done_testing
