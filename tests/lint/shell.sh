#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# shell: shellcheck finds nothing in any script. Left out: SC2317 (functions
# that xargs calls look unused), SC2015 (A && B || C where B cannot fail),
# SC2016 (backticks and dollars that are meant as such).
. "$(dirname "$0")/../lib/lint.sh"
need shellcheck

shell_scripts | xargs shellcheck -x -P SCRIPTDIR -e SC2317,SC2015,SC2016 ||
	complain "shellcheck has findings"
finish
