#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# format: C looks as clang-format prints it; no blanks at the ends of lines.
. "$(dirname "$0")/../lib/lint.sh"
need clang-format

c_files | xargs clang-format --dry-run -Werror ||
	complain "clang-format -i would change these files"
while IFS= read -r line; do
	complain "$line: blanks at the end of the line"
done < <(project_files | xargs -d '\n' grep -InE '[[:blank:]]+$' |
	grep -vE '^(tests/(golden|bad|fuzz/corpus)/|[^:]*\.md:)' | cut -d: -f1,2)
finish
