#!/bin/bash
# SPDX-License-Identifier: MIT
# The command line: help, suggestions, exit statuses, --json errors.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need jq
cd "$TOP" || exit 1
export ALPBUILD_CACHE=$TEST_TMP/cache

like "$("$ALPBUILD" --version)" '^alpbuild [0-9]+\.[0-9]+\.[0-9]+$' "--version"
like "$("$ALPBUILD" --help)" "^Usage: alpbuild" "--help"
for c in build plan fetch lock outdated vendor why resolve inspect audit check convert explain rsc deploy cache help; do
	text=$("$ALPBUILD" "$c" --help)
	is "$?" 0 "$c --help succeeds"
	like "$text" "^Usage: alpbuild $c" "$c --help shows the usage"
	like "$text" "^Examples:" "$c --help has examples"
	is "$("$ALPBUILD" help "$c")" "$text" "help $c is the same"
	is "$(awk 'length > 80' <<<"$text")" "" "$c --help fits 80 columns"
done
is "$("$ALPBUILD" help errors | awk '/^ +[0-9]/ {print $1}' | uniq -d)" "" \
	"every kind of error has its own status"

status 2 "an unknown command" "$ALPBUILD" bulid
like "$OUT" 'did you mean "build"' "the nearest command"
status 2 "an unknown option" "$ALPBUILD" --archs arm64
like "$OUT" 'did you mean "--arch"' "the nearest option"
status 2 "an unknown letter" "$ALPBUILD" -x
status 2 "a missing value" "$ALPBUILD" build --arch
like "$OUT" "wants LIST" "what is missing"
status 2 "a value too many" "$ALPBUILD" build --offline=yes
status 2 "an unknown architecture" "$ALPBUILD" --arch mips
like "$OUT" "amd64, arm64, armv7" "the known ones"
status 4 "an unknown image" "$ALPBUILD" build alprc
like "$OUT" 'did you mean "alp_rc"' "the nearest image"
status 4 "a missing manifest" "$ALPBUILD" build --file "$TEST_TMP/none.json"
status 2 "an image and a file" "$ALPBUILD" build alp_rc --file manifests/alp_rc.json
status 2 "a mirror that is no URL" "$ALPBUILD" --mirror /srv/alpine
like "$OUT" "put file:// before it" "what to do about it"
status 2 "a channel that is none" "$ALPBUILD" --channel stable
status 2 "a compression that is none" "$ALPBUILD" --compress gzip:10
status 2 "no jobs" "$ALPBUILD" --jobs 0
status 2 "a version that is none" "$ALPBUILD" --alpine edge
status 4 "a keyring that is none" "$ALPBUILD" --keyring "$TEST_TMP/none"
status 2 "an epoch that is none" env SOURCE_DATE_EPOCH=now "$ALPBUILD" plan
status 2 "inspect without a file" "$ALPBUILD" inspect
status 4 "inspect of nothing" "$ALPBUILD" inspect "$TEST_TMP/none"
status 8 "inspect of something else" "$ALPBUILD" inspect LICENSE
status 2 "a format of check that is none" "$ALPBUILD" check --format xml LICENSE
like "$OUT" "text, json, sarif or codeclimate" "those that there are"
status 2 "two formats" "$ALPBUILD" check --json --format sarif LICENSE
status 2 "cache without an action" "$ALPBUILD" cache
status 2 "help on nothing known" "$ALPBUILD" help bulid
ok "cache size" "$ALPBUILD" cache size
is "$("$ALPBUILD" cache size --json | jq .bytes)" 0 "cache size --json"

json=$("$ALPBUILD" build alprc --json 2>"$TEST_TMP/err")
is "$(jq -c '[.error.kind,.error.status]' <<<"$json")" '["not-found",4]' \
	"--json prints the error"
like "$(cat "$TEST_TMP/err")" "^alpbuild: no image" "and stderr has it, too"
"$ALPBUILD" help >/dev/full 2>/dev/null
is $? 12 "output that cannot be written is a failure"

# libcurl is loaded when it is needed: one that does not fit is told.
gcc -shared -o "$TEST_TMP/libcurl.so.4" -x c /dev/null
LD_LIBRARY_PATH=$TEST_TMP status 5 "a libcurl without its functions" \
	"$ALPBUILD" fetch --mirror http://127.0.0.1:9
like "$OUT" "install libcurl" "what to install is named"

mkdir "$TEST_TMP/elsewhere"
cd "$TEST_TMP/elsewhere" || exit 1
status 0 "a manifest elsewhere finds the project's parts" env -C "$TOP/docs" \
	"$ALPBUILD" plan --arch arm64
like "$OUT" "\.\./rootfs-overlays/alp_rc" "from a folder below it"
done_testing
