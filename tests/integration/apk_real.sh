#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# apk_real: indexes and packages that Alpine's own tools made, out of a mirror
# that ALPBUILD_TEST_MIRROR names (file://FOLDER, with FOLDER/keys): every
# index verifies, every package in it unpacks with all checks. No network.
. "$(dirname "$0")/../lib/tap.sh"

DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_apk
[ -x "$DRIVER" ] || skip_all "$DRIVER is not built (make drivers)"
MIRROR=${ALPBUILD_TEST_MIRROR:-}
MIRROR=${MIRROR#file://}
[ -n "$MIRROR" ] || skip_all "ALPBUILD_TEST_MIRROR names no mirror"
[ -d "$MIRROR/keys" ] || skip_all "$MIRROR has no folder keys"

shopt -s nullglob
for index in "$MIRROR"/index/*.APKINDEX.tar.gz; do
	ok "${index##*/} verifies" "$DRIVER" "$index" "$MIRROR/keys"
done
last=
for index in "$MIRROR"/*/*/*/APKINDEX.tar.gz; do
	folder=${index%/*}
	ok "${folder#"$MIRROR"/}: index and packages verify" \
		"$DRIVER" "$index" "$MIRROR/keys" "$folder"
	last=$index
done
[ -n "$last" ] || done_testing

mkdir "$TEST_TMP/keys"
status 1 "no keys: the index is refused" "$DRIVER" "$last" "$TEST_TMP/keys"
like "$OUT" 'no signature of a known key: signed by .* \(known keys: none\)' \
	"the message names who signed"
cp "$last" "$TEST_TMP/index"
size=$(stat -c %s "$TEST_TMP/index")
printf '\377\377' | dd of="$TEST_TMP/index" bs=1 seek=$((size - 9)) \
	conv=notrunc status=none
status 1 "a changed index is refused" \
	"$DRIVER" "$TEST_TMP/index" "$MIRROR/keys"
done_testing
