#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# Services of a manifest: links in runlevels, for each architecture, out of
# what is inherited and of conditions; what OpenRC could not start fails the
# build with status 9 and says so; what OpenRC does by itself does not.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need jq

export SOURCE_DATE_EPOCH=1750000000 LC_ALL=C

# manifest JQ: manifests/svc.json, made of a small image by a filter.
manifest() {
	jq -n --arg alpine "$ALPINE" '{name: "svc", version: "1",
		alpine: $alpine, architectures: ["amd64", "arm64", "armv7"],
		overlays: ["openrc", "own"],
		packages: ["openrc", "busybox-openrc"],
		services: {boot: ["routeros"], default: ["crond", "own"]},
		config: {entrypoint: ["/sbin/init"]}} | '"$1" \
		>"$PROJECT/manifests/svc.json"
}

# script NAME TEXT: an init script of the overlay "own".
script() {
	printf '#!/sbin/openrc-run\n%s\n' "$2" \
		>"$PROJECT/rootfs-overlays/own/etc/init.d/$1"
	chmod 755 "$PROJECT/rootfs-overlays/own/etc/init.d/$1"
}

# links ARCH: RUNLEVEL/NAME -> TARGET of the image, a line each.
links() {
	local tar=$PROJECT/dist/svc-v$ALPINE-1-$1.tar
	tar -xOf "$tar" "$(tar -xOf "$tar" manifest.json |
		jq -r '.[0].Layers[0]')" | tar -tvf - |
		sed -n 's|^l.* etc/runlevels/\(.*\)$|\1|p' | sort
}

fails() {
	status 9 "$1" build build svc --arch amd64
	like "$OUT" "$2" "$1: it is named"
	unlike "$OUT" "Sanitizer" "$1: cleanly"
}

makes_links() {
	manifest '.services.default += [{arch: ["arm"], value: "local"}]'
	ok "$1: images with services" build build svc
	is "$(links amd64)" "boot/routeros -> /etc/init.d/routeros
default/crond -> /etc/init.d/crond
default/own -> /etc/init.d/own" "$1: links by runlevel"
	is "$(links arm64)" "$(links amd64)" "$1: the same elsewhere"
	is "$(links armv7)" "$(links amd64 | sed '2a\
default/local -> /etc/init.d/local')" "$1: conditions by architecture"
	jq '{name: "svc", extends: "base.json",
		services: {default: ["local", "own"], nonetwork: ["own"]}}' \
		-n >"$PROJECT/manifests/extending"
	mv "$PROJECT/manifests/svc.json" "$PROJECT/manifests/base.json"
	mv "$PROJECT/manifests/extending" "$PROJECT/manifests/svc.json"
	status 11 "$1: other services are another image" \
		build build svc --arch amd64
	ok "$1: and are built" build build svc --arch amd64 --force
	is "$(links amd64 | tr '\n' ' ')" "boot/routeros -> \
/etc/init.d/routeros default/crond -> /etc/init.d/crond default/local -> \
/etc/init.d/local default/own -> /etc/init.d/own nonetwork/own -> \
/etc/init.d/own " "$1: what is inherited stays, once"
	OUT=$(build plan svc --arch amd64)
	like "$OUT" "^    service     own \(nonetwork\)$" "$1: the plan tells"
	is "$(build plan svc --arch amd64 --json | jq -c \
		'.images[0].architectures[0].services')" \
		'{"boot":["routeros"],"default":["crond","own","local"],"nonetwork":["own"]}' \
		"$1: as JSON too"
	rm "$PROJECT/manifests/base.json"
}

refuses() {
	manifest '.services.default += ["cron"]'
	fails "$1: a service without init script" \
		"svc.json:[0-9]+: services.default\[2\]: service cron: /etc/init.d/cron is not in the image, did you mean /etc/init.d/crond"
	manifest '.services.default += ["hwclock"]'
	fails "$1: a keyword of rc_sys" \
		"service hwclock has the keyword -lxc and /etc/rc.conf says rc_sys=\"lxc\""
	manifest '.services.default += ["bad"]'
	script bad 'depend() { need net noting; }'
	fails "$1: a need that nothing provides" \
		"service bad needs noting, and no init script"
	printf '#!/bin/sh\n' >"$PROJECT/rootfs-overlays/own/etc/init.d/bad"
	fails "$1: a script that is not OpenRC's" \
		"/etc/init.d/bad is no init script of OpenRC"
	chmod 644 "$PROJECT/rootfs-overlays/own/etc/init.d/bad"
	fails "$1: a script that is not executable" "is not executable"
	rm "$PROJECT/rootfs-overlays/own/etc/init.d/bad"
	manifest '.packages = [] | .overlays = ["own"] |
		.services = {default: ["own"]}'
	fails "$1: no OpenRC" "/sbin/openrc-run is not in the image"
}

allows() {
	manifest '.services.default += ["syslog"]'
	ok "$1: needs that a keyword takes away" \
		build build svc --arch amd64 --force
	manifest '.overlays = ["own"] | .services = {default: ["syslog"]}'
	OUT=$(build build svc --arch amd64 --force 2>&1)
	is $? 0 "$1: without rc_sys it is built"
	like "$OUT" "warning: .*which is not for containers.*rc_sys=\"lxc\"" \
		"$1: with a warning"
	jq 'del(.services.default[0])' "$PROJECT/manifests/svc.json" \
		>"$PROJECT/manifests/none.json"
	mv "$PROJECT/manifests/none.json" "$PROJECT/manifests/svc.json"
	ok "$1: no services" build build svc --arch amd64 --force
	is "$(links amd64)" "" "$1: no links"
}

for mirror in $(mirrors); do
	use_mirror "$mirror"
	mkdir -p "$PROJECT/rootfs-overlays/own/etc/init.d"
	script own 'depend() {
	need net localmount
	use logger
	[ ! -f /etc/x ] || need something-else
}'
	makes_links "$mirror"
	refuses "$mirror"
	allows "$mirror"
done
done_testing
