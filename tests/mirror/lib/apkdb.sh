# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# apkdb.sh: lib/apk/db of a staged tree: installed, scripts.tar, triggers and
# lock, in the form of apk-tools 2 (F: folder, M: its owner and mode, R: file,
# a: its owner and mode, Z: digest). It agrees with the tree by construction,
# except for etc/shadow, which Alpine too edits after its package is installed.
# C: would be the SHA-1 of a package's control section; there are no such
# packages here, so it is the SHA-1 of name and version.

# apkdb_write STAGE ALPINE_ARCH DEBS_ARCH
apkdb_write() {
	local stage=$1 arch=$2 db=$1/lib/apk/db bb musl
	bb=$(upstream_version "$3/busybox-static.version")
	musl=$(upstream_version "$3/musl.version")
	: >"$db/lock"
	apkdb_list "$stage" >"$stage.list"
	{
		apkdb_package "$stage" "$arch" alpine-baselayout \
			"$MIRROR_VERSION-r0" "Base dir structure" \
			"D:alpine-baselayout-data=$MIRROR_VERSION-r0 /bin/sh"
		apkdb_package "$stage" "$arch" alpine-baselayout-data \
			"$MIRROR_VERSION-r0" "Base dir structure" \
			"r:alpine-baselayout"
		apkdb_package "$stage" "$arch" alpine-keys \
			"$MIRROR_VERSION-r0" "Public keys of the fixture" \
			"r:alpine-base"
		apkdb_package "$stage" "$arch" apk-tools "$APK_TOOLS_VERSION" \
			"Stand-in for the package manager" \
			"D:musl so:libc.musl-$arch.so.1
p:so:libapk.so.2.14.0=2.14.0 cmd:apk=$APK_TOOLS_VERSION"
		apkdb_package "$stage" "$arch" busybox "$bb-r0" \
			"Size optimized toolbox of many common UNIX utilities" \
			"D:so:libc.musl-$arch.so.1
p:cmd:busybox=$bb-r0"
		apkdb_package "$stage" "$arch" busybox-binsh "$bb-r0" \
			"busybox ash /bin/sh" "k:100
D:busybox=$bb-r0
p:/bin/sh cmd:sh=$bb-r0"
		apkdb_package "$stage" "$arch" musl "$musl-r0" \
			"the musl c library (libc) implementation" \
			"p:so:libc.musl-$arch.so.1=1"
		apkdb_package "$stage" "$arch" zone-utc "$MIRROR_VERSION-r0" \
			"Time zone UTC" ""
	} >"$db/installed"
	apkdb_scripts "$stage" "$bb-r0"
	chmod 0644 "$db"/*
	chmod 0600 "$db/lock"
	touch -d "@$MIRROR_EPOCH" "$db"/* "$db"
}

# 1:1.35.0-4+deb12u1+b1 -> 1.35.0
upstream_version() { sed 's/^[0-9]*://; s/-[^-]*$//; s/[^0-9.].*//' "$1"; }

# apkdb_list STAGE: "package kind mode path" of all that a package owns, in
# bytewise order. Links to busybox belong to none, as in Alpine.
apkdb_list() {
	(cd "$1" && find . -mindepth 1 ! -lname /bin/busybox \
		-printf '%y %m %P\n') | sort -k 3 | awk '
	function owner(path) {
		if (path ~ /^(bin\/busybox|usr\/bin\/demo-suid|etc\/busybox-paths)/)
			return "busybox"
		if (path ~ /^lib\/(ld-musl|libc\.musl)-/) return "musl"
		if (path ~ /^usr\/share\/zoneinfo/) return "zone-utc"
		if (path ~ /^etc\/apk\/keys|^usr\/share\/apk/)
			return "alpine-keys"
		if (path ~ /^(sbin\/apk|etc\/apk\/protected_paths.d)$/)
			return "apk-tools"
		if (path ~ /^lib\/apk(\/(db|exec))?$/) return "apk-tools"
		if (path ~ /^lib\/apk\/|^etc\/apk\/./) return ""
		if (path ~ /^etc\/site\.|^usr\/share\/site\./) return ""
		if (kind == "f" && path ~ /^etc\//) return "alpine-baselayout-data"
		return "alpine-baselayout"
	}
	{
		kind = $1
		p = owner($3)
		if (p != "") print p, $1, $2, $3
	}'
	(cd "$1" && [ -L bin/sh ] && echo "busybox-binsh l 777 bin/sh")
}

# apkdb_package STAGE ARCH NAME VERSION DESCRIPTION EXTRA: one record.
apkdb_package() {
	local stage=$1 name=$3 size
	size=$(cd "$stage" && awk -v p="$name" '$1 == p && $2 == "f" { print $4 }' \
		"$stage.list" | xargs -r stat -c %s | awk '{ s += $1 }
		END { print s + 0 }')
	printf 'C:%s\nP:%s\nV:%s\nA:%s\nS:%s\nI:%s\nT:%s\n' \
		"$(q1 <<<"$name-$4")" "$name" "$4" "$2" "$size" "$size" "$5"
	printf 'U:https://alpbuild-demo.invalid/\nL:%s\no:%s\nt:%s\n' \
		"$(license_of "$name")" "$(origin_of "$name")" "$MIRROR_EPOCH"
	[ -z "$6" ] || printf '%s\n' "$6"
	apkdb_folders "$stage" "$name"
	echo
}

license_of() {
	case $1 in
	busybox*) echo GPL-2.0-only ;;
	zone-utc) echo Public-Domain ;;
	*) echo MIT ;;
	esac
}

