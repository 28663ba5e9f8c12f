#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# Packages: each shape of them in an image of its own, compared with what apk
# would make by the word of tests/lib/package_cases.py; what cannot be
# installed, with its exit status; hostile repositories, none of which may
# leave anything in the cache.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 jq

EPOCH=1750000000
export SOURCE_DATE_EPOCH=$EPOCH LC_ALL=C
use_mirror fixture
OUTPUT=$PROJECT/out

cases() { python3 "$TOP/tests/lib/package_cases.py" "$@"; }

# The value of a manifest's key: archs_of NAME.
archs_of() { jq -r '.architectures[]' "$PROJECT/manifests/$1.json"; }

# layer_of NAME ARCH: the layer of an image as a file.
layer_of() {
	local tar=$OUTPUT/$1-v0.0.1-1-$2.tar
	tar -xOf "$tar" "$(tar -xOf "$tar" manifest.json |
		jq -r '.[0].Layers[0]')" >"$TEST_TMP/layer.tar"
	echo "$TEST_TMP/layer.tar"
}

write_manifest() { cases manifest "$1" >"$PROJECT/manifests/$1.json"; }

# manifest_of NAME JQ: a manifest made of the case "chain" by a filter.
manifest_of() {
	cases manifest chain | jq --arg name "$1" '.name = $name | '"$2" \
		>"$PROJECT/manifests/$1.json"
}

check_case() {
	local name=$1 arch
	write_manifest "$name"
	status 0 "$name: builds" build build "$name" --arch all --output out
	for arch in $(archs_of "$name"); do
		[ -e "$OUTPUT/$name-v0.0.1-1-$arch.tar" ] || continue
		ok "$name: $arch is what apk makes" cases check "$name" \
			"$(alpine_arch "$arch")" "$FIXTURE" "$EPOCH" \
			"$(layer_of "$name" "$arch")"
	done
}

check_failure() {
	write_manifest "$1"
	status "$2" "$1: exit status $2" build build "$1" --arch all --output no
	nothing_is_written "$1"
}

nothing_is_written() {
	is "$(find "$PROJECT/no" -type f 2>/dev/null)" "" "$1: nothing is written"
}

# contents_of CASE: digests of what a hostile repository may leave nowhere:
# the package, its sections, and an index that is hostile itself.
contents_of() {
	python3 - "$1" <<-'EOF'
	import hashlib, os, sys, zlib

	def members(data):
	    yield data
	    while data[:2] == b"\x1f\x8b":
	        inflate = zlib.decompressobj(31)
	        try:
	            yield inflate.decompress(data)
	        except zlib.error:
	            return
	        data = inflate.unused_data

	folder = sys.argv[1]
	names = ["evil-1.0-r0.apk"]
	if os.path.basename(folder).startswith(("index-", "record-")):
	    names.append("APKINDEX.tar.gz")
	for name in names:
	    with open("%s/x86_64/%s" % (folder, name), "rb") as f:
	        for content in members(f.read()):
	            print(hashlib.sha256(content).hexdigest())
	EOF
}

check_hostile() {
	local name=$1 want
	want=$(cat "$FIXTURE/hostile/$name/error")
	manifest_of hostile ".packages = [\"evil\"] | .architectures = [\"amd64\"] |
		.repositories = [\"hostile/$name\"]"
	case $want in
	verify) want=7 ;;
	input) want=8 ;;
	esac
	status "$want" "hostile $name: exit status $want" \
		build build hostile --output no
	contents_of "$FIXTURE/hostile/$name" | sort >"$TEST_TMP/evil"
	find "$CACHE" -type f -exec sha256sum {} + | cut -d' ' -f1 | sort |
		comm -12 - "$TEST_TMP/evil" >"$TEST_TMP/found"
	is "$(cat "$TEST_TMP/found")" "" "hostile $name: the cache holds nothing of it"
	nothing_is_written "hostile $name"
}

