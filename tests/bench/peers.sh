#!/bin/bash
# SPDX-License-Identifier: MIT
#
# peers.sh PEER ROOTFS OVERLAY OUTPUT WORK
#
# The same work by others: the minirootfs ROOTFS (.tar.gz) and the folder
# OVERLAY become one image of one layer, written to OUTPUT. WORK is an empty
# folder for whatever the peer keeps. Names that end in -oci write an OCI
# image layout with a gzip layer, the others a docker-archive, as alpbuild
# does for RouterOS.
set -euo pipefail

rootfs=$2 overlay=$3 output=$4 work=$5

# The peers that keep images: their storage, and what works without a
# kernel's help, is below WORK.
storage=(--root "$work/storage" --runroot "$work/run" --storage-driver vfs)

# One tar of both. Tools reject a path that is in it twice, so the overlay's
# top folders are named, not ".".
merged_tar() {
	local names
	gzip -dc "$rootfs" >"$1"
	names=$(ls "$overlay")
	# shellcheck disable=SC2086
	tar -rf "$1" --sort=name --owner=0 --group=0 --numeric-owner \
		-C "$overlay" $names
}

peer_buildah() {
	local b=(buildah "${storage[@]}") container
	container=$("${b[@]}" from scratch)
	"${b[@]}" add "$container" "$rootfs" /
	"${b[@]}" copy "$container" "$overlay" /
	"${b[@]}" config --cmd /bin/sh "$container"
	"${b[@]}" commit --format docker --disable-compression "$container" \
		"docker-archive:$output:bench:1"
	"${b[@]}" rm "$container"
}

peer_podman() {
	local p=(podman "${storage[@]}")
	merged_tar "$work/layer.tar"
	"${p[@]}" import --change 'CMD ["/bin/sh"]' "$work/layer.tar" bench:1
	"${p[@]}" save --format docker-archive --output "$output" bench:1
}

umoci_image() {
	merged_tar "$work/layer.tar"
	umoci init --layout "$work/oci"
	umoci new --image "$work/oci:bench"
	umoci raw add-layer --image "$work/oci:bench" "$work/layer.tar"
	umoci config --image "$work/oci:bench" --config.cmd /bin/sh
}

peer_umoci() {
	umoci_image
	skopeo copy "oci:$work/oci:bench" "docker-archive:$output:bench:1"
}

peer_umoci-oci() {
	umoci_image
	skopeo copy "oci:$work/oci:bench" "oci-archive:$output:bench"
}

hex_of() { sha256sum "$1" | cut -d' ' -f1; }

write_config() {
	jq -nc --arg id "sha256:$1" '{architecture: "amd64", os: "linux",
		config: {Cmd: ["/bin/sh"]},
		rootfs: {type: "layers", diff_ids: [$id]}}'
}

peer_shell() {
	local layer config
	merged_tar "$work/layer.tar"
	layer=$(hex_of "$work/layer.tar")
	mkdir "$work/$layer"
	mv "$work/layer.tar" "$work/$layer/layer.tar"
	write_config "$layer" >"$work/config"
	config=$(hex_of "$work/config")
	mv "$work/config" "$work/$config.json"
	jq -nc --arg config "$config.json" --arg layer "$layer/layer.tar" \
		'[{Config: $config, RepoTags: ["bench:1"], Layers: [$layer]}]' \
		>"$work/manifest.json"
	tar -cf "$output" --owner=0 --group=0 --numeric-owner -C "$work" \
		manifest.json "$config.json" "$layer/layer.tar"
}

# put_blob FILE: moves it to its place; prints {digest, size}.
put_blob() {
	local hex
	hex=$(hex_of "$1")
	jq -nc --arg digest "sha256:$hex" --argjson size "$(stat -c %s "$1")" \
		'{$digest, $size}'
	mv "$1" "$work/oci/blobs/sha256/$hex"
}

# shell_oci COMPRESSOR...
shell_oci() {
	local oci=application/vnd.oci.image layer config manifest
	mkdir -p "$work/oci/blobs/sha256"
	merged_tar "$work/layer.tar"
	write_config "$(hex_of "$work/layer.tar")" >"$work/config"
	"$@" -n -6 -c "$work/layer.tar" >"$work/layer"
	layer=$(put_blob "$work/layer")
	config=$(put_blob "$work/config")
	jq -nc --argjson layer "$layer" --argjson config "$config" \
		--arg oci "$oci" '{schemaVersion: 2,
		config: ($config + {mediaType: ($oci + ".config.v1+json")}),
		layers: [$layer + {mediaType: ($oci + ".layer.v1.tar+gzip")}]}' \
		>"$work/manifest"
	manifest=$(put_blob "$work/manifest")
	jq -nc --argjson manifest "$manifest" --arg oci "$oci" \
		'{schemaVersion: 2, manifests: [$manifest +
		{mediaType: ($oci + ".manifest.v1+json"),
		annotations: {"org.opencontainers.image.ref.name": "bench"}}]}' \
		>"$work/oci/index.json"
	echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci/oci-layout"
	tar -cf "$output" --owner=0 --group=0 --numeric-owner -C "$work/oci" \
		oci-layout index.json blobs
}

peer_shell-gzip-oci() { shell_oci gzip; }
peer_shell-pigz-oci() { shell_oci pigz; }

"peer_$1"
