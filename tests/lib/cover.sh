#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# cover.sh BUILD [TEST...]: runs the tests against a build with COVER=1 and
# prints how many lines of each file ran.
set -eu
BUILD=$(realpath "$1")
shift
[ $# != 0 ] || set -- unit fuzz integration
cd "$(dirname "$0")/../.."

find "$BUILD" -name '*.gcda' -delete
UNIT_BIN=$BUILD TEST_BIN=$BUILD ALPBUILD=$BUILD/alpbuild \
	TEST_LOGS=$BUILD/test-logs TEST_JUNIT=$BUILD/junit.xml \
	tests/run "$@" || echo "tests failed: the numbers below are too low"

# gcov's talk, two lines a file: File '...' / Lines executed:93.1% of 58
find "$BUILD/builder" -name '*.gcda' -exec gcov -n {} + 2>/dev/null |
	awk -F"[':% ]" '
		/^File / { file = $3; next }
		/^Lines executed/ && file ~ /^builder\// {
			lines[file] = $NF; ran[file] = $3 * $NF / 100
			file = "" # a summary follows the last one
		}
		END {
			for (f in lines) {
				printf "%6.1f %%  %4d lines  %s\n",
					100 * ran[f] / lines[f], lines[f], f
				all += lines[f]; hit += ran[f]
			}
			if (all)
				printf "%6.1f %%  %4d lines  total\n",
					100 * hit / all, all
			else {
				print "no file ran"
				exit 1
			}
		}' | LC_ALL=C sort -k 5
