#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# timeout: 600
# `make dist` gives the same bytes in any clone, and its tarball builds the
# same program as the clone does.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need git make gcc
git -C "$TOP" rev-parse -q --verify HEAD >/dev/null 2>&1 ||
	skip_all "not in a git clone"

VERSION=$(make -s -C "$TOP" print-VERSION)
NAME=alpbuild-$VERSION
one=$TEST_TMP/one two=$TEST_TMP/a/deeper/two

git clone -q "$TOP" "$one"
(umask 077 && mkdir -p "$TEST_TMP/a/deeper" && git clone -q "$TOP" "$two")
ok "it is made" make -s -C "$one" dist
(umask 077 && cd "$two" && TZ=Asia/Tokyo LC_ALL=C make -s dist B=out) \
	>/dev/null 2>&1
is $? 0 "it is made in another clone, under another umask and time zone"
ok "the bytes are the same" cmp "$one/build/$NAME.tar.gz" "$two/out/$NAME.tar.gz"

list=$(tar -tvzf "$one/build/$NAME.tar.gz" --numeric-owner)
is "$(grep -vc " $NAME/" <<<"$list")" 0 "everything stands in one folder"
is "$(awk '{ print $2 }' <<<"$list" | sort -u)" "0/0" "owners are numbers, root's"
is "$(cut -c1-10 <<<"$list" | sort -u | tr '\n' ' ')" \
	"$(printf '%s\n' -rw-r--r-- -rwxr-xr-x drwxr-xr-x lrwxrwxrwx |
		grep -xFf <(cut -c1-10 <<<"$list" | sort -u) | sort | tr '\n' ' ')" \
	"modes are 0644 and 0755"
is "$(git -C "$TOP" ls-tree -r --name-only HEAD | wc -l)" \
	"$(tar -tzf "$one/build/$NAME.tar.gz" | grep -vc '/$')" \
	"every file of the commit is in it"

mkdir "$TEST_TMP/unpacked"
tar -xzf "$one/build/$NAME.tar.gz" -C "$TEST_TMP/unpacked"
ok "the tarball builds" make -s -j2 OPT=-O1 -C "$TEST_TMP/unpacked/$NAME"
ok "a clone builds" make -s -j2 OPT=-O1 -C "$one"
ok "both give the same program" cmp "$one/build/alpbuild" \
	"$TEST_TMP/unpacked/$NAME/build/alpbuild"
done_testing
