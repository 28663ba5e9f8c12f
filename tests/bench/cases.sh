# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# cases.sh: what is measured. Each case is prepared, measured, checked. One
# call of small_cases or big_cases is one run of each, so that whatever
# disturbs the machine disturbs all of them alike.
#
# Labels: warm1 (data tar in the cache), cold1 (empty cache), fresh1 (nothing
# changed), warm3 (three architectures), gzip1 (OCI, the layer is compressed),
# gzip1-cached (it is in the cache), start; floor-*; peers by their names;
# those of packages.sh.
# shellcheck disable=SC2034 # run.sh and lib.sh use what is set here

ALPINE_ARCHS=(x86_64 aarch64 armv7)
declare -A CHECKED # peers whose image was looked into

alpbuild() {
	local label=$1 cache=$2
	shift 2
	measured "$label" "$ALPBUILD" build -q --mirror "file://$MIRROR" \
		--cache "$cache" --output "$W/out/$label" "$@"
}

# archive LABEL NAME ARCH
archive() { echo "$W/out/$1/$2-v$ALPINE-1-$3.tar"; }

rootfs_of() {
	echo "$MIRROR/v${ALPINE%.*}/releases/$1/alpine-minirootfs-$ALPINE-$1.tar.gz"
}

# Builds all once: fills the cache, and gives what recipes are made from.
prepare_small() {
	local i=0 arch LOG=/dev/null
	mkdir "$W/out"
	alpbuild warm3 "$W/cache" small --arch all
	cp -R "$W/cache" "$W/cache.tars"
	for arch in amd64 arm64 armv7; do
		make_recipe small "$arch" "${ALPINE_ARCHS[i]}" \
			"$(archive warm3 small "$arch")"
		check_diff_id "$(archive warm3 small "$arch")"
		same "small-$arch" "$(archive warm3 small "$arch")"
		i=$((i + 1))
	done
	SMALL_BYTES=$(stat -c %s "$(archive warm3 small amd64)")
	paths_of "$(archive warm3 small amd64)" >"$W/small-paths.txt"
	CALLS=
	if has strace; then
		rm -rf "$W/out/warm3"
		CALLS=$(system_calls "$ALPBUILD" build -q --arch amd64 \
			--mirror "file://$MIRROR" --cache "$W/cache" \
			--output "$W/out/warm3" small)
	fi
	prepare_packages
	small_cases
	[ -n "$quick" ] || small_peers
}

# make_recipe NAME ARCH ALPINE-ARCH ARCHIVE [OVERLAY]
make_recipe() {
	local data=$W/data-$3.tar
	[ -e "$data" ] || gzip -dc "$(rootfs_of "$3")" >"$data"
	mkdir -p "$W/recipe/$1-$2"
	"$BIN/recipe" "$4" "$data" \
		"$W/project/rootfs-overlays/${5:-$1}" \
		"$W/recipe/$1-$2"
}

# floor LABEL MODE NAME [INPUT]: one architecture.
floor() {
	local input=$W/data-${4:-x86_64}.tar
	[ "$2" != gunzip ] || input=$(rootfs_of x86_64)
	rm -f "$W/floor.out"
	measured "$1" "$BIN/floor" "$2" "${THREADS:-1}" \
		"$W/recipe/$3-amd64" "$input" "$W/floor.out"
}

small_cases() {
	export FLOOR_SYNC=1
	rm -rf "$W/out/warm1"
	alpbuild warm1 "$W/cache" small --arch amd64
	same small-amd64 "$(archive warm1 small amd64)"
	floor floor-warm1 copy small
	same small-amd64 "$W/floor.out"
	floor_unsynced
	rm -rf "$W/out/cold1" "$W/cache.cold"
	alpbuild cold1 "$W/cache.cold" small --arch amd64
	same small-amd64 "$(archive cold1 small amd64)"
	floor floor-cold1 gunzip small
	same small-amd64 "$W/floor.out"
	three_architectures
	gzip_layer
	alpbuild_fresh
	packages_cases
	measured start "$ALPBUILD" --version
}

