#!/bin/bash
# SPDX-License-Identifier: MIT
# The main job: three architectures from a mirror, and what the files hold, by
# the word of foreign readers: GNU tar, python's tarfile, skopeo, umoci.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 skopeo umoci jq

EPOCH=1750000000
export SOURCE_DATE_EPOCH=$EPOCH

# expect_tree ARCH FOUND [EPOCH]
expect_tree() {
	local inputs
	mapfile -t inputs < <(default_packages "$1"
		jq -r --arg folder "$PROJECT/rootfs-overlays/" '
			(.overlays[] | $folder + .),
			((.services // {}) | to_entries[] |
				"service=" + .key + "/" + .value[])' \
			"$PROJECT/manifests/alp_rc.json")
	python3 "$TOP/tests/lib/expect_tree.py" "$(minirootfs_of "$1")" \
		"${inputs[@]}" -- "$2" "${@:3}"
}

# The one archive form that every RouterOS imports, byte by byte of its outside.
check_routeros_archive() {
	local arch=$1 tar=$2 dir=$TEST_TMP/x-$1 list config layer digest
	list=$(tar -tvf "$tar" --numeric-owner)
	config=$(tar -xOf "$tar" manifest.json | jq -r '.[0].Config')
	layer=$(tar -xOf "$tar" manifest.json | jq -r '.[0].Layers[0]')
	is "$(awk '{print $NF}' <<<"$list")" "manifest.json
$config
$layer" "$arch: three members, no others, in this order"
	is "$(awk '{print $1, $2}' <<<"$list" | sort -u)" "-rw-r--r-- 0/0" \
		"$arch: members are plain files 0644 of 0:0"
	is "$(tar -tf "$tar" --full-time -v | awk '{print $4, $5}' | sort -u)" \
		"$(date -u -d "@$EPOCH" '+%F %T')" "$arch: members have the epoch's time"
	mkdir "$dir"
	tar -xf "$tar" -C "$dir"
	is "$(sha256sum <"$dir/$config" | cut -d' ' -f1).json" "$config" \
		"$arch: the config is named by its digest"
	digest=$(sha256sum <"$dir/$layer" | cut -d' ' -f1)
	is "$digest/layer.tar" "$layer" "$arch: the layer is named by its digest"
	is "$(jq -r '.rootfs.diff_ids | join(" ")' "$dir/$config")" "sha256:$digest" \
		"$arch: the config's only diff_id is the layer's digest"
	is "$(jq -c . "$dir/manifest.json")" \
		"[{\"Config\":\"$config\",\"RepoTags\":[\"alp_rc:v$ALPINE-0.0.1\"],\"Layers\":[\"$layer\"]}]" \
		"$arch: manifest.json says nothing else"
	is "$(head -c 262 "$dir/$layer" | tail -c 5)" ustar "$arch: the layer is raw ustar"
	is "$(tar -tf "$dir/$layer" | grep -cE '^\.?/|(^|/)\.wh\.')" 0 \
		"$arch: no ./, no absolute name, no whiteout in the layer"
	ok "$arch: the tree is minirootfs and overlay, by python's tarfile" \
		expect_tree "$arch" "$dir/$layer" "$EPOCH"
	mv "$dir/$layer" "$TEST_TMP/layer-$arch.tar"
	cp "$dir/$config" "$TEST_TMP/config-$arch.json"
}

check_platform() {
	local arch=$1 want
	case $arch in
	amd64) want='["amd64",null]' ;;
	arm64) want='["arm64","v8"]' ;;
	armv7) want='["arm","v7"]' ;;
	esac
	is "$(jq -c '[.architecture,.variant]' "$TEST_TMP/config-$arch.json")" "$want" \
		"$arch: platform of the config"
	is "$(jq -r .created "$TEST_TMP/config-$arch.json")" \
		"$(date -u -d "@$EPOCH" +%FT%TZ)" "$arch: created is the epoch"
	is "$(jq -c '.config.Labels | [."org.opencontainers.image.title",
		."org.opencontainers.image.version",
		."org.opencontainers.image.created"]' "$TEST_TMP/config-$arch.json")" \
		"[\"alp_rc\",\"0.0.1\",\"$(date -u -d "@$EPOCH" +%FT%TZ)\"]" \
		"$arch: standard labels"
}

