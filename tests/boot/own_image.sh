#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs/own-image.md, as a new user follows it: its commands, as they are, in a
# copy of the project, by somebody who is not root; on every mirror.
# timeout: 300
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/side_by_side.sh
. "$TOP/tests/lib/side_by_side.sh"
# shellcheck source=../lib/ordinary_user.sh
. "$TOP/tests/lib/ordinary_user.sh"

# commands PAGE: what stands in its ```sh blocks.
commands() {
	awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$1"
}

# checkout: the project as that user has it, after make.
checkout() {
	user_begins
	cp -r "$PROJECT"/* "$TOP/docs" "$HERE"
	mkdir -p "$HERE/build"
	cp "$(realpath "$ALPBUILD")" "$HERE/build/alpbuild"
	commands "$HERE/docs/own-image.md" >"$HERE/commands.sh"
	user_owns
}

# choose_user: one with all ids that adduser gives, where that can be had.
choose_user() {
	HOW=single
	! has_ranges || HOW=ranges
	user_may || { HOW=itself MIRROR_SEEN=$MIRROR; }
}

follow() {
	local keyring=()
	[ -z "${ALPBUILD_KEYRING:-}" ] ||
		keyring=("ALPBUILD_KEYRING=${MIRROR_SEEN#file://}/keys")
	as_user "$HOW" env GIT_CEILING_DIRECTORIES="$TEST_TMP" \
		ALPBUILD_MIRROR="$MIRROR_SEEN" ALPBUILD_CACHE="$HERE/cache" \
		"${keyring[@]}" bash -e commands.sh 2>"$TEST_TMP/words"
}

page() {
	local out words
	use_mirror "$1"
	checkout
	choose_user
	like "$(cat "$HERE/commands.sh")" 'tests/boot/boot\.sh' \
		"$1: the page boots what it builds"
	out=$(follow) && pass "$1: its commands work one after the other" ||
		fail "$1: its commands work one after the other" \
			"$(cat "$TEST_TMP/words")" "$out"
	words=$(cat "$TEST_TMP/words")
	like "$out" '^ok .*hello.*default runlevel' "$1: the image boots"
	like "$out" '^ok .*hello.* hello comes back after kill -9' \
		"$1: with the service of the page, which is supervised"
	unlike "$out" '^not ok|# SKIP' "$1: and nothing is wrong or left out"
	like "$out" '^1\.\.[1-9]' "$1: to the end"
	like "$words" 'hello: hello, router' "$1: --shell shows its words"
	like "$words" 'hello: bye' "$1: and how it ends"
	like "$words" '^# stopped after .* status (0|129|130)$' \
		"$1: in good order"
	is "$(find "$HERE/my/dist" -name 'hello-*-a*.tar' | wc -l)" 3 \
		"$1: a tar for each architecture"
	if [ "$HOW" = itself ]; then
		skip "$1: none of it by root" "users may not have user namespaces"
	else
		is "$(stat -c %u "$HERE"/my/dist/hello-*-amd64.tar)" \
			"$(user_id)" "$1: none of it by root"
	fi
}

[ "$(id -u)" != 0 ] || need_containers
[ -z "$(emulator amd64)" ] || skip_all "the page boots what amd64 runs"
# shellcheck disable=SC2046
side_by_side page $(mirrors)
done_testing
