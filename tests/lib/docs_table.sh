# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# docs_table.sh: the table in docs/images.md of what alp_rc takes, with a row
# for each number and a column for each architecture. Source it after
# boot_checks.sh, which measures.
#
# check_docs fails when the table is off in what is the same everywhere: sizes
# and the number of processes, with real Alpine input. UPDATE_DOCS=1 writes the
# column instead, also what depends on the machine: times and memory. For these
# run it alone, on a machine that does nothing else:
#	UPDATE_DOCS=1 tests/boot/life_arm64.sh real
DOCS_TABLE=$TOP/docs/images.md
# shellcheck disable=SC2034
declare -A DOCS_ROW=(
	[tar]="tar" [unpacked]="unpacked"
	[processes]="processes at rest, sshd among them"
	[boot]="until the default runlevel" [stop]="stop"
	[stuck]="stop, with services that are stuck"
	[rss]="resident memory of all" [pss]="of that not shared (PSS)"
)

# table_cell ROW: of the column $ARCH.
table_cell() { table_awk "$1" 'row { print $column }'; }

# table_set ROW VALUE: other architectures may be writing theirs.
table_set() {
	(
		flock 9
		table_awk "$1" 'row { $column = value } { print }' "$2" \
			>"$TEST_TMP/page" && cat "$TEST_TMP/page" >"$DOCS_TABLE"
	) 9>"$TOP/build/docs_table.lock"
}

# table_awk ROW PROGRAM [VALUE]: fields are cells with their blanks cut off.
table_awk() {
	awk -v arch="$ARCH" -v wanted="${DOCS_ROW[$1]}" -v value="${3:-}" '
		BEGIN { FS = " *[|] *"; OFS = " | " }
		$2 == "" && NF > 4 { for (i in column_of) delete column_of[i]
			for (i = 3; i < NF; i++) column_of[$i] = i }
		{ row = NF > 4 && $2 == wanted && arch in column_of
			column = row ? column_of[arch] : 0 }
		'"$2" "$DOCS_TABLE" | sed 's/^ | /| /; s/ | $/ |/'
}

# Of a machine: in brackets where an emulator added its own.
of_machine() {
	if [ -z "$(emulator "$ARCH")" ]; then
		echo "$1"
	else
		echo "($1)"
	fi
}

seconds() { awk -v ms="$1" 'BEGIN { printf "%.1f s", ms / 1000 }'; }
of_kib() { echo "$(mib $(($1 * 1024))) MiB"; }

# check_docs
check_docs() {
	local row
	local -A now=([tar]="$(mib "$TAR_SIZE") MiB"
		[unpacked]="$(mib "$UNPACKED_SIZE") MiB" [processes]=$PROCESSES)
	if [ -n "${UPDATE_DOCS:-}" ]; then
		table_set boot "$(of_machine "$(seconds "$BOOT_MS")")"
		table_set stop "$(of_machine "$(seconds "$STOP_MS")")"
		table_set rss "$(of_machine "$(of_kib "$RSS")")"
		table_set pss "$(of_machine "$(of_kib "$PSS")")"
	fi
	for row in tar unpacked processes; do
		[ -z "${UPDATE_DOCS:-}" ] || table_set $row "${now[$row]}"
		is "$(table_cell $row)" "${now[$row]}" \
			"$IMAGE: docs/images.md (UPDATE_DOCS=1 writes it): $row"
	done
	like "$(cat "$DOCS_TABLE")" "Alpine $ALPINE:$" \
		"$IMAGE: docs/images.md names the Alpine version"
}
