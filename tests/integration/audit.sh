#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild audit: silent on what alpbuild builds, with the report and, where
# nobody changed what packages brought, without; it finds what was done to an
# image afterwards.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 jq

export LC_ALL=C SOURCE_DATE_EPOCH=1750000000

# tamper ARCHIVE OUT ACTION...: changes the layer of a classic archive, and
# the diff_id with it: mode PATH MODE, owner PATH UID, content PATH, drop PATH,
# add PATH, device PATH.
tamper() { python3 "$TOP/tests/lib/tamper.py" "$@"; }

audit() { "$ALPBUILD" audit "$@"; }

silent() {
	local name=$1
	shift
	status 0 "$name: no difference" audit -q "$@"
	is "$OUT" "" "$name: and no word"
}

# finds REGEX NAME ACTION...: in a copy without a report.
finds() {
	local want=$1 name=$2
	shift 2
	tamper "$IMAGE" "$WORK/changed.tar" "$@"
	status 17 "$name: exit status 17" audit "$WORK/changed.tar"
	like "$OUT" "^$want\$" "$name: is found"
}

# packages of the mirror, for a manifest.
write_manifest() {
	jq --arg name "$1" --argjson packages "$2" \
		'.name = $name | .packages = $packages | del(.services) |
		.formats = ["routeros", "oci", "oci-dir"] |
		.users = [{ "name": "audited", "uid": 4242 }] |
		.paths = [{ "path": "/etc/hosts", "mode": "0600" },
			{ "path": "/srv/audited", "type": "directory" }]' \
		"$PROJECT/manifests/alp_rc.json" >"$PROJECT/manifests/$1.json"
}

check_images() {
	local file
	for file in "$OUTPUT"/*.tar "$OUTPUT"/*.oci; do
		silent "$MIRROR_KIND: ${file##*/}" "$file"
	done
	status 0 "$MIRROR_KIND: several files and JSON" audit --json \
		"$OUTPUT"/*-arm*.tar
	is "$(jq -c '[.findings, (.images | length), .images[0].database]' \
		<<<"$OUT")" '[[],2,true]' "$MIRROR_KIND: JSON says the same"
}

# What a user may do to an image, with and without the report.
check_reports() {
	local report=${IMAGE%.tar}.report.json
	cp "$IMAGE" "$WORK/alone.tar"
	status 17 "without a report, rules are differences" \
		audit "$WORK/alone.tar"
	like "$OUT" 'no report beside it' "that there is none is said"
	silent "a report by name" --report "$report" "$WORK/alone.tar"
	cp "$report" "$WORK/changed.report.json"
	tamper "$IMAGE" "$WORK/changed.tar" mode bin/busybox 0777
	status 17 "a report of another layer does not fit" \
		audit "$WORK/changed.tar"
	like "$OUT" 'does not fit: it is of a layer sha256:' "and why"
	status 17 "nor by name" audit --report "$report" "$WORK/changed.tar"
	like "$OUT" 'no image has the layer' "and why, by name"
	rm "$WORK/changed.report.json"
}

# With a report made to fit, what is nobody's is found, too.
check_forged() {
	tamper "$IMAGE" "$WORK/forged.tar" add usr/bin/evil drop srv/audited
	jq --arg id "$(diff_id "$WORK/forged.tar")" '.diff_id = $id' \
		"${IMAGE%.tar}.report.json" >"$WORK/forged.report.json"
	status 17 "a forged report" audit "$WORK/forged.tar"
	like "$OUT" '^unowned usr/bin/evil: a file that neither' \
		"a file of nobody is found"
	like "$OUT" '^missing srv/audited: the report has it of manifest paths' \
		"what the report has and the image lacks is found"
}

diff_id() {
	tar -xOf "$1" "$(tar -xOf "$1" manifest.json | jq -r '.[0].Config')" |
		jq -r '.rootfs.diff_ids[0]'
}

check_tampering() {
	local busybox
	busybox=$("$ALPBUILD" inspect --files "$IMAGE" |
		grep -oE 'bin/busybox$' | head -n 1)
	finds "mode $busybox: the database says 0755 0:0, the image has 4755 0:0 \(package .*\)" \
		"a changed mode" mode "$busybox" 4755
	finds "owner $busybox: the database says 0755 0:0, the image has 0755 7:0 \(package .*\)" \
		"a changed owner" owner "$busybox" 7
	finds "content $busybox: the database says Q1.*, the image has Q1.* \(package .*\)" \
		"changed content" content "$busybox"
	finds "missing $busybox: the database has it, the image has not \(package .*\)" \
		"a dropped file" drop "$busybox"
	tamper "$IMAGE" "$WORK/device.tar" device dev/sda
	status 8 "a device" audit "$WORK/device.tar"
	like "$OUT" 'dev/sda is a device node' "a device is refused"
	tamper "$IMAGE" "$WORK/nodb.tar" drop lib/apk/db/installed
	status 0 "an image without database" audit "$WORK/nodb.tar"
	like "$OUT" 'no package database in it' "and that is said"
}

check_usage() {
	status 2 "a file is needed" audit
	status 4 "a file that is there" audit "$TEST_TMP/none.tar"
	status 4 "a report that is there" audit --report "$TEST_TMP/none" \
		"$IMAGE"
	echo '{}' >"$WORK/bad.json"
	status 3 "a report that is one" audit --report "$WORK/bad.json" "$IMAGE"
}

check_mirror() {
	MIRROR_KIND=$1
	use_mirror "$1"
	WORK=$TEST_TMP/work-$1
	OUTPUT=$PROJECT/out
	mkdir -p "$WORK"
	write_manifest audited "$2"
	status 0 "$1: builds" build build audited --output out
	IMAGE=$(echo "$OUTPUT"/audited-*-amd64.tar)
	check_images
	check_reports
	check_forged
	check_tampering
	check_usage
}

# Every shape of packages that there is.
check_cases() {
	local name file
	use_mirror fixture
	for name in $(python3 "$TOP/tests/lib/package_cases.py" list); do
		python3 "$TOP/tests/lib/package_cases.py" manifest "$name" \
			>"$PROJECT/manifests/$name.json"
		build build "$name" --arch all --output cases >/dev/null 2>&1 || {
			fail "$name: builds"
			continue
		}
		for file in "$PROJECT"/cases/"$name"-*.tar; do
			silent "${file##*/}" "$file"
		done
	done
}

check_mirror fixture '["webd", "chain-a", "links"]'
check_cases
have_real_mirror &&
	check_mirror real '["openrc", "busybox-openrc", "openssh-server"]'
done_testing
