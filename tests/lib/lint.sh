# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# lint.sh: what lint scripts share. A lint script sources it, runs from the
# project's root, says each finding as FILE:LINE: TEXT by `complain` and ends
# with `finish`. Results that cost time are kept in $LINT_CACHE by content.
set -eu
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
LINT_CACHE=build/lint
mkdir -p "$LINT_CACHE"
findings=0

# The project's own files: what git knows or would know; without git, all.
project_files() {
	if [ -e .git ]; then
		git ls-files -z --cached --others --exclude-standard -- "$@" |
			while IFS= read -r -d '' f; do
				# Deleted, but not yet for git.
				[ ! -e "$f" ] && [ ! -L "$f" ] || printf '%s\n' "$f"
			done
	else
		find . -path ./build -prune -o -path ./dist -prune -o \
			\( -type f -o -type l \) -print | sed 's|^\./||' |
			while IFS= read -r f; do
				[ $# = 0 ] || matches "$f" "$@" || continue
				printf '%s\n' "$f"
			done
	fi | sort
}

matches() {
	local f=$1 pattern
	shift
	for pattern; do
		# shellcheck disable=SC2254
		case $f in $pattern) return 0 ;; esac
	done
	return 1
}

c_headers() { project_files 'builder/*.h' 'tests/*.h'; }
c_files() { project_files 'builder/*.[ch]' 'tests/*.[ch]'; }

# Scripts by their first line, or by the word that shellcheck reads.
shell_scripts() {
	project_files | while IFS= read -r f; do
		[ -f "$f" ] && [ ! -L "$f" ] || continue
		# Input of parsers, good and bad.
		case $f in tests/fuzz/corpus/*) continue ;; esac
		case $(head -c 64 "$f" | head -n 1 | tr -d '\0') in
		'#!'*sh | '#!'*sh' '* | '#!/sbin/openrc-run' | '# shellcheck shell='*) echo "$f" ;;
		esac
	done
}

# The preprocessor's options, from the one place that has them.
cppflags() { make -s --no-print-directory print-CPPFLAGS; }

complain() {
	printf '%s\n' "$*"
	findings=$((findings + 1))
}

finish() {
	[ $findings = 0 ] || echo "$findings findings"
	[ $findings = 0 ]
	exit
}

# need PROGRAM: a lint tool that is missing is a failure, not a skip.
need() {
	local p
	for p; do
		command -v "$p" >/dev/null ||
			complain "$p is missing: run tests/lib/install-deps.sh lint"
	done
	[ $findings = 0 ] || finish
}
