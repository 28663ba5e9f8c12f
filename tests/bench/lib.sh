# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# lib.sh: what run.sh measures with. $W is the folder of this run.

say() { printf '%s\n' "$*" >&2; }
die() {
	say "bench: $*"
	exit 1
}

has() { command -v "$1" >/dev/null; }

# Standard output and errors of what is measured; shown when it fails.
measured() {
	local label=$1
	shift
	"$BIN/measure" "$LOG" "$label" "$@" >"$W/output.txt" 2>&1 || {
		cat "$W/output.txt" >&2
		die "$label failed: $*"
	}
}

# The same without a record.
quietly() {
	"$@" >"$W/output.txt" 2>&1 || {
		cat "$W/output.txt" >&2
		die "failed: $*"
	}
}

# same KEY FILE: all files that are called the same must have the same bytes.
declare -A SEEN
same() {
	local hex
	hex=$(sha256sum "$2" | cut -d' ' -f1)
	: "${SEEN[$1]:=$hex}"
	[ "${SEEN[$1]}" = "$hex" ] ||
		die "$2: sha256 is $hex, another run or the floor gave ${SEEN[$1]}"
}

# layer_of ARCHIVE: the layer's tar, uncompressed, of either format.
layer_of() {
	local name
	if tar -tf "$1" manifest.json >/dev/null 2>&1; then
		name=$(tar -xOf "$1" manifest.json | jq -r '.[0].Layers[0]')
		# Some write a link under that name, to the bytes elsewhere.
		name=$(tar -tvf "$1" "$name" | sed 's/.* -> \(\.\.\/\)*//; t
			s/.* link to //; t
			s/.* //')
		tar -xOf "$1" "$name"
	else
		name=$(tar -xOf "$1" index.json | jq -r '.manifests[0].digest')
		name=$(tar -xOf "$1" "blobs/${name/://}")
		jq -e '.manifests' <<<"$name" >/dev/null && {
			name=$(jq -r '.manifests[0].digest' <<<"$name")
			name=$(tar -xOf "$1" "blobs/${name/://}")
		}
		name=$(jq -r '.layers[0].digest' <<<"$name")
		tar -xOf "$1" "blobs/${name/://}" | gzip -dc
	fi
}

# Files and links of an archive's layer, to compare tools by.
paths_of() {
	layer_of "$1" | tar -t | sed 's|^\./||; s|^/||; /\/$/d; /^$/d' | sort
}

# check_paths NAME ARCHIVE WANTED-LIST: the peer did the same work.
check_paths() {
	paths_of "$2" >"$W/paths.txt"
	cmp -s "$W/paths.txt" "$3" || {
		diff "$W/paths.txt" "$3" | head >&2
		die "$1: its image has other files than alpbuild's"
	}
}

# check_diff_id ARCHIVE: the layer is what the config says.
check_diff_id() {
	local want got config
	config=$(tar -xOf "$1" manifest.json | jq -r '.[0].Config')
	want=$(tar -xOf "$1" "$config" | jq -r '.rootfs.diff_ids[0]')
	got=sha256:$(layer_of "$1" | sha256sum | cut -d' ' -f1)
	[ "$want" = "$got" ] || die "$1: diff_id is $want, the layer $got"
}

# System calls of a command: "own all", own ones without those of git.
system_calls() {
	quietly strace -f -qq -o "$W/strace.txt" "$@"
	awk '
		!/resumed>/ { calls[$1]++ }
		NR > 1 && /execve(\(| resumed>)/ && / = 0$/ { foreign[$1] = 1 }
		END {
			for (pid in calls) {
				all += calls[pid]
				if (!(pid in foreign)) own += calls[pid]
			}
			print own, all
		}' "$W/strace.txt"
}
