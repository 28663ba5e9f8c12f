#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# headers: each header compiles alone, is guarded by its own name and is named
# "layer/module.h" where it is included; sources include their own header
# first; every file says its licence in its first lines.
. "$(dirname "$0")/../lib/lint.sh"

FLAGS="-std=gnu11 $(cppflags) -Itests -Wall -Werror"

# The header twice, so that a missing guard shows too.
alone() {
	# shellcheck disable=SC2086
	printf '#include "%s"\n#include "%s"\n' "$1" "$1" |
		gcc $FLAGS -I. -fsyntax-only -x c - 2>&1 | grep -m 3 error:
}
export -f alone
export FLAGS

while IFS= read -r line; do
	complain "header does not compile alone: $line"
done < <(c_headers | xargs -P "$(nproc)" -I{} bash -c 'alone {}')

while IFS= read -r f; do
	# LAYER_MODULE_H; tests may leave their folders out.
	guard=${f#builder/}
	[ "$guard" != "$f" ] || guard=${f##*/}
	guard=$(tr 'a-z/.-' 'A-Z___' <<<"$guard")
	grep -qE "^#ifndef ([A-Z_]*_)?$guard\$" "$f" || complain "$f: guard is not $guard"
	[ "$(sed -n '2s/^ \*$//p;2!d' "$f" | wc -l)" = 1 ] &&
		sed -n 3p "$f" | grep -q '^ \* ' ||
		complain "$f: does not open with what it is for"
done < <(c_headers)

while IFS= read -r f; do
	own=${f#builder/}
	own=${own%.c}.h
	[ ! -e "builder/$own" ] ||
		[ "$(grep -m 1 '^#include' "$f")" = "#include \"$own\"" ] ||
		complain "$f: does not include \"$own\" first"
done < <(project_files 'builder/*.c')

while IFS= read -r line; do
	complain "$line: include as \"layer/module.h\""
done < <(project_files 'builder/*.[ch]' |
	xargs grep -nE '^#include "([^/]*|\..*|/.*|[^"]*/\.\..*)"')

while IFS= read -r f; do
	head -n 2 "$f" | grep -q 'SPDX-License-Identifier: MIT' ||
		complain "$f: no SPDX line"
done < <(
	c_files
	shell_scripts
	project_files '*.awk' '*.py' '*.js' Makefile
)
finish