floor_unsynced() {
	unset FLOOR_SYNC
	floor floor-warm1-unsynced copy small
	same small-amd64 "$W/floor.out"
	export FLOOR_SYNC=1
}

three_architectures() {
	local arch args=() i=0
	rm -rf "$W/out/warm3" "$W/floor3"
	alpbuild warm3 "$W/cache" small --arch all
	mkdir "$W/floor3"
	for arch in amd64 arm64 armv7; do
		args+=("$W/recipe/small-$arch" "$W/data-${ALPINE_ARCHS[i]}.tar"
			"$W/floor3/$arch")
		i=$((i + 1))
	done
	measured floor-warm3 "$BIN/floor" copy "$(nproc)" "${args[@]}"
	for arch in amd64 arm64 armv7; do
		same "small-$arch" "$(archive warm3 small "$arch")"
		same "small-$arch" "$W/floor3/$arch"
	done
}

# The layer is compressed when the cache has it not: only the data tars are
# there.
gzip_layer() {
	local oci=small-v$ALPINE-1-amd64.oci.tar
	rm -rf "$W/out/gzip1" "$W/out/gzip1-cached" "$W/cache.gzip"
	cp -R "$W/cache.tars" "$W/cache.gzip"
	alpbuild gzip1 "$W/cache.gzip" small --arch amd64 --format oci
	alpbuild gzip1-cached "$W/cache.gzip" small --arch amd64 --format oci
	same small-oci "$W/out/gzip1/$oci"
	same small-oci "$W/out/gzip1-cached/$oci"
	layer_of "$W/out/gzip1/$oci" >"$W/layer.tar"
	same small-layer "$W/layer.tar"
	THREADS=$(nproc) floor floor-gzip1 gzip small
	gzip -dc "$W/floor.out" >"$W/layer.tar"
	same small-layer "$W/layer.tar"
}

alpbuild_fresh() {
	[ -e "$W/out/fresh1" ] ||
		LOG=/dev/null alpbuild fresh1 "$W/cache" small --arch amd64
	alpbuild fresh1 "$W/cache" small --arch amd64
}

# peer LABEL PEER NAME: when its programs are there.
peer() {
	local label=$1 peer=$2 name=$3 out=$W/peer.tar
	rm -rf "$W/peer" "$out"
	mkdir "$W/peer"
	measured "$label" bash "$HERE/peers.sh" "$peer" "$(rootfs_of x86_64)" \
		"$W/project/rootfs-overlays/$name" "$out" "$W/peer"
	[ -n "${CHECKED[$label]:-}" ] ||
		check_paths "$label" "$out" "$W/$name-paths.txt"
	CHECKED[$label]=yes
}

small_peers() {
	local p
	for p in $(docker_peers); do
		peer "$p" "$p" small
	done
	! has umoci || ! has skopeo || peer umoci-oci umoci-oci small
	peer shell-gzip-oci shell-gzip-oci small
	! has pigz || peer shell-pigz-oci shell-pigz-oci small
}

docker_peers() {
	! has buildah || echo buildah
	! has podman || echo podman
	! has umoci || ! has skopeo || echo umoci
	echo shell
}

prepare_big() {
	local LOG=/dev/null
	alpbuild big "$W/cache" big --arch amd64
	make_recipe big amd64 x86_64 "$(archive big big amd64)"
	check_diff_id "$(archive big big amd64)"
	BIG_SIZE=$(stat -c %s "$(archive big big amd64)")
	paths_of "$(archive big big amd64)" >"$W/big-paths.txt"
}

big_cases() {
	export FLOOR_SYNC=1
	rm -rf "$W/out/big"
	alpbuild big "$W/cache" big --arch amd64
	same big "$(archive big big amd64)"
	floor floor-big copy big
	same big "$W/floor.out"
	rm -rf "$W/out/big" "$W/floor.out"
}

big_peers() {
	local p
	for p in $(docker_peers); do
		peer "big-$p" "$p" big
	done
	rm -rf "$W/peer" "$W/peer.tar"
}
