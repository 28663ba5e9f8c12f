#!/bin/bash
# SPDX-License-Identifier: MIT
# `alpbuild why`: the chain from the manifest to a package, and who made a file.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need jq

export SOURCE_DATE_EPOCH=1700000000
use_mirror fixture
jq -n --arg alpine "$ALPINE" '{name: "asked", version: "0.0.1",
	alpine: $alpine, architectures: ["amd64", "armv7"],
	repositories: ["main"], overlays: ["asked"],
	packages: ["chain-a", {arch: ["amd64"], value: "circle-a"}],
	paths: [{path: "/etc/asked", "mode": "0600"}],
	config: {entrypoint: ["/sbin/init"]}}' >"$PROJECT/manifests/asked.json"
mkdir -p "$PROJECT/rootfs-overlays/asked/etc" \
	"$PROJECT/rootfs-overlays/asked/usr/share/chain"
echo asked >"$PROJECT/rootfs-overlays/asked/etc/asked"
echo mine >"$PROJECT/rootfs-overlays/asked/usr/share/chain/b"
echo '{"description": "files to ask about"}' \
	>"$PROJECT/rootfs-overlays/asked/overlay.json"

why() { build why asked "$@" --quiet; }

is "$(why chain-c --arch armv7 2>/dev/null)" "armv7: chain-c-2.1-r3
  the world has chain-a
  chain-a-1.0-r0 requires chain-b
  chain-b-1.0-r0 requires chain-c>=2" "the chain, from the manifest down"
is "$(why chain-a --json 2>/dev/null | jq -c '[.answers[] |
	[.arch, .package, .chain[0].by, .chain[0].word]]')" \
	'[["amd64","chain-a-1.0-r0","the world","chain-a"],["armv7","chain-a-1.0-r0","the world","chain-a"]]' \
	"a word of the manifest, as JSON"
OUT=$(why circle-b 2>/dev/null)
like "$OUT" "circle-a-1.0-r0 requires circle-b" "a circle ends"
like "$OUT" "armv7: not in the image" "an architecture without it is told"
OUT=$(build why openssh-server-common-openrc --arch amd64 --quiet 2>/dev/null)
like "$OUT" "install_if has" "a package that came by its own rule"

like "$(why /usr/share/chain/c 2>/dev/null)" "made by package chain-c" \
	"a file of a package"
OUT=$(why /usr/share/chain/b --arch amd64 2>/dev/null)
like "$OUT" "made by overlay asked" "a file of an overlay"
like "$OUT" "the database of packages names chain-b-1.0-r0" "over one of a package"
OUT=$(why /etc/asked 2>/dev/null)
like "$OUT" "0600 0:0" "a rule's mode"
like "$OUT" "made by manifest paths" "and whose it is"
like "$(why /bin/busybox 2>/dev/null)" "made by minirootfs" "a file of the minirootfs"
is "$(why /usr/share/chain/b --json 2>/dev/null |
	jq -c '.answers[0] | [.origin, .owner, .mode]')" \
	'["overlay asked","chain-b-1.0-r0","0644"]' "a path as JSON"

status 4 "a package that is not there" why no-such
like "$OUT" "image asked has no package no-such" "is named"
status 4 "a path that is not there" why /no/such
status 2 "nothing asked" build why
status 2 "too much asked" build why a b c
status 4 "an image that does not exist" build why nobody chain-a
done_testing
