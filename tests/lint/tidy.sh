#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tidy: clang-tidy (.clang-tidy) finds nothing. A file is looked at again only
# when it, a header that it includes, or the rules changed.
. "$(dirname "$0")/../lib/lint.sh"
need clang-tidy clang

# A copy of the project may use the original's results, see gitlab_ci.sh.
CACHE=${LINT_TIDY_CACHE:-$LINT_CACHE/tidy}
FLAGS="-std=gnu11 $(cppflags) -Itests -Wall -Wextra -Wno-unused-parameter"
# A third of the states that the analyzer would walk in a function: it takes 40% of
# the time, and the other ones never told anything new. LINT_DEEP=1 walks all.
[ -n "${LINT_DEEP:-}" ] ||
	FLAGS="$FLAGS -Xclang -analyzer-config -Xclang max-nodes=75000"
RULES=$(cat .clang-tidy tests/lint/analyzer.h)$(clang-tidy --version)$FLAGS
RULES=$(sha256sum <<<"$RULES" | cut -d' ' -f1)
export FLAGS CACHE
mkdir -p "$CACHE"

# "SOURCE KEY" for each source, see keys.awk.
keys() {
	c_files | xargs sha256sum |
		awk -v rules="$RULES" -f tests/lint/keys.awk |
		while read -r file text; do
			echo "$file $(sha256sum <<<"$text" | cut -d' ' -f1)"
		done
}

check_one() {
	local key=$2 include="-include tests/lint/analyzer.h" out
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
export -f check_one

keys | while read -r file key; do
	[ -e "$CACHE/$key" ] || echo "$file $key"
done | xargs -r -P "$(nproc)" -L 1 bash -c 'check_one "$@"' tidy ||
	complain "clang-tidy has findings"
find "$CACHE" -type f -mtime +14 -delete
finish
