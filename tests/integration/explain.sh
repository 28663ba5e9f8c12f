#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild explain: lines as routers write them, found or not.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need jq

status 0 "a line of a log" "$ALPBUILD" explain \
	'container,error download/extract error: could not load next layer'
like "$OUT" '^could not load next layer$' "what it is"
like "$OUT" 'is compressed' "its cause"
like "$OUT" 'Rules of alpbuild check that find it: layer-gzip, ' "the rules that find it"
is "$(awk 'length > 80' <<<"$OUT")" "" "it fits 80 columns"
status 0 "words without quotes" "$ALPBUILD" explain exec format error
like "$OUT" '^Exec format error$' "are one text"
status 0 "several messages in a log" "$ALPBUILD" explain --json "auth error
execvpe /x: No such file or directory"
is "$(jq -c '[.messages[].message]' <<<"$OUT")" \
	'["execvpe: No such file or directory","auth error"]' "all are found"
is "$(jq -c '.messages[0] | keys' <<<"$OUT")" \
	'["cause","message","remedy","rules","versions"]' "the form of JSON"
status 4 "a text that says nothing" "$ALPBUILD" explain 'all is well'
like "$OUT" '^  could not load next layer$' "the known ones are listed"
status 2 "no text" "$ALPBUILD" explain

# What check says of a router is what explain explains.
while IFS= read -r message; do
	status 0 "explained: $message" "$ALPBUILD" explain "$message"
done < <(sed -n 's/^The router says: //p' "$TOP/docs/checks.md" |
	grep -o '`[^`]*`' | tr -d '`' | sort -u)

done_testing