as_user=()
# on CACHE COMMAND ARG...: alpbuild with a mirror that nobody can reach.
on() {
	(cd "$PROJECT" && "${as_user[@]}" "$ALPBUILD" "$2" --cache "$1" \
		--mirror http://127.0.0.1:9/alpine "${@:3}")
}

check_offline() {
	local digest fresh=$TEST_TMP/cache-fresh
	digest=$(sha256sum <"$OUTPUT/chain-v0.0.1-1-amd64.tar")
	rm -rf "$OUTPUT"
	status 0 "without network, from the cache" on "$CACHE" build chain \
		--arch all --output out --offline
	is "$(sha256sum <"$OUTPUT/chain-v0.0.1-1-amd64.tar")" "$digest" \
		"the same bytes"
	rm -rf "$OUTPUT"
	chmod -R a-w "$CACHE"
	# Root may write everywhere unless it gives that up.
	[ "$(id -u)" != 0 ] || as_user=(setpriv --bounding-set
		"-dac_override,-dac_read_search,-fowner")
	status 0 "from a cache that cannot be written" on "$CACHE" build chain \
		--arch all --output out --offline
	chmod -R u+w "$CACHE"
	as_user=()
	is "$(sha256sum <"$OUTPUT/chain-v0.0.1-1-amd64.tar")" "$digest" \
		"the same bytes"
	status 6 "without network and cache: exit status 6" on "$fresh" build chain \
		--offline --output out2
	manifest_of chain2 '.packages += ["openssh-sftp-server"]'
	status 6 "a package that the cache lacks: exit status 6" on "$CACHE" \
		build chain2 --output out --offline
	like "$OUT" openssh-sftp-server "and it is named"
	CACHE=$fresh status 0 "another cache" build build chain --arch all \
		--jobs 1 --output out3
	is "$(sha256sum <"$PROJECT/out3/chain-v0.0.1-1-amd64.tar")" "$digest" \
		"gives the same bytes"
}

check_scripts() {
	local digest
	digest=$(cases manifest post-bad-known |
		jq -r '.scripts.acknowledge[0].sha256')
	write_manifest post-bad
	status 15 "a script that is not understood" build build post-bad --output no
	like "$OUT" "$digest" "its digest is told"
	like "$OUT" 'post-bad' "and its package"
	like "$OUT" 'acknowledge' "and the remedy"
	cases manifest post-bad-known | sed "s/$digest/${digest//[0-9]/a}/" \
		>"$PROJECT/manifests/post-bad-known.json"
	status 15 "another digest does not do" build build post-bad-known \
		--output no
	manifest_of superfluous ".scripts = {acknowledge: [
		{package: \"chain-a\", sha256: \"$digest\"}]}"
	status 0 "an acknowledgement for nothing does no harm" \
		build build superfluous --output out
	like "$OUT" 'chain-a' "but is told"
}

check_skew() {
	cases manifest skewed | jq 'del(."arch-skew") | .name = "skew-warn"' \
		>"$PROJECT/manifests/skew-warn.json"
	status 0 "different versions: builds" build build skew-warn --arch all \
		--output out
	like "$OUT" 'skewed' "with a warning by default"
	status 0 "not with one architecture" build build skew-warn --arch arm64 \
		--output out4
	write_manifest skewed
	rm -f "$OUTPUT"/skewed-*
	status 0 "allowed: builds" build build skewed --arch all --output out
	unlike "$OUT" '1\.1-r5' "without a word"
}

# A mirror that lies about one package: the next one is asked.
check_mirrors() {
	local lies=$TEST_TMP/lies apk
	cp -R "$FIXTURE" "$lies"
	apk=$lies/v0.0/main/x86_64/modes-1.0-r0.apk
	cp "$lies/v0.0/main/x86_64/links-1.0-r0.apk" "$apk"
	manifest_of lies '.packages = ["modes"] | .architectures = ["amd64"]'
	MIRROR=file://$lies CACHE=$TEST_TMP/cache-lies \
		status 7 "a mirror that lies: exit status 7" \
		build build lies --output out
	like "$OUT" 'modes' "and the package is named"
	MIRROR=file://$lies CACHE=$TEST_TMP/cache-lies \
		status 0 "the next mirror helps" \
		build build lies --mirror "file://$FIXTURE" --output out
	rm -rf "$lies"
}

check_words() {
	manifest_of bad '.packages = ["chain-a=="]'
	status 3 "a malformed word is the manifest's fault" \
		build build bad --output no
}

# Real packages, where there is a record of what the real apk made of them.
check_real() {
	local reference arch name tar
	reference=${ALPBUILD_TEST_MIRROR:-}
	reference=${reference#file://}/reference
	if ! have_real_mirror || [ ! -d "$reference" ]; then
		skip "what the real apk made" "no real mirror with a reference"
		return
	fi
	use_mirror real
	manifest_of real '.alpine = "3.18.9" | .repositories = ["main"] |
		.architectures = ["amd64", "arm64", "armv7"] |
		.packages = ["openrc", "busybox-openrc", "openssh-server"] |
		."arch-skew" = "allow"'
	status 0 "real packages: builds" build build real --arch all --output out \
		--keyring "$(dirname "$reference")/keys"
	for arch in amd64 arm64 armv7; do
		name=$reference/v3.18-$(alpine_arch "$arch")-alp_rc.manifest
		tar=$PROJECT/out/real-v3.18.9-1-$arch.tar
		[ -e "$tar" ] || continue
		tar -xOf "$tar" "$(tar -xOf "$tar" manifest.json |
			jq -r '.[0].Layers[0]')" >"$TEST_TMP/layer.tar"
		ok "real packages: $arch is what the real apk made" python3 \
			"$TOP/tests/lib/expect_listing.py" "$name" \
			"$TEST_TMP/layer.tar"
	done
}

for name in $(cases list); do check_case "$name"; done
while read -r name code; do
	check_failure "$name" "$code"
done < <(cases failures)
for name in "$FIXTURE"/hostile/*/; do check_hostile "$(basename "$name")"; done
check_offline
check_scripts
check_skew
check_mirrors
check_words
check_real
done_testing
