#!/bin/bash
# SPDX-License-Identifier: MIT
# What a manifest says of the router: the plan tells it for people and for
# scripts, no byte of an image depends on it, and a volume that the image does
# not have ends the build with status 9.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need jq

export SOURCE_DATE_EPOCH=1750000000 LC_ALL=C

# manifest JQ: manifests/small.json, changed by a filter.
manifest() {
	jq -n --arg alpine "$ALPINE" '{name: "small", version: "1",
		alpine: $alpine, architectures: ["arm64", "armv7"],
		config: {entrypoint: ["/bin/sh"]}} | '"$1" \
		>"$PROJECT/manifests/small.json"
}

sums() { (cd "$PROJECT/dist" && sha256sum small-*.tar); }

use_mirror "$(mirrors | head -n 1)"
manifest .
ok "an image without it" build build small
plain=$(sums)
manifest '.routeros = {memory: "64MiB",
	ports: [{port: 22, forward: 2222, description: "SSH"},
		{port: 53, protocol: "udp"},
		{arch: ["arm"], value: {port: 80}}],
	volumes: [{path: "/srv", description: "your data"}],
	env: [{name: "TZ", default: "UTC"}, {name: "KEYS"}]}'
OUT=$(build plan small --arch armv7)
like "$OUT" '^    port        22/tcp \(port 2222 of the router\): SSH$' \
	"the plan tells ports"
like "$OUT" '^    port        53/udp$' "of UDP, too"
like "$OUT" '^    volume      /srv: your data$' "and volumes"
like "$OUT" '^    env         TZ=UTC$' "and variables"
like "$OUT" '^    env         KEYS$' "with and without default"
is "$(build plan small --arch armv7 --json |
	jq -cS '.images[0].architectures[0].routeros')" \
	'{"env":[{"default":"UTC","description":"","name":"TZ"},{"default":null,"description":"","name":"KEYS"}],"memory":67108864,"ports":[{"description":"SSH","forward":2222,"port":22,"protocol":"tcp"},{"description":"","forward":null,"port":53,"protocol":"udp"},{"description":"","forward":null,"port":80,"protocol":"tcp"}],"volumes":[{"description":"your data","path":"/srv"}]}' \
	"as JSON"
is "$(build plan small --arch arm64 --json |
	jq -c '[.images[0].architectures[0].routeros.ports[].port]')" \
	'[22,53]' "conditions go by architecture"
ok "an image with it" build build small --force
is "$(sums)" "$plain" "is the same"
manifest '.routeros.volumes = [{path: "/data"}]'
status 9 "a volume that is not in the image" build build small
like "$OUT" 'small.json:[0-9]+: routeros.volumes\[0\]: the volume /data is no directory of the image: make it by a rule in "paths"' \
	"it is named with the remedy"
is "$(sums)" "$plain" "and what was there stays"
manifest '.routeros.volumes = [{path: "/data"}] |
	.paths = [{path: "/data", type: "directory"}]'
ok "a rule makes it" build build small --force
done_testing
