#!/bin/bash
# SPDX-License-Identifier: MIT
# The real apk has the last word: it looks at images that alpbuild built, and
# installs the same packages into a minirootfs, which must give the same tree
# and the same database. Foreign architectures run by qemu-user. Needs
# ALPBUILD_TEST_MIRROR, root, and for foreign ones qemu-user-static and Linux
# 6.7 (or handlers of binfmt_misc with the flag F).
#
# Known differences, on purpose:
# - days in shadow are SOURCE_DATE_EPOCH's; times are not compared;
# - r: of a package without directories: apk 2.14 gives it to the next record.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 jq unshare
# shellcheck source=../lib/apk_image.sh
. "$TOP/tests/lib/apk_image.sh"
[ "$(id -u)" = 0 ] || skip_all "not root"
export SOURCE_DATE_EPOCH=1700000000
DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_trigger

# apk_in ROOT ARCH BRANCH ARG...: the apk of that root.
apk_in() {
	local root=$1 arch=$2 branch=$3
	shift 3
	in_root "$root" "$arch" apk --no-network --no-progress \
		--keys-dir /dev/mirror/keys --repositories-file /dev/null \
		--repository "/dev/mirror/$branch/main" "$@"
}

# in_root ROOT ARCH COMMAND...
in_root() {
	local root=$1 binfmt
	binfmt=$(binfmt_of "$2")
	shift 2
	"$TOP/tests/lib/in-root.sh" "$root" "$REPO" "$binfmt" "$@"
}

# handler_of NAME CLASS MACHINE: a line for binfmt_misc: little-endian ELF
# programs of this class (32 or 64 bit) and machine go to qemu. It must be a
# static one, as it is called where nothing of the host is.
handler_of() {
	local qemu
	qemu=$(command -v "qemu-$1-static" || command -v "qemu-$1") || return
	printf ':qemu-%s:M::\\x7fELF\\x%s\\x01\\x01%s\\x02\\x00\\x%s\\x00:%s:%s:PF\n' \
		"$1" "$2" '\x00\x00\x00\x00\x00\x00\x00\x00\x00' "$3" \
		'\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff' \
		"$qemu"
}

# binfmt_of ARCH: what in-root.sh wants for it, nothing for the machine's own.
binfmt_of() {
	local file=$TEST_TMP/binfmt-$1
	case $1-$(uname -m) in
	amd64-x86_64 | arm64-aarch64) return ;;
	amd64-*) handler_of x86_64 02 3e ;;
	arm64-*) handler_of aarch64 02 b7 ;;
	armv7-*) handler_of arm 01 28 ;;
	esac >"$file"
	[ ! -s "$file" ] || echo "$file"
}

# Whether programs of ARCH run here; the reason why not is in $OUT.
can_run() {
	local root=$TEST_TMP/can-$1
	[ -d "$root" ] || unpack "$(minirootfs v3.18 "$(alpine_arch "$1")")" "$root"
	OUT=$(in_root "$root" "$1" apk --version 2>&1)
}

# Nothing to mend, and nothing new beside what the minirootfs has of that kind.
check_audit() {
	local name=$1 arch=$2 kind want
	for kind in --system '--system --check-permissions'; do
		# shellcheck disable=SC2086
		want=$(in_root "$TEST_TMP/can-$arch" "$arch" apk audit $kind 2>&1 | sort)
		# shellcheck disable=SC2086
		is "$(in_root "$TEST_TMP/$name" "$arch" apk audit $kind 2>&1 |
			sort | comm -23 - <(echo "$want"))" "" \
			"$name: audit $kind finds what it finds in the minirootfs"
	done
	want=$(apk_in "$TEST_TMP/$name" "$arch" v3.18 fix --simulate 2>&1)
	like "$want" '^OK: ' "$name: fix has nothing to do"
	unlike "$want" 'ERROR|WARNING|^\(' "$name: fix would change nothing"
}

