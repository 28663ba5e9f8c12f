#!/bin/bash
# SPDX-License-Identifier: MIT
# Locks and vendored builds: `alpbuild lock`, `lock --update`, `outdated`,
# `vendor`, `build --locked` and `--vendor`: always the same bytes as the first
# build, without indexes, from another mirror, without any mirror.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 cmp jq

export SOURCE_DATE_EPOCH=1700000000
STATUS_LOCK=16
STATUS_OFFLINE=6

# write_manifest WORD...: an image "locked" that wants these packages.
write_manifest() {
	jq -n --arg alpine "$ALPINE" '{name: "locked", version: "0.0.1",
		alpine: $alpine, architectures: ["amd64", "arm64", "armv7"],
		"arch-skew": "allow", repositories: ["main"],
		packages: $ARGS.positional, formats: ["routeros", "oci"],
		config: {entrypoint: ["/sbin/init"]}}' --args "$@" \
		>"$PROJECT/manifests/locked.json"
}

# sums DIR: of the images in it.
sums() { (cd "$1" && sha256sum -- *.tar | grep -v vendor); }

# A mirror of links to all files of $MIRROR but the indexes, elsewhere.
make_copy() {
	COPY=$TEST_TMP/copy-$1
	mkdir -p "$COPY"
	cp -rs "${MIRROR#file://}/." "$COPY/"
	find "$COPY" -name 'APKINDEX.tar.gz' -delete
}

check_lock_document() {
	local lock=$PROJECT/manifests/locked.lock.json
	ok "$1: the lock is JSON with sorted keys" \
		sh -c 'jq -S --indent 2 . "$1" | cmp - "$1"' - "$lock"
	is "$(jq -r '.architectures | keys | join(" ")' "$lock")" \
		"amd64 arm64 armv7" "$1: the lock has all architectures"
	is "$(jq -r '[.architectures[].packages[] | select(.step == "install")
		| select((.sha256 | length) != 64 or .size < 1
			or (.identity | startswith("Q1") | not)
			or (.required_by | length) < 1)] | length' "$lock")" 0 \
		"$1: each package has digest, size, identity and a reason"
	is "$(jq -r '.architectures.amd64.packages[] | select(.name == "openrc")
		| .required_by | index("world") != null' "$lock")" true \
		"$1: openrc is required by the world"
	ok "$1: the sizes and digests are the files'" python3 - "$lock" \
		"${MIRROR#file://}" <<-'END'
		import hashlib, json, sys
		lock = json.load(open(sys.argv[1]))
		n = 0
		for arch in lock["architectures"].values():
		    for item in [arch["minirootfs"]] + arch["packages"]:
		        if "path" not in item:
		            continue
		        data = open(sys.argv[2] + "/" + item["path"], "rb").read()
		        assert len(data) == item["size"], item
		        assert hashlib.sha256(data).hexdigest() == item["sha256"]
		        n += 1
		assert n > 6, n
	END
}

check_locked() {
	local want
	want=$(sums "$TEST_TMP/first-$1")
	CACHE=$TEST_TMP/cache-copy-$1
	MIRROR=file://$COPY
	ok "$1: a locked build needs no index" \
		build build locked --locked --output "$TEST_TMP/locked-$1"
	is "$(sums "$TEST_TMP/locked-$1")" "$want" \
		"$1: a locked build from another mirror gives the same bytes"
	status 4 "$1: without the lock there is no index to read" \
		build build locked --output "$TEST_TMP/none-$1"
	like "$OUT" 'APKINDEX.tar.gz' "$1: the missing index is named"
	MIRROR=file:///nowhere
	rm -rf "$TEST_TMP/locked-$1"
	ok "$1: a locked build is possible offline" build build locked \
		--locked --offline --output "$TEST_TMP/locked-$1"
	is "$(sums "$TEST_TMP/locked-$1")" "$want" \
		"$1: a locked build offline gives the same bytes"
}

check_vendor() {
	local want file
	want=$(sums "$TEST_TMP/first-$1")
	ok "$1: vendor packs everything" \
		build vendor locked --offline --output "$TEST_TMP/vendor-$1"
	file=$(echo "$TEST_TMP/vendor-$1"/*.vendor.tar)
	ok "$1: GNU tar reads the archive" tar -tf "$file"
	like "$(tar -tf "$file" | head -n 1)" '^locked.lock.json$' \
		"$1: the lock is the first entry"
	mkdir "$TEST_TMP/again-$1"
	(umask 077 && TZ=Asia/Tokyo build vendor locked --offline \
		--output "$TEST_TMP/again-$1" >/dev/null)
	ok "$1: the archive is reproducible" \
		cmp "$file" "$TEST_TMP/again-$1/${file##*/}"
	CACHE=$TEST_TMP/cache-vendor-$1
	mv "$PROJECT/manifests/locked.lock.json" "$TEST_TMP/lock-$1"
	ok "$1: a vendored build needs nothing else" build build locked \
		--vendor "$file" --output "$TEST_TMP/vendored-$1"
	mv "$TEST_TMP/lock-$1" "$PROJECT/manifests/locked.lock.json"
	is "$(sums "$TEST_TMP/vendored-$1")" "$want" \
		"$1: a vendored build gives the same bytes"
	check_bad_vendor "$1" "$file"
}

