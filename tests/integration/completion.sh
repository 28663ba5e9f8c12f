#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The completions of bash and zsh, as the shells themselves call them. That
# they know the same options as --help is tests/lint/docs.sh's.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need zsh

# complete WORD...: what bash offers for the last word, on one line.
complete_bash() {
	(cd "$TOP" && bash --norc -c '
		. docs/completion/alpbuild.bash
		COMP_WORDS=(alpbuild "$@")
		COMP_CWORD=$#
		_alpbuild
		echo "${COMPREPLY[*]}"' - "$@")
}

is "$(complete_bash '')" \
	"build plan fetch lock outdated vendor why resolve inspect audit check convert explain rsc deploy cache help" \
	"bash: commands come first"
is "$(complete_bash pl)" "plan" "bash: a command is completed"
is "$(complete_bash build --off)" "--offline" "bash: an option is completed"
is "$(complete_bash --arch arm6)" "arm64" "bash: architectures are of arch/"
is "$(complete_bash --arch = armv)" "armv7" "bash: --arch=VALUE is understood"
is "$(complete_bash --arch amd64,arm6)" "amd64,arm64" \
	"bash: the last item of a list is completed"
is "$(complete_bash build alp_r | tr ' ' '\n' | grep -x alp_rc)" "alp_rc" \
	"bash: images are of manifests/"
is "$(complete_bash build rele)" "" "bash: the pins are no image"
is "$(complete_bash cache p)" "prune" "bash: actions of cache"
is "$(complete_bash help err)" "errors" "bash: topics of help"
is "$(complete_bash check --format s)" "sarif" "bash: formats of check"
is "$(complete_bash build --format oci-)" "oci-dir" "bash: formats of build"
is "$(complete_bash --channel l)" "latest" "bash: channels"
is "$(cd / && PATH=/usr/bin:/bin bash --norc -c '
	. "$1"; COMP_WORDS=(alpbuild build x) COMP_CWORD=2; _alpbuild
	echo "${#COMPREPLY[@]}"' - "$TOP/docs/completion/alpbuild.bash")" 0 \
	"bash: outside of a project nothing is offered and nothing fails"

ok "zsh: the syntax is right" zsh -n "$TOP/docs/completion/_alpbuild"
cp "$TOP/docs/completion/_alpbuild" "$TEST_TMP/"
is "$(zsh -f -c 'fpath=('"$TEST_TMP"' $fpath); autoload -U compinit
	compinit -D -u; print $_comps[alpbuild]')" _alpbuild \
	"zsh: compinit takes it as the completion of alpbuild"

# complete_zsh TEXT: what a real zsh on a pseudo terminal makes of TEXT<TAB>.
complete_zsh() {
	# shellcheck disable=SC2016
	(cd "$TOP" && TERM=dumb timeout 30 zsh -f -c '
		zmodload zsh/zpty
		zpty z "cd $2; TERM=dumb zsh -f -i"
		zpty -w z "PS1=; fpath=($1 \$fpath); autoload -U compinit"
		zpty -w z "compinit -D -u; unsetopt zle_bracketed_paste; print READY"
		zpty -r -m z line "*READY*READY*"
		zpty -w -n z "$3"$'"'\\t'"'
		sleep 1
		zpty -w -n z $'"'\\C-a'"'": \""$'"'\\C-e'"'"END\""$'"'\\n'"'
		zpty -r -m z line "*END*"
		print -r -- "$line"
		zpty -d z' - "$TEST_TMP" "$TOP" "$1" 2>&1)
}
like "$(complete_zsh 'alpbuild ins')" 'alpbuild inspect' \
	"zsh: a command is completed"
like "$(complete_zsh 'alpbuild build --offl')" 'build --offline' \
	"zsh: an option is completed"
like "$(complete_zsh 'alpbuild --arch armv')" 'arch armv7' \
	"zsh: architectures are of arch/"
done_testing
