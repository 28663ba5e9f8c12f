#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tidy: clang-tidy (.clang-tidy) finds nothing. A file is looked at again only
# when it, a header that it includes, or the rules changed.
. "$(dirname "$0")/../lib/lint.sh"
need clang-tidy clang

CACHE=$LINT_CACHE/tidy
FLAGS="-std=gnu11 $(cppflags) -Itests -Wall -Wextra -Wno-unused-parameter"
RULES=$(cat .clang-tidy tests/.clang-tidy tests/lint/analyzer.h 2>/dev/null |
	sha256sum)$(clang-tidy --version)$FLAGS
export FLAGS RULES CACHE
mkdir -p "$CACHE"

# The file's own and its headers' bytes, without system headers.
key_of() {
	{
		echo "$RULES"
		# shellcheck disable=SC2086
		clang $FLAGS -MM "$1" 2>&1 |
			grep -oE '(builder|tests)/[^ ]+' | xargs cat "$1"
	} | sha256sum | cut -d' ' -f1
}

check_one() {
	local key include="-include tests/lint/analyzer.h" out
	key=$(key_of "$1")
	[ ! -e "$CACHE/$key" ] || return 0
	# It defines what the header makes macros of.
	[ "$1" != builder/base/error.c ] || include=
	# shellcheck disable=SC2086
	if out=$(clang-tidy --quiet "$1" -- $FLAGS $include 2>&1); then
		: >"$CACHE/$key"
	else
		printf '%s\n' "$out" | sed "s|$PWD/||" |
			grep -vE '^[0-9]+ warnings|^Suppressed|^Use -header|NOLINT'
		return 1
	fi
}
export -f key_of check_one

c_sources | xargs -P "$(nproc)" -I{} bash -c 'check_one {}' ||
	complain "clang-tidy has findings"
find "$CACHE" -type f -mtime +14 -delete
finish
