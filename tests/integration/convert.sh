#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild convert: archives of every form and maker become the one form that
# all versions import, with the very tree that umoci unpacks of them; the same
# bytes each time; complete or not at all; hostile ones are refused.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 jq skopeo umoci tar gzip

export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1750000000
export HOME=$TEST_TMP/home XDG_RUNTIME_DIR=$TEST_TMP/run TMPDIR=$TEST_TMP
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
W=$TEST_TMP/work
mkdir "$W"
cd "$W" || exit 1

skopeo() { command skopeo --insecure-policy --tmpdir "$TEST_TMP" "$@"; }
# Storage of its own; vfs works where containers are nested, too.
buildah() {
	command buildah --root "$TEST_TMP/storage" --runroot "$TEST_TMP/runroot" \
		--storage-driver vfs "$@"
}
podman() {
	command podman --root "$TEST_TMP/storage" --runroot "$TEST_TMP/runroot" \
		--storage-driver vfs --events-backend file \
		--cgroup-manager cgroupfs "$@"
}
convert() { "$ALPBUILD" convert "$@"; }
leftovers() { find . -maxdepth 1 -name '.*.tmp'; }

# layer_of FILE: the name of its layer, which is its SHA-256.
layer_of() { tar -tf "$1" | tail -n 1; }
config_of() { tar -xOf "$1" "$(tar -tf "$1" | sed -n 2p)"; }

# imports FILE NAME: every version imports and runs it.
imports() {
	is "$("$ALPBUILD" check --json "$1" 2>/dev/null | jq -rs '[.[0].files[0].verdicts[] |
		"\(.from)-\(.to) \(.outcome)"] | join("; ")')" "7.5-7.24 runs" "$2: every version"
}

# Owners and modes can be compared by root only.
unpacks() { [ "$(id -u)" = 0 ]; }

# like_umoci LAYOUT FILE NAME: FILE has the tree that umoci unpacks of LAYOUT.
like_umoci() {
	unpacks || { skip "$3: same tree" "umoci keeps owners for root only"; return; }
	rm -rf bundle
	ok "$3: umoci unpacks it" umoci unpack --image "$1" bundle
	tar -xOf "$2" "$(layer_of "$2")" >layer.tar
	ok "$3: the same tree" \
		python3 "$TOP/tests/lib/same_tree.py" bundle/rootfs layer.tar
}