# umoci unpacks what skopeo made of our archive.
check_umoci() {
	local arch=$1 from=$2 root=() dir=$TEST_TMP/umoci-$1
	[ "$(id -u)" = 0 ] || root=(--rootless)
	rm -rf "$dir" "$dir.oci"
	ok "$arch: skopeo copies $from" skopeo copy --quiet "$3" "$4" "$5" "oci:$dir.oci:x"
	ok "$arch: umoci unpacks it" umoci unpack "${root[@]}" --image "$dir.oci:x" "$dir"
	ok "$arch: umoci's files are minirootfs and overlay" \
		expect_tree "$arch" "$dir/rootfs"
}

check_readers() {
	local arch=$1 tar=$2 oci=$3 name variant
	name=$(jq -r .architecture "$TEST_TMP/config-$arch.json")
	variant=$(jq -r '.variant // ""' "$TEST_TMP/config-$arch.json")
	is "$(skopeo inspect --config "docker-archive:$tar" | jq -r .architecture)" \
		"$name" "$arch: skopeo inspects the docker-archive"
	check_umoci "$arch" docker-archive --override-arch "$name" "docker-archive:$tar"
	is "$(skopeo inspect --config --override-arch "$name" \
		${variant:+--override-variant "$variant"} "oci-archive:$oci" |
		jq -cS '[.architecture,.variant,.rootfs]')" \
		"$(jq -cS '[.architecture,.variant,.rootfs]' "$TEST_TMP/config-$arch.json")" \
		"$arch: skopeo finds its config in the OCI layout"
	check_umoci "$arch" oci-archive --override-arch "$name" "oci-archive:$oci"
}

for kind in $(mirrors); do
	use_mirror "$kind"
	echo "# $kind mirror"
	out=$(build build --arch all --output out 2>&1)
	is $? 0 "$kind: builds all architectures" || echo "$out"
	cd "$PROJECT/out" || exit 1
	oci=$PWD/alp_rc-v$ALPINE-0.0.1.oci.tar
	is "$(ls)" "SHA256SUMS
alp_rc-v$ALPINE-0.0.1-amd64.report.json
alp_rc-v$ALPINE-0.0.1-amd64.tar
alp_rc-v$ALPINE-0.0.1-arm64.report.json
alp_rc-v$ALPINE-0.0.1-arm64.tar
alp_rc-v$ALPINE-0.0.1-armv7.report.json
alp_rc-v$ALPINE-0.0.1-armv7.tar
alp_rc-v$ALPINE-0.0.1.oci.tar" "$kind: the files, and nothing else"
	ok "$kind: SHA256SUMS holds" sha256sum --strict --quiet -c SHA256SUMS
	is "$(wc -l <SHA256SUMS)" 7 "$kind: SHA256SUMS lists all"
	like "$out" "v$ALPINE-0.0.1  sha256:[0-9a-f]{64}" "$kind: tag and digest are printed"
	for arch in amd64 arm64 armv7; do
		tar=$PWD/alp_rc-v$ALPINE-0.0.1-$arch.tar
		check_routeros_archive "$arch" "$tar"
		check_platform "$arch"
		check_readers "$arch" "$tar" "$oci"
		rm -rf "$TEST_TMP"/x-* "$TEST_TMP"/umoci-* "$TEST_TMP"/*.tar
	done
	cd "$TOP" || exit 1
done
have_real_mirror || skip "real Alpine" "ALPBUILD_TEST_MIRROR is not set"
done_testing
