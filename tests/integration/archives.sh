#!/bin/bash
# SPDX-License-Identifier: MIT
# archives: what podman, skopeo, buildah, umoci, tar and compressors make of
# one small image, and what is written here as Docker, BuildKit, crane and
# kaniko write it: check gives each the verdict of each version; what convert
# makes of it runs on all of them, with the very tree that umoci unpacks.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need python3 jq skopeo umoci tar gzip

export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1750000000
export HOME=$TEST_TMP/home XDG_RUNTIME_DIR=$TEST_TMP/run TMPDIR=$TEST_TMP
mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$TEST_TMP/work" "$TEST_TMP/bin"
cd "$TEST_TMP/work" || exit 1
# The commands that check names call it by its name.
ln -s "$(realpath "$ALPBUILD")" "$TEST_TMP/bin/alpbuild"
PATH=$TEST_TMP/bin:$PATH

ALL=7.5-7.24
RUNS="$ALL runs"
# What the layers of layer_corpus.py have that nobody has reported to work.
LAYERS=parent-missing,hard-link
MULTI="7.5-7.10 unproven whiteout-old,$LAYERS; 7.11-7.24 unproven $LAYERS"
OCI="7.5-7.20 fails archive-oci; 7.21-7.24 runs"
FOLDER="$ALL fails archive-folder"

storage() {
	echo --root "$TEST_TMP/storage" --runroot "$TEST_TMP/runroot" \
		--storage-driver vfs
}
# The commands that check names run in a shell of their own.
# shellcheck disable=SC2046
podman() {
	command podman $(storage) --events-backend file --cgroup-manager cgroupfs "$@"
}
# shellcheck disable=SC2046
buildah() { command buildah $(storage) "$@"; }
skopeo() { command skopeo --insecure-policy --tmpdir "$TEST_TMP" "$@"; }
export TEST_TMP
export -f storage podman buildah skopeo
image() { python3 "$TOP/tests/lib/$1.py" "${@:2}"; }
as_root() { [ "$(id -u)" = 0 ]; }

# form RULES: multi's verdict with what is wrong with its form before it.
form() { sed -E "s/(unproven) /fails $1,/g" <<<"$MULTI"; }

verdicts() {
	alpbuild check -q --json "$1" 2>/dev/null | jq -rs '[.[0].files[0].verdicts[] |
		"\(.from)-\(.to) \(.outcome) " + (.rules | join(","))] |
		map(sub(" $"; "")) | join("; ")'
}

# tree_of FILE: the layer of a result.
tree_of() { tar -xOf "$1" "$(tar -tf "$1" | grep 'layer.tar$')"; }

# like_umoci LAYOUT FILE NAME
like_umoci() {
	as_root || { skip "$3: same tree" "umoci keeps owners for root only"; return; }
	rm -rf bundle
	umoci unpack --image "$1" bundle >unpack.log 2>&1 ||
		fail "$3: umoci unpacks it" "$(cat unpack.log)"
	tree_of "$2" >layer.tar
	ok "$3: the tree that umoci unpacks" \
		python3 "$TOP/tests/lib/same_tree.py" bundle/rootfs layer.tar
}

# converted NAME IN ARGUMENTS...: out.tar runs everywhere.
converted() {
	rm -f out.tar
	ok "$1: converted" alpbuild convert -q "${@:3}" "$2" out.tar
	is "$(verdicts out.tar)" "$RUNS" "$1: the result runs on all versions"
}

# judged NAME FILE VERDICT
judged() { is "$(verdicts "$2")" "$3" "$1: verdict"; }

# mends NAME FILE VERDICT [SOURCE]: SOURCE is skopeo's word for FILE, whose
# layers umoci unpacks; else multi's layout is what the tree must be like.
mends() {
	local layout=m/multi.oci:1
	judged "$1" "$2" "$3"
	converted "$1" "$2"
	if [ -n "${4:-}" ]; then
		rm -rf oracle
		ok "$1: skopeo reads it" skopeo copy -q "$4" oci:oracle:1
		layout=oracle:1
	fi
	like_umoci "$layout" out.tar "$1"
}

# refused NAME FILE VERDICT STATUS TEXT: convert says why, and writes nothing.
refused() {
	judged "$1" "$2" "$3"
	rm -f out.tar
	status "$4" "$1: not converted" alpbuild convert "$2" out.tar
	like "$OUT" "$5" "$1: why"
	ok "$1: nothing is written" test ! -e out.tar
}

