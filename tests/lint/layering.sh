#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# layering: what may include what, as the table "Layers" of
# docs/architecture.md says, and who may open the door to a library: only the
# files named there include its headers, and only files of layers that have a
# door may see them at all.
. "$(dirname "$0")/../lib/lint.sh"

DOC=docs/architecture.md
declare -A MAY DOORS
declare -A LIBRARY=(
	[zlib.h]=zlib [curl/]=libcurl [archive]=libarchive
	[openssl/]=libcrypto [jansson]=jansson [yaml.h]=libyaml
)

# Rows: | layer | layers it may include | library `file` `file`; library ... |
read_table() {
	local layer may doors
	while IFS='|' read -r _ layer may doors _; do
		layer=$(tr -d ' `' <<<"$layer")
		MAY[$layer]=" $layer $(tr -dc 'a-z ' <<<"$may") "
		DOORS[$layer]=$doors
	done < <(sed -n '/^## Layers/,/^## [^L]/p' "$DOC" |
		grep -E '^\| `?[a-z]+`? \|' | grep -v '^| layer')
	[ "${#MAY[@]}" -gt 5 ] || complain "$DOC: no table of layers"
}

layer_of() {
	local layer=${1#builder/}
	case $layer in */*) echo "${layer%%/*}" ;; *) echo cmd ;; esac
}

check_own_includes() {
	local file line header layer
	while IFS=: read -r file line header; do
		layer=$(layer_of "$file")
		header=${header#*\"}
		header=${header%\"*}
		[ -n "${MAY[$layer]:-}" ] || {
			complain "$file: layer $layer is not in $DOC"
			continue
		}
		[ -e "builder/$header" ] ||
			complain "$file:$line: no such header: $header"
		case ${MAY[$layer]} in
		*" ${header%%/*} "*) ;;
		*) complain "$file:$line: $layer must not include $header" ;;
		esac
	done < <(project_files 'builder/*.[ch]' |
		xargs grep -nE '^ *# *include *"')
}

check_doors() {
	local file line header layer key
	while IFS=: read -r file line header; do
		layer=$(layer_of "$file")
		for key in "${!LIBRARY[@]}"; do
			case $header in *"<$key"*) ;; *) continue ;; esac
			grep -qE "${LIBRARY[$key]}[^;]*\`${file##*/}\`" \
				<<<"${DOORS[$layer]:-}" ||
				complain "$file:$line: not a door to ${LIBRARY[$key]} in $DOC"
		done
	done < <(project_files 'builder/*.[ch]' |
		xargs grep -nE '^ *# *include *<')
}

# What a file sees through other headers counts too.
check_sight() {
	local file seen layer key
	while read -r file seen; do
		layer=$(layer_of "$file")
		for key in "${!LIBRARY[@]}"; do
			case $seen in */include/"$key"* | */include/*-linux-*/"$key"*) ;;
			*) continue ;; esac
			grep -qF "${LIBRARY[$key]}" <<<"${DOORS[$layer]:-}" ||
				complain "$file: sees ${LIBRARY[$key]} ($seen), which $layer has no door to"
		done
	done < <(project_files 'builder/*.c' |
		xargs -P "$(nproc)" -n 8 bash -c 'for f; do
			gcc -std=gnu11 '"$(cppflags)"' -M "$f" 2>/dev/null |
				grep -oE "/[^ ]*/(zlib|curl/curl|archive|openssl/evp|jansson|yaml)\.h" |
				sort -u | sed "s|^|$f |"
		done' lint)
}

# Every named door is one: the table does not outlive the code.
check_table() {
	local layer name headers
	headers=$(IFS='|' && echo "${!LIBRARY[*]}")
	for layer in "${!DOORS[@]}"; do
		while IFS= read -r name; do
			grep -qsE "^# *include *<($headers)" \
				"builder/$layer/$name" ||
				complain "$DOC: builder/$layer/$name is no door"
		done < <(grep -oE '`[^`]*`' <<<"${DOORS[$layer]}" | tr -d '`')
	done
}

read_table
check_own_includes
check_doors
check_sight
check_table
finish
