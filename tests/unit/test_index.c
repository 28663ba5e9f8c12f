/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apk/index.h"

#define Q1 "C:Q1AAECAwQFBgcICQoLDA0ODxAREhM=\n"
#define FOO Q1 "P:foo\nV:1.2-r3\n"
#define BAR Q1 "P:bar\nV:0.1\n"

struct scene {
	struct arena arena;
	struct index index;
	struct error err;
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	arena_init(&s->arena);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	arena_release(&s->arena);
	free(s);
	return 0;
}

static void parse(struct scene *s, const char *text)
{
	assert_int_equal(index_parse(&s->index, slice_of(text), "main",
				 &s->arena, &s->err),
		0);
}

static void refuse(struct scene *s, struct slice text, const char *error)
{
	s->index.n = 77;
	assert_int_equal(
		index_parse(&s->index, text, "main", &s->arena, &s->err), -1);
	assert_int_equal(s->err.kind, ERROR_INPUT);
	assert_string_equal(s->err.text, error);
	assert_int_equal(s->index.n, 77);
}

static void packages_come_in_the_order_of_the_file(void **state)
{
	struct scene *s = *state;

	parse(s, FOO "A:armv7\nD:a b\nD:c\np:x=1\n\n" BAR "\n");
	assert_int_equal(s->index.n, 2);
	assert_true(slice_is(s->index.packages[0].name, "foo"));
	assert_int_equal(s->index.packages[0].depends.n, 3);
	assert_true(slice_is(s->index.packages[1].name, "bar"));
	assert_int_equal(s->index.packages[1].depends.n, 0);
	assert_int_equal(s->index.description.len, 0);
}

static void strings_are_not_copied(void **state)
{
	static const char text[] = FOO "\n";
	struct scene *s = *state;

	parse(s, text);
	assert_ptr_equal(s->index.packages[0].name.ptr, strstr(text, "foo"));
}

static void an_empty_text_has_no_packages(void **state)
{
	struct scene *s = *state;

	parse(s, "");
	assert_int_equal(s->index.n, 0);
	parse(s, "\n\n\n");
	assert_int_equal(s->index.n, 0);
}

static void a_record_may_end_with_the_file(void **state)
{
	struct scene *s = *state;

	parse(s, FOO "\n" BAR);
	assert_int_equal(s->index.n, 2);
}

static void a_line_of_one_character_ends_a_record(void **state)
{
	struct scene *s = *state;

	parse(s, FOO "x\n\n\n" BAR "y\n");
	assert_int_equal(s->index.n, 2);
}

static void the_last_line_must_have_a_newline(void **state)
{
	refuse(*state, slice_of(FOO "\n" Q1 "P:bar\nV:1"),
		"main:7: package bar: the last line has no newline: the index "
		"is cut off");
	refuse(*state, slice_of("x"),
		"main:1: the last line has no newline: the index is cut off");
}

static void later_duplicates_win(void **state)
{
	struct scene *s = *state;

	parse(s, FOO "P:baz\nV:2\n\n");
	assert_int_equal(s->index.n, 1);
	assert_true(slice_is(s->index.packages[0].name, "baz"));
	assert_true(slice_is(s->index.packages[0].version, "2"));
}

static void unknown_lower_case_letters_are_ignored(void **state)
{
	struct scene *s = *state;

	parse(s, FOO "x:1\ns:2\nf:3\na:4\ng:5\n\n");
	assert_null(s->index.packages[0].uninstallable);
}

static void unknown_other_letters_make_uninstallable(void **state)
{
	static const char *const lines[] = { "X:1\n", "1:2\n", "::\n",
		"\xc3:\n" };
	struct scene *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		SCOPED_FREE char *text =
			memory_printf(FOO "%s\n" BAR, lines[i]);

		parse(s, text);
		assert_int_equal(s->index.n, 2);
		assert_string_equal(s->index.packages[0].uninstallable,
			"has a field that only a newer version understands");
		assert_null(s->index.packages[1].uninstallable);
	}
}

static void fields_of_the_database_do_not_count_in_an_index(void **state)
{
	struct scene *s = *state;

	parse(s, FOO "r:bar\nq:oops\nF:1\nM:\nR:x\nZ:y\n\n");
	assert_null(s->index.packages[0].uninstallable);
	assert_int_equal(s->index.packages[0].replaces.n, 0);
	assert_int_equal(s->index.packages[0].replaces_priority, 0);
}

static void malformed_records_are_errors_with_their_place(void **state)
{
	static const char *const cases[][2] = {
		{ FOO "Version\n\n",
			"main:4: package foo: expected a letter and a colon, "
			"found \"Version\"" },
		{ "P:foo\nV:1\n\n",
			"main:3: package foo: C: there is no identity" },
		{ "\n" Q1 "V:1\n\n", "main:4: P: there is no name" },
		{ FOO "\n" Q1 "P:bar\n\n",
			"main:7: package bar: V: there is no version" },
		{ "P:foo\nC:Q1abc\n",
			"main:2: package foo: C: expected Q1 and base64 of a "
			"SHA-1, found \"Q1abc\"" },
		{ Q1 "P:../x\nV:1\n",
			"main:3: package ../x: P: expected letters, digits, "
			"+ - _ ~ and single dots, found \"../x\"" },
		{ FOO "S:-1\n",
			"main:4: package foo: S: expected a number from 0 to "
			"9223372036854775807, found \"-1\"" },
		{ "\x1f\x8b\x08\n",
			"main:1: expected a letter and a colon, found "
			"\"???\"" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		refuse(*state, slice_of(cases[i][0]), cases[i][1]);
}

static void lines_have_a_limit(void **state)
{
	size_t n = PACKAGE_LINE_MAX + 2;
	SCOPED_FREE char *text = memory_alloc(n);

	memset(text, 'T', n);
	text[1] = ':';
	text[n - 1] = '\n';
	refuse(*state, slice_make(text, n),
		"main:1: a line of 4194305 bytes (at most 4194304)");
}

static void a_million_dependencies_are_refused_soon(void **state)
{
	size_t n = 4000000;
	SCOPED_FREE char *text = memory_alloc(n);

	for (size_t i = 0; i < n; i += 4)
		memcpy(text + i, "D:a\n", 4);
	refuse(*state, slice_make(text, n),
		"main:65537: D: more than 65536 words");
}

static void the_text_and_the_packages_have_limits(void **state)
{
	size_t n = 4 * (INDEX_PACKAGES_MAX + 1);
	SCOPED_FREE char *text = memory_alloc(n);

	refuse(*state, slice_make(text, INDEX_TEXT_MAX + 1),
		"main: 134217729 bytes (at most 134217728)");
	for (size_t i = 0; i < n; i += 4)
		memcpy(text + i, "P:\n\n", 4);
	refuse(*state, slice_make(text, n), "main: more than 1000000 packages");
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(packages_come_in_the_order_of_the_file),
		SCENE(strings_are_not_copied),
		SCENE(an_empty_text_has_no_packages),
		SCENE(a_record_may_end_with_the_file),
		SCENE(a_line_of_one_character_ends_a_record),
		SCENE(the_last_line_must_have_a_newline),
		SCENE(later_duplicates_win),
		SCENE(unknown_lower_case_letters_are_ignored),
		SCENE(unknown_other_letters_make_uninstallable),
		SCENE(fields_of_the_database_do_not_count_in_an_index),
		SCENE(malformed_records_are_errors_with_their_place),
		SCENE(lines_have_a_limit),
		SCENE(a_million_dependencies_are_refused_soon),
		SCENE(the_text_and_the_packages_have_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
