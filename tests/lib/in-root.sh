#!/bin/bash
# SPDX-License-Identifier: MIT
#
# in-root.sh ROOT FOLDER BINFMT COMMAND...: runs a command in ROOT, a root file
# system of any architecture, without network, with FOLDER as its /dev/mirror.
#
# It gets name spaces of its own, where every user is the same as outside, and
# in them a binfmt_misc of its own (Linux 6.7), which BINFMT is written to: a
# file of one line, or "" where ROOT can be run as it is. So nothing changes
# outside. Status 125: this cannot be done here. Root is needed.
set -u

cannot() {
	echo "in-root.sh: $1" >&2
	exit 125
}

# In the name spaces. Handlers must name qemu by flag F: it is not in ROOT.
inside() {
	local root=$1 folder=$2 binfmt=$3 misc=/proc/sys/fs/binfmt_misc
	shift 3
	echo >"$IN_ROOT/made" && read -r _ <"$IN_ROOT/told" ||
		cannot "no users in the name space"
	if [ -n "$binfmt" ]; then
		mount -t binfmt_misc binfmt_misc $misc &&
			cat "$binfmt" >$misc/register ||
			cannot "no binfmt_misc for $binfmt"
	fi
	# Scripts throw away what they say; there must be no file of that name.
	mount --bind /dev/null "$root/dev/null" &&
		mount --bind "$folder" "$root/dev/mirror" || cannot "no bind mounts"
	unset IN_ROOT
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" "$@"
}

if [ -n "${IN_ROOT:-}" ]; then inside "$@"; fi
[ $# -ge 4 ] || cannot "usage: in-root.sh ROOT FOLDER BINFMT COMMAND..."
[ "$(id -u)" = 0 ] || cannot "not root"
IN_ROOT=$(mktemp -d) || exit 125
export IN_ROOT
trap 'rm -rf "$IN_ROOT"; rm -f "$1/dev/null"; rmdir "$1/dev/mirror"' EXIT
: >"$1/dev/null" && mkdir "$1/dev/mirror" || cannot "no $1/dev"
mkfifo "$IN_ROOT/made" "$IN_ROOT/told"
# Both opened to read and write: whoever fails leaves nobody waiting.
exec 3<>"$IN_ROOT/made" 4<>"$IN_ROOT/told"
unshare --user --mount --net --propagation private -- "$0" "$@" <&0 3>&- 4>&- &
child=$!
read -r -t 30 _ <&3 || cannot "no name spaces"
for map in uid_map gid_map; do
	echo "0 0 4294967295" >"/proc/$child/$map" || cannot "no $map"
done
echo >&4
wait $child
