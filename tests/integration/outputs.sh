#!/bin/bash
# SPDX-License-Identifier: MIT
# What is written when: channels and tags, formats, releases that exist,
# builds that need not be done, limits, --json, --dry-run, --offline.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need jq strace
use_mirror fixture
export SOURCE_DATE_EPOCH=1750000000
V=v$ALPINE-0.0.1
cd "$PROJECT" || exit 1

# Nothing changed, nothing to do.
ok "a first build" build build --arch arm64
before=$(stat -c '%n %i %z' dist/*)
sleep 0.1 # an input must not be as young as the build
ok "a second build leaves a record" build build --arch arm64
status 0 "a third build" build build --arch arm64
like "$OUT" "nothing changed, nothing to do" "it says that nothing changed"
is "$(stat -c '%n %i %z' dist/*)" "$before" "no file was touched"
is "$(build build --arch arm64 --json 2>/dev/null | jq -c '[.images[0].fresh,
	(.images[0].outputs | map(.written) | unique)]')" '[true,[false]]' \
	"--json says so, too"
echo >>rootfs-overlays/openrc/etc/inittab
status 11 "a release with other content is refused" build build --arch arm64
like "$OUT" "raise \"version\" in manifests/alp_rc.json.*--channel devel.*--force" \
	"the remedies are named"
is "$(stat -c '%n %i %z' dist/*)" "$before" "the release is untouched"
ok "--force overwrites it" build build --arch arm64 --force
is "$(stat -c '%n %i %z' dist/*.tar | grep -Fxc -f - <(echo "$before"))" 0 \
	"both files are new"
rm dist/SHA256SUMS
ok "a lost SHA256SUMS comes back" build build --arch arm64
(cd dist && sha256sum --quiet --strict -c SHA256SUMS)
is $? 0 "and it holds"
truncate -s 100 "dist/alp_rc-$V-arm64.tar"
status 11 "a damaged release is noticed" build build --arch arm64
ok "and repaired by --force" build build --arch arm64 --force
rm -r dist

# Channels.
files() { (cd dist && find . -maxdepth 1 -mindepth 1 | LC_ALL=C sort | tr '\n' ' '); }
ok "channel devel" build build --arch armv7 --channel devel
is "$(files)" "./SHA256SUMS ./alp_rc-v$ALPINE-devel-0.0.1-armv7.oci.tar \
./alp_rc-v$ALPINE-devel-0.0.1-armv7.report.json ./alp_rc-v$ALPINE-devel-0.0.1-armv7.tar " \
	"devel has its own tag"
echo >>rootfs-overlays/openrc/etc/inittab
ok "devel is overwritten" build build --arch armv7 --channel devel
rm -r dist
ok "channel latest" build build --arch armv7,amd64 --channel latest
is "$(files)" "./SHA256SUMS \
$(for t in latest "$V" "v$ALPINE-latest"; do
	printf './alp_rc-%s ' "$t"-{amd64,armv7}.{report.json,tar} "$t.oci.tar"
done)" \
	"latest adds two tags to the release's"
for tag in latest "v$ALPINE-latest" "$V"; do
	is "$(tar -xOf "dist/alp_rc-$tag-armv7.tar" manifest.json | jq -c '.[0].RepoTags')" \
		"[\"alp_rc:$tag\"]" "the archive of $tag has that one tag"
	is "$(tar -xOf "dist/alp_rc-$tag.oci.tar" index.json |
		jq -r '.manifests[].annotations."org.opencontainers.image.ref.name"')" \
		"$tag" "the layout of $tag has that one tag"
done
is "$(for t in latest "$V"; do tar -xOf "dist/alp_rc-$t-armv7.tar" manifest.json |
	jq -c '.[0].Layers'; done | uniq | wc -l)" 1 "all tags have one content"
rm -r dist

# Formats.
ok "--format oci-dir" build build --arch all --format oci-dir
is "$(files)" "./SHA256SUMS ./alp_rc-$V-amd64.report.json ./alp_rc-$V-arm64.report.json \
./alp_rc-$V-armv7.report.json ./alp_rc-$V.oci " "a folder, named after the tag"
ok "skopeo reads the folder" skopeo inspect --override-arch arm64 "oci:dist/alp_rc-$V.oci:$V"
sleep 0.1
ok "the folder again" build build --arch all --format oci-dir
is "$(build build --arch all --format oci-dir --json 2>/dev/null |
	jq .images[0].fresh)" true "and once more: nothing to do"
echo >>rootfs-overlays/openrc/etc/inittab
status 11 "a folder of a release is not overwritten" build build --arch all --format oci-dir
ok "but by --force" build build --arch all --format oci-dir --force
ok "skopeo still reads it" skopeo inspect --override-arch arm64 "oci:dist/alp_rc-$V.oci:$V"
rm -r dist
ok "--compress none" build build --arch arm --format oci,routeros --compress none
is "$(tar -xOf "dist/alp_rc-$V-armv7.oci.tar" index.json | jq -r '.manifests[0].digest' |
	sed 's,sha256:,blobs/sha256/,' | xargs tar -xOf "dist/alp_rc-$V-armv7.oci.tar" |
	jq -r '.layers[0].mediaType')" application/vnd.oci.image.layer.v1.tar "a raw layer"
ok "skopeo reads the raw layer" skopeo copy --quiet --override-arch arm \
	"oci-archive:dist/alp_rc-$V-armv7.oci.tar" "dir:$TEST_TMP/dir"
rm -r dist
ok "a raw layer in an archive and a folder" build build --arch arm \
	--format routeros,oci-dir --compress none
ok "skopeo reads that folder" skopeo copy --quiet --override-arch arm \
	"oci:dist/alp_rc-$V-armv7.oci" "dir:$TEST_TMP/dir2"
rm -r dist
status 2 "an unknown format" build build --format tgz

# --dry-run and plan.
plan=$(build plan --json --arch all)
is "$(jq -c '[.images[0].tags, (.images[0].outputs | length)]' <<<"$plan")" \
	"[[\"$V\"],7]" "plan --json"
is "$(build build --dry-run --json --arch all)" "$plan" "--dry-run prints the plan"
is "$(ls -d dist 2>/dev/null)" "" "and writes nothing"
like "$(build plan)" "writes +dist/alp_rc-$V-arm64.tar" "the plan names the files"

# --offline.
CACHE=$TEST_TMP/empty MIRROR=http://127.0.0.1:9/x status 6 \
	"offline with an empty cache" build build --arch arm64 --offline
like "$OUT" "alpbuild fetch" "the remedy is named"
ok "fetch fills the cache" build fetch --arch arm64
real=$MIRROR
MIRROR=http://127.0.0.1:9/x
strace -f -qq -e trace=%network -o "$TEST_TMP/strace" "$ALPBUILD" build --arch arm64 \
	--offline --mirror "$MIRROR" --cache "$CACHE" >/dev/null 2>&1
is $? 0 "offline with that cache"
is "$(grep -cE 'socket\(AF_INET|connect\(' "$TEST_TMP/strace")" 0 "no socket is opened"
status 5 "no mirror can be reached" build build --arch amd64 --cache "$TEST_TMP/none"
like "$OUT" "http://127.0.0.1:9/x/v" "the URLs are named"
like "$OUT" "ALPBUILD_MIRROR" "the remedies are named"
MIRROR=$real
rm -r dist

# Limits, wrong architectures, bad overlays: nothing is written.
sed -i 's/"32MiB"/"10KiB"/' manifests/alp_rc.json
status 10 "a limit is exceeded" build build --arch arm64
like "$OUT" "^  by package: [a-z0-9.-]+ [0-9.]+ [KM]iB, " "the largest packages are named"
like "$OUT" "^  by folder: /[a-z0-9/_-]+ [0-9.]+ [KM]iB, " "and the largest folders"
sed -i 's/"10KiB"/"32MiB"/' manifests/alp_rc.json
cp "$(type -P true)" rootfs-overlays/alp_rc/sbin/tool
status 9 "a program of another architecture" build build --arch arm64
like "$OUT" "sbin/tool.*(x86-64|machine 62)" "it is named"
rm rootfs-overlays/alp_rc/sbin/tool
mkfifo rootfs-overlays/alp_rc/etc/pipe
build build --arch arm64 >"$TEST_TMP/log" 2>&1
like "$(cat "$TEST_TMP/log")" "etc/pipe" "a fifo in an overlay is named"
rm rootfs-overlays/alp_rc/etc/pipe
# shellcheck disable=SC2016
echo 'x=${{image.nmae}}' >>rootfs-overlays/alp_rc/etc/alp_rc-release
status 3 "an unknown variable in a template" build build --arch arm64
like "$OUT" "alp_rc-release:[0-9]+.*image.name" "file, line and the nearest name"
is "$(find dist -type f 2>/dev/null)" "" "no failure left a file"

# The plan names the packages; a new architecture is one file.
sed -i '$d' rootfs-overlays/alp_rc/etc/alp_rc-release
like "$(build plan 2>&1)" "package +busybox-openrc" "the plan names packages"
sed -i 's/"packages": \["openrc"\]/"packages": []/' manifests/alp_rc.json
sed 's/"architecture": *"arm"/"architecture": "newcpu"/; s/"aliases": *\[[^]]*\]/"aliases": []/' \
	arch/armv7.json >arch/newcpu.json
sed -i 's/"architectures": \[/&"newcpu", /' manifests/alp_rc.json
ok "a new architecture is one file in arch/" build build --arch newcpu --format routeros
is "$(tar -xOf "dist/alp_rc-$V-newcpu.tar" manifest.json | jq -r '.[0].Config' |
	xargs tar -xOf "dist/alp_rc-$V-newcpu.tar" | jq -r .architecture)" newcpu \
	"and its image says so"
rm -r dist

# What an adversarial review found.
sleep 0.1
ok "a folder to be damaged" build build --arch arm64 --format oci-dir
ok "a record of it" build build --arch arm64 --format oci-dir
rm dist/*.oci/blobs/sha256/*
status 11 "a folder that lost its blobs is noticed" build build --arch arm64 --format oci-dir
rm -r dist
ok "an image whose SHA256SUMS is edited" build build --arch arm64 --format routeros
ok "once more" build build --arch arm64 --format routeros
echo junk >dist/SHA256SUMS
ok "a build that has nothing to do" build build --arch arm64 --format routeros
(cd dist && sha256sum --quiet --strict -c SHA256SUMS)
is $? 0 "repairs SHA256SUMS"
SOURCE_DATE_EPOCH=0 status 11 "an epoch of 0 is not none" build build --arch arm64 --format routeros
rm -r dist
status 2 "an output inside an overlay" build build --arch arm64 --output rootfs-overlays/alp_rc/out
like "$OUT" "would become part of the image" "it says why"
rm -rf rootfs-overlays/alp_rc/out
mkdir -p dist
echo mine >"dist/alp_rc-$V-arm64.oci"
status 11 "a user's file where a layout should go" build build --arch arm64 --format routeros,oci-dir
is "$(ls dist)" "alp_rc-$V-arm64.oci" "nothing else was published"
rm -r dist
build build --arch arm64 --cache "$TEST_TMP/c3" >/dev/null 2>&-
is $? 0 "a closed standard error does not spoil the cache"
rm -r dist
mkfifo manifests/pipe.json
status 8 "a manifest that is a fifo" timeout 10 "$ALPBUILD" build pipe
rm manifests/pipe.json
mkdir "$TEST_TMP/mine"
echo mine >"$TEST_TMP/mine/file"
status 2 "a cache folder that is not ours" "$ALPBUILD" cache prune --cache "$TEST_TMP/mine" --older-than 0
is "$(ls "$TEST_TMP/mine")" file "is left alone"
rm "$CACHE/CACHEDIR.TAG"
ok "a cache that lost its mark gets it again" "$ALPBUILD" cache size --cache "$CACHE"
sed 's/"version": *"[^"]*"/"version": "devel-1"/' manifests/alp_rc.json >manifests/bad.json
status 3 "a version that looks like a channel" build build bad
sed 's|"working-dir": *"/"|"working-dir": "/nowhere"|' manifests/alp_rc.json >manifests/bad.json
status 9 "a working directory that is not there" build build bad --arch arm64
sed 's|"working-dir": *"/"|"user": "nosuch"|' manifests/alp_rc.json >manifests/bad.json
status 3 "a user that is not there" build build bad --arch arm64
like "$OUT" "config.user.*nosuch" "is named"
rm manifests/bad.json
ok "a manifest in a project that is elsewhere" env -C / "$ALPBUILD" plan \
	--file "$PROJECT/manifests/alp_rc.json" --mirror "$MIRROR" --cache "$CACHE"

# What inspect says of it.
ok "a good build again" build build --arch arm64
json=$("$ALPBUILD" inspect --files --json "dist/alp_rc-$V-arm64.tar")
is "$(jq -c '.archives[0] | [.form,.gzipped,.images[0].tags,.images[0].architecture]' <<<"$json")" \
	"[\"docker-archive\",false,[\"alp_rc:$V\"],\"arm64\"]" "inspect --json"
is "$(jq -c '.archives[0].images[0].layers[0].files[] |
	select(.path == "etc/shadow") | [.mode,.uid,.gid]' <<<"$json")" '["0640",0,42]' \
	"inspect --files tells modes and owners"
like "$("$ALPBUILD" inspect --files "dist/alp_rc-$V-arm64.oci.tar")" \
	"drwxrwxrwt +0 +0 +0 /tmp" "inspect --files of the layout"
done_testing
