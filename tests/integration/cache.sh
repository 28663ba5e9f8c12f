#!/bin/bash
# SPDX-License-Identifier: MIT
# `alpbuild fetch` and the cache: what is downloaded once, by whom, again after
# damage, and never offline. The mirror is nginx, whose log is counted.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need nginx python3 strace setpriv script

unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY
export no_proxy=127.0.0.1 HOME=$TEST_TMP ALPBUILD_CACHE=$TEST_TMP/cache
cd "$TOP" || exit
CACHE=$ALPBUILD_CACHE
BRANCH=3.99
RELEASE=3.99.1
LOG=$TEST_TMP/nginx.log
FILES=$TEST_TMP/files

# A mirror of two architectures; the content is nothing but large.
make_mirror() {
	local arch dir file
	for arch in x86_64 armv7; do
		dir=$FILES/alpine/v$BRANCH/releases/$arch
		file=alpine-minirootfs-$RELEASE-$arch.tar.gz
		mkdir -p "$dir" "$TEST_TMP/root/etc"
		echo "$arch" >"$TEST_TMP/root/etc/arch"
		head -c 1500000 /dev/urandom >"$TEST_TMP/root/random"
		tar -C "$TEST_TMP/root" --format=ustar -cf - . | gzip -n >"$dir/$file"
		(cd "$dir" && sha512sum "$file" >"$file.sha512" &&
			sha256sum "$file" >"$file.sha256")
		cat >"$dir/latest-releases.yaml" <<-END
			---
			-
			  title: "Mini root filesystem"
			  branch: v$BRANCH
			  arch: $arch
			  version: $RELEASE
			  flavor: alpine-minirootfs
			  file: $file
			  size: $(stat -c %s "$dir/$file")
			  sha512: $(cut -d' ' -f1 "$dir/$file.sha512")
		END
	done
}

start_nginx() {
	local i
	PORT=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	cat >"$TEST_TMP/nginx.conf" <<-END
		daemon off;
		master_process off;
		pid nginx.pid;
		error_log nginx.err;
		events {}
		http {
			log_format range escape=none '\$uri \$status \$http_range';
			access_log nginx.log range;
			client_body_temp_path t1; proxy_temp_path t2;
			fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
			server {
				listen 127.0.0.1:$PORT;
				root $FILES;
				location /slow/ { alias $FILES/; limit_rate 1m; }
			}
		}
	END
	nginx -p "$TEST_TMP" -c nginx.conf 2>"$TEST_TMP/nginx.out" &
	at_exit "kill $! 2>/dev/null"
	for ((i = 0; i < 500; i++)); do
		[ -s "$TEST_TMP/nginx.pid" ] && break
		sleep 0.02
	done
	MIRROR=http://127.0.0.1:$PORT/alpine
	SLOW=http://127.0.0.1:$PORT/slow/alpine
}

# fetch OPTION...: of both architectures; $OUT, $STATUS.
fetch() {
	: >"$LOG"
	OUT=$("$ALPBUILD" fetch --file "$TEST_TMP/image.json" --alpine $BRANCH \
		--arch amd64,armv7 "$@" 2>&1)
	STATUS=$?
}

# downloads [STATUS]: how many archives were sent since the last fetch began.
downloads() { grep -cE "\.tar\.gz ${1:-20[06]} " "$LOG"; }
archives() { find "$CACHE/blobs" -type f | sort; }
# blob_of ARCH: the cache's copy of the archive.
blob_of() {
	local file=$FILES/alpine/v$BRANCH/releases/$1/alpine-minirootfs-$RELEASE-$1.tar.gz
	echo "$CACHE/blobs/sha256/$(sha256sum <"$file" | cut -d' ' -f1)"
}
# tar_of ARCH: the cache's copy of the data tar.
tar_of() {
	echo "$CACHE/blobs/sha256/$(gzip -dc <"$(blob_of "$1")" | sha256sum | cut -d' ' -f1)"
}
damage() { printf damage | dd of="$1" bs=1 seek=1000 conv=notrunc status=none; }
all_good() {
	local f bad=
	for f in "$CACHE"/blobs/sha256/*; do
		[ "$(sha256sum <"$f" | cut -d' ' -f1)" = "${f##*/}" ] || bad+=" $f"
	done
	is "$bad" "" "$1"
}

