#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# apk_db: the files in lib/apk/db of real images, read and written again, are
# what the real apk wrote; and so is scripts.tar after packages were added.
. "$(dirname "$0")/../lib/tap.sh"

DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_apkdb
[ -x "$DRIVER" ] || skip_all "$DRIVER is not built (make drivers)"
MIRROR=${ALPBUILD_TEST_MIRROR:-}
MIRROR=${MIRROR#file://}
[ -d "$MIRROR" ] || skip_all "ALPBUILD_TEST_MIRROR is no folder"
shopt -s nullglob
cd "$TEST_TMP" || exit 1

# same NAME FILE COMMAND...: the driver's output is the file.
same() {
	local name=$1 file=$2; shift 2
	if "$DRIVER" "$@" >got 2>err && cmp got "$file" >>err 2>&1; then
		pass "$name"
	else
		fail "$name" "$(cat err)"
	fi
}

# unpack_db NAME TARBALL: its database into the folder NAME.
unpack_db() {
	mkdir -p "$1"
	tar -xzf "$2" -C "$1" --strip-components=4 --wildcards '*lib/apk/db/*'
}

# unpack_scripts FOLDER DB: the scripts of DB's packages, as NAME/.TYPE.
unpack_scripts() {
	local apk name
	while read -r name version; do
		apk=$1/$name-$version.apk
		[ -e "$apk" ] || continue
		mkdir -p "scripts/$name"
		tar -xzf "$apk" -C "scripts/$name" --wildcards \
			'.p*-*install' '.p*-upgrade' .trigger 2>/dev/null
	done < <(sed -n 's/^P://p; s/^V://p' "$2" | paste -d' ' - -)
}

# scripts_sum MANIFEST: SHA-256 of scripts.tar in a listing of a real image.
scripts_sum() { sed -n 's|^f .* lib/apk/db/scripts\.tar [0-9]* ||p' "$1"; }

for tarball in "$MIRROR"/v*/releases/*/alpine-minirootfs-*.tar.gz; do
	name=$(basename "$tarball" .tar.gz)
	unpack_db "$name" "$tarball"
	same "$name: installed" "$name/installed" installed "$name/installed"
	same "$name: triggers" "$name/triggers" \
		triggers "$name/installed" "$name/triggers"
	same "$name: scripts.tar" "$name/scripts.tar" \
		scripts "$name/installed" "$name/scripts.tar"
done

for db in "$MIRROR"/reference/*.installed; do
	name=$(basename "$db" .installed)
	same "$name: installed" "$db" installed "$db"
	same "$name: triggers" "${db%.installed}.triggers" \
		triggers "$db" "${db%.installed}.triggers"
	IFS=- read -r branch arch _ <<<"$name"
	base=(alpine-minirootfs-"${branch#v}".*-"$arch")
	[ -d "${base[0]}" ] || continue
	rm -rf scripts
	unpack_scripts "$MIRROR/$branch/main/$arch" "$db"
	sum=$("$DRIVER" add "${base[0]}/installed" "${base[0]}/scripts.tar" \
		"$db" scripts | sha256sum)
	is "${sum%% *}" "$(scripts_sum "${db%.installed}.manifest")" \
		"$name: scripts.tar after apk add"
done

done_testing
