#!/bin/bash
# SPDX-License-Identifier: MIT
#
# run.sh [--demo]: what `make run` and `make demo` do once alpbuild is built.
#
# The default image is built for all architectures into dist/. When no mirror
# of Alpine can be reached, and ALPBUILD_MIRROR names none, the same job is
# done on a mirror made of the distribution's packages: a demo, and marked as
# one in name, tag and label. alpbuild itself never falls back.
set -euo pipefail
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
ALPBUILD=${ALPBUILD:-$TOP/build/alpbuild}
DEMO=$TOP/build/demo
STATUS_NETWORK=5

say() { printf '%s\n' "$@" >&2; }

# The real thing. Leaves alpbuild's exit status in $status.
build_image() {
	status=0
	"$ALPBUILD" build --arch all --output dist || status=$?
	[ $status != 0 ] || next_steps alp_rc
}

build_demo() {
	local version
	version=$(sed -n 's/^[ \t]*"version": *"\([^"]*\)".*/\1/p' \
		"$TOP/manifests/alp_rc.json")
	# Only a demo needs these; there are projects without tests/lib.
	[ ! -x tests/lib/install-deps.sh ] || tests/lib/install-deps.sh demo
	mkdir -p "$DEMO/manifests"
	sed "s/@VERSION@/$version/" "$TOP/tests/mirror/demo.json.in" \
		>"$DEMO/manifests/alp_rc-demo.json.new"
	mv "$DEMO/manifests/alp_rc-demo.json.new" \
		"$DEMO/manifests/alp_rc-demo.json"
	"$TOP/tests/mirror/make-mirror.sh" "$DEMO/mirror"
	say "(That the demo's root file systems are not pinned is as it should be.)"
	# --force: a demo is no release, newer packages may replace it.
	"$ALPBUILD" build --file "$DEMO/manifests/alp_rc-demo.json" --arch all \
		--mirror "file://$DEMO/mirror" --cache "$DEMO/cache" --force \
		--output dist
	say "" "This was the DEMO: it is made from Debian packages, it is not Alpine." \
		"For the real image name a mirror of Alpine that you can reach:" \
		"  ALPBUILD_MIRROR=https://mirror.example.org/alpine make run" \
		"or a copy of one: ALPBUILD_MIRROR=file:///srv/alpine make run"
	next_steps alp_rc-demo
}

# The names are those of docs/quick-start.md.
next_steps() {
	local file
	say "" "Next: one of these goes to the router, by what /system/resource/print" \
		"there says of its architecture:"
	for file in "dist/$1"-v*-amd64.tar "dist/$1"-v*-arm64.tar \
		"dist/$1"-v*-armv7.tar; do
		case $file in
		*-amd64.tar) say "  x86_64  $file" ;;
		*-arm64.tar) say "  arm64   $file" ;;
		*-armv7.tar) say "  arm     $file" ;;
		esac
	done
	say "docs/quick-start.md has every step from there."
}

cd "$TOP"
case ${1-} in
--demo)
	build_demo
	exit 0
	;;
'') ;;
*)
	say "usage: run.sh [--demo]"
	exit 2
	;;
esac

build_image
if [ $status = $STATUS_NETWORK ] && [ -z "${ALPBUILD_MIRROR:-}" ]; then
	say "" "No mirror of Alpine can be reached, see above. ALPBUILD_MIRROR is not set." \
		"The same job runs now as a DEMO, from packages of this machine's" \
		"distribution; what it makes is marked as demo in name, tag and label." ""
	build_demo
	exit 0
fi
exit "$status"