make_mirror
start_nginx
cat >"$TEST_TMP/image.json" <<END
{"name": "test", "version": "1", "alpine": "$RELEASE",
 "architectures": ["amd64", "armv7"],
 "config": {"entrypoint": ["/bin/true"]}}
END

# Once, and not again.
fetch --mirror "$MIRROR"
is "$STATUS" 0 "a branch is fetched"
is "$(downloads)" 2 "one download for each architecture"
like "$OUT" "alpine-minirootfs-$RELEASE-armv7.tar.gz +fetched" "which is told"
like "$OUT" "warning: .*armv7.* is not pinned in manifests/releases.json" \
	"and that it is not pinned"
is "$(archives | wc -l)" 4 "two archives and two data tars are in the cache"
all_good "each under the digest of its bytes"
fetch --mirror "$MIRROR"
is "$(downloads)" 0 "the second time downloads nothing"
is "$(grep -c yaml "$LOG")" 2 "but asks what the newest release is"
like "$OUT" "armv7.tar.gz +in the cache" "and says so"

# Offline.
ASAN_OPTIONS=detect_leaks=0 strace -f -o "$TEST_TMP/trace" -e trace=network \
	"$ALPBUILD" fetch --file "$TEST_TMP/image.json" --alpine $BRANCH \
	--offline --mirror "$MIRROR" >/dev/null 2>&1
is "$?" 0 "a filled cache serves offline"
is "$(grep -cE 'socket|connect|bind' "$TEST_TMP/trace")" 0 "without any socket"
fetch --offline --mirror "$MIRROR" --cache "$TEST_TMP/empty"
is "$STATUS" 6 "an empty one does not: status 6"
like "$OUT" "alpbuild fetch" "with the remedy"
mv "$FILES/alpine" "$FILES/away"
fetch --mirror "$MIRROR"
is "$STATUS" 4 "online, the cache does not stand in for a mirror"
like "$OUT" "^  $MIRROR/v$BRANCH/.*: HTTP status 404" "whose URL is told"
mv "$FILES/away" "$FILES/alpine"

# Damage is noticed and repaired: from the mirror, or from the archive.
damage "$(tar_of armv7)"
rm "$(tar_of x86_64)"
fetch --mirror "$MIRROR"
is "$(downloads)" 0 "a data tar that is lost is made again without download"
damage "$(blob_of armv7)"
rm -f "$CACHE"/refs/tar/*
fetch --mirror "$MIRROR"
is "$STATUS" 0 "a damaged archive is no failure"
like "$OUT" "warning: cache entry $(blob_of armv7) is corrupt \(expected sha256:" \
	"but told"
is "$(downloads)" 1 "and fetched again"
: >"$(blob_of x86_64)"
rm -f "$CACHE"/refs/*/*
fetch --mirror "$MIRROR"
is "$STATUS" 0 "an empty archive and lost refs are no failure"
all_good "everything is as it should be"

