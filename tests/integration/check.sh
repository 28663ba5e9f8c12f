#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild check: archives of the real tools, and of those that only write
# their form here, get the verdict that is known for each version of RouterOS;
# the commands that it names mend them; what alpbuild builds has no error.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 jq skopeo umoci tar zstd

export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1750000000
# skopeo looks for registries and secrets nowhere else.
export HOME=$TEST_TMP/home XDG_RUNTIME_DIR=$TEST_TMP/run TMPDIR=$TEST_TMP
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
W=$TEST_TMP/work
mkdir "$W"

ALL=7.5-7.24
CLASSIC="$ALL runs"
OCI='7.5-7.20 fails archive-oci'

skopeo() { command skopeo --insecure-policy --tmpdir "$TEST_TMP" "$@"; }
# Storage of their own; vfs and file work where containers are nested, too.
storage() {
	echo --root "$TEST_TMP/storage" --runroot "$TEST_TMP/runroot" \
		--storage-driver vfs
}
podman() {
	# shellcheck disable=SC2046
	command podman $(storage) --events-backend file \
		--cgroup-manager cgroupfs "$@"
}
# shellcheck disable=SC2046
buildah() { command buildah $(storage) "$@"; }
export TEST_TMP
export -f storage skopeo podman buildah
check() { "$ALPBUILD" check "$@"; }
# The commands that it names call it by its name.
mkdir "$TEST_TMP/bin"
ln -s "$(realpath "$ALPBUILD")" "$TEST_TMP/bin/alpbuild"
PATH=$TEST_TMP/bin:$PATH

# "7.5-7.16 fails archive-gzip; 7.17-7.24 runs" of a JSON answer.
verdicts() {
	# With an error its document follows.
	jq -rs '[.[0].files[0].verdicts[] | "\(.from)-\(.to) \(.outcome) " +
		(.rules | join(","))] | map(sub(" $"; "")) | join("; ")'
}

# judged FILE WANT NAME: the verdicts, and the exit status that follows.
judged() {
	local want=0 got=0
	case $2 in *fails* | *unproven* | *imports*) want=18 ;; esac
	check -q --json "$1" >"$W/answer" 2>"$W/talk" || got=$?
	is "$got" "$want" "$3: exit status"
	is "$(verdicts <"$W/answer")" "$2" "$3: verdict by version"
}

