#!/bin/bash
# SPDX-License-Identifier: MIT
# A lock on a mirror that moves on: Alpine replaces packages and deletes the old
# revisions. What `outdated` says, what `lock --update` leaves as it is, and
# what still builds.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 jq

export SOURCE_DATE_EPOCH=1700000000
use_mirror fixture
LOCK=$PROJECT/manifests/moves.lock.json
jq -n --arg alpine "$ALPINE" '{name: "moves", version: "0.0.1",
	alpine: $alpine, architectures: ["amd64", "armv7"],
	repositories: ["main"], packages: ["chain-a"],
	config: {entrypoint: ["/sbin/init"]}}' >"$PROJECT/manifests/moves.json"

# locked ARCH: "name version" of all its packages.
locked() {
	jq -r --arg arch "$1" '.architectures[$arch].packages[] |
		"\(.name) \(.version)"' "$LOCK" | sort
}
sums() { (cd "$PROJECT/$1" && sha256sum -- *.tar); }

ok "the first lock" build lock moves
ok "a build of it" build build moves --locked --output first
WANT=$(sums first)
cp "$LOCK" "$TEST_TMP/first.json"
OLD='chain-a 1.0-r0
chain-b 1.0-r0
chain-c 2.1-r3'
is "$(locked amd64)" "$OLD" "it has the chain"

# The mirror moves on.
MOVED=$TEST_TMP/moved
mkdir "$MOVED"
cp -rs "$FIXTURE/." "$MOVED/"
for arch in x86_64 armv7; do
	ok "$arch: newer packages" "$TOP/tests/lib/newer_packages.py" \
		"$MOVED/v0.0/main/$arch" chain-b=1.1-r0 chain-c=2.2-r3
done
MIRROR=file://$MOVED

OUT=$(build outdated moves 2>/dev/null)
for arch in amd64 armv7; do
	like "$OUT" "$arch +chain-b 1.0-r0 -> 1.1-r0" "$arch: outdated says what moved"
	like "$OUT" "$arch +chain-c 2.1-r3 -> 2.2-r3" "$arch: and all of it"
done
unlike "$OUT" "chain-a" "what did not move is not named"
is "$(build outdated moves --json 2>/dev/null | jq -c '[.changes[] |
	select(.arch == "armv7") | [.package, .from, .to]]')" \
	'[["chain-b","1.0-r0","1.1-r0"],["chain-c","2.1-r3","2.2-r3"]]' \
	"outdated --json"
ok "the lock stays as it was" cmp "$LOCK" "$TEST_TMP/first.json"

ok "a locked build, though the mirror lacks the files" \
	build build moves --locked --output second
is "$(sums second)" "$WANT" "has the same bytes"
status 4 "a cache that never had them cannot have them now" \
	build build moves --locked --cache "$TEST_TMP/empty" --output third
like "$OUT" "chain-[bc]-.*\.apk" "the file is named"

# Only what is asked for changes.
ok "an update without a reason" build lock --update moves
ok "changes nothing" cmp "$LOCK" "$TEST_TMP/first.json"
OUT=$(build lock --update moves chain-c 2>/dev/null)
is "$(grep -c -- '->' <<<"$OUT")" 2 "an update of one package tells one change for each architecture"
for arch in amd64 armv7; do
	is "$(locked $arch)" 'chain-a 1.0-r0
chain-b 1.0-r0
chain-c 2.2-r3' "$arch: it moves that package only"
done
ok "the updated lock builds" build build moves --locked --output fourth
OUT=$(tar -xOf "$PROJECT"/fourth/*-amd64.tar "$(tar -xOf "$PROJECT"/fourth/*-amd64.tar \
	manifest.json | jq -r '.[0].Layers[0]')" | tar -xO lib/apk/db/installed)
like "$OUT" "^V:2.2-r3" "the image has the new one"
unlike "$OUT" "^V:1.1-r0" "and no other"
jq '.packages += ["commune"] | .repositories += ["community"]' \
	"$PROJECT/manifests/moves.json" >"$TEST_TMP/more.json"
cp "$TEST_TMP/more.json" "$PROJECT/manifests/moves.json"
ok "an update for a new word" build lock --update moves
is "$(locked amd64)" 'chain-a 1.0-r0
chain-b 1.0-r0
chain-c 2.2-r3
commune 1.0-r0' "adds what is new and keeps the rest"
status 4 "an update of what is not locked" build lock --update moves nonsense
like "$OUT" '"nonsense" is neither an image nor a package' "says so"

ok "a new lock" build lock moves
is "$(locked armv7)" 'chain-a 1.0-r0
chain-b 1.1-r0
chain-c 2.2-r3
commune 1.0-r0' "takes all that is new"
like "$(build outdated moves 2>/dev/null)" "nothing is outdated" "and nothing is outdated"
done_testing
