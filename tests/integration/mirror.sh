#!/bin/bash
# SPDX-License-Identifier: MIT
# The fixture mirror (tests/mirror): Alpine's layout and a rootfs that is shaped
# like Alpine's, signed repositories, the same bytes whoever makes it, and
# nothing that apt did not verify.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need apt-get dpkg-deb flock python3 openssl

MAKE=$TOP/tests/mirror/make-mirror.sh
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/alpbuild-mirror
M=$TEST_TMP/mirror

log=$("$MAKE" "$M" 2>&1) || {
	# Without a distribution's mirror there is nothing to make it from.
	grep -q 'cannot get' <<<"$log" && skip_all "no Debian packages: $log"
	fail "a mirror is made" "$log"
	done_testing
}
pass "a mirror is made"

# file_of ARCH: its archive.
file_of() { echo "$M/v0.0/releases/$1/alpine-minirootfs-0.0.1-$1.tar.gz"; }

# $1 architecture, $2 ELF class and machine (bytes 4 and 18 of the header)
check_arch() {
	local f yaml list loader
	f=$(file_of "$1")
	yaml=$(dirname "$f")/latest-releases.yaml
	(cd "$(dirname "$f")" && sha256sum --quiet -c ./*.sha256 &&
		sha512sum --quiet -c ./*.sha512) >/dev/null 2>&1
	is $? 0 "$1: checksum files hold"
	is "$(sed -n 's/^  sha512: //p' "$yaml")" \
		"$(sha512sum <"$f" | cut -d' ' -f1)" "$1: digest of the yaml"
	is "$(sed -n 's/^  size: //p' "$yaml")" "$(stat -c %s "$f")" \
		"$1: size of the yaml"
	list=$(tar -tvzf "$f" --numeric-owner | sed 's/ \+/ /g')
	is "$(head -n 1 <<<"$list" | cut -d' ' -f1,2,6)" "drwxr-xr-x 0/0 ./" \
		"$1: the first name is ./"
	is "$(cut -d' ' -f6 <<<"$list" | grep -vc '^\./')" 0 \
		"$1: names begin with ./"
	is "$(tar -tzf "$f" | sort | uniq -d)" "" "$1: no name twice"
	check_names "$1" "$list"
	loader=$(tar -tzf "$f" | grep '^./lib/ld-musl-')
	is "$(elf_of "$f" ./bin/busybox)" "$2" "$1: busybox is of it"
	is "$(elf_of "$f" "$loader")" "$2" "$1: the loader is of it"
	is "$(tar -xOzf "$f" ./etc/apk/arch)" "$1" "$1: etc/apk/arch"
	is "$(db_of "$f")" "$(headers_of "$f")" \
		"$1: apk database and tar headers agree"
	is "$(tar -xOzf "$f" ./lib/apk/db/installed | grep -A1 '^P:apk-tools$' |
		tail -n 1)" "V:2.14.4-r0" "$1: the database is of apk-tools 2.14"
	is "$(tar -xOzf "$f" ./lib/apk/db/scripts.tar | tar -t | sort)" \
		"$(scripts_of "$f")" "$1: scripts are named by busybox's identity"
	check_repositories "$1" "$f"
	check_programs "$1" "$2"
}

# check_programs ARCH ELF: what is to run is of the architecture, and its loader
# and libraries are in packages too.
check_programs() {
	local tree=$TEST_TMP/programs-$1 name file loader
	mkdir "$tree"
	for name in glibc-fixture openrc libcap2 libcrypto3 zlib openssh-server \
		openssh-keygen openssh-sftp-server lighttpd openssl libssl3 \
		flock-fixture; do
		tar -xzf "$M/v0.0/main/$1/$name"-[0-9]*.apk -C "$tree" 2>/dev/null
	done
	for file in sbin/openrc sbin/openrc-run sbin/supervise-daemon \
		usr/sbin/sshd usr/bin/ssh-keygen usr/lib/ssh/sftp-server \
		usr/sbin/lighttpd usr/bin/openssl usr/bin/flock; do
		is "$(elf_file <"$tree/$file")" "$2" "$1: $file is of it"
		loader=$(LC_ALL=C grep -aoE -m 1 '/lib[0-9]*/ld-[a-z0-9-]+\.so\.[0-9]' \
			"$tree/$file" | head -n 1)
		is "$(elf_file <"$tree$loader")" "$2" "$1: $file: $loader too"
	done
	is "$(missing_libraries "$tree" 2>&1)" "" "$1: no library is missing"
}

# missing_libraries TREE: names that programs of it need and nobody has.
missing_libraries() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$TOP/tests/mirror/lib python3 - "$1" <<-'EOF'
	import os, sys
	from debian import Elf
	have, want = set(), set()
	for top, _, files in os.walk(sys.argv[1]):
	    for name in files:
	        have.add(name)
	        path = os.path.join(top, name)
	        if not os.path.isfile(path) or os.path.islink(path):
	            continue
	        with open(path, "rb") as file:
	            data = file.read()
	        if data[:4] == b"\x7fELF":
	            want.update(Elf(data).needed)
	print(*sorted(want - have) if want else ["no program"], sep="\n", end="")
	EOF
}