# edit_tar FROM TO PYTHON: changes (name, data) pairs of an archive.
edit_tar() {
	python3 - "$@" <<-'END'
		import io, sys, tarfile
		items = []
		with tarfile.open(sys.argv[1]) as tar:
		    for member in tar:
		        items.append([member.name, tar.extractfile(member).read()])
		exec(sys.argv[3])
		with tarfile.open(sys.argv[2], "w", format=tarfile.USTAR_FORMAT) as tar:
		    for name, data in items:
		        info = tarfile.TarInfo(name)
		        info.size = len(data)
		        tar.addfile(info, io.BytesIO(data))
	END
}

check_bad_vendor() {
	local bad=$TEST_TMP/bad.tar
	CACHE=$TEST_TMP/cache-bad-$1
	edit_tar "$2" "$bad" 'items[-1][1] = items[-1][1][:-1] + b"x"'
	status 7 "$1: an altered blob is refused" \
		build build locked --vendor "$bad" --output "$TEST_TMP/bad"
	edit_tar "$2" "$bad" 'items.pop()'
	status 8 "$1: an incomplete archive is refused" \
		build build locked --vendor "$bad" --output "$TEST_TMP/bad"
	edit_tar "$2" "$bad" 'items.append(["../x", b""])'
	status 8 "$1: a path that escapes is refused" \
		build build locked --vendor "$bad" --output "$TEST_TMP/bad"
	edit_tar "$2" "$bad" 'items.reverse()'
	status 8 "$1: an archive that does not begin with the lock is refused" \
		build build locked --vendor "$bad" --output "$TEST_TMP/bad"
}

check_changed_manifest() {
	write_manifest openrc busybox-openrc
	status $STATUS_LOCK "$1: a changed manifest is refused" \
		build build locked --locked --output "$TEST_TMP/changed"
	like "$OUT" '\+ busybox-openrc' "$1: the difference is told"
	like "$OUT" 'lock --update' "$1: and what to do"
	ok "$1: lock --update" build lock --update locked
	is "$(jq -r '.architectures.arm64.packages[].name' \
		"$PROJECT/manifests/locked.lock.json" | grep -c '^busybox-openrc$')" \
		1 "$1: the update has the new package"
	ok "$1: the updated lock builds" \
		build build locked --locked --output "$TEST_TMP/updated-$1"
	ok "$1: as the indexes do" \
		build build locked --output "$TEST_TMP/anew-$1"
	is "$(sums "$TEST_TMP/updated-$1")" "$(sums "$TEST_TMP/anew-$1")" \
		"$1: an updated lock gives the same bytes as a fresh choice"
	rm "$PROJECT/manifests/locked.lock.json"
	status $STATUS_LOCK "$1: no lock, no locked build" \
		build build locked --locked --output "$TEST_TMP/changed"
}

check_mirror() {
	use_mirror "$1"
	write_manifest openrc
	ok "$1: the first build" \
		build build locked --output "$TEST_TMP/first-$1"
	ok "$1: lock" build lock locked
	check_lock_document "$1"
	like "$(build lock locked)" 'unchanged' "$1: locking again changes nothing"
	like "$(build outdated locked)" 'nothing is outdated' \
		"$1: nothing is outdated"
	make_copy "$1"
	status $STATUS_OFFLINE "$1: an empty cache, offline, no mirror" \
		env ALPBUILD_MIRROR=https://mirror.invalid bash -c \
		'cd "$1" && "$2" build locked --locked --offline --cache "$3"' - \
		"$PROJECT" "$ALPBUILD" "$TEST_TMP/cache-empty"
	(check_locked "$1"; echo "$tap_n $tap_failed" >"$TEST_TMP/count")
	read -r tap_n tap_failed <"$TEST_TMP/count"
	(check_vendor "$1"; echo "$tap_n $tap_failed" >"$TEST_TMP/count")
	read -r tap_n tap_failed <"$TEST_TMP/count"
	check_changed_manifest "$1"
}

for m in $(mirrors); do check_mirror "$m"; done
done_testing