use_mirror fixture
status 0 "the image is built" build build alp_rc --arch amd64 --output "$W/dist"
IMAGE=$(echo "$W"/dist/*-amd64.tar)
ok "single layers are made" python3 "$TOP/tests/lib/image_corpus.py" "$IMAGE" c
ok "several layers are made" python3 "$TOP/tests/lib/layer_corpus.py" "$IMAGE" m

#--- every form

for name in docker-25 docker-containerd buildx-oci crane dotted upper link docker-old; do
	ok "$name" convert --name x:1 "c/$name.tar" "$name.tar"
	ok "$name: the same bytes as of any other form" cmp "$name.tar" docker-25.tar
done
ok "a gzipped file" convert --name x:1 c/whole.tar.gz whole.tar
ok "it gives the same bytes" cmp whole.tar docker-25.tar
imports docker-25.tar "one layer"
is "$(tar -tvf docker-25.tar | awk '{ print $1, $6 }' | sed 's/[0-9a-f]\{64\}/SHA/')" \
	"-rw-r--r-- manifest.json
-rw-r--r-- SHA.json
-rw-r--r-- SHA/layer.tar" "three members"
is "$(layer_of docker-25.tar)" "$(layer_of "$IMAGE")" "the layer is the one of the input"

#--- layers

ok "several layers" convert m/multi.tar multi.tar
imports multi.tar "several layers"
for name in multi-hybrid.tar multi.oci.tar multi.oci; do
	ok "several layers: $name" convert --name multi:1 "m/$name" again.tar --force
	ok "the same bytes" cmp again.tar multi.tar
done
like_umoci "m/multi.oci:1" multi.tar "several layers"
is "$(tar -xOf multi.tar "$(layer_of multi.tar)" | tar -tf - |
	grep -c '\.wh\.')" 0 "no whiteout is left"
is "$(config_of multi.tar | jq -c '[.config.Healthcheck, .config.Shell, (.config | has("OnBuild")),
		(.rootfs.diff_ids | length), (.history | length), .author]')" \
	'[{"Retries":3,"Test":["CMD","/bin/true"]},["/bin/sh","-c"],false,1,1,null]' \
	"the config is kept but for what says nothing"
is "$(tar -xOf m/multi.tar config.json | jq -S '.config | del(.OnBuild)')" \
	"$(config_of multi.tar | jq -S .config)" \
	"word for word"
ok "converted again, it stays as it is" convert multi.tar twice.tar
ok "byte for byte" cmp multi.tar twice.tar

#--- what has no place in the result

status 0 "odd entries" convert m/odd.tar odd.tar
like "$OUT" 'warning: .*device nodes or fifos left out.*: srv/null, srv/fifo$' "nodes are told"
like "$OUT" 'warning: .*extended attributes.*left out.*: srv/capable$' "attributes, too"
like "$OUT" 'left out of the config: author$' "and keys of the config"
imports odd.tar "odd entries"
is "$(tar -xOf odd.tar "$(layer_of odd.tar)" | tar -xOf - srv/dup)" second \
	"of a path that is there twice the later one stays"

#--- root file systems

root_of() { tar -xOf "$1" "$(layer_of "$1")"; }
# command_of FILE: platform, entrypoint and cmd of its config.
command_of() {
	config_of "$1" | jq -c '[.architecture, .variant, .config.Entrypoint, .config.Cmd]'
}
# wrapped FILE NAME: it becomes an image with the very tree that is in it.
wrapped() {
	rm -f r.tar
	status 0 "$2" convert --rootfs "$1" r.tar
	root_of r.tar >layer.tar
	ok "$2: the same tree" python3 "$TOP/tests/lib/same_tree.py" "$1" layer.tar
	imports r.tar "$2"
}

root_of "$IMAGE" >root.tar
wrapped root.tar "a root file system"
is "$(layer_of r.tar)" "$(layer_of "$IMAGE")" "it is the layer, byte for byte"
is "$(command_of r.tar)" '["amd64",null,["/sbin/init"],null]' "its init is started"
is "$(tar -xOf r.tar manifest.json | jq -r '.[0].RepoTags[0]')" root:latest \
	"it is called as the file"
gzip -9 <root.tar >root.tar.gz
ok "a gzipped one" convert --rootfs root.tar.gz gz.tar
ok "gives the same bytes" cmp gz.tar r.tar
ok "platform, name and words can be given" convert --rootfs --force --arch linux/amd64 --name \
	web:1 --entrypoint /bin/busybox --entrypoint httpd --cmd -f --cmd "a b" root.tar w.tar
is "$(command_of w.tar) $(tar -xOf w.tar manifest.json | jq -r '.[0].RepoTags[0]')" \
	'["amd64",null,["/bin/busybox","httpd"],["-f","a b"]] web:1' "as they are"
tar --delete -f root.tar sbin/init && mv root.tar shell.tar
ok "one without an init" convert --rootfs shell.tar shell.out
is "$(command_of shell.out)" '["amd64",null,["/bin/sh"],null]' "starts its shell"
status 2 "a wrong platform" convert --rootfs --arch arm64 shell.tar bad.tar
like "$OUT" 'bin/busybox is a program for 64-bit x86_64, --arch says arm64: choose --arch amd64' \
	"names the program"
status 0 "but if it is wanted" convert --rootfs --unchecked --arch arm64 shell.tar other.tar
like "$OUT" 'warning: other.tar: .*elf-machine' "with a warning"
status 18 "a program that is not there" convert --rootfs --entrypoint /none shell.tar bad.tar
status 2 "a relative program" convert --rootfs --entrypoint sh shell.tar bad.tar
status 2 "words without --rootfs" convert --cmd x c/flat.tar bad.tar
status 2 "a tag with --rootfs" convert --rootfs --tag x shell.tar bad.tar
status 2 "an image with --rootfs" convert --rootfs c/flat.tar bad.tar
like "$OUT" 'it is an image archive: leave out --rootfs' "is told"
status 8 "a root file system without --rootfs" convert shell.tar bad.tar
like "$OUT" 'convert --rootfs makes one' "is told, too"

# Everything that a layer cannot or should not have.
python3 - shell.tar hostile.tar <<'PY'
import io, sys, tarfile
source, target = sys.argv[1:]
with tarfile.open(source) as old, tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as new:
	for member in old:
		new.addfile(member, old.extractfile(member) if member.isreg() else None)
	def add(name, kind=tarfile.REGTYPE, link="", **more):
		info = tarfile.TarInfo(name)
		info.type, info.linkname = kind, link
		for key, value in more.items():
			setattr(info, key, value)
		new.addfile(info, io.BytesIO(b""))
	add("srv/null", tarfile.CHRTYPE, devmajor=1, devminor=3)
	add("srv/fifo", tarfile.FIFOTYPE)
	add("srv/capable", pax_headers={"SCHILY.xattr.user.x": "1"})
	add("srv/.wh.x")
	add("srv/round", tarfile.SYMTYPE, "round")
	add("sbin/init", tarfile.SYMTYPE, "init")
	add("srv/setuid", mode=0o4755, uid=1234, gid=56789)
PY
status 0 "odd entries" convert --rootfs hostile.tar hostile.out
like "$OUT" 'warning: .*device nodes or fifos left out.*: srv/null, srv/fifo$' "nodes are told"
like "$OUT" 'warning: .*extended attributes.*left out.*: srv/capable$' "attributes, too"
like "$OUT" 'warning: .*whiteouts left out.*: srv/\.wh\.x$' "and names that hide others"
is "$(command_of hostile.out)" '["amd64",null,["/bin/sh"],null]' "an init that loops is none"
is "$(root_of hostile.out | tar --numeric-owner -tvf - srv/setuid srv/round |
	awk '{ print $1, $2 }')" "lrw-r--r-- 0/0
-rwsr-xr-x 1234/56789" "links, modes and owners stay"
for kind in ../x /etc/x etc/passwd/x; do
	tar -cf one.tar --transform "s|.*|$kind|" -P "$TOP/LICENSE"
	cp shell.tar bad-root.tar
	tar -Af bad-root.tar one.tar
	status 8 "a member $kind" convert --rootfs bad-root.tar bad.tar
done
head -c 300000 shell.tar >short.tar
status 8 "half a file" convert --rootfs short.tar bad.tar
status 8 "a folder" convert --rootfs c bad.tar
like "$OUT" 'c is a folder, expected a tar: pack it' "is told how to pack it"
tar -cf empty.tar -T /dev/null
status 2 "an empty one" convert --rootfs empty.tar bad.tar
ok "none of these is written" test ! -e bad.tar

#--- the choice

status 2 "several images" convert m/platforms.oci.tar p.tar
like "$OUT" 'choose one by --arch or --tag; there are linux/amd64 1, linux/arm/v7 1, linux/amd64 2$' \
	"are listed"
status 2 "several of a platform" convert --arch amd64 m/platforms.oci.tar p.tar
status 4 "none of a platform" convert --arch arm64 m/platforms.oci.tar p.tar
like "$OUT" 'no image for arm64: there are linux/amd64 1' "and those that there are"
status 2 "no platform" convert --arch /v7 m/platforms.oci.tar p.tar
ok "a platform and a tag" convert --arch x86_64 --tag 2 m/platforms.oci.tar p.tar
is "$(tar -xOf p.tar manifest.json | jq -r '.[0].RepoTags[0]')" platforms:2 \
	"the file's name stands before the tag of a layout"
status 18 "a platform that its programs are not for" \
	convert --arch armv7 m/platforms.oci.tar arm.tar
like "$OUT" 'elf-machine' "is what the check finds"
ok "nothing is written" test ! -e arm.tar
status 0 "but if it is wanted" convert --unchecked --arch armv7 m/platforms.oci.tar arm.tar
like "$OUT" 'warning: arm.tar: .*elf-machine' "with a warning"

#--- names, files, output

status 0 "a name without a tag" convert --name host:5000/web c/flat.tar named.tar
is "$(tar -xOf named.tar manifest.json | jq -r '.[0].RepoTags[0]')" \
	host:5000/web:latest "is the latest"
status 2 "a bad name" convert --name 'Web:1' c/flat.tar bad.tar
status 2 "one operand" convert c/flat.tar
status 2 "standard output" convert c/flat.tar -
status 4 "no input" convert none.tar bad.tar
before=$(sha256sum <multi.tar)
status 11 "a file that is there" convert c/flat.tar multi.tar
like "$OUT" 'multi.tar exists: .*--force' "what to do"
status 11 "a folder that is there" convert --force c/flat.tar c
is "$(sha256sum <multi.tar)" "$before" "it stays"
status 4 "a folder that is not there" convert c/flat.tar none/x.tar
ok "JSON" convert --json m/multi.tar j.tar
is "$(convert --json --force m/multi.tar j.tar 2>/dev/null | jq -c '[.file, .tag, .platform, .layers, .devices, .xattrs, .config_left_out, (.size |
	type), .sha256]')" \
	"[\"j.tar\",\"multi:1\",\"linux/amd64\",3,0,0,\"author\",\"number\",\"$(sha256sum <j.tar |
		cut -d ' ' -f 1)\"]" "its keys"
is "$(leftovers)" "" "no temporary is left"

#--- the real tools

ok "skopeo writes an OCI archive" skopeo copy -q docker-archive:m/multi.tar \
	oci-archive:skopeo.oci.tar:1
ok "it is converted" convert skopeo.oci.tar skopeo.tar
is "$(layer_of skopeo.tar)" "$(layer_of multi.tar)" "to the same layer"
ok "skopeo writes a docker-archive" skopeo copy -q docker-archive:m/multi.tar \
	docker-archive:skopeo.docker.tar:multi:1
ok "it is converted" convert --force skopeo.docker.tar skopeo.tar
is "$(layer_of skopeo.tar)" "$(layer_of multi.tar)" "to the same layer"

with_umoci() {
	rm -rf bundle layers
	cp -r m/multi.oci layers
	ok "umoci unpacks" umoci unpack --image layers:1 bundle
	rm -r bundle/rootfs/srv/keep bundle/rootfs/srv/real
	mkdir -p bundle/rootfs/srv/real/new
	echo hello >bundle/rootfs/srv/hello
	ok "umoci adds a layer" umoci repack --image layers:1 bundle
	ok "it is converted" convert layers umoci.tar
	like_umoci layers:1 umoci.tar "umoci's layers"
	imports umoci.tar "umoci's layers"
}

with_buildah() {
	local container root
	container=$(buildah from docker-archive:m/multi.tar 2>/dev/null)
	root=$(buildah mount "$container")
	rm -r "$root/srv/opaque" "$root/srv/to-dir"
	mkdir "$root/srv/opaque"
	echo hello >"$root/srv/to-dir"
	ln "$root/srv/hard2" "$root/srv/hard5"
	ok "buildah adds a layer" buildah commit -q "$container" \
		oci-archive:buildah.oci.tar:1
	ok "it is converted" convert buildah.oci.tar buildah.tar
	ok "skopeo unpacks the archive" skopeo copy -q oci-archive:buildah.oci.tar \
		oci:buildah.oci:1
	like_umoci buildah.oci:1 buildah.tar "buildah's layers"
	imports buildah.tar "buildah's layers"
	tar --numeric-owner -C "$root" -cf mounted.tar .
	wrapped mounted.tar "buildah's folder, by tar"
}

with_podman() {
	ok "podman loads it" podman load -q -i m/multi.tar
	ok "podman saves it" podman save -q --format docker-archive -o podman.tar \
		localhost/multi:1
	ok "it is converted" convert --name multi:1 podman.tar of-podman.tar
	ok "podman takes the result" podman load -q -i of-podman.tar
	like_umoci m/multi.oci:1 of-podman.tar "podman's layers"
	ok "podman exports a container" podman export -o export.tar \
		"$(podman create localhost/multi:1)"
	wrapped export.tar "podman's export"
}

if unpacks; then with_umoci; else skip "umoci" "it keeps owners for root only"; fi
if unpacks && buildah info >/dev/null 2>&1; then with_buildah; else
	skip "buildah" "buildah is not installed, or cannot run here"
fi
if podman info >/dev/null 2>&1; then with_podman; else
	skip "podman" "podman is not installed, or cannot run here"
fi

#--- complete or not at all

# A program that is killed says so by bash, which nobody wants to read.
killed_after() {
	("$ALPBUILD" convert -q m/multi.tar killed.tar & pid=$!
	sleep "$1"; kill -KILL $pid; wait $pid) >/dev/null 2>&1
}
wrong='' interrupted=0
for ms in $(seq 2 3 60); do
	killed_after "0.$(printf %03d "$ms")"
	if [ ! -e killed.tar ]; then
		interrupted=$((interrupted + 1))
	elif ! cmp -s killed.tar multi.tar; then
		wrong+=" $ms"
	fi
	rm -f killed.tar
done
is "$wrong" "" "killed at any time, it leaves no wrong file"
ok "some were killed before the end" test "$interrupted" -gt 0
ok "another one is not in their way" convert -q --force c/flat.tar killed.tar
is "$(leftovers)" "" "and removes what they left"

# interrupted_after SECONDS: its exit status.
interrupted_after() {
	"$ALPBUILD" convert -q m/multi.tar int.tar >/dev/null 2>&1 &
	local pid=$! st=0
	sleep "$1"
	kill -TERM $pid 2>/dev/null
	wait $pid || st=$?
	echo $st
}
wrong='' stopped=0
for ms in $(seq 5 4 60); do
	st=$(interrupted_after "0.$(printf %03d "$ms")")
	case $st in
	0) cmp -s int.tar multi.tar || wrong+=" $ms: other bytes" ;;
	130) stopped=$((stopped + 1)); [ ! -e int.tar ] || wrong+=" $ms: a file" ;;
	143) ;; # before it listens
	*) wrong+=" $ms: status $st" ;;
	esac
	rm -f int.tar
done
is "$wrong" "" "interrupted at any time, it leaves no wrong file ($stopped times)"
is "$(leftovers)" "" "nor a temporary"

if [ "$(id -u)" = 0 ] && mkdir full && mount -t tmpfs -o size=2m tmpfs full 2>/dev/null; then
	at_exit "umount '$W/full'"
	status 12 "a full disk" convert m/multi.tar full/x.tar
	like "$OUT" 'No space left on device' "and why"
	is "$(find full -type f)" "" "nothing is left"
	TMPDIR=$W/full status 12 "a full disk for temporaries" \
		convert m/multi.oci.tar full.tar
	ok "nothing is written" test ! -e full.tar
else
	skip "a full disk" "a tmpfs cannot be mounted here"
fi

#--- damage (what else is hostile: tests/unit/test_archive_bad*.c)

# damaged NUMBER: m/multi.oci.tar with a part of it overwritten or cut off.
damaged() {
	python3 - "$1" <<-'PY'
		import random, sys
		random.seed(int(sys.argv[1]))
		data = bytearray(open("m/multi.oci.tar", "rb").read())
		at = random.choice([random.randrange(len(data)), 512 * random.randrange(40)])
		if random.random() < 0.3:
		    data = data[:at]
		else:
		    n = random.randrange(1, 600)
		    data[at:at + n] = random.randbytes(len(data[at:at + n]))
		open("damaged.tar", "wb").write(data)
	PY
}
wrong='' refused=0
for n in $(seq 25); do
	damaged "$n"
	out=$(convert -q --unchecked --name multi:1 damaged.tar damaged.out 2>&1)
	case $? in
	0) cmp -s damaged.out multi.tar || wrong+=" $n: other bytes" ;;
	7 | 8) refused=$((refused + 1)); [ ! -e damaged.out ] || wrong+=" $n: a file" ;;
	*) wrong+=" $n: $out" ;;
	esac
	rm -f damaged.out
done
is "$wrong" "" "damage is refused, or does not matter"
ok "some was refused" test "$refused" -gt 10
is "$(leftovers)" "" "no temporary is left"

done_testing
