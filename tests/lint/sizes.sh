#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# sizes: files have at most 500 lines, functions at most 60 (C and shell).
# Parameters (5) and nesting are clang-tidy's: readability-function-size.
. "$(dirname "$0")/../lib/lint.sh"

FILE_MAX=500
FUNCTION_MAX=60

mapfile -t code < <(
	c_files
	shell_scripts
)
while IFS= read -r line; do
	complain "$line"
done < <(
	wc -l "${code[@]}" | awk -v max=$FILE_MAX '$2 != "total" && $1 > max {
		print $2 ":" $1 ": file of more than " max " lines" }'
	# A function starts at "{" in column 1 (C) or "name() {" (shell), and
	# ends at the next "}" in column 1.
	awk -v max=$FUNCTION_MAX '
		FNR == 1 { start = 0 }
		/^\{/ || /^[a-z_]+\(\) *[{(]$/ { start = FNR }
		/^[})]/ {
			if (start && FNR - start + 1 > max)
				print FILENAME ":" start ": function of " \
					FNR - start + 1 " lines (at most " max ")"
			start = 0
		}' "${code[@]}"
)
finish
