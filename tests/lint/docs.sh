#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs: what the documents say is there: links and paths lead somewhere, the
# map in docs/architecture.md has every module, and help, man page, README,
# completions and error table agree.
. "$(dirname "$0")/../lib/lint.sh"
need mandoc zsh

PROGRAM=${ALPBUILD:-build/alpbuild}
MAP=docs/architecture.md
MAN=docs/alpbuild.1
COMMANDS='build plan fetch lock outdated vendor why resolve inspect audit check convert explain rsc deploy cache help'

# The anchor that a forge makes of each heading of a page.
anchors() {
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

check_links() {
	local page=$1 target file anchor
	while IFS= read -r target; do
		case $target in *://* | mailto:*) continue ;; esac
		file=${target%%#*}
		anchor=
		[ "$file" = "$target" ] || anchor=${target#*#}
		[ -n "$file" ] && file=$(dirname "$page")/$file || file=$page
		if [ ! -e "$file" ]; then
			complain "$page: link to $target leads nowhere"
		elif [ -n "$anchor" ] && ! anchors "$file" | grep -qxF "$anchor"; then
			complain "$page: link to $target: no such heading"
		fi
	done < <(grep -oE '\]\([^) ]+\)' "$page" | sed 's/^](//; s/)$//')
}

# Paths in backticks; with * one match is enough; <x> stands for anything.
check_paths() {
	local page=$1 path
	while IFS= read -r path; do
		path=$(sed 's/<[^>]*>/*/g; s/[.,:]*$//' <<<"$path")
		compgen -G "$path" >/dev/null ||
			complain "$page: \`$path\` does not exist"
	done < <(grep -oE '`[^` ]+`' "$page" | tr -d '`' |
		grep -E '^(builder|manifests|rootfs-overlays|arch|tests|docs|\.ci)/' |
		grep -vF '{')
}

# Every module has a line in the map, and every line a module.
check_map() {
	local f module
	while IFS= read -r f; do
		module=${f#builder/}
		grep -qF "\`${module%.[ch]}\`" "$MAP" ||
			complain "$MAP: module ${module%.[ch]} is not in the map"
	done < <(project_files 'builder/*/*.[ch]' | sed 's/\.[ch]$//' | sort -u)
	while IFS= read -r module; do
		compgen -G "builder/$module.[ch]" >/dev/null ||
			complain "$MAP: there is no module $module"
	done < <(grep -oE '^- `[a-z]+/[a-z_0-9]+`' "$MAP" | grep -v tests/ | tr -d '`' |
		sed 's/^- //')
}

help_options() {
	"$PROGRAM" "$1" --help |
		grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u
}

man_text() { mandoc -T ascii -O width=1000 "$MAN" | sed 's/.\x08//g'; }

bash_options() {
	bash --norc -c '. docs/completion/alpbuild.bash
		COMP_WORDS=(alpbuild "$1" --) COMP_CWORD=2
		_alpbuild; printf "%s\n" "${COMPREPLY[@]}"' - "$1" |
		tr -d ' =' | sort -u
}

# What the zsh completion hands to _arguments, without zsh's line editor.
zsh_options() {
	zsh -f -c 'compdef() { }; _arguments() { print -rl -- "$@"; }
		_alpbuild_files() { }; words=(alpbuild "$1")
		. docs/completion/_alpbuild; _alpbuild_options "$1"' - "$1" |
		grep -oE -- '--[a-z][a-z-]*' | sort -u
}

# same WHAT WANT GOT: two sorted lists; WANT is of --help.
same() {
	local one
	while IFS= read -r one; do
		[ -z "$one" ] || complain "$1 lacks ${one}, which --help has"
	done < <(comm -23 <(echo "$2") <(echo "$3"))
	while IFS= read -r one; do
		[ -z "$one" ] || complain "$1 has ${one}, which --help lacks"
	done < <(comm -13 <(echo "$2") <(echo "$3"))
}

check_options() {
	local command all='' of_help man readme
	man=$(man_text)
	for command in $COMMANDS; do
		of_help=$(help_options "$command")
		all+=$of_help$'\n'
		same "docs/completion/alpbuild.bash: $command" "$of_help" \
			"$(bash_options "$command")"
		same "docs/completion/_alpbuild: $command" "$of_help" \
			"$(zsh_options "$command")"
		grep -qE "^ *alpbuild.* $command|^ +$command" <<<"$man" ||
			complain "$MAN: nothing about the command $command"
		"$PROGRAM" --help | grep -qE "^ +$command " ||
			complain "--help: nothing about the command $command"
	done
	all=$(printf '%s--help\n--version\n' "$all" | sort -u)
	same "$MAN" "$all" "$(grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' <<<"$man" |
		grep -oE -- '--[a-z-]+' | sort -u)"
	readme=$(grep -oE '(^|[ `])alpbuild [^`|]*' README.md |
		grep -oE -- ' --[a-z][a-z-]+' | tr -d ' ' | sort -u)
	while IFS= read -r option; do
		[ -z "$option" ] || complain "README.md: no such option: $option"
	done < <(comm -13 <(echo "$all") <(echo "$readme"))
}

# Words without the marks of tables.
plain() { tr -d '|`*' | tr -s ' \t\n' ' '; }

check_errors() {
	local status name meaning n=0 page man
	page=$(plain <docs/errors.md)
	man=$(man_text | plain)
	while read -r status name meaning; do
		n=$((n + 1))
		case $page in *" $status $name $meaning"*) ;; *)
			complain "docs/errors.md: no row: $status $name $meaning" ;;
		esac
		case $man in *" $status $name: $meaning"*) ;; *)
			complain "$MAN: no row: $status $name $meaning" ;;
		esac
	done < <("$PROGRAM" help errors | grep -E '^ +[0-9]+ +[a-z-]+ ')
	[ $n -gt 5 ] || complain "alpbuild help errors: no table"
}

while IFS= read -r page; do
	check_links "$page"
	check_paths "$page"
done < <(project_files '*.md')
check_map
for f in "$MAN" README.md docs/errors.md "$PROGRAM"; do
	[ -e "$f" ] || complain "$f is missing"
done
[ ! -e "$MAN" ] || [ ! -x "$PROGRAM" ] || check_options
[ ! -e docs/errors.md ] || [ ! -x "$PROGRAM" ] || check_errors
finish
