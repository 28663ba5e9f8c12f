#!/bin/bash
# SPDX-License-Identifier: MIT
# terminal.sh: makes docs/terminal.svg anew from a real run. The mirror is
# ALPBUILD_MIRROR, or Alpine's own. Long digests are cut for the picture.
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd)
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
export ALPBUILD_CACHE=$T/cache
cd "$T"
cp -r "$TOP/manifests" "$TOP/arch" "$TOP/rootfs-overlays" .
PATH=$TOP/build:$PATH

run() {
	echo "\$ $*"
	"$@" 2>&1 | sed -E 's/(sha256:[0-9a-f]{12})[0-9a-f]{52}/\1.../'
}
{
	run alpbuild build --arch all
	echo
	run alpbuild inspect --files dist/alp_rc-v*-arm64.tar | grep -vE ' label|org\.opencontainers' |
		sed '/ \/bin\/ash /q'
	echo "    ..."
	echo
	run alpbuild build --arch arm46 || :
} >text
"$TOP/tests/docs/terminal-svg.sh" <text >"$TOP/docs/terminal.svg"
cat text
