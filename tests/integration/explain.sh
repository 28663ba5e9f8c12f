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

# explained TEXT MESSAGE...: alone, and as a line of a log among others.
explained() {
	local text=$1 log
	shift
	log="2026-09-06 11:36:21 system,info router rebooted
2026-09-06 11:36:24 container,error,debug alp_rc: $text
2026-09-06 11:36:25 interface,info ether1 link up"
	is "$("$ALPBUILD" explain --json "$text" | jq -r '.messages[].message' | paste -sd '|')" \
		"$(printf '%s\n' "$@" | paste -sd '|')" "explained: $text"
	is "$("$ALPBUILD" explain --json "$log" | jq -c .messages)" \
		"$("$ALPBUILD" explain --json "$text" | jq -c .messages)" "in a log: $text"
}

# As routers and those who report of them write it.
NO_FILE='execvpe: No such file or directory'
explained 'could not find image manifest in archive' 'could not find image manifest in archive'
explained 'no manifest.json in archive' 'could not find image manifest in archive'
explained 'download/extract error: no config found in manifest' 'no config found in manifest'
explained 'download/extract error: could not load next layer' 'could not load next layer'
explained 'child spawn failed: container run error' 'child spawn failed: container run error'
explained 'exited with status 255' 'exited with status 255'
explained 'failed to extract layer' 'failed to extract layer'
explained 'was unable to import, container 5e1b2c3d' 'failed to extract layer'
explained 'failure: could not add' 'failure: could not add'
explained 'exited with status 255: execvpe /x: No such file or directory' \
	"$NO_FILE" 'exited with status 255'
explained 'execve: /x: No such file or directory' "$NO_FILE"
explained 'execvp /x' "$NO_FILE"
explained 'Exec format error' 'Exec format error'
explained 'exited with signal 4 (Illegal instruction)' \
	'exited with signal 4 (Illegal instruction)'
explained 'import error: fetch manifest failed: no manifest found for this architecture' \
	'no manifest found for this architecture'
explained 'layer 4f2a/layer missing, need repull' 'layer missing, need repull'
explained 'error getting layer file' 'layer missing, need repull'
explained 'root-dir overlap with usb1/alp' 'root-dir overlap'
explained 'failure: No file or remote-image' 'No file or remote-image'
explained 'auth error' 'auth error'
explained 'not allowed by device-mode' 'not allowed by device-mode'
explained 'bad parameter mounts' 'bad parameter'
is "$("$ALPBUILD" explain --json "$(printf 'x%.0s' $(seq 60000)) $(
	printf 'y%.0s' $(seq 60000)) auth error" | jq -r '.messages[].message')" \
	'auth error' "a long log is read to its end"
status 4 "a text that would steer the terminal" "$ALPBUILD" explain $'\e[31mred'
like "$OUT" 'in "\?\[31mred"' "is masked"

# What check says of a router is what explain explains.
while IFS= read -r message; do
	status 0 "explained: $message" "$ALPBUILD" explain "$message"
done < <(sed -n 's/^The router says: //p' "$TOP/docs/checks.md" |
	grep -o '`[^`]*`' | tr -d '`' | sort -u)

done_testing
