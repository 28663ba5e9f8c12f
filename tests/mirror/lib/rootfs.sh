# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# rootfs.sh: the file tree of a minirootfs, shaped like Alpine's: the same
# folders, modes and kinds of files; plus hard links, setuid and setgid bits,
# which packages bring later. Owners are set by release.sh.

# dir_mode path, for all that are not 0755.
SPECIAL_DIRS='0700 root
0555 proc
0555 var/empty
1777 tmp
1777 var/tmp
2775 var/spool/uucppublic'

# Owner and group of what is not 0:0; for release.sh and apkdb.sh.
# shellcheck disable=SC2034
SPECIAL_OWNERS='0 42 etc/shadow
10 14 var/spool/uucppublic'

PLAIN_DIRS='bin dev home lib/apk/db lib/apk/exec lib/firmware lib/modules-load.d
lib/sysctl.d media/cdrom media/floppy media/usb mnt opt run sbin srv sys
etc/apk/keys etc/apk/protected_paths.d etc/busybox-paths.d etc/conf.d
etc/init.d etc/logrotate.d
etc/modprobe.d etc/modules-load.d etc/network/if-down.d
etc/network/if-post-down.d etc/network/if-pre-up.d etc/network/if-up.d etc/opt
etc/periodic/15min etc/periodic/daily etc/periodic/hourly etc/periodic/monthly
etc/periodic/weekly etc/profile.d etc/ssl/certs etc/sysctl.d usr/bin
usr/lib/modules-load.d usr/local/bin usr/local/lib usr/local/share usr/sbin
usr/share/man usr/share/misc usr/share/zoneinfo/Etc var/cache/apk
var/cache/misc var/lib/misc var/lib/udhcpd var/local var/lock/subsys var/log
var/mail var/opt var/spool/cron'

# rootfs_skeleton STAGE ALPINE_ARCH: folders, links and text files.
rootfs_skeleton() {
	local stage=$1 d mode
	for d in $PLAIN_DIRS; do mkdir -p "$stage/$d"; done
	cp -R "$HERE/skeleton/." "$stage"
	find "$stage" -type d -exec chmod 0755 {} +
	find "$stage" -type f -exec chmod 0644 {} +
	chmod 0640 "$stage/etc/shadow"
	chmod 0600 "$stage/etc/crontabs/root"
	while read -r mode d; do
		mkdir -p "$stage/$d"
		chmod "$mode" "$stage/$d"
	done <<<"$SPECIAL_DIRS"
	printf '%s\n' "$2" >"$stage/etc/apk/arch"
	printf '%s\n' "$MIRROR_VERSION" >"$stage/etc/alpine-release"
	printf '%s\n' alpine-baselayout alpine-keys apk-tools busybox zone-utc \
		>"$stage/etc/apk/world"
	printf 'https://alpbuild-demo.invalid/alpine/%s/%s\n' \
		"$MIRROR_BRANCH" main "$MIRROR_BRANCH" community \
		>"$stage/etc/apk/repositories"
	ln -s /run "$stage/var/run"
	ln -s /var/mail "$stage/var/spool/mail"
	ln -s /etc/crontabs "$stage/var/spool/cron/crontabs"
	ln -s /proc/mounts "$stage/etc/mtab"
	ln -s certs/ca-certificates.crt "$stage/etc/ssl/cert.pem"
	# Nobody's files, which packages must not replace.
	echo "from the minirootfs" >"$stage/etc/site.conf"
	echo "the same" >"$stage/etc/site.same"
	echo "from the minirootfs" >"$stage/usr/share/site.free"
}

# rootfs_keys STAGE: the mirror's key, as Alpine lays its keys out: trusted
# ones in etc/apk/keys, all in usr/share, with links for each architecture.
rootfs_keys() {
	local stage=$1 key=$HERE/keys/$MIRROR_KEY dir=$1/usr/share/apk/keys a
	mkdir -p "$dir"
	install -m 0644 "$key" "$stage/etc/apk/keys/$MIRROR_KEY"
	install -m 0644 "$key" "$dir/$MIRROR_KEY"
	while read -r _ a _; do
		mkdir "$dir/$a"
		ln -s "../$MIRROR_KEY" "$dir/$a/$MIRROR_KEY"
	done <<<"$ARCH_TABLE"
	find "$dir" -type d -exec chmod 0755 {} +
}