# The packages, and every file of them.
check_info() {
	local name=$1 arch=$2 list
	list=$(in_root "$TEST_TMP/$name" "$arch" apk --no-network \
		--repositories-file /dev/null info -v 2>&1)
	is "$(sort <<<"$list")" "$(awk '/^P:/ { p = substr($0, 3) }
		/^V:/ { print p "-" substr($0, 3) }' \
		"$TEST_TMP/$name/lib/apk/db/installed" | sort)" \
		"$name: info lists the packages of the database"
	is "$(jq -r '.packages[] | .name + "-" + .version' \
		"$TEST_TMP/$name.out"/*.report.json | grep -vxF "$list")" "" \
		"$name: all packages of the report are installed"
	# shellcheck disable=SC2016
	in_root "$TEST_TMP/$name" "$arch" sh -c 'apk info -q -L $(apk info -q)' \
		2>/dev/null | sed '/^$/d' >"$TEST_TMP/files"
	ok "$name: info -L lists files of each package" grep -qx \
		usr/sbin/sshd "$TEST_TMP/files"
	is "$(while read -r f; do
		[ -e "$TEST_TMP/$name/$f" ] || [ -L "$TEST_TMP/$name/$f" ] ||
			echo "$f"
	done <"$TEST_TMP/files")" "" \
		"$name: all files that info -L lists are there"
}

# One package more, and back.
check_add() {
	local name=$1 arch=$2 package=$3 db=$TEST_TMP/$1/lib/apk/db
	cp -a "$db" "$TEST_TMP/db"
	ok "$name: apk add $package" \
		apk_in "$TEST_TMP/$name" "$arch" v3.18 add "$package"
	check_audit "$name" "$arch"
	ok "$name: apk del $package" \
		apk_in "$TEST_TMP/$name" "$arch" v3.18 del "$package"
	ok "$name: the database is as before" diff -r "$TEST_TMP/db" "$db"
	ok "$name: the tree is as before" \
		same_tree "$TEST_TMP/$name.tar" "$TEST_TMP/$name"
	rm -r "$TEST_TMP/db"
}

# An installed database without what apk 2.14 gives to the next record.
plain_db() { tar -xOf "$1" lib/apk/db/installed | sed '/^r:/d'; }

# check_same BUT BRANCH ARCH WORD...: BUT is a path that is not compared, or -.
check_same() {
	local but=$1 branch=$2 arch=$3 name root
	shift 3
	n=$((n + 1))
	name=set$n root=$TEST_TMP/apk$n
	tell="$branch $arch: $*"
	tell=${tell:0:80}
	if ! can_run "$arch"; then
		skip "$tell" "$OUT"
		return
	fi
	ok "$tell: alpbuild builds" build_image $name "$branch" "$arch" "$@"
	unpack "$(minirootfs "$branch" "$(alpine_arch "$arch")")" "$root"
	ok "$tell: apk installs" apk_in "$root" "$arch" "$branch" add "$@"
	[ -f "$TEST_TMP/$name.tar" ] || return
	[ "$but" = - ] || set -- "$but"
	[ "$but" != - ] || set --
	if [ "$but" = lib/apk/db/installed ]; then
		ok "$tell: the same database but for r:" cmp \
			<(plain_db "$TEST_TMP/$name.tar") \
			<(sed '/^r:/d' "$root/lib/apk/db/installed")
	fi
	ok "$tell: the same tree" same_tree "$root" "$TEST_TMP/$name.tar" "$@"
	rm -rf "$root" "$TEST_TMP/$name.out"
}

# Certificates and links as no package has them, but as users do. Nothing here
# may depend on the order in which the file system lists a folder.
make_odd_certs() {
	local shared=usr/share/ca-certificates local=usr/local/share/ca-certificates
	local certs=etc/ssl/certs one two pem
	mapfile -t pem < <(find "$shared/mozilla" -name '*.crt' | sort)
	one=${pem[0]} two=${pem[1]}
	mkdir -p "$local" "$shared/dir"
	printf %s "$(cat "$one")" >"$shared/no newline, (1).crt.crt"
	cat "$one" "$two" >"$shared/two.crt"
	echo junk >"$shared/junk"
	: >"$shared/empty.crt"
	printf '!mozilla/%s\n' "${one##*/}" >etc/ca-certificates.conf
	printf '%s\n' '# a comment' '' 'no newline, (1).crt.crt' two.crt junk \
		empty.crt dir missing.crt "mozilla/${two##*/}" two.crt \
		junk2/../junk >>etc/ca-certificates.conf
	printf 'mozilla/%s' "${pem[2]##*/}" >>etc/ca-certificates.conf
	ln -s "/$shared/${pem[3]#"$shared/"}" "$local/linked.crt"
	cp "${pem[4]}" "$local/.hidden.crt"
	ln -s nowhere "$certs/ca-cert-junk.pem"
	rm -f "$certs/ca-cert-empty.pem"
	echo mine >"$certs/ca-cert-empty.pem"
	cp "${pem[5]}" "$certs/mine.CER"
	ln -s mine.CER "$certs/mine"
	ln -s "/$shared/x" "$certs/.stale"
	ln -s "/$shared/x" "$certs/stale"
	ln -s gone.pem "$certs/01234567.0"
	ln -s gone.pem "$certs/01234568.r"
	ln -s gone.pem "$certs/01234568.R7"
}

