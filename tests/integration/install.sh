#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `make install` puts everything where it belongs, whatever the umask, and the
# installed tool works from another folder with its own data.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need make gcc mandoc

# Objects of the normal build, so that only what knows the prefix is compiled.
B=$TEST_TMP/b
mkdir "$B"
cp -a "$TOP/build/builder" "$TOP/build/flags" "$TOP/build/version" "$B/"
PREFIX=$TEST_TMP/usr
make_in() { (cd "$TOP" && umask 077 && make -s B="$B" "$@"); }

ok "it installs" make_in install PREFIX="$PREFIX"
is "$(cd "$PREFIX" && find . -type f ! -path './share/alpbuild/*' -printf '%m %P\n' |
	sort -k2)" "755 bin/alpbuild
644 share/bash-completion/completions/alpbuild
644 share/man/man1/alpbuild.1
644 share/zsh/site-functions/_alpbuild" "files and modes outside of the data"

data=$PREFIX/share/alpbuild
for folder in manifests arch rootfs-overlays; do
	ok "$folder is there as it is here" \
		diff -r "$TOP/$folder" "$data/$folder"
done
is "$(cd "$TOP" && find manifests arch rootfs-overlays -type f -perm -u+x | sort)" \
	"$(cd "$data" && find manifests arch rootfs-overlays -type f -perm -u+x | sort)" \
	"executable files of overlays stay executable"
is "$(find "$PREFIX" ! -type l ! -perm -o+r -print)" "" \
	"everybody may read it, whatever the umask"

# From another folder: the images and architectures are the installed ones.
mkdir "$TEST_TMP/elsewhere"
cd "$TEST_TMP/elsewhere" || exit 1
export ALPBUILD_CACHE=$TEST_TMP/cache
tool=$PREFIX/bin/alpbuild
is "$("$tool" --version)" \
	"alpbuild $(make -s -C "$TOP" print-VERSION)" "it tells its version"
status 4 "a wrong image is told" "$tool" build no_such_image
like "$OUT" 'alp_rc' "it knows the installed images"
status 6 "it plans offline up to what the cache lacks" \
	"$tool" build --offline --arch arm64
like "$OUT" 'alpine-minirootfs|aarch64' "it knows the architecture's files"

# A project around the current folder comes first.
mkdir -p own/manifests own/arch
cd own || exit 1
status 4 "a project of one's own wins" "$tool" build alp_rc
cd ..

# The page is found by man's own search, and says something.
like "$(MANPATH="$PREFIX/share/man" man -l "$PREFIX/share/man/man1/alpbuild.1" \
	2>/dev/null || mandoc "$PREFIX/share/man/man1/alpbuild.1")" \
	'alpbuild' "the man page can be read"

ok "it installs below DESTDIR" make_in install PREFIX="$PREFIX" DESTDIR="$TEST_TMP/dest"
ok "there too it is complete" diff -r "$PREFIX" "$TEST_TMP/dest$PREFIX"
ok "a second installation replaces the data" bash -c "
	touch '$data/manifests/gone.json' &&
	cd '$TOP' && make -s B='$B' install PREFIX='$PREFIX' >&2 &&
	[ ! -e '$data/manifests/gone.json' ]"
ok "it uninstalls" make_in uninstall PREFIX="$PREFIX"
is "$(find "$PREFIX" -type f)" "" "nothing of it stays"
done_testing
