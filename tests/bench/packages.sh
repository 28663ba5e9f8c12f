# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# packages.sh: the cases with packages, as cases.sh has the others.
#
# Labels: packages (one architecture, 20 packages; all of them are in the
# cache), packages-fresh (nothing changed), resolve (a choice out of an index
# of 25,000 packages), resolve-main (out of Alpine's own main).
# shellcheck disable=SC2034 # as in cases.sh
INDEX_PACKAGES=25000
PACKAGES_KEYRING=()
RESOLVE_WORDS=(busybox openrc docs app-{300..4900..200})

# Alpine's 3.19 where the mirror has it, as its packages are one branch's, else
# the fixture's: 20 packages each.
choose_packages() {
	local dir=$MIRROR/v3.19/releases/x86_64 file
	PACKAGES_ALPINE=$ALPINE
	PACKAGES_REPOSITORIES='["main", "community"]'
	PACKAGES=(openssh-server busybox-openrc lamp docs chain-a circle-a)
	[ -d "$dir" ] || return 0
	file=$(find "$dir" -name 'alpine-minirootfs-*.tar.gz' | sort | tail -n 1)
	file=${file##*minirootfs-}
	PACKAGES_ALPINE=${file%%-*}
	PACKAGES_REPOSITORIES='["main"]'
	PACKAGES=(openssh-server chrony openrc wget)
	[ ! -d "$MIRROR/keys" ] || PACKAGES_KEYRING=(--keyring "$MIRROR/keys")
}

alpbuild_packages() {
	alpbuild "$1" "$W/cache" packages --arch amd64 "${PACKAGES_KEYRING[@]}"
}

packages_archive() { ALPINE=$PACKAGES_ALPINE archive "$1" packages amd64; }

# The floor's input: all tars that the image is made of, one after the other,
# as the cache has them.
gather_packages() {
	local ALPINE=$PACKAGES_ALPINE path n=0
	gzip -dc "$(rootfs_of x86_64)" >"$W/data-packages.tar"
	while read -r path; do
		gzip -dc "$MIRROR/$path" >>"$W/data-packages.tar"
		n=$((n + 1))
	done < <(jq -r '.packages[].path' "$W"/out/packages/*.report.json)
	[ "$n" = 20 ] || die "$n packages, expected 20"
}

write_packages_manifest() {
	choose_packages
	write_manifest packages
	jq --arg alpine "$PACKAGES_ALPINE" \
		--argjson repositories "$PACKAGES_REPOSITORIES" \
		'.alpine = $alpine | .overlays = ["small"]
		| .repositories = $repositories | .packages = $ARGS.positional' \
		"$W/project/manifests/packages.json" --args "${PACKAGES[@]}" \
		>"$W/packages.json"
	mv "$W/packages.json" "$W/project/manifests/packages.json"
}

prepare_packages() {
	local LOG=/dev/null
	alpbuild_packages packages
	gather_packages
	make_recipe packages amd64 packages "$(packages_archive packages)" small
	check_diff_id "$(packages_archive packages)"
	PACKAGES_BYTES=$(stat -c %s "$(packages_archive packages)")
	"$HERE/make_index.py" "$W/index.tar.gz" $INDEX_PACKAGES
}

packages_cases() {
	rm -rf "$W/out/packages"
	alpbuild_packages packages
	same packages "$(packages_archive packages)"
	floor floor-packages copy packages packages
	same packages "$W/floor.out"
	[ -e "$W/out/packages-fresh" ] ||
		LOG=/dev/null alpbuild_packages packages-fresh
	alpbuild_packages packages-fresh
	resolve resolve "$TOP/tests/mirror/keys" "$W/index.tar.gz" \
		"${RESOLVE_WORDS[@]}"
	resolve_main
}

# resolve LABEL KEYS INDEX WORD...
resolve() {
	measured "$1" "$ALPBUILD" resolve --arch x86_64 --keyring "$2" \
		--repository "$3" "${@:4}"
}

resolve_main() {
	local index
	[ -d "$MIRROR/index" ] || return 0
	index=$(find "$MIRROR/index" -name '*main-x86_64.APKINDEX.tar.gz' |
		sort | tail -n 1)
	[ -z "$index" ] || resolve resolve-main "$MIRROR/keys" "$index" \
		openssh chrony wpa_supplicant nginx
}
