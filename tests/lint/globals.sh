#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# globals: no mutable global and no static variable, by the symbols of the
# objects, except the log's level and the flag that a signal sets:
ALLOWED='builder/base/log.c current_level
builder/cmd/signals.c cancelled'
. "$(dirname "$0")/../lib/lint.sh"
need objdump

BUILD=$LINT_CACHE/objects
LOG=$LINT_CACHE/globals.log
make -s -k --no-print-directory -j"$(nproc)" B="$BUILD" OPT=-O1 \
	"$BUILD/libalpbuild.a" "$BUILD/builder/main.o" >"$LOG" 2>&1 ||
	complain "does not compile: $(grep -m 1 -E 'error:|\*\*\*' "$LOG")"

# variables OBJECT SOURCE: "source name" of each that is mutable. Constant
# tables of pointers stand in .data.rel.ro: those are fine.
variables() {
	objdump -t "$1" | awk -v source="$2" '
		match($0, /^[0-9a-f]+ ....... /) {
			section = substr($0, RLENGTH + 1)
			if (section !~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/)
				next
			if (section !~ /^\.data\.rel\.ro/ && $NF !~ /^\./)
				print source, $NF
		}'
}

while IFS= read -r source; do
	object=$BUILD/${source%.c}.o
	[ -e "$object" ] || continue
	while IFS= read -r found; do
		grep -qxF "$found" <<<"$ALLOWED" ||
			complain "${found% *}: mutable variable ${found#* }"
	done < <(variables "$object" "$source")
done < <(project_files 'builder/*.c')
finish
