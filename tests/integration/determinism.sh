#!/bin/bash
# SPDX-License-Identifier: MIT
# Same inputs, same bytes: folders, users, umasks, time zones, locales, jobs,
# order of folder entries, clocks of files, compilers.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need git make clang
use_mirror fixture

# A manifest that uses what could depend on the surroundings.
add_features() {
	local overlay=$1/rootfs-overlays/many i
	mkdir -p "$overlay/srv/many"
	for i in $(seq 1 60 | $2); do echo "$i" >"$overlay/srv/many/ä-$i"; done
	ln -s many/ä-1 "$overlay/srv/link"
	cat >"$overlay/overlay.json" <<-'EOF'
	{"rules": [
	  {"path": "/srv/many/*", "owner": "web:web", "mode": "0640"},
	  {"path": "/srv/hard", "type": "hardlink", "target": "/srv/many/ä-2"},
	  {"path": "/srv/empty", "type": "directory", "mode": "2775"}]}
	EOF
	cat >"$1/manifests/many.json" <<-'EOF'
	{"extends": "alp_rc.json", "name": "many", "version": "1",
	 "overlays": ["many"], "formats": ["routeros", "oci", "oci-dir"],
	 "users": [{"name": "web", "uid": 1000}],
	 "groups": [{"name": "web", "gid": 1000, "members": ["web"]}]}
	EOF
}

digests() { (cd "$1" && find . -type f ! -name SHA256SUMS -exec sha256sum {} + | LC_ALL=C sort); }

# variant NAME COMMAND...: builds $P by that command and compares.
WANT=
variant() {
	local name=$1 out=$TEST_TMP/out-$1
	shift
	if ! (cd "$P" && "$@" "${TOOL:-$ALPBUILD}" build many --arch all \
		--mirror "$MIRROR" --cache "${VARIANT_CACHE:-$TEST_TMP/cache-$name}" \
		--output "${VARIANT_OUT:-$out}" ${JOBS:+--jobs "$JOBS"}) \
		>"$TEST_TMP/log" 2>&1; then
		fail "$name: builds" "$(cat "$TEST_TMP/log")"
		return
	fi
	[ -n "$WANT" ] || WANT=$(digests "$out")
	is "$(digests "${VARIANT_OUT:-$out}")" "$WANT" "$name: same bytes"
}

P=$TEST_TMP/a
copy_project "$P"
sed -i "s/\"alpine\": *\"[^\"]*\"/\"alpine\": \"$ALPINE\"/" "$P/manifests/alp_rc.json"
add_features "$P" cat
variant plain env
is "$(wc -l <<<"$WANT")" 19 "the plain build wrote all formats"

for jobs in 1 2 7; do JOBS=$jobs variant "jobs-$jobs" env; done
variant timezone env TZ=Pacific/Kiritimati
variant locale-c env LC_ALL=C
variant locale-utf8 env LC_ALL=C.UTF-8 LANG=tr_TR.UTF-8
variant umask sh -c 'umask 077; exec "$@"' sh
variant no-home env -i PATH="$PATH"

# Another folder, deeper, made in another order with other times and modes.
Q=$TEST_TMP/b/c/d/e
(
	umask 007
	copy_project "$Q"
	sed -i "s/\"alpine\": *\"[^\"]*\"/\"alpine\": \"$ALPINE\"/" "$Q/manifests/alp_rc.json"
	add_features "$Q" tac
	find "$Q" -exec touch -h -d '2001-02-03 04:05:06' {} +
	find "$Q" -type f -exec chmod o-r,g+w {} +
)
is "$(diff -r "$P" "$Q" && echo same)" same "the other folder has the same files"
P=$Q variant folder env

if [ "$(id -u)" = 0 ]; then
	R=$TEST_TMP/r
	cp -r "$TEST_TMP/a" "$R"
	chmod 755 "$TEST_TMP"
	cp "$ALPBUILD" "$TEST_TMP/alpbuild"
	mkdir "$TEST_TMP/nobody"
	chown -R nobody "$R" "$TEST_TMP/nobody"
	# What is on the way to the fixture need not be open to others.
	cp -r "$FIXTURE" "$TEST_TMP/mirror"
	chmod -R a+rX "$TEST_TMP/mirror"
	P=$R MIRROR=file://$TEST_TMP/mirror TOOL=$TEST_TMP/alpbuild \
		VARIANT_CACHE=$TEST_TMP/nobody/cache VARIANT_OUT=$TEST_TMP/nobody/out \
		variant user setpriv --reuid=nobody --regid=nogroup --clear-groups
else
	skip "user: same bytes" "only root can be somebody else"
fi

# In git, the epoch is the last commit that touched the inputs.
G=$TEST_TMP/g
cp -r "$TEST_TMP/a" "$G"
git_do() { git -C "$G" -c user.name=t -c user.email=t@example.org "$@" >/dev/null 2>&1; }
git_do init -q && git_do add -A &&
	GIT_AUTHOR_DATE='2030-01-02T03:04:05Z' GIT_COMMITTER_DATE='2030-01-02T03:04:05Z' \
		git_do commit -qm inputs
unset GIT_CEILING_DIRECTORIES
WANT=
P=$G variant git env
like "$("$ALPBUILD" inspect "$TEST_TMP"/out-git/*-amd64.tar)" \
	"created +2030-01-02T03:04:05Z" "git: the commit's time is the epoch"
echo x >"$G/README"
git_do add -A && git_do commit -qm "something else"
P=$G variant git-other-commit env
(umask 077 && git clone -q "$G" "$TEST_TMP/clone") 2>/dev/null
P=$TEST_TMP/clone variant git-clone env

# Another compiler.
make -C "$TOP" CC=clang B=build/clang -j2 build/clang/alpbuild >"$TEST_TMP/clang.log" 2>&1
is $? 0 "clang builds it" || cat "$TEST_TMP/clang.log"
P=$G TOOL=$TOP/build/clang/alpbuild variant clang env
done_testing
