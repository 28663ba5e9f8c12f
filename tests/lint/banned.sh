#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# banned: functions and words that the code does without.
. "$(dirname "$0")/../lib/lint.sh"

FUNCTIONS='strcpy|strcat|strncpy|strncat|stpcpy|sprintf|vsprintf|strtok|strtok_r'
FUNCTIONS+='|atoi|atol|atoll|atof|sscanf|gets|gmtime|localtime|ctime|asctime'
FUNCTIONS+='|alloca|system|popen|setjmp|longjmp|rand|srand|mktemp|tmpnam'
# Allocation is base/memory's; only there may it fail.
ALLOCATION='malloc|calloc|realloc|reallocarray|strdup|strndup|asprintf'

# search REGEX WHY FILE...: in code, not in comments or strings.
search() {
	local regex=$1 why=$2 line
	shift 2
	[ $# != 0 ] || return 0
	while IFS= read -r line; do
		complain "$line: $why"
	done < <(awk -v regex="$regex" '
		FNR == 1 { inside = 0 }
		{
			text = $0
			gsub(/"([^"\\]|\\.)*"/, "\"\"", text)
			gsub(/\/\*.*\*\//, "", text)
			if (inside && sub(/^.*\*\//, "", text)) inside = 0
			if (inside) next
			if (sub(/\/\*.*$/, "", text)) inside = 1
			sub(/\/\/.*$/, "", text)
			if (text ~ /^[ \t]*bool [a-z_, ]*;/) next # fields
		}
		match(text, "(^|[^A-Za-z0-9_>.])(" regex ")") {
			word = substr(text, RSTART, RLENGTH)
			gsub(/^[^A-Za-z]|[ (]*$/, "", word)
			print FILENAME ":" FNR ": " word
		}' "$@")
}

mapfile -t code < <(c_files)
mapfile -t sources < <(project_files 'builder/*.c' |
	grep -v '^builder/base/memory\.c$')
mapfile -t product < <(project_files 'builder/*.[ch]')
mapfile -t below_cmd < <(project_files 'builder/*.c' |
	grep -vE '^builder/(cmd/|main\.c|base/(log|memory)\.c)')

search "($FUNCTIONS) *\\(" "banned function" "${code[@]}"
search "($ALLOCATION) *\\(" "allocate through base/memory.h" "${sources[@]}"
search 'goto [a-z]' "no goto" "${code[@]}"
search '(printf|puts|putchar|perror|vprintf) *\(' \
	"only cmd/ prints" "${below_cmd[@]}"
search 'f(printf|puts|putc|write) *\(.*std(out|err)' "only cmd/ prints" "${below_cmd[@]}"
search '(exit|_exit|abort) *\(' "only cmd/ and base/memory end the program" \
	"${below_cmd[@]}"
search 'typedef struct' "no typedef for structs" "${code[@]}"
search 'bool [a-z_]+ *[,)]' "no boolean parameters" "${product[@]}"

while IFS= read -r line; do
	complain "$line: unfinished, or a path that only one machine has"
done < <(project_files | grep -vxE '\.ci/run|tests/lint/banned\.sh' |
	xargs -d '\n' grep -InE 'TODO|FIXME|\bXXX\b|/wor[k]/|\.\./shared' |
	cut -c1-120)
finish