origin_of() {
	case $1 in
	busybox*) echo busybox ;;
	alpine-baselayout*) echo alpine-baselayout ;;
	*) echo "$1" ;;
	esac
}

# The folders of a package with their files, and the folders around them.
apkdb_folders() {
	local stage=$1 name=$2 dir mode path
	awk -v p="$name" '$1 == p {
		path = $4
		if ($2 == "d") dir[path]
		while (sub(/\/[^\/]*$/, "", path)) dir[path]
	} END { for (d in dir) print d "/" }' "$stage.list" | sort |
	while read -r dir; do
		dir=${dir%/}
		printf 'F:%s\n' "$dir"
		mode=$(stat -c %a "$stage/$dir")
		[ "$mode" = 755 ] || printf 'M:%s:%s\n' "$(owner_of "$dir")" "$mode"
		awk -v p="$name" -v d="$dir" '$1 == p && $2 != "d" {
			path = $4
			if (!sub(/\/[^\/]*$/, "", path)) path = ""
			if (path == d) print $4
		}' "$stage.list" | while read -r path; do
			apkdb_file "$stage" "$path"
		done
	done
}

# apkdb_file STAGE PATH: a: is left out for 0:0:644; Z: of a link is of its
# target.
apkdb_file() {
	local f=$1/$2 acl digest
	acl=$(owner_of "$2"):$(stat -c %a "$f")
	if [ -L "$f" ]; then
		digest=$(readlink -n "$f" | q1)
	elif [ "$2" = etc/shadow ]; then
		digest=$(sed 's/^root:\*/root:/' "$f" | q1)
	else
		digest=$(q1 <"$f")
	fi
	printf 'R:%s\n' "${2##*/}"
	[ "$acl" = 0:0:644 ] || printf 'a:%s\n' "$acl"
	printf 'Z:%s\n' "$digest"
}

# owner_of PATH: "uid:gid".
owner_of() {
	awk -v p="$1" '$3 == p { print $1 ":" $2; found = 1 }
		END { if (!found) print "0:0" }' <<<"$SPECIAL_OWNERS"
}

# q1: SHA-1 of the input as apk writes it.
q1() {
	local hex
	hex=$(sha1sum)
	hex=${hex%% *}
	# shellcheck disable=SC2001,SC2059
	printf 'Q1%s\n' "$(printf "$(sed 's/../\\x&/g' <<<"$hex")" | base64)"
}

# apkdb_scripts STAGE VERSION: busybox's scripts, in the shape of Alpine's.
apkdb_scripts() {
	local stage=$1 id dir=$1.scripts kind name
	id=$(q1 <<<"busybox-$2")
	printf '%s /bin /usr/bin /sbin /usr/sbin /lib/modules/*\n' "$id" \
		>"$stage/lib/apk/db/triggers"
	mkdir -p "$dir"
	# "/" of an identity cannot be in a file name here.
	name=$dir/busybox-$2.${id//\//%}
	for kind in post-install post-upgrade; do
		printf '#!/bin/busybox sh\n\n%s\n%s\n' \
			'/bin/busybox mkdir -p "/bin" "/sbin" "/usr/bin" "/usr/sbin"' \
			'exec /bin/busybox --install -s' >"$name.$kind"
	done
	busybox_trigger >"$name.trigger"
	chmod 0755 "$dir"/*
	(cd "$dir" && tar --format=gnu --sort=name --owner=root:0 \
		--group=root:0 --mtime="@$MIRROR_EPOCH" --blocking-factor=1 \
		--transform='s,%,/,g' -cf - -- *) \
		>"$stage/lib/apk/db/scripts.tar"
}

busybox_trigger() {
	cat <<'EOF'
#!/bin/sh

do_bb_install=

for i in "$@"; do
	case "$i" in
		/lib/modules/*)
			if [ -d "$i" ]; then
				/bin/busybox depmod ${i#/lib/modules/}
			fi
			;;
		*) do_bb_install=yes;;
	esac
done

if [ -n "$do_bb_install" ]; then
	[ -e /bin/bbsuid ] && /bin/bbsuid --install
	/bin/busybox --install -s
fi
EOF
}
