#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs/own-image.md, as a new user follows it: its commands, as they are, in a
# copy of the project.
# timeout: 300
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
need_containers

# commands PAGE: what stands in its ```sh blocks.
commands() {
	awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$1"
}

follow() {
	(cd "$PROJECT" && ALPBUILD_MIRROR=$MIRROR ALPBUILD_CACHE=$CACHE \
		bash -e "$TEST_TMP/commands.sh" 2>"$TEST_TMP/words")
}

for mirror in $(mirrors | head -n 1); do
	use_mirror "$mirror"
	cp -r "$TOP/tests" "$TOP/docs" "$PROJECT"
	mkdir "$PROJECT/build"
	ln -s "$(realpath "$ALPBUILD")" "$PROJECT/build/alpbuild"
	commands "$PROJECT/docs/own-image.md" >"$TEST_TMP/commands.sh"
	like "$(cat "$TEST_TMP/commands.sh")" 'tests/boot/boot\.sh' \
		"the page boots what it builds"
	out=$(follow) && pass "its commands work one after the other" ||
		fail "its commands work one after the other" \
			"$(cat "$TEST_TMP/words")" "$out"
	like "$out" '^ok .*hello.*default runlevel' "the image boots"
	like "$out" '^ok .*hello.* hello comes back after kill -9' \
		"with the service of the page, which is supervised"
	unlike "$out" '^not ok' "and nothing is wrong"
	like "$out" '^1\.\.' "to the end"
	is "$(find "$PROJECT/my/dist" -name 'hello-*-a*.tar' | wc -l)" 3 \
		"a tar for each architecture"
done
done_testing
