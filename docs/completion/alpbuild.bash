# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# bash completion for alpbuild. Images and architectures are those of the
# project around the current folder, else of the installed one.

# The project's folder, as alpbuild itself finds it.
_alpbuild_project() {
	local dir=$PWD program
	while [ -n "$dir" ]; do
		if [ -d "$dir/manifests" ] && [ -d "$dir/arch" ]; then
			printf '%s\n' "$dir"
			return
		fi
		dir=${dir%/*}
	done
	program=$(type -P alpbuild) || return 0
	printf '%s\n' "${program%/bin/alpbuild}/share/alpbuild"
}

# _alpbuild_names FOLDER: the names of its JSON files.
_alpbuild_names() {
	local f project
	project=$(_alpbuild_project)
	for f in "$project/$1"/*.json; do
		f=${f##*/}
		case $f in
		'*.json' | *.lock.json | releases.json) ;;
		*) printf '%s\n' "${f%.json}" ;;
		esac
	done
}

# _alpbuild_options COMMAND: its long options; "=" where a value follows.
_alpbuild_options() {
	local input='--file= --arch= --alpine= --mirror= --keyring= --cache=
		--offline --jobs='
	local output='--output= --format= --channel= --compress= --force'
	local locked='--locked --vendor='
	local router='--name= --disk= --root-dir= --address= --gateway= --bridge= --dns=
		--from= --port= --no-nat --env= --volume= --memory='
	local common='--json --quiet --verbose --help'
	case $1 in
	build) echo "$input $locked $output --dry-run $common" ;;
	plan) echo "$input $locked $output $common" ;;
	fetch) echo "$input $locked $common" ;;
	lock) echo "$input --update $common" ;;
	vendor) echo "$input --output= $common" ;;
	outdated | why) echo "$input $common" ;;
	resolve)
		echo "--arch= --repository= --installed= --keyring=
			--allow-untrusted --cache= --offline $common"
		;;
	inspect) echo "--files $common" ;;
	audit) echo "--report= $common" ;;
	check) echo "--routeros= --board= --format= --output= $common" ;;
	convert)
		echo "--arch= --tag= --name= --rootfs --entrypoint= --cmd=" \
			"--force --unchecked $common"
		;;
	rsc)
		echo "--routeros= --upgrade --remove --force --output= $router $input $common"
		;;
	deploy)
		echo "--rollback --dry-run --force --keep-image --forget-previous --settle=
			--patience= --https-port= --ssh-port= --fingerprint= --host-key=
			--identity= --known-hosts= $router $common"
		;;
	cache) echo "--cache= --older-than= $common" ;;
	explain | help) echo "$common" ;;
	esac
}

# The last item of a list with commas; the ones before it stay.
_alpbuild_list() {
	local head=
	case $cur in *,*) head=${cur%,*}, ;; esac
	mapfile -t COMPREPLY < <(compgen -P "$head" -W "$*" -- "${cur##*,}")
}

# _alpbuild_value OPTION COMMAND
_alpbuild_value() {
	case $1 in
	--arch | -a) _alpbuild_list all arm "$(_alpbuild_names arch)" ;;
	--format)
		if [ "$2" = check ]; then
			mapfile -t COMPREPLY < <(
				compgen -W 'text json sarif codeclimate' -- "$cur"
			)
		else
			_alpbuild_list routeros oci oci-dir
		fi
		;;
	--channel)
		mapfile -t COMPREPLY < <(compgen -W 'release latest devel' -- "$cur")
		;;
	--board)
		mapfile -t COMPREPLY < <(
			compgen -W 'CHR RB5009 RB3011 hAPax2 hAPax3 hAPaxS E50UG E60iUGS' -- "$cur"
		)
		;;
	--compress)
		mapfile -t COMPREPLY < <(compgen -W 'none gzip' -- "$cur")
		;;
	--file | -f)
		mapfile -t COMPREPLY < <(
			compgen -d -S / -- "$cur"
			compgen -f -X '!*.json' -- "$cur"
		)
		compopt -o nospace 2>/dev/null
		;;
	--installed | --vendor | --report | --identity | --known-hosts)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames 2>/dev/null
		;;
	--repository | --keyring | --cache | --output | -o)
		mapfile -t COMPREPLY < <(compgen -d -S / -- "$cur")
		compopt -o nospace 2>/dev/null
		;;
	--alpine | --mirror | --jobs | -j | --older-than | --routeros | --tag | --name) ;;
	--entrypoint | --cmd) ;;
	--disk | --root-dir | --address | --gateway | --bridge | --dns) ;;
	--from | --port | --env | --volume | --memory) ;;
	--settle | --patience | --https-port | --ssh-port | --fingerprint | --host-key) ;;
	*) return 1 ;;
	esac
}

_alpbuild_operand() {
	case $1 in
	build | plan | fetch | lock | outdated | vendor | why)
		mapfile -t COMPREPLY < <(
			compgen -W "$(_alpbuild_names manifests)" -- "$cur"
		)
		;;
	rsc)
		mapfile -t COMPREPLY < <(
			compgen -W "$(_alpbuild_names manifests)" -- "$cur"
			compgen -f -X '!*.tar' -- "$cur"
		)
		;;
	inspect | audit | check | convert | deploy)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames 2>/dev/null
		;;
	cache) mapfile -t COMPREPLY < <(compgen -W 'size prune' -- "$cur") ;;
	help)
		mapfile -t COMPREPLY < <(
			compgen -W 'build plan fetch lock outdated vendor why resolve inspect audit check convert explain rsc deploy cache help' -- "$cur"
			compgen -W errors -- "$cur"
		)
		;;
	esac
}

_alpbuild() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local command=build commands
	commands='build plan fetch lock outdated vendor why resolve inspect audit check convert explain rsc deploy cache help'
	COMPREPLY=()

	# "--arch=arm" comes as three words.
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ] && [ "$COMP_CWORD" -gt 2 ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case " $commands " in
	*" ${COMP_WORDS[1]} "*) [ "$COMP_CWORD" = 1 ] || command=${COMP_WORDS[1]} ;;
	esac
	_alpbuild_value "$prev" "$command" && return
	case $cur in
	-*)
		mapfile -t COMPREPLY < <(
			compgen -W "$(_alpbuild_options "$command")" -- "$cur"
		)
		case ${COMPREPLY[*]} in *=) compopt -o nospace 2>/dev/null ;; esac
		[ "$COMP_CWORD" != 1 ] || mapfile -t -O ${#COMPREPLY[@]} \
			COMPREPLY < <(compgen -W '--version' -- "$cur")
		;;
	*)
		if [ "$COMP_CWORD" = 1 ]; then
			mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur")
		else
			_alpbuild_operand "$command"
		fi
		;;
	esac
} && complete -F _alpbuild alpbuild
