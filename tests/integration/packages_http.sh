#!/bin/bash
# SPDX-License-Identifier: MIT
# Packages from a web server: what is asked for, how often, and what becomes of
# a server that is gone or tells something else.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/nginx.sh
. "$TOP/tests/lib/nginx.sh"
need nginx python3 jq

unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY
export no_proxy=127.0.0.1 SOURCE_DATE_EPOCH=1700000000
use_mirror fixture
FILES=$TEST_TMP/files
mkdir "$FILES"
cp -rs "$FIXTURE/." "$FILES/"
start_nginx "$FILES" || skip_all "nginx does not start"
MIRROR=$SERVER

# requested REGEX: how many requests since the log was emptied.
requested() { grep -cE -- "$1" "$LOG"; }
forget() { : >"$LOG"; }
sums() { (cd "$PROJECT/$1" && sha256sum -- *.tar); }

# wait_log: nginx writes its log after the answer.
wait_log() { sleep 0.2; }

status 0 "a build from a web server" build build --arch amd64,armv7 --output one
unlike "$OUT" "stalled|trying again" "needs no second try"
WANT=$(sums one)
wait_log
is "$(requested 'main/(x86_64|armv7)/APKINDEX.tar.gz 200')" 2 \
	"each index is asked for once"
is "$(grep -E '\.apk ' "$LOG" | sort | uniq -d)" "" "no package is fetched twice"
is "$(requested '/openrc-[0-9].*\.apk 200')" 2 "one openrc for each architecture"

forget
ok "a second build" build build --arch amd64,armv7 --output two
wait_log
is "$(requested '\.apk ')" 0 "fetches no package"
is "$(requested 'main/.*/APKINDEX.tar.gz 200')" 2 "but looks at the indexes"
is "$(sums two)" "$WANT" "and gives the same bytes"

ok "a lock" build lock --arch amd64,armv7
forget
ok "a locked build" build build --arch amd64,armv7 --locked --output three
wait_log
is "$(wc -l <"$LOG")" 0 "asks for nothing"
is "$(sums three)" "$WANT" "and gives the same bytes"
ok "an offline build" build build --arch amd64,armv7 --offline --output four
wait_log
is "$(wc -l <"$LOG")" 0 "asks for nothing, too"
is "$(sums four)" "$WANT" "and gives the same bytes as well"

# A package that has gone from the server is told by name; a locked build does
# with what is in the cache, another cache does not.
rm "$FILES"/v0.0/main/*/openrc-[0-9]*.apk
CACHE=$TEST_TMP/cache-other
status 4 "a package that the index names and the server lacks" \
	build build --arch amd64 --output five
like "$OUT" "openrc-[0-9].*\.apk" "is named"
is "$(find "$PROJECT/five" -name '*.tar' 2>/dev/null)" "" "and no image is written"

# Bytes that are not what the index says: the next mirror is asked.
mkdir "$TEST_TMP/lies"
cp -rL "$FIXTURE/v0.0" "$TEST_TMP/lies/"
for f in "$TEST_TMP"/lies/v0.0/main/x86_64/openrc-[0-9]*.apk; do
	printf X | dd of="$f" bs=1 seek=600 conv=notrunc status=none
done
MIRROR=file://$TEST_TMP/lies
CACHE=$TEST_TMP/cache-lies
status 8 "damaged packages are refused" build build --arch amd64 --output six
is "$(find "$CACHE/blobs" -type f -exec sha256sum {} + |
	grep -cF "$(sha256sum "$TEST_TMP"/lies/v0.0/main/x86_64/openrc-[0-9]*.apk | cut -d' ' -f1)")" \
	0 "and not cached"
ok "unless another mirror has the right ones" \
	build build --arch amd64 --mirror "file://$FIXTURE" \
	--format routeros --output six
is "$(sums six)" "$(grep "amd64.tar$" <<<"$WANT")" "which gives the same bytes"

done_testing
