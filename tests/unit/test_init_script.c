/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "rootfs/init_script.h"

/* "need: a b?; use: c": what is uncertain has a question mark. */
static char *show(const struct init_script *script)
{
	struct buf buf;

	buf_init(&buf, 1 << 16);
	for (size_t k = 0; k < INIT_NKINDS; k++) {
		const struct init_words *words = &script->words[k];

		if (words->n)
			buf_printf(&buf, "%s%s:", buf.len ? "; " : "",
				init_word_names[k]);
		for (size_t i = 0; i < words->n; i++)
			buf_printf(&buf, " %s%s", words->items[i].text,
				words->items[i].is_certain ? "" : "?");
	}
	buf_add_str(&buf, "");
	return buf_take(&buf);
}

#define assert_reads(text, expected)                                           \
	do {                                                                   \
		struct init_script script;                                     \
		struct arena arena;                                            \
		char *shown;                                                   \
                                                                               \
		arena_init(&arena);                                            \
		init_script_read(&script, slice_of(text), &arena);             \
		shown = show(&script);                                         \
		assert_string_equal(shown, expected);                          \
		free(shown);                                                   \
		arena_release(&arena);                                         \
	} while (0)

static void words_of_depend_are_certain(void **state)
{
	assert_reads("depend() {\n\tneed net localmount\n\tuse logger\n"
		     "\tkeyword -lxc -docker\n\tprovide a\n\tafter *\n"
		     "\tbefore b\n\twant c\n}\n",
		"need: net localmount; use: logger; want: c; before: b; "
		"after: *; provide: a; keyword: -lxc -docker");
	assert_reads("depend()\n\n{\n  need 'a' \"b\" c\\\n d; need e # f\n}",
		"need: a b c d e");
	assert_reads("depend () { need a; }", "need: a");
	assert_reads("depend() {\r\n\tneed net\r\n}\r\n", "need: net");
}

static void words_of_other_functions_are_not_read(void **state)
{
	assert_reads("need x\nstart() {\n need y\n}\ndepend() {\n need a\n}\n"
		     "stop() {\n need z\n}\nprovide q",
		"need: a");
	assert_reads("echo 'depend() {\nneed x\n}'", "");
	assert_reads("# depend() { need x; }\n", "");
	assert_reads("cat <<E >f\ndepend() {\nneed x\n}\nE\ndepend() "
		     "{ need a; }",
		"need: a");
	assert_reads("cat <<-'E'\n\tdepend() { need x; }\n\tE\n", "");
	assert_reads("not_depend() { need x; }", "");
}

static void words_of_conditions_are_uncertain(void **state)
{
	assert_reads("depend() {\nif yesno $x; then\nneed a\nelse need b; fi\n"
		     "need c\n}",
		"need: a? b? c");
	assert_reads(
		"depend() {\ncase $x in\na|b) need a ;;\n(c) need b\nesac\n"
		"need c\n}",
		"need: a? b? c");
	assert_reads("depend() {\nfor i in $(a b); do need a; done\nneed b\n}",
		"need: a? b");
	assert_reads(
		"depend() {\n[ -f x ] && need a\ntrue || need b\nneed c\n}",
		"need: a? b? c");
	assert_reads("depend() {\nneed a\n[ -f /x ] || return 0\nneed b\n}",
		"need: a b?");
	assert_reads("depend() {\n( need a )\n{ need b; }\n}", "need: a? b?");
}

static void two_definitions_are_uncertain(void **state)
{
	assert_reads(
		"depend() { need a; }\ndepend() { need b; }", "need: a? b?");
	assert_reads("if x; then\ndepend() { need a; }\nfi", "need: a?");
}

static void expansions_are_unknown(void **state)
{
	assert_reads("depend() {\nneed $a \"$b\" `c` \"${d:-e}\" $(f) g\n}",
		"need: g");
	assert_reads("depend() {\nlocal x=$(a \"$(b \"c)\")\" 'd)')\n"
		     "need a\n}",
		"need: a");
	assert_reads("x=${y:-don't}\nz='}'\ndepend() { need a; }", "");
	assert_reads("x=\"${y:-don't}\"\ndepend() { need a; }", "need: a");
	assert_reads(
		"depend() { need a >/dev/null 2>&1; need b; }", "need: a b");
}

static void rest_after_what_is_not_understood_is_left_out(void **state)
{
	struct init_script script;
	struct arena arena;

	arena_init(&arena);
	init_script_read(
		&script, slice_of("depend() { need a; }\n\nx='open"), &arena);
	assert_int_equal(script.words[INIT_NEED].n, 1);
	assert_string_equal(script.note, "line 3: a quote is not closed");
	init_script_read(&script, slice_of("}\ndepend() { need a; }"), &arena);
	assert_int_equal(script.words[INIT_NEED].n, 0);
	assert_string_equal(
		script.note, "line 1: a block is closed that was not opened");
	init_script_read(&script, slice_make(NULL, 0), &arena);
	assert_null(script.note);
	arena_release(&arena);
}

static void openrc_scripts_are_known_by_their_first_line(void **state)
{
	static const char *const good[] = { "#!/sbin/openrc-run\n",
		"#!/usr/bin/openrc-run \nx", "#! /sbin/runscript\n",
		"#!/sbin/openrc-run\r\n" };
	static const char *const bad[] = { "", "\n", "#!/bin/sh\n",
		"#!/bin/sh /sbin/openrc-run\n", "openrc-run\n",
		"#!/sbin/openrc-runner\n" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(init_script_is_openrc(slice_of(good[i])));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(init_script_is_openrc(slice_of(bad[i])));
}

static void words_of_settings_are_added(void **state)
{
	struct init_script script = { .note = NULL };
	struct arena arena;
	char *shown;

	arena_init(&arena);
	init_script_add(
		&script, INIT_NEED, slice_of(" net  !clock\t$x y"), &arena);
	shown = show(&script);
	assert_string_equal(shown, "need: net !clock y");
	free(shown);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_depend_are_certain),
		cmocka_unit_test(words_of_other_functions_are_not_read),
		cmocka_unit_test(words_of_conditions_are_uncertain),
		cmocka_unit_test(two_definitions_are_uncertain),
		cmocka_unit_test(expansions_are_unknown),
		cmocka_unit_test(rest_after_what_is_not_understood_is_left_out),
		cmocka_unit_test(openrc_scripts_are_known_by_their_first_line),
		cmocka_unit_test(words_of_settings_are_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