# mended FILE WANT NAME: its commands work, and this is judged of the result.
mended() {
	local commands made
	commands=$(check -q --json "$1" 2>/dev/null | jq -rs '.[0].files[0] |
		[.findings[] | select(.level == "error") | .commands[]] |
		unique | .[]')
	[ -n "$commands" ] || fail "$3: a command is named"
	ok "$3: its commands work" bash -euc "$commands"
	made=$(grep -oE '[^ :>]*(-routeros[a-z0-9-]*\.tar|whole\.tar)' <<<"$commands" |
		tail -n 1)
	judged "$made" "$2" "$3: mended"
}

#--- what alpbuild builds

use_mirror fixture
status 0 "the image is built" build build alp_rc --output "$W/dist"
for file in "$W"/dist/*.tar; do
	case $file in
	*.oci.tar) judged "$file" "7.5-7.20 fails archive-oci,several-platforms; 7.21-7.24 fails several-platforms" \
		"our OCI layout" ;;
	*) judged "$file" "$CLASSIC" "our ${file##*-}" ;;
	esac
done
IMAGE=$(echo "$W"/dist/*-amd64.tar)
ARM=$(echo "$W"/dist/*-armv7.tar)
is "$(check --json "$IMAGE" | jq -c '[.files[0].findings[] |
	select(.level != "note")]')" '[]' "our image has no warning"

#--- at the end of a build

# with_overlay PATH TEXT COMMAND...: with one more file in the image.
with_overlay() {
	local path=$PROJECT/rootfs-overlays/more/$1 text=$2
	shift 2
	mkdir -p "${path%/*}"
	printf '%s' "$text" >"$path"
	jq '.name = "more" | .overlays += ["more"]' \
		"$PROJECT/manifests/alp_rc.json" >"$PROJECT/manifests/more.json"
	"$@"
	rm -r "$PROJECT/rootfs-overlays/more"
}
more() { build build more --arch amd64 --output "$W/more" "$@"; }

with_overlay etc/machine-id 0123456789abcdef \
	status 0 "a warning lets the build go on" more
like "$OUT" 'warning: image more/amd64: a machine-id, .*\(etc/machine-id\): .*see machine-id in docs/checks.md' \
	"and is told"
with_overlay etc/inittab '::sysinit:/sbin/openrc sysinit' \
	status 18 "what cannot run ends the build" more --force
like "$OUT" 'image more/amd64: etc/inittab does not start .*no line starts boot' \
	"and why"
with_overlay etc/inittab '::sysinit:/sbin/openrc sysinit' \
	status 0 "images that are not for routers are not looked at" \
	more --format oci --force
unlike "$OUT" 'inittab' "and nothing is said"

#--- forms that are written by code

ok "the corpus is made" python3 "$TOP/tests/lib/image_corpus.py" "$IMAGE" "$W/c"
judged "$W/c/docker-old.tar" "$CLASSIC" "docker save before 25"
judged "$W/c/flat.tar" "$CLASSIC" "flat names"
judged "$W/c/docker-25.tar" "$ALL fails archive-hybrid" "docker save since 25"
judged "$W/c/docker-containerd.tar" "$ALL fails archive-hybrid,layer-gzip" \
	"docker save with containerd"
judged "$W/c/buildx-oci.tar" \
	"7.5-7.20 fails archive-oci,attestation; 7.21-7.24 fails attestation" \
	"buildx type=oci"
judged "$W/c/crane.tar" "$ALL fails layer-gzip" "crane and kaniko"
judged "$W/c/dotted.tar" "$ALL fails manifest-name" "names with ./"
judged "$W/c/upper.tar" "$CLASSIC" "a tag in upper case"
judged "$W/c/link.tar" "$ALL fails member-link" "a layer that is a link"
judged "$W/c/no-layer.tar" "$ALL fails member-missing" "a layer is missing"
judged "$W/c/other-layer.tar" "$ALL fails layer-digest" "another layer"
judged "$W/c/whole.tar.gz" \
	"7.5-7.16 fails archive-gzip; 7.17-7.24 runs" "a gzipped archive"
judged "$W/c/cut.tar" "$ALL fails archive-damaged" "half of an archive"

for name in docker-25 docker-containerd buildx-oci crane; do
	mended "$W/c/$name.tar" "$CLASSIC" "$name"
done
mended "$W/c/whole.tar.gz" "$CLASSIC" "a gzipped archive"

#--- skopeo, umoci, tar, zstd

ok "skopeo writes a docker-archive" skopeo copy -q "docker-archive:$IMAGE" \
	"docker-archive:$W/skopeo.tar:x:1"
judged "$W/skopeo.tar" "$CLASSIC" "skopeo's docker-archive"
ok "skopeo writes an OCI archive" skopeo copy -q "docker-archive:$IMAGE" \
	"oci-archive:$W/skopeo.oci.tar:1"
judged "$W/skopeo.oci.tar" "$OCI; 7.21-7.24 runs" "skopeo's OCI archive"
mended "$W/skopeo.oci.tar" "$CLASSIC" "skopeo's OCI archive"
ok "skopeo writes an OCI folder" skopeo copy -q "docker-archive:$IMAGE" \
	"oci:$W/folder:1"
judged "$W/folder" "$ALL fails archive-folder" "an OCI folder"
mended "$W/folder" "$CLASSIC" "an OCI folder"

echo hello >"$W/hello"
rootless=()
[ "$(id -u)" = 0 ] || rootless=(--rootless)
# umoci insert of 0.4.7 leaves the end of its layers out.
ok "umoci unpacks it" umoci unpack "${rootless[@]}" --image "$W/folder:1" \
	"$W/bundle"
cp "$W/hello" "$W/bundle/rootfs/etc/hello"
ok "umoci adds a layer" umoci repack --image "$W/folder:1" "$W/bundle"
tar -C "$W/folder" -cf "$W/umoci.tar" blobs index.json oci-layout
judged "$W/umoci.tar" "$OCI; 7.21-7.24 runs" "umoci's layout as a tar"
tar -C "$W/folder" -cf "$W/dotted.oci.tar" .
judged "$W/dotted.oci.tar" \
	"7.5-7.20 fails manifest-name,archive-oci; 7.21-7.24 fails manifest-name" \
	"the same with ./ before its names"
mended "$W/dotted.oci.tar" "$CLASSIC" "the same with ./ before its names"
like "$(check -q --json "$W/umoci.tar" 2>/dev/null)" '"several-layers"' \
	"its two layers are told"

tar -xOf "$IMAGE" "$(tar -xOf "$IMAGE" manifest.json | jq -r '.[0].Layers[0]')" \
	>"$W/root.tar"
judged "$W/root.tar" "$ALL fails manifest-missing" "a root file system"
mended "$W/root.tar" "$CLASSIC" "a root file system"
zstd -q "$IMAGE" -o "$W/image.tar.zst"
judged "$W/image.tar.zst" "$ALL fails archive-compressed" "zstd"

#--- podman and buildah

with_podman() {
	ok "podman loads our image" podman load -q -i "$IMAGE"
	local name
	name=$(podman images --format '{{.Repository}}:{{.Tag}}')
	ok "podman saves it" podman save -q --format docker-archive \
		-o "$W/podman.tar" "$name"
	judged "$W/podman.tar" "$CLASSIC" "podman's docker-archive"
	ok "podman saves it as OCI" podman save -q --format oci-archive \
		-o "$W/podman.oci.tar" "$name"
	judged "$W/podman.oci.tar" "$OCI; 7.21-7.24 runs" "podman's OCI archive"
}

with_buildah() {
	local container root
	container=$(buildah from "docker-archive:$IMAGE" 2>/dev/null)
	ok "buildah changes our image" buildah copy "$container" "$W/hello" /etc/hello
	root=$(buildah mount "$container")
	rm "$root/etc/inittab"
	ok "buildah writes it" buildah commit -q "$container" \
		"docker-archive:$W/buildah.tar:x:1"
	judged "$W/buildah.tar" \
		"7.5-7.10 imports whiteout-old,openrc-start; 7.11-7.24 imports openrc-start" \
		"two layers, one with a whiteout"
	mended "$W/buildah.tar" "$ALL imports openrc-start" "two layers"
}

# A plain user would need a range of owners, and a namespace to mount in.
if [ "$(id -u)" = 0 ] && podman info >/dev/null 2>&1; then with_podman; else
	skip "podman" "podman is not installed, or cannot run here"
fi
if [ "$(id -u)" = 0 ] && buildah info >/dev/null 2>&1; then with_buildah; else
	skip "buildah" "buildah is not installed, or cannot run here"
fi

#--- options and output

status 0 "an asked version decides" check --routeros 7.21 "$W/skopeo.oci.tar"
like "$OUT" '^  RouterOS 7.21 +yes$' "and is the only one"
unlike "$OUT" 'archive-oci:' "what it does not mind is not told"
status 18 "a version before" check --routeros 7.21rc1 "$W/skopeo.oci.tar"
like "$OUT" 'alpbuild: 1 error for RouterOS 7.21rc1' "and why"
status 0 "the future" check --routeros 7.40 "$IMAGE"
like "$OUT" 'newer than what is known, 7.24' "and that it is not known"
status 2 "no version" check --routeros 6.49 "$IMAGE"
status 2 "no board" check --board toaster "$IMAGE"
like "$OUT" 'known are CHR, ' "and those that there are"
status 2 "no file" check
status 4 "a file that is not there" check "$W/none.tar"
status 18 "a board of another architecture" check --board RB5009 "$IMAGE"
like "$OUT" '^error board-architecture' "and why"
status 0 "a board of the same" check --board RB3011 "$ARM"
status 0 "several files" check "$IMAGE" "$ARM"
is "$(grep -c '^  RouterOS' <<<"$OUT")" 2 "each has its verdict"

status 18 "a hybrid as text" check "$W/c/docker-containerd.tar"
like "$OUT" '^  RouterOS 7.5 - 7.24 +no: does not import \(archive-hybrid, layer-gzip\)$' \
	"the verdict"
like "$OUT" '^  the router says: .*could not load next layer' "the router's words"
like "$OUT" '^to mend archive-hybrid, layer-gzip:$' "what a command mends"
is "$(check --json "$W/c/docker-containerd.tar" 2>/dev/null | jq -cs '.[1].error |
	[.kind, .status]')" '["check",18]' "the error as JSON"
cp "$W/c/crane.tar" "$W/odd"$'\xff'"name.tar"
is "$(check --json "$W/odd"$'\xff'"name.tar" 2>/dev/null | jq -rs '.[0].files[0] |
	(.file | split("/")[-1]), (.findings[0].commands | length)' | paste -sd ' ')" \
	'odd?name.tar 1' "a name that is no UTF-8 as JSON"
is "$(check --json "$W/c/docker-containerd.tar" 2>/dev/null | jq -cs '.[0] | [keys,
	(.files[0] | keys), (.files[0].findings[0] | keys, .effect)]')" \
	'[["files"],["compression","file","findings","form","images","size","verdicts"],["advice","commands","count","effect","level","message","places","rule","since","title","until"],"import"]' \
	"the shape of JSON"

done_testing
