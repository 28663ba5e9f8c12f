#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# foreign_tar: what builder/oci writes is read by programs that others wrote,
# and what they write is read by builder/oci: GNU tar, bsdtar, Python, skopeo
# and umoci must tell the same names, modes, owners, sizes and contents as the
# tree that all of it was made from. No network.
. "$(dirname "$0")/../lib/tap.sh"
need tar python3 skopeo umoci jq sha256sum

DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_layer
[ -x "$DRIVER" ] || skip_all "$DRIVER is not built (make drivers)"
LIST="$TOP/tests/integration/foreign_list.py"
export LC_ALL=C.UTF-8
# skopeo looks for registries and secrets nowhere else.
export HOME=$TEST_TMP/home XDG_RUNTIME_DIR=$TEST_TMP/run TMPDIR=$TEST_TMP
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
W=$TEST_TMP/work
mkdir "$W"

# A plain user's unpacking cannot keep owners and special bits.
mask=(owner)
[ "$(id -u)" != 0 ] || mask=()

skopeo() { command skopeo --insecure-policy --tmpdir "$TEST_TMP" "$@"; }
masked() { python3 "$LIST" mask "$@"; }

# same GOT WANT NAME: two files are equal; shows the difference when not.
same() {
	local out
	if out=$(diff -u "$2" "$1" 2>&1); then pass "$3"; else
		fail "$3" "$(head -n 20 <<<"$out")"
	fi
}

# same_tree DIR NAME: the unpacked tree equals the expectation.
same_tree() {
	python3 "$LIST" tree "$1" | masked "${mask[@]}" >"$W/got"
	masked "${mask[@]}" <"$W/expected" >"$W/want"
	same "$W/got" "$W/want" "$2"
}

# same_listing FILE ARCH VARIANT NAME: our reader sees one image, this tree.
same_listing() {
	"$DRIVER" read "$1" >"$W/got" 2>&1 || true
	like "$(head -n 1 "$W/got")" "^image	$2	$3	" "$4: platform"
	sed 1d "$W/got" >"$W/files"
	same "$W/files" "$W/expected" "$4: files"
}

config_of_dir() { # of a dir: copy of skopeo
	jq -r '.config.digest | ltrimstr("sha256:")' "$1/manifest.json"
}

#--- the layer, by three readers of tar

ok "the driver writes everything" "$DRIVER" write "$W"

python3 "$LIST" tar "$W/layer.tar" >"$W/got"
same "$W/got" "$W/expected" "python3 tarfile reads the layer"

mkdir "$W/gnu"
ok "GNU tar unpacks the layer" \
	tar -x -p --numeric-owner -f "$W/layer.tar" -C "$W/gnu"
same_tree "$W/gnu" "GNU tar's files equal the tree"
is "$(tar -t --numeric-owner -v --full-time -f "$W/layer.tar" |
	awk '{ print $1, $2 }')" \
	"$(python3 - "$W/expected" <<'PY'
import stat, sys
kinds = {"-": stat.S_IFREG, "d": stat.S_IFDIR, "l": stat.S_IFLNK, "h": stat.S_IFREG}
for line in open(sys.argv[1], encoding="utf-8"):
    kind, mode, owner = line.split("\t")[:3]
    text = stat.filemode(kinds[kind] | int(mode, 8))
    print("h" + text[1:] if kind == "h" else text, owner.replace(":", "/"))
PY
	)" "GNU tar lists the modes and owners"

if command -v bsdtar >/dev/null; then
	mkdir "$W/bsd"
	ok "bsdtar unpacks the layer" \
		bsdtar -x -p --numeric-owner -f "$W/layer.tar" -C "$W/bsd"
	same_tree "$W/bsd" "bsdtar's files equal the tree"
	is "$(bsdtar -t -v --numeric-owner -f "$W/layer.tar" |
		awk '{ print $3 ":" $4 }')" \
		"$(cut -f 3 "$W/expected")" "bsdtar lists the owners"
else
	skip "bsdtar" "bsdtar is not installed"
fi

#--- the RouterOS archive

diff_id=$(sha256sum <"$W/layer.tar" | cut -d ' ' -f 1)
is "$(tar -tf "$W/image.tar" | sed -n '1p;3p')" \
	"manifest.json
$diff_id/layer.tar" "the archive names the layer by its SHA-256"
config=$(tar -xOf "$W/image.tar" manifest.json | jq -r '.[0].Config')
is "$(tar -xOf "$W/image.tar" "$config" | sha256sum | cut -d ' ' -f 1).json" \
	"$config" "the config is named by its SHA-256"
is "$(tar -xOf "$W/image.tar" "$diff_id/layer.tar" | sha256sum |
	cut -d ' ' -f 1)" "$diff_id" "the layer in it is the layer"