# scripts_of ARCHIVE: names that busybox's scripts must have.
scripts_of() {
	tar -xOzf "$1" ./lib/apk/db/installed | awk '
	/^C:/ { id = substr($0, 3) }
	/^V:/ && name == "busybox" {
		for (i = 1; i <= 3; i++)
			print "busybox-" substr($0, 3) "." id "." kind[i]
	}
	/^P:/ { name = substr($0, 3) }
	BEGIN { split("post-install post-upgrade trigger", kind, " ") }' | sort
}

# check_repositories ARCH ARCHIVE: signed with what the archive trusts, and all
# digests as they should be.
check_repositories() {
	local keys=$TEST_TMP/keys-$1 dir
	mkdir -p "$keys"
	tar -xzf "$2" -C "$keys" --strip-components=4 ./etc/apk/keys
	for dir in v0.0/main v0.0/community edge/testing; do
		ok "$1: $dir: signatures and digests" python3 \
			"$TOP/tests/lib/check_mirror.py" "$M/$dir/$1" "$keys"
	done
}

# What the tool and its tests look for: "mode owner name [link]".
check_names() {
	local want
	while read -r want; do
		if cut -d' ' -f1,2,6- <<<"$2" | grep -qxF -- "$want"; then
			pass "$1: $want"
		else
			fail "$1: $want"
		fi
	done <<-'EOF'
	lrwxrwxrwx 0/0 ./bin/sh -> /bin/busybox
	lrwxrwxrwx 0/0 ./sbin/init -> /bin/busybox
	-rwxr-xr-x 0/0 ./bin/busybox
	-rwsr-xr-x 0/0 ./usr/bin/demo-suid
	-rwxr-xr-x 0/0 ./sbin/apk
	-rw-r--r-- 0/0 ./etc/apk/keys/alpbuild-fixture-00000001.rsa.pub
	lrwxrwxrwx 0/0 ./usr/share/apk/keys/armv7/alpbuild-fixture-00000001.rsa.pub -> ../alpbuild-fixture-00000001.rsa.pub
	-rw-r----- 0/42 ./etc/shadow
	-rw-r--r-- 0/0 ./etc/inittab
	-rw------- 0/0 ./lib/apk/db/lock
	-rw-r--r-- 0/0 ./lib/apk/db/scripts.tar
	drwxr-xr-x 0/0 ./dev/
	drwx------ 0/0 ./root/
	dr-xr-xr-x 0/0 ./proc/
	drwxrwxrwt 0/0 ./tmp/
	drwxrwxrwt 0/0 ./var/tmp/
	drwxrwsr-x 10/14 ./var/spool/uucppublic/
	hrw-r--r-- 0/0 ./usr/share/zoneinfo/UTC link to ./usr/share/zoneinfo/Etc/UTC
	EOF
}

# elf_of ARCHIVE NAME: class and machine of an ELF file in it.
elf_of() {
	tar -xOzf "$1" "$2" | elf_file
}
elf_file() {
	head -c 20 | od -An -tu1 |
		tr -s ' \n' ' ' | awk '$1 == 127 { print $5 * 32, $19 + $20 * 256 }'
}

# "path uid:gid:mode" of all that the apk database names, folders without /.
db_of() {
	tar -xOzf "$1" ./lib/apk/db/installed | awk '
	function put() { if (path != "") print path, acl }
	/^F:/ { put(); dir = path = substr($0, 3); acl = "0:0:755" }
	/^R:/ { put(); path = dir "/" substr($0, 3); acl = "0:0:644" }
	/^[Ma]:/ { acl = substr($0, 3) }
	END { put() }' | sort -u
}

