# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# release.sh: a staged tree becomes a release as Alpine's mirrors have it.

# release_write STAGE ALPINE_ARCH DIR: files that are equal stay untouched.
release_write() {
	local stage=$1 arch=$2 dir=$3 name tmp=$1.out f
	name=alpine-minirootfs-$MIRROR_VERSION-$arch.tar.gz
	mkdir -p "$tmp"
	release_tar "$stage" "$tmp/rootfs.tar"
	gzip -9n <"$tmp/rootfs.tar" >"$tmp/$name"
	rm "$tmp/rootfs.tar"
	(cd "$tmp" && sha256sum "$name" >"$name.sha256" &&
		sha512sum "$name" >"$name.sha512")
	release_yaml "$tmp/$name" "$arch" >"$tmp/latest-releases.yaml"
	# The archive first: who sees a new checksum finds its file.
	for f in "$name" "$name.sha256" "$name.sha512" latest-releases.yaml; do
		cmp -s "$tmp/$f" "$dir/$f" || {
			cp "$tmp/$f" "$dir/.$f.new"
			mv "$dir/.$f.new" "$dir/$f"
		}
	done
}

# release_tar STAGE FILE: names begin with "./", the first one is "./". Owners
# that are not 0:0 are appended in passes of their own: no root is needed.
release_tar() {
	local stage=$1 file=$2 uid gid path flags exclude=()
	flags=(--format=gnu --sort=name --numeric-owner --no-recursion)
	while read -r uid gid path; do
		exclude+=(--exclude="./$path")
	done <<<"$SPECIAL_OWNERS"
	tar "${flags[@]}" --recursion --anchored "${exclude[@]}" \
		--owner=0 --group=0 -cf "$file" -C "$stage" .
	while read -r uid gid path; do
		tar "${flags[@]}" --owner="$uid" --group="$gid" \
			-rf "$file" -C "$stage" "./$path"
	done <<<"$SPECIAL_OWNERS"
}

release_yaml() {
	local file=${1##*/}
	cat <<-EOF
	---
	-
	  title: "Mini root filesystem"
	  desc: |
	    alpbuild DEMO, made from Debian packages.
	    This is not Alpine.
	  branch: $MIRROR_BRANCH
	  arch: $2
	  version: $MIRROR_VERSION
	  flavor: alpine-minirootfs
	  file: $file
	  iso: $file
	  date: $(date -u -d "@$MIRROR_EPOCH" +%Y-%m-%d)
	  time: $(date -u -d "@$MIRROR_EPOCH" +%H:%M:%S)
	  size: $(stat -c %s "$1")
	  sha256: $(sha256sum <"$1" | cut -d' ' -f1)
	  sha512: $(sha512sum <"$1" | cut -d' ' -f1)
	EOF
}
