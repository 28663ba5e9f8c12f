#!/bin/bash
# SPDX-License-Identifier: MIT
# kill -9 at any point, signals, a full disk, two builds at once, corrupted
# caches: never a wrong or half a file, and the next build is as good as new.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need jq
use_mirror fixture
export SOURCE_DATE_EPOCH=1750000000
cd "$PROJECT" || exit 1

sums() { (cd "$1" && sha256sum ./*.tar ./*.report.json 2>/dev/null); }
# No temporary is left in the output, no lock or partial download in the cache.
leftovers() {
	find "$1" -name '.*.tmp'
	find "$2" -name '*.tmp' -o -path '*/partial/*' -type f
}

# Something for the reports to tell.
jq '.paths = [{"path": "/etc/fstab", "type": "removal"}]' \
	manifests/alp_rc.json >removal.json
mv removal.json manifests/alp_rc.json
ok "the reference" build build --arch all --output want
WANT=$(sums want)

# build_killed SECONDS: a build that is killed then; bash says nothing of it.
build_killed() {
	{
		timeout -s KILL "$1" "$ALPBUILD" build --arch all \
			--mirror "$MIRROR" --cache kcache --output out
	} >/dev/null 2>&1
}

# kill -9 after ever longer times, until a build gets through.
killed=0 wrong=
for ms in $(seq 2 6 400); do
	rm -rf out
	build_killed "0.$(printf %03d "$ms")"
	[ $? = 137 ] || break
	killed=$((killed + 1))
	# What has its final name is complete.
	(sums out 2>/dev/null | grep -vxFf <(echo "$WANT")) && wrong=$ms
	[ $((killed % 3)) = 0 ] && rm -rf kcache
done
is "$wrong" "" "a killed build leaves no wrong file ($killed times)"
[ "$killed" -ge 5 ]
is $? 0 "it was killed at several points"
rm -rf kcache
build_killed 0.06
ok "a clean build after a kill" build build --arch all --cache kcache --output out
is "$(sums out)" "$WANT" "gives the same bytes"
is "$(find out -name '.*')" "" "and sweeps the temporaries"

# SIGTERM and SIGINT: status 130, nothing left. The mirror is a pipe that
# never answers, so that the build is surely under way.
python3 - "$TEST_TMP/port" <<'E2' &
import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(8)
open(sys.argv[1], "w").write(str(s.getsockname()[1]))
time.sleep(60)
E2
at_exit "kill $! 2>/dev/null"
for _ in $(seq 50); do [ -s "$TEST_TMP/port" ] && break; sleep 0.1; done
for sig in TERM INT; do
	"$ALPBUILD" build --arch arm64 --output sig --cache "$TEST_TMP/sig" \
		--mirror "http://127.0.0.1:$(cat "$TEST_TMP/port")" >sig.log 2>&1 &
	pid=$!
	sleep 0.5
	# A background job of a script ignores SIGINT unless it is told anew.
	kill -s $sig $pid
	for _ in $(seq 50); do kill -0 $pid 2>/dev/null || break; sleep 0.1; done
	if [ $sig = INT ] && kill -9 $pid 2>/dev/null; then
		fail "SIGINT ends it"
		continue
	fi
	wait $pid
	is $? 130 "SIG$sig: exit status 130"
	is "$(leftovers sig "$TEST_TMP/sig" 2>/dev/null)" "" "SIG$sig: nothing is left"
done

# Two builds at once on one cache and one output.
build build --arch all --cache both --output two >two.log1 2>&1 &
a=$!
build build --arch all --cache both --output two >two.log2 2>&1 &
b=$!
wait $a; sa=$?
wait $b; sb=$?
is "$sa $sb" "0 0" "two builds at once succeed"
[ "$sa $sb" = "0 0" ] || sed 's/^/# /' two.log1 two.log2
is "$(sums two)" "$WANT" "and agree"
(cd two && sha256sum --quiet --strict -c SHA256SUMS)
is $? 0 "SHA256SUMS holds"
is "$(wc -l <two/SHA256SUMS)" 7 "with all files"
is "$(leftovers two both)" "" "no temporaries"

# Corrupted cache entries, every one of them, one at a time: a header of a tar,
# which spoils the first try, or a file's bytes, which are told when it is made.
corrupted=0 bad=
ok "a cache of one architecture" build build --arch amd64 --cache one --output one-out
WANT_ONE=$(sums one-out)
while read -r at blob; do
	rm -rf out
	cp -r one bad-cache
	printf X | dd of="bad-cache/${blob#one/}" bs=1 seek="$at" conv=notrunc status=none
	log=$(build build --arch amd64 --cache bad-cache --output out 2>&1) || bad="$bad $blob: $log"
	[ "$(sums out)" = "$WANT_ONE" ] || bad="$bad $blob: other bytes"
	grep -q corrupt <<<"$log" && corrupted=$((corrupted + 1))
	rm -rf bad-cache
done < <(find one/blobs -type f -size +1k -printf '1000 %p\n%s %p\n' |
	awk '{ print NR % 2 ? $1 : int($1 / 2), $2 }')
is "$bad" "" "a corrupted cache entry does not spoil a build"
[ "$corrupted" -ge 3 ]
is $? 0 "and is told ($corrupted entries)"
rm -rf out
cp -r both bad-cache
find bad-cache/refs -type f -exec sh -c 'echo garbage >"$1"' sh {} \;
ok "garbage in all refs" build build --arch all --cache bad-cache --output out
is "$(sums out)" "$WANT" "does not spoil a build"
rm -rf bad-cache out
cp -r both bad-cache
find bad-cache/refs -type f -exec sh -c \
	'tr 0-8 1-9 <"$1" >ref && mv ref "$1"' sh {} \;
ok "digits of all refs are others" build build --arch all --cache bad-cache --output out
is "$(sums out)" "$WANT" "does not spoil a build"
rm -rf bad-cache out
# What is not remembered is chosen anew, with the keys of the minirootfs.
cp -r both bad-cache
rm -r bad-cache/refs/solution
find bad-cache/blobs -type f -size +100k -exec sh -c \
	'printf X | dd of="$1" bs=1 seek=60000 conv=notrunc status=none' sh {} \;
ok "damage where packages are chosen" build build --arch all --cache bad-cache --output out
is "$(sums out)" "$WANT" "does not spoil a build"
rm -rf bad-cache out
ok "blobs are lost" sh -c 'cp -r both bad-cache && rm -r bad-cache/blobs'
ok "a build without them" build build --arch all --cache bad-cache --output out
is "$(sums out)" "$WANT" "fetches them again"

# A full disk: the output's, then the cache's.
if [ "$(id -u)" = 0 ] && mkdir full && mount -t tmpfs -o size=2m tmpfs full 2>/dev/null; then
	at_exit "umount '$PROJECT/full'"
	status 12 "the output's disk is full" build build --arch all --output full/out
	like "$OUT" "No space left.*(free|--output)" "it says what to do"
	is "$(find full -type f)" "" "nothing is left"
	rm -rf full/* out2
	status 12 "the cache's disk is full" build build --arch all --cache full/cache --output out2
	is "$(leftovers out2 full/cache 2>/dev/null | grep -v partial/)" "" "no temporary is left"
	is "$(find out2 -type f 2>/dev/null)" "" "no image is left"
	mount -o remount,size=400m full
	ok "once there is space" build build --arch all --cache full/cache --output full/out
	is "$(sums full/out)" "$WANT" "it goes on where it stopped"
else
	skip "a full disk" "a tmpfs cannot be mounted here"
fi
if [ "$(id -u)" = 0 ]; then
	mkdir "$TEST_TMP/readonly"
	chmod 755 "$TEST_TMP" "$TEST_TMP/readonly"
	cp "$ALPBUILD" "$TEST_TMP/alpbuild"
	chmod -R a+rX "$PROJECT" "$TEST_TMP/alpbuild"
	OUT=$(setpriv --reuid=nobody --regid=nogroup --clear-groups "$TEST_TMP/alpbuild" build \
		--cache "$TEST_TMP/readonly/cache" --mirror "$MIRROR" 2>&1)
	is $? 12 "a cache that cannot be written"
	like "$OUT" "readonly/cache.*Permission denied" "it is named"
fi
done_testing
