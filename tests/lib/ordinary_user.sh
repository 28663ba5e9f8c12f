# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# ordinary_user.sh: what a user without rights gets to see. Source it after
# tap.sh.
#
# as_user HOW COMMAND...: by a user who exists for this command only, in $HERE,
# a folder of theirs that begins as a copy of tests/. HOW is `ranges` (65536
# ids in /etc/subuid, as adduser gives them) or `single`. What $MIRROR is for
# us is $MIRROR_SEEN for them. A test that is not run by root is run by an
# ordinary user already: then COMMAND is run as it is, and so it is for
# HOW `itself`.
# shellcheck disable=SC2034
DESK=54321

# user_begins: makes $HERE.
user_begins() {
	HERE=$TEST_TMP/desk
	mkdir -p "$HERE" "$HERE.mirror"
	cp -r "$TOP/tests" "$HERE"
	grep -v '^desk:' /etc/passwd >"$HERE.passwd"
	echo "desk:x:$DESK:$DESK::$HERE:/bin/sh" >>"$HERE.passwd"
	: >"$HERE.single"
	echo "desk:300000:65536" >"$HERE.ranges"
	MIRROR_SEEN=${MIRROR:-}
	[ "$(id -u)" != 0 ] || [ -z "$(mirror_folder)" ] ||
		MIRROR_SEEN=file://$HERE.mirror
	user_owns
}

# user_owns: what was put there since, too.
user_owns() { [ "$(id -u)" != 0 ] || chown -R "$DESK:$DESK" "$HERE"; }

user_id() { if [ "$(id -u)" = 0 ]; then echo $DESK; else id -u; fi; }

has_ranges() {
	[ "$(id -u)" = 0 ] && [ -e /etc/subuid ] && [ -e /etc/subgid ] &&
		command -v newuidmap newgidmap >/dev/null
}

# user_may: have a user namespace.
user_may() {
	as_user single unshare --user --map-root-user --mount true 2>/dev/null
}

as_user() {
	local how=$1
	shift
	if [ "$(id -u)" != 0 ] || [ "$how" = itself ]; then
		(cd "$HERE" && "$@" </dev/null)
		return
	fi
	# shellcheck disable=SC2016
	unshare --mount sh -c '
		here=$1 ids=$2 user=$3 mirror=$4
		shift 4
		mount --bind "$here.passwd" /etc/passwd || exit
		for file in /etc/subuid /etc/subgid; do
			[ ! -e $file ] || mount --bind "$ids" $file || exit
		done
		[ -z "$mirror" ] || mount --bind "$mirror" "$here.mirror" ||
			exit
		cd "$here" && exec env -i PATH=/usr/local/bin:/usr/bin:/bin \
			HOME="$here" setpriv --reuid "$user" --regid "$user" \
			--clear-groups "$@"' \
		sh "$HERE" "$HERE.$how" "$DESK" "$(mirror_folder)" "$@" </dev/null
}

mirror_folder() {
	case ${MIRROR:-} in file://*) echo "${MIRROR#file://}" ;; esac
}
