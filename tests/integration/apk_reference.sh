#!/bin/bash
# SPDX-License-Identifier: MIT
# An image's tree is what the real apk made of the same inputs: file for file,
# and the database byte for byte. Needs ALPBUILD_TEST_MIRROR, a file:// mirror
# whose folder reference/ holds what apk made: *.manifest, and for some images
# *.installed, *.triggers, *.world, *.scripts. See also apk_oracle.sh.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 jq
# shellcheck source=../lib/apk_image.sh
. "$TOP/tests/lib/apk_image.sh"
[ -d "$REPO/reference" ] || skip_all "$REPO has no folder reference"
export SOURCE_DATE_EPOCH=1700000000

member() { tar -xOf "$TEST_TMP/$1.tar" "$2"; }

# check_database NAME REFERENCE
check_database() {
	local db
	for db in installed triggers; do
		ok "$1: lib/apk/db/$db byte for byte" \
			cmp <(member "$1" "lib/apk/db/$db") "$2.$db"
	done
	ok "$1: etc/apk/world byte for byte" \
		cmp <(member "$1" etc/apk/world) "$2.world"
	is "$(member "$1" lib/apk/db/scripts.tar | TZ=UTC tar -tv | tr -s ' ')" \
		"$(tr -s ' ' <"$2.scripts")" "$1: the same scripts"
}

# check REFERENCE BRANCH ARCH WORD...
check() {
	local want=$REPO/reference/$1 name
	name=$2-$3
	shift
	if [ ! -f "$want.manifest" ]; then
		skip "$name" "no $want.manifest"
		return
	fi
	ok "$name: builds" build_image "$name" "$@"
	ok "$name: the same tree" \
		same_tree "$want.manifest" "$TEST_TMP/$name.tar"
	[ ! -f "$want.installed" ] || check_database "$name" "$want"
}

for arch in amd64 arm64 armv7; do
	check "v3.18-$(alpine_arch $arch)-alp_rc" v3.18 $arch \
		openrc busybox-openrc openssh-server
done
check v3.19-x86_64-openrc v3.19 amd64 openrc
done_testing
