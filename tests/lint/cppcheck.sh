#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# cppcheck: finds nothing in the program; tests run under sanitizers anyway.
# Suppressed, and why:
#  missingIncludeSystem: the libraries' headers are not given to it.
#  identicalInnerCondition: wrong where a loop looked at the same pointer.
#  toomanyconfigs: talk about itself.
. "$(dirname "$0")/../lib/lint.sh"
need cppcheck

mkdir -p "$LINT_CACHE/cppcheck"
# shellcheck disable=SC2046
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability \
	--error-exitcode=1 -j "$(nproc)" \
	--cppcheck-build-dir="$LINT_CACHE/cppcheck" \
	--suppress=identicalInnerCondition \
	--suppress=missingIncludeSystem --suppress=toomanyconfigs \
	--template='{file}:{line}: {id}: {message}' \
	$(cppflags) $(project_files 'builder/*.c') || complain "cppcheck has findings"
finish
