# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# apk_image.sh: for tests that compare images with what the real apk makes.
# Source it after image.sh. It leaves $REPO, the folder that
# ALPBUILD_TEST_MIRROR names, and skips the test where that cannot be had.
case ${ALPBUILD_TEST_MIRROR:-} in
file://*) REPO=${ALPBUILD_TEST_MIRROR#file://} ;;
*) skip_all "ALPBUILD_TEST_MIRROR names no folder" ;;
esac
[ -d "$REPO/keys" ] || skip_all "$REPO has no folder keys"
use_mirror real

# minirootfs BRANCH ALPINE-ARCH: path of the .tar.gz there.
minirootfs() {
	find "$REPO/$1/releases/$2" -name "alpine-minirootfs-*-$2.tar.gz" | sort |
		tail -n 1
}

# build_image NAME BRANCH ARCH WORD...: a plain image with these packages,
# whose layer becomes $TEST_TMP/NAME.tar.
build_image() {
	local name=$1 branch=$2 arch=$3 file version
	shift 3
	file=$(minirootfs "$branch" "$(alpine_arch "$arch")")
	version=${file##*minirootfs-}
	version=${version%%-*}
	jq -n --arg name "$name" --arg alpine "$version" --arg arch "$arch" \
		'{$name, version: "1", $alpine, architectures: [$arch],
		"arch-skew": "allow", repositories: ["main"],
		packages: $ARGS.positional, config: {cmd: ["/bin/sh"]}}' \
		--args "$@" >"$PROJECT/manifests/$name.json"
	build build "$name" -q --keyring "$REPO/keys" \
		--output "$TEST_TMP/$name.out" || return
	file=$TEST_TMP/$name.out/$name-v$version-1-$arch.tar
	tar -xOf "$file" "$(tar -xOf "$file" manifest.json |
		jq -r '.[0].Layers[0]')" >"$TEST_TMP/$name.tar"
}

# unpack FILE DIR: as root.
unpack() {
	mkdir "$2" && tar -xpf "$1" --numeric-owner -C "$2"
}

same_tree() { python3 "$TOP/tests/lib/same_tree.py" "$@"; }
