#!/bin/bash
# SPDX-License-Identifier: MIT
# `make run` and `make demo` after the build (tests/mirror/run.sh): the real
# image where a mirror is, the demo only where none is named and none answers,
# and never anything that could be taken for Alpine.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need jq tar
export LC_ALL=C

# A project of its own: dist/ and build/ of the real one stay as they are.
P=$TEST_TMP/project
mkdir -p "$P/tests" "$TEST_TMP/cache"
cp -R "$TOP/manifests" "$TOP/arch" "$TOP/rootfs-overlays" "$P"
cp -R "$TOP/tests/mirror" "$P/tests"
export ALPBUILD ALPBUILD_CACHE=$TEST_TMP/cache
unset ALPBUILD_MIRROR ALPBUILD_KEYRING

# Nothing listens on port 9 here: no mirror of Alpine, wherever this runs.
run() {
	env https_proxy=http://127.0.0.1:9 http_proxy=http://127.0.0.1:9 \
		no_proxy= "$P/tests/mirror/run.sh" "$@"
}

# Debian packages come by the machine's own ways, before run() bars them.
out=$("$TOP/tests/mirror/make-mirror.sh" "$TEST_TMP/packages" 2>&1) || {
	grep -q 'cannot get' <<<"$out" && skip_all "no Debian packages: $out"
	fail "the packages of a mirror" "$out"
}

before=$SECONDS
status 0 "without a mirror a demo is built" run
ok "without waiting for long" test $((SECONDS - before)) -le 60
like "$OUT" 'https://dl-cdn.alpinelinux.org/alpine/v3' "the URLs tried are named"
like "$OUT" 'ALPBUILD_MIRROR' "the remedy is named"
like "$OUT" 'The same job runs now as a DEMO' "that it is a demo is said"
version=$(jq -r .version "$P/manifests/alp_rc.json")
tag=v0.0.1-$version-demo
is "$(cd "$P/dist" && printf '%s\n' *)" "SHA256SUMS
alp_rc-demo-$tag-amd64.report.json
alp_rc-demo-$tag-amd64.tar
alp_rc-demo-$tag-arm64.report.json
alp_rc-demo-$tag-arm64.tar
alp_rc-demo-$tag-armv7.report.json
alp_rc-demo-$tag-armv7.tar
alp_rc-demo-$tag.oci.tar" "its files are marked as demo"
like "$OUT" "alp_rc-demo-$tag-armv7.tar" "and printed"

# $1 architecture, $2 OCI platform: what is in its tar.
check_demo() {
	local f=$P/dist/alp_rc-demo-$tag-$1.tar m config layer
	m=$(tar -xOf "$f" manifest.json)
	is "$(jq -r '.[0].RepoTags[0]' <<<"$m")" "alp_rc-demo:$tag" "$1: tag"
	config=$(tar -xOf "$f" "$(jq -r '.[0].Config' <<<"$m")")
	is "$(jq -r '.architecture + (.variant // "")' <<<"$config")" "$2" \
		"$1: platform"
	is "$(jq -r '.config.Labels["alpbuild.demo"]' <<<"$config")" true \
		"$1: label"
	layer=$(jq -r '.[0].Layers[0]' <<<"$m")
	like "$(tar -xOf "$f" "$layer" | tar -xO etc/os-release)" \
		'^PRETTY_NAME="alpbuild DEMO \(made from Debian packages, not Alpine\)"' \
		"$1: os-release"
	is "$(tar -xOf "$f" "$layer" | tar -tv --numeric-owner etc/shadow |
		cut -d' ' -f1,2)" "-rw-r----- 0/42" "$1: owner and mode are kept"
}
check_demo amd64 amd64
check_demo arm64 arm64v8
check_demo armv7 armv7

before=$(stat -c '%n %i %Y' "$P"/dist/*)
status 0 "make demo, once more" run --demo
like "$OUT" 'nothing changed' "has nothing to do"
is "$(stat -c '%n %i %Y' "$P"/dist/*)" "$before" "and leaves the files alone"

# A mirror that is named is the only one: no fallback.
rm -rf "$P/dist"
export ALPBUILD_MIRROR=http://127.0.0.1:9/alpine
status 5 "a named mirror that does not answer is an error" run
unlike "$OUT" DEMO "without a demo"
ALPBUILD_MIRROR=file://$TEST_TMP/packages
status 4 "one that lacks the release too" run
ok "nothing is left" test -z "$(find "$P/dist" -type f 2>/dev/null)"
status 2 "unknown options are refused" run --dmeo

if [ -n "${ALPBUILD_TEST_MIRROR:-}" ]; then
	ALPBUILD_MIRROR=$ALPBUILD_TEST_MIRROR
	[ ! -d "${ALPBUILD_MIRROR#file://}/keys" ] ||
		export ALPBUILD_KEYRING=${ALPBUILD_MIRROR#file://}/keys
	status 0 "with a mirror of Alpine the real image is built" run
	unlike "$OUT" DEMO "and no demo"
	alpine=$(jq -r .alpine "$P/manifests/alp_rc.json")
	is "$(cd "$P/dist" && printf '%s\n' * | grep -v report)" "SHA256SUMS
alp_rc-v$alpine-$version-amd64.tar
alp_rc-v$alpine-$version-arm64.tar
alp_rc-v$alpine-$version-armv7.tar
alp_rc-v$alpine-$version.oci.tar" "three architectures, and one for all"
else
	skip "the real image" "ALPBUILD_TEST_MIRROR is not set"
fi
done_testing