# check_trigger ARCH: the real trigger of ca-certificates, and alpbuild's.
check_trigger() {
	local arch=$1 root=$TEST_TMP/trigger name="trigger of ca-certificates, $1"
	if [ ! -x "$DRIVER" ]; then
		skip "$name" "$DRIVER is not built (make drivers)"
		return
	fi
	if ! can_run "$arch"; then
		skip "$name" "$OUT"
		return
	fi
	unpack "$(minirootfs v3.18 "$(alpine_arch "$arch")")" "$root"
	ok "$name: apk installs" \
		apk_in "$root" "$arch" v3.18 add ca-certificates
	(cd "$root" && make_odd_certs)
	tar -cf "$root.tar" --numeric-owner -C "$root" .
	ok "$name: the real one runs" in_root "$root" "$arch" \
		/usr/sbin/update-ca-certificates
	ok "$name: alpbuild's runs" \
		"$DRIVER" "$(alpine_arch "$arch")" "$root.tar"
	is "$("$DRIVER" "$(alpine_arch "$arch")" "$root.tar" 2>/dev/null)" \
		"$(cd "$root/etc/ssl/certs" && find . -mindepth 1 -maxdepth 1 \
			-printf '%f\n' | LC_ALL=C sort | while read -r f; do
			if [ -L "$f" ]; then
				echo "l $f -> $(readlink "$f")"
			elif [ -d "$f" ]; then
				echo "d $f"
			else
				echo "f $f $(sha256sum "$f" | cut -c-64)"
			fi
		done)" "$name: the same links and files"
	rm -rf "$root" "$root.tar"
}

# all_of BRANCH ALPINE-ARCH: names of the packages in its repository.
all_of() {
	gzip -dc "$REPO/$1/main/$2/APKINDEX.tar.gz" | tar -xO APKINDEX |
		sed -n 's/^P://p'
}

check_image() {
	local arch=$1 name=image-$1
	if ! can_run "$arch"; then
		skip "$name" "$OUT"
		return
	fi
	ok "$name: builds" build_image "$name" v3.18 "$arch" \
		openrc busybox-openrc openssh-server
	unpack "$TEST_TMP/$name.tar" "$TEST_TMP/$name"
	check_info "$name" "$arch"
	check_audit "$name" "$arch"
	check_add "$name" "$arch" tzdata
}

n=0
for arch in amd64 arm64 armv7; do
	check_image $arch
	check_same - v3.18 $arch openrc busybox-openrc openssh-server
	check_same - v3.18 $arch tzdata
done
check_same - v3.18 amd64 wget openssh-sftp-server tzdata
check_same - v3.18 armv7 dropbear wget openrc
check_same - v3.18 arm64 bash nghttp2-libs tzdata
check_same - v3.18 arm64 curl openssh-server
check_same - v3.18 arm64 ca-certificates
check_trigger arm64
for word in openrc chrony dhcpcd 'openssh>9' 'openrc<1' wpa_supplicant bonding \
	openntpd e2fsprogs-extra usb-modeswitch '!wget'; do
	check_same - v3.19 amd64 "$word"
done
check_same - v3.19 amd64 openssh busybox-suid
check_same - v3.19 amd64 wpa_supplicant dhcpcd openrc
check_same - v3.19 amd64 openssl doas wget
check_same lib/apk/db/installed v3.19 amd64 alpine-base
check_same lib/apk/db/installed v3.19 amd64 alpine-base chrony openssh tzdata
# Everything that goes together: vlan and ifupdown-ng do not; alpbuild leaves
# scripts of tiny-cloud to the user.
mapfile -t most < <(all_of v3.19 x86_64 |
	grep -vx -e vlan -e network-extras -e 'tiny-cloud-.*')
check_same lib/apk/db/installed v3.19 amd64 "${most[@]}"
mapfile -t most < <(all_of v3.18 armv7)
check_same - v3.18 armv7 "${most[@]}"
done_testing