is "$(tar -xOf "$W/image.tar" "$config" | jq -r '.rootfs.diff_ids[0]')" \
	"sha256:$diff_id" "its config has that diff_id"

is "$(skopeo inspect --config "docker-archive:$W/image.tar" 2>&1 |
	jq -r '.architecture + " " + .variant + " " + .config.Entrypoint[0]')" \
	"arm v7 /sbin/init" "skopeo inspects the archive"
ok "skopeo copies the archive to an OCI layout" skopeo copy \
	"docker-archive:$W/image.tar" "oci:$W/copied:v1"
same_listing "$W/copied" arm v7 "our reader on skopeo's OCI layout"
mkdir "$W/umoci"
rootless=()
[ "$(id -u)" = 0 ] || rootless=(--rootless)
ok "umoci unpacks that layout" umoci unpack "${rootless[@]}" \
	--image "$W/copied:v1" "$W/umoci/archive"
same_tree "$W/umoci/archive/rootfs" "umoci's files equal the tree"

ok "skopeo copies the archive to a docker-archive" skopeo copy \
	"docker-archive:$W/image.tar" "docker-archive:$W/skopeo.tar:copy:v1"
like "$(tar -tvf "$W/skopeo.tar")" '^l.*layer\.tar ->' \
	"skopeo's docker-archive has symbolic links"
same_listing "$W/skopeo.tar" arm v7 "our reader on skopeo's docker-archive"
gzip -nk "$W/skopeo.tar"
same_listing "$W/skopeo.tar.gz" arm v7 "our reader on the same, gzipped"
same_listing "$W/image.tar" arm v7 "our reader on our archive"

#--- OCI layouts of one image, gzip layer

blob=$(sha256sum <"$W/layer.tar.gz" | cut -d ' ' -f 1)
ok "skopeo copies the OCI tar" skopeo copy \
	"oci-archive:$W/one.oci.tar:v1" "dir:$W/one.dir"
is "$(jq -r '.layers[0].digest' "$W/one.dir/manifest.json")" "sha256:$blob" \
	"the manifest names the compressed layer"
ok "the layer that was copied is the layer" \
	cmp "$W/one.dir/$blob" "$W/layer.tar.gz"
is "$(jq -r '.rootfs.diff_ids[0]' "$W/one.dir/$(config_of_dir "$W/one.dir")")" \
	"sha256:$diff_id" "its config has the diff_id of the raw layer"
ok "umoci unpacks the OCI folder" umoci unpack "${rootless[@]}" \
	--image "$W/one.oci:v1" "$W/umoci/one"
same_tree "$W/umoci/one/rootfs" "umoci's files equal the tree (gzip layer)"
mkdir "$W/one.tar.d"
tar -xf "$W/one.oci.tar" -C "$W/one.tar.d"
ok "the OCI tar and the folder hold the same" \
	diff -r "$W/one.tar.d" "$W/one.oci"
same_listing "$W/one.oci.tar" amd64 - "our reader on our OCI tar"
same_listing "$W/one.oci" amd64 - "our reader on our OCI folder"

#--- three architectures under one index

# picked TRANSPORT ARCH VARIANT: the config that skopeo chooses.
picked() {
	local dir
	dir=$(mktemp -d "$W/picked.XXXXXX")
	skopeo --override-os linux --override-arch "$2" \
		${3:+--override-variant "$3"} \
		copy "$1" "dir:$dir" >/dev/null || return
	jq -r '.architecture + " " + (.variant // "-")' \
		"$dir/$(config_of_dir "$dir")"
}
for from in "oci-archive:$W/three.oci.tar:v1" "oci:$W/three.oci:v1"; do
	is "$(picked "$from" amd64 "" 2>&1)" "amd64 -" "${from%%:*}: amd64"
	is "$(picked "$from" arm64 v8 2>&1)" "arm64 v8" "${from%%:*}: arm64"
	is "$(picked "$from" arm64 "" 2>&1)" "arm64 v8" \
		"${from%%:*}: arm64 without variant"
	is "$(picked "$from" arm v7 2>&1)" "arm v7" "${from%%:*}: arm v7"
done
ok "skopeo copies all three" skopeo copy --all \
	"oci-archive:$W/three.oci.tar:v1" "oci:$W/all:v1"
is "$("$DRIVER" read "$W/all" 2>&1 | grep '^image' | cut -f 2-4)" \
	"amd64	-	v1
arm64	v8	v1
arm	v7	v1" "our reader finds three images in skopeo's copy"
is "$("$DRIVER" read "$W/three.oci.tar" 2>&1 | grep -vc '^image')" \
	"$((3 * $(wc -l <"$W/expected")))" "and three times the files in ours"

done_testing
