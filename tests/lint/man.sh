#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# man: mandoc has nothing against the man pages.
. "$(dirname "$0")/../lib/lint.sh"
need mandoc

while IFS= read -r page; do
	mandoc -T lint -W warning "$page" || complain "$page: see above"
done < <(
	project_files 'docs/*.1'
	[ -e docs/alpbuild.1 ] || complain "docs/alpbuild.1 is missing" >&2
)
finish