# Killed half-way: the next one continues.
partial_has() {
	local f
	for f in "$CACHE"/partial/*[0-9a-f]; do
		[ -n "$(find "$f" -size "+$1c" 2>/dev/null)" ] && return
	done
	return 1
}
FETCH_ONE=("$ALPBUILD" fetch --file "$TEST_TMP/image.json" --alpine "$BRANCH"
	--arch armv7 --mirror "$SLOW")
rm -rf "$CACHE"
"${FETCH_ONE[@]}" >/dev/null 2>&1 &
for ((i = 0; i < 500; i++)); do
	partial_has 200000 && break
	sleep 0.02
done
kill -KILL $!
wait $! 2>/dev/null
is "$(archives 2>/dev/null | wc -l)" 0 "kill -9: nothing half is in the cache"
: >"$LOG"
ok "the next fetch succeeds" "${FETCH_ONE[@]}"
is "$(downloads 206)" 1 "it continues where the killed one was"
all_good "the blobs are whole"

# Two at once.
rm -rf "$CACHE"
: >"$LOG"
"${FETCH_ONE[@]}" >"$TEST_TMP/one" 2>&1 &
first=$!
"${FETCH_ONE[@]}" >"$TEST_TMP/two" 2>&1
second=$?
wait $first
is "$? $second" "0 0" "two processes fetch the same file at once"
is "$(downloads)" 1 "it is downloaded once"
is "$(cat "$TEST_TMP/one" "$TEST_TMP/two" |
	grep -c 'waiting for another process that fetches .*gz (')" 1 \
	"one waited for the other"
is "$(cat "$TEST_TMP/one" "$TEST_TMP/two" | grep -c 'gz  in the cache')" 1 \
	"and found it in the cache"

# Progress: bars on a terminal, lines elsewhere, nothing with -q.
ESC=$(printf '\033')
rm -rf "$CACHE"
out=$(TERM=xterm script -qec "$(printf '%q ' "${FETCH_ONE[@]}")" /dev/null)
like "$out" '\[[=> ]+\] +[0-9]+ %  [0-9.]+ [KM]iB/s  0:0[0-9]' \
	"a terminal shows bars with rate and time left"
like "$out" "armv7.tar.gz: 1.4 MiB" "and a line for what is over"
rm -rf "$CACHE"
fetch --mirror "$MIRROR"
unlike "$OUT" "$ESC|\[=" "elsewhere there are none"
like "$OUT" "^alpine-minirootfs-$RELEASE-armv7.tar.gz: 1.4 MiB" "but plain lines"
rm -rf "$CACHE"
fetch --mirror "$MIRROR" -q
is "$(grep -cv warning: <<<"$OUT")" "$(grep -c fetched <<<"$OUT")" \
	"-q leaves results and warnings"

# Wrong bytes get nowhere.
file=$FILES/alpine/v$BRANCH/releases/armv7/alpine-minirootfs-$RELEASE-armv7.tar.gz
rm -rf "$CACHE"
damage "$file"
fetch --mirror "$MIRROR"
is "$STATUS" 7 "a tampered archive: status 7"
is "$(archives | grep -cF "$(blob_of armv7)")" 0 "it is not cached"
is "$(archives | grep -cF "$(blob_of x86_64)")" 1 "what was right is"

# A cache that cannot be written, as in an image of a CI runner.
ok "the other architecture is there" "$ALPBUILD" fetch --arch amd64 \
	--file "$TEST_TMP/image.json" --alpine $BRANCH --mirror "$MIRROR"
chmod -R a-w "$CACHE"
as_user=()
# Root may write everywhere unless it gives that up.
[ "$(id -u)" != 0 ] || as_user=(setpriv --bounding-set
	"-dac_override,-dac_read_search,-fowner")
ok "a read-only cache serves" "${as_user[@]}" "$ALPBUILD" fetch --arch amd64 \
	--file "$TEST_TMP/image.json" --alpine $BRANCH --offline
status 12 "filling it fails: status 12" "${as_user[@]}" "$ALPBUILD" fetch \
	--arch armv7 --file "$TEST_TMP/image.json" --alpine $RELEASE \
	--mirror "$MIRROR"
chmod -R u+w "$CACHE"

# Measuring and pruning.
like "$("$ALPBUILD" cache size)" "in 2 blobs" "the size is told"
touch -d '40 days ago' "$(tar_of x86_64)"
like "$("$ALPBUILD" cache prune)" "removed 1 files" "what is old is pruned"
like "$("$ALPBUILD" cache prune --older-than 0)" "in 0 blobs, 0 refs" "or all of it"
ok "and fetched anew" "$ALPBUILD" fetch --arch amd64 \
	--file "$TEST_TMP/image.json" --alpine $BRANCH --mirror "$MIRROR"
done_testing