# commands NAME FILE RULE: what check names as remedies, which must work.
commands() {
	local text
	text=$(alpbuild check -q --json "$2" 2>/dev/null | jq -rs --arg rule "$3" '.[0].files[0] |
		.findings[] | select(.rule == $rule) | .commands[]')
	[ -n "$text" ] || fail "$1: a command is named"
	ok "$1: its command works" bash -euc "$text"
}

ok "the images are made" eval 'image small_image small.tar &&
	image small_image arm.tar arm && image small_image arm64.tar arm64 &&
	image image_corpus small.tar c && image layer_corpus small.tar m'
judged "the small image" small.tar "$RUNS"
judged "the small image for arm" arm.tar "$RUNS"

#--- forms that are written by code

for name in docker-old crane-legacy flat; do
	mends "$name" "c/$name.tar" "$RUNS" "docker-archive:c/$name.tar"
done
for name in docker-25 docker-28 buildx-docker; do
	mends "$name" "c/$name.tar" "$ALL fails archive-hybrid" "docker-archive:c/$name.tar"
done
for name in docker-containerd nerdctl; do
	mends "$name" "c/$name.tar" "$ALL fails archive-hybrid,layer-gzip" \
		"docker-archive:c/$name.tar"
done
mends "crane and kaniko" c/crane.tar "$ALL fails layer-gzip" docker-archive:c/crane.tar
mends "buildx type=oci" c/buildx-oci.tar \
	"7.5-7.20 fails archive-oci,attestation; 7.21-7.24 fails attestation" \
	oci-archive:c/buildx-oci.tar:1
mends "buildx type=oci, no attestation" c/buildx-plain.tar "$OCI" oci-archive:c/buildx-plain.tar
mends "a hybrid of three layers" m/multi-hybrid.tar \
	"$(form archive-hybrid,layer-gzip)" docker-archive:m/multi-hybrid.tar

#--- skopeo

# copied TO [OPTION...]: of the image with three layers.
copied() { skopeo copy -q "${@:2}" docker-archive:m/multi.tar "$1"; }

ok "skopeo: docker-archive" copied docker-archive:s.tar:multi:1
mends "skopeo: docker-archive" s.tar "$MULTI" docker-archive:s.tar
ok "skopeo: docker-archive, compressed" copied docker-archive:sz.tar:multi:1 --dest-compress
mends "skopeo: docker-archive, compressed" sz.tar "$MULTI"
ok "skopeo: oci-archive" copied oci-archive:s.oci.tar:1
want="7.5-7.10 fails archive-oci,whiteout-old,$LAYERS; "
want+="7.11-7.20 fails archive-oci,$LAYERS; 7.21-7.24 unproven $LAYERS"
mends "skopeo: oci-archive" s.oci.tar "$want" oci-archive:s.oci.tar:1
for format in v2s2 oci; do
	ok "skopeo: dir, $format" copied "dir:s.$format" --format $format
	mends "skopeo: dir, $format" s.$format "$(form archive-folder)" dir:s.$format
done
ok "skopeo: dir, gzip" copied dir:s.gz --format oci --dest-compress
mends "skopeo: dir, gzip" s.gz "$(form archive-folder)" dir:s.gz
ok "skopeo: dir, schema 1" copied dir:s.v2s1 --format v2s1
refused "skopeo: dir, schema 1" s.v2s1 "$ALL fails image-invalid,archive-folder" \
	8 'neither a manifest nor an index .*skopeo copy --format oci'
ok "skopeo: oci-archive, schema 1" copied oci-archive:s1.tar:1 --format v2s1
refused "skopeo: oci-archive, schema 1" s1.tar \
	"7.5-7.20 fails image-invalid,archive-oci; 7.21-7.24 fails image-invalid" \
	8 'there is no image in it'
ok "skopeo: oci-archive, zstd" copied oci-archive:szst.tar:1 --dest-compress \
	--dest-compress-format zstd
refused "skopeo: oci-archive, zstd" szst.tar \
	"7.5-7.20 fails archive-oci,layer-compressed; 7.21-7.24 fails layer-compressed" \
	8 'compressed with zstd'
commands "skopeo: oci-archive, zstd" szst.tar layer-compressed
judged "skopeo: oci-archive, zstd: mended" szst-routeros.tar "$RUNS"
like_umoci m/multi.oci:1 szst-routeros.tar "skopeo: oci-archive, zstd: mended"

# Several platforms: each is chosen, and is what umoci unpacks of it alone.
ok "skopeo: two platforms in a layout" eval 'skopeo copy -q docker-archive:arm.tar oci:two:arm &&
	skopeo copy -q docker-archive:arm64.tar oci:two:arm64'
python3 - <<'PY'
import hashlib, json
index = json.load(open("two/index.json"))
for one in index["manifests"]:
	arch = one["annotations"].pop("org.opencontainers.image.ref.name")
	one["platform"] = {"os": "linux", "architecture": arch}
index["mediaType"] = "application/vnd.oci.image.index.v1+json"
data = json.dumps(index).encode()
digest = hashlib.sha256(data).hexdigest()
open("two/blobs/sha256/" + digest, "wb").write(data)
name = {"org.opencontainers.image.ref.name": "1"}
json.dump({"schemaVersion": 2, "manifests": [{"mediaType": index["mediaType"], "size": len(data),
	"digest": "sha256:" + digest, "annotations": name}]}, open("two/index.json", "w"))
PY
ok "skopeo: --all to dir" skopeo copy -q --all oci:two:1 dir:two.dir
ok "skopeo: --all to oci-archive" skopeo copy -q --all oci:two:1 oci-archive:two.tar:1
judged "skopeo: --all to dir" two.dir "$ALL fails archive-folder,several-platforms"
judged "skopeo: --all to oci-archive" two.tar \
	"7.5-7.20 fails archive-oci,several-platforms; 7.21-7.24 fails several-platforms"
for arch in arm arm64; do
	rm -rf one
	skopeo --override-arch $arch copy -q oci:two:1 oci:one:1
	for from in two two.dir two.tar; do
		converted "$arch of $from" $from --arch $arch
		like_umoci one:1 out.tar "$arch of $from"
	done
done

#--- umoci

cp -r m/multi.oci um
ok "umoci inserts a file" umoci insert --image um:1 "$TOP/docs/checks.md" /etc/checks.md
judged "umoci insert" um "$(verdicts um)"
like "$(verdicts um)" 'archive-folder(,layer-end)?,' "umoci insert: a folder"
converted "umoci insert" um
like_umoci um:1 out.tar "umoci insert"
ok "umoci makes an image" eval 'umoci init --layout new && umoci new --image new:1 &&
	umoci config --image new:1 --architecture arm64 --config.entrypoint /sbin/init'
with_umoci() {
	ok "umoci packs a tree" eval 'umoci unpack --image new:1 b &&
		tree_of arm64.tar | tar -C b/rootfs -xf - && umoci repack --image new:1 b'
	mends "umoci: a new image" new "$FOLDER" oci:new:1
	tar -cf new.tar -C new blobs index.json oci-layout
	mends "umoci: as a tar" new.tar "$OCI" oci:new:1
}
if as_root; then with_umoci; else skip "umoci repack" "it keeps owners for root only"; fi

#--- tar, and whole files that are compressed

mkdir x && tar -xf c/flat.tar -C x
tar -cf gnu.tar -C x .
mends "GNU tar of a folder" gnu.tar "$ALL fails manifest-name" docker-archive:c/flat.tar
for format in v7 oldgnu gnu ustar posix; do
	tar --format=$format -cf $format.tar -C x manifest.json config.json layer.tar
	mends "GNU tar, $format" $format.tar "$RUNS" docker-archive:$format.tar
done
tar -cf link.tar -C c flat.tar
judged "an archive in an archive" link.tar "$ALL fails manifest-missing"
gzip -k9 c/flat.tar
mends "gzip" c/flat.tar.gz "7.5-7.16 fails archive-gzip; 7.17-7.24 runs" \
	docker-archive:c/flat.tar
gzip -c m/multi.oci.tar >multi.oci.tgz
want="7.5-7.10 fails archive-gzip,archive-oci,whiteout-old,$LAYERS; "
want+="7.11-7.16 fails archive-gzip,archive-oci,$LAYERS; "
want+="7.17-7.20 fails archive-oci,$LAYERS; 7.21-7.24 unproven $LAYERS"
mends "an OCI layout in gzip" multi.oci.tgz "$want"
for tool in zstd xz bzip2 lz4; do
	command -v $tool >/dev/null || { skip "$tool" "it is not installed"; continue; }
	$tool -c c/flat.tar >"whole.tar.${tool:0:3}" 2>/dev/null
	mv "whole.tar.${tool:0:3}" w.tar.zst
	rm -f w.tar
	refused "$tool" w.tar.zst "$ALL fails archive-compressed" 8 "compressed with $tool"
	commands "$tool" w.tar.zst archive-compressed
	judged "$tool, uncompressed" w.tar "$RUNS"
done
with_bsdtar() {
	local format
	for format in ustar pax gnutar; do
		bsdtar --format $format -cf bsd.tar -C x manifest.json config.json layer.tar
		mends "bsdtar, $format" bsd.tar "$RUNS" docker-archive:bsd.tar
	done
	bsdtar -cf bsd.tar -C x .
	mends "bsdtar of a folder" bsd.tar "$ALL fails manifest-name" docker-archive:c/flat.tar
}
if command -v bsdtar >/dev/null; then with_bsdtar; else
	skip "bsdtar" "it is not installed"
fi

#--- podman and buildah

with_podman() {
	local format name
	ok "podman loads it" podman load -q -i m/multi.tar
	for format in docker-archive oci-archive docker-dir oci-dir; do
		ok "podman: $format" podman save -q --format $format -o p-$format localhost/multi:1
	done
	ok "podman: docker-dir, compressed" podman save -q --format docker-dir --compress \
		-o p-gz localhost/multi:1
	mends "podman: docker-archive" p-docker-archive "$MULTI" docker-archive:p-docker-archive
	mends "podman: oci-archive" p-oci-archive "$(verdicts s.oci.tar)" oci-archive:p-oci-archive
	mends "podman: docker-dir" p-docker-dir "$(form archive-folder)" dir:p-docker-dir
	mends "podman: docker-dir, compressed" p-gz "$(form archive-folder)" dir:p-gz
	mends "podman: oci-dir" p-oci-dir "$(form archive-folder)" oci:p-oci-dir
	ok "podman loads another" podman load -q -i small.tar
	ok "podman: two images" podman save -q -m -o p-two.tar localhost/multi:1 localhost/small:1
	like "$(verdicts p-two.tar)" \
		"^7.5-7.10 fails several-images,[^;]*; 7.11-7.24 fails several-images," \
		"podman: two images: verdict"
	converted "podman: one of two" p-two.tar --tag small:1
	name=$(podman create localhost/small:1)
	ok "podman exports a container" podman export -o p-export.tar "$name"
	refused "podman export" p-export.tar "$ALL fails manifest-missing" 8 'neither manifest.json'
	commands "podman export" p-export.tar manifest-missing
	mends "podman export" p-export-routeros.tar "$RUNS" docker-archive:p-export-routeros.tar
}

with_buildah() {
	local container root
	container=$(buildah from docker-archive:small.tar 2>/dev/null)
	root=$(buildah mount "$container")
	rm "$root/etc/passwd"
	echo new >"$root/etc/motd"
	ok "buildah commits" buildah commit -q "$container" changed
	ok "buildah: docker-archive" buildah push -q changed docker-archive:b.tar:changed:1
	ok "buildah: oci-archive" buildah push -q changed oci-archive:b.oci.tar:1
	mends "buildah: docker-archive" b.tar \
		"7.5-7.10 unproven whiteout-old; 7.11-7.24 runs" docker-archive:b.tar
	mends "buildah: oci-archive" b.oci.tar \
		"7.5-7.10 fails archive-oci,whiteout-old; 7.11-7.20 fails archive-oci; 7.21-7.24 runs" \
		oci-archive:b.oci.tar:1
}

# A plain user would need a range of owners, and a namespace to mount in.
if as_root && podman info >/dev/null 2>&1; then with_podman; else
	skip "podman" "podman is not installed, or cannot run here"
fi
if as_root && buildah info >/dev/null 2>&1; then with_buildah; else
	skip "buildah" "buildah is not installed, or cannot run here"
fi
is "$(find "$TEST_TMP" -maxdepth 2 -name '*.tmp' -o -maxdepth 2 -name 'alpbuild-??????')" "" \
	"no temporary is left"

done_testing