# The same of the tar's headers, for the names that the database has.
headers_of() {
	db_of "$1" | cut -d' ' -f1 >"$TEST_TMP/names"
	mkdir -p "$TEST_TMP/x"
	tar -tvzf "$1" --numeric-owner | awk -v names="$TEST_TMP/names" '
	function bits(s, set, other,	v) {
		v = (substr(s, 1, 1) == "r") * 4 + (substr(s, 2, 1) == "w") * 2
		return v + (substr(s, 3, 1) ~ "[x" set "]")
	}
	BEGIN { while ((getline n < names) > 0) want[n] }
	{
		path = $6
		sub(/^\.\//, "", path)
		sub(/\/$/, "", path)
		if (!(path in want)) next
		special = (substr($1, 4, 1) ~ /[sS]/) * 4 + \
			(substr($1, 7, 1) ~ /[sS]/) * 2 + ($1 ~ /[tT]$/)
		mode = bits(substr($1, 2, 3), "s") bits(substr($1, 5, 3), "s") \
			bits(substr($1, 8, 3), "t")
		sub("/", ":", $2)
		print path, $2 ":" (special ? special : "") mode
	}' | sort -u
}

check_arch x86_64 "64 62"
check_arch aarch64 "64 183"
check_arch armv7 "32 40"

# Only what is meant to differ between architectures does.
apks() { (cd "$M/v0.0/main/$1" && printf '%s\n' *.apk); }
is "$(diff <(apks x86_64) <(apks armv7) | grep '^[<>]')" \
	"< only-x86-1.0-r0.apk
< skewed-1.2-r1.apk
> skewed-1.1-r5.apk" "packages of one architecture, and other versions"
is "$(cat "$M"/hostile/*/error | sort -u)" "input
verify" "hostile repositories say what refuses them"
is "$(find "$M/hostile" -name error | wc -l)" \
	"$(find "$M/hostile" -name APKINDEX.tar.gz | wc -l)" "each of them"

# Another user, umask and folder; the second time quick, with the files kept.
umask 077
before=$(stat -c '%i %Y' "$(file_of armv7)")
ok "it is made again" "$MAKE" --arch armv7 "$M"
is "$(stat -c '%i %Y' "$(file_of armv7)")" "$before" "equal files are kept"
rm "$(file_of armv7)"
ok "a missing file is made again" sh -c \
	"'$MAKE' --arch armv7 '$M' && test -s '$(file_of armv7)'"
rm "$M/v0.0/main/armv7/chain-a-1.0-r0.apk"
ok "a missing package too" sh -c \
	"'$MAKE' --arch armv7 '$M' &&
	test -s '$M/v0.0/main/armv7/chain-a-1.0-r0.apk'"
mkdir "$TEST_TMP/else where"
# The generator is copied too: that user may not see our checkout.
make_elsewhere() {
	cd "$TEST_TMP/else where" || return
	cp -R "$TOP/tests/mirror" make
	cp -R "$CACHE" cache
	set -- make/make-mirror.sh --cache cache mirror
	if [ "$(id -u)" = 0 ]; then
		chmod 755 "$TEST_TMP"
		chown -R 65534:65534 .
		chmod -R go+rX .
		set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	fi
	env HOME=/nonexistent "$@"
}
ok "another user makes it" make_elsewhere
for dir in v0.0 edge hostile; do
	ok "the same bytes: $dir" diff -r "$M/$dir" "$TEST_TMP/else where/mirror/$dir"
done
umask 022

status 1 "an unknown architecture is refused" "$MAKE" --arch mips "$M"
like "$OUT" 'unknown architecture mips' "and named"

# Elsewhere than on Debian: what helps is said.
mkdir "$TEST_TMP/bin"
for program in bash dirname awk cat; do
	ln -s "$(command -v "$program")" "$TEST_TMP/bin"
done
status 1 "without apt nothing is made" env PATH="$TEST_TMP/bin" "$MAKE" "$M"
like "$OUT" 'ALPBUILD_MIRROR=.* make run' "and the remedy is named"

# A source without a signature is not used.
repo=$TEST_TMP/repo
mkdir "$repo"
: >"$repo/Packages"
printf 'Origin: Debian\nSHA256:\n %s 0 Packages\n' \
	"$(sha256sum </dev/null | cut -d' ' -f1)" >"$repo/Release"
printf 'Types: deb\nURIs: file:%s\nSuites: ./\n' "$repo" >"$TEST_TMP/sources"
status 1 "an unsigned source is refused" "$MAKE" \
	--sources "$TEST_TMP/sources" --cache "$TEST_TMP/cache" "$TEST_TMP/no"
like "$OUT" "is not signed" "for that reason"
ok "nothing is made of it" test ! -e "$TEST_TMP/no/v0.0"

# Which of the machine's sources are used.
die() { echo "$@" >&2; return 1; }
# shellcheck source=../mirror/lib/debs.sh
. "$TOP/tests/mirror/lib/debs.sh"
is "$(sources_one_line <<'EOF' | sources_filter bookworm
# deb http://commented.example/debian bookworm main
deb [arch=amd64 trusted=yes signed-by=/k.gpg] http://a.example/debian bookworm main contrib
deb http://b.example/debian-security bookworm-security main
deb http://other.example/debian trixie main
deb http://docker.example/linux bookworm stable
deb-src http://a.example/debian bookworm main
EOF
)" "Types: deb
URIs: http://a.example/debian
Suites: bookworm
Components: main
Targets: Packages
Signed-By: /k.gpg

Types: deb
URIs: http://b.example/debian-security
Suites: bookworm-security
Components: main
Targets: Packages" "one-line sources: the distribution's own, for any architecture"
is "$(sources_filter bookworm <<'EOF'
Types: deb deb-src
URIs: http://a.example/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
Trusted: yes
Architectures: amd64
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: https://node.example/node_20.x
Suites: nodistro
Components: main
EOF
)" "Types: deb
URIs: http://a.example/debian
Suites: bookworm bookworm-updates
Components: main
Targets: Packages
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc" "deb822 sources: the same"

# A damaged package in the cache is noticed.
damaged=$TEST_TMP/damaged
cp -R "$CACHE" "$damaged"
for f in "$damaged"/debs/musl_*_armhf.deb; do echo x >>"$f"; done
OUT=$("$MAKE" --cache "$damaged" --arch armv7 "$TEST_TMP/m2" 2>&1)
like "$OUT" 'corrupted packages' "a damaged package is noticed and fetched again"
done_testing