# rootfs_apk STAGE: apk-tools, as far as anybody looks at it.
rootfs_apk() {
	printf '#!/bin/sh\necho "apk-tools %s, a stand-in." >&2\nexit 1\n' \
		"$APK_TOOLS_VERSION" >"$1/sbin/apk"
	chmod 0755 "$1/sbin/apk"
}

# applets_list DEBS_ARCH: paths of the applets, by this machine's busybox. All
# architectures have the same configuration and version.
applets_list() {
	"$(busybox_of "$1")" --list-full | grep -vx -e linuxrc -e bin/busybox |
		sort
}

# Debian before and after the merge of /bin into /usr/bin.
busybox_of() {
	local f
	for f in "$1"/busybox-static/bin/busybox \
		"$1"/busybox-static/usr/bin/busybox; do
		[ ! -f "$f" ] || { echo "$f"; return; }
	done
	die "no busybox in $1/busybox-static"
}

# rootfs_busybox STAGE DEBS_ARCH: absolute links, as Alpine makes them.
rootfs_busybox() {
	local stage=$1 applet
	cp "$(busybox_of "$2")" "$stage/bin/busybox"
	while read -r applet; do
		[ -e "$stage/$applet" ] || ln -s /bin/busybox "$stage/$applet"
	done <"$WORK/applets"
	for applet in bin/sh sbin/init sbin/getty; do
		[ -L "$stage/$applet" ] || die "busybox has no $applet"
	done
	chmod 0755 "$stage/bin/busybox"
	# Where the links are, for who makes them again.
	cp "$WORK/applets" "$stage/etc/busybox-paths.d/busybox"
	chmod 0644 "$stage/etc/busybox-paths.d/busybox"
}

# rootfs_musl STAGE DEBS_ARCH ALPINE_ARCH: the loader under the name that
# Debian's link has (it is Alpine's), and the name that packages depend on.
rootfs_musl() {
	local stage=$1 link name libc
	link=$(find "$2/musl" -name 'ld-musl-*.so.1' | head -n 1)
	libc=$(find "$2/musl" -name libc.so -type f | head -n 1)
	if [ -z "$link" ] || [ -z "$libc" ]; then die "no loader in $2/musl"; fi
	name=${link##*/}
	cp "$libc" "$stage/lib/$name"
	chmod 0755 "$stage/lib/$name"
	ln -s "$name" "$stage/lib/libc.musl-$3.so.1"
}

# rootfs_special STAGE: what Alpine has in packages only. The setuid bit is on
# a script, where kernels ignore it: a demo must not weaken anything.
rootfs_special() {
	local stage=$1 zone=$1/usr/share/zoneinfo
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nexec /bin/busybox "${0##*/}" "$@"\n' \
		>"$stage/usr/bin/demo-suid"
	chmod 4755 "$stage/usr/bin/demo-suid"
	tzif_utc >"$zone/Etc/UTC"
	chmod 0644 "$zone/Etc/UTC"
	ln "$zone/Etc/UTC" "$zone/UTC"
	ln "$zone/Etc/UTC" "$zone/Zulu"
}

# RFC 8536: two headers, one time type each ("UTC", no offset), a footer.
tzif_utc() {
	local z=
	z=$(printf '\\0%.0s' {1..15})
	# 6 counts: isutcnt isstdcnt leapcnt timecnt typecnt charcnt
	local counts='\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4'
	# shellcheck disable=SC2059
	printf "TZif2$z$counts"'\0\0\0\0\0\0UTC\0'"TZif2$z$counts"'\0\0\0\0\0\0UTC\0\nUTC0\n'
}

# rootfs_times STAGE DEBS_ARCH: binaries keep the time of their package.
rootfs_times() {
	local stage=$1
	find "$stage" -exec touch -h -d "@$MIRROR_EPOCH" {} +
	touch -d "@$(cat "$2/busybox-static.time")" "$stage/bin/busybox"
	touch -d "@$(cat "$2/musl.time")" "$stage"/lib/ld-musl-*.so.1
}
