/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apk/world.h"

struct scene {
	struct arena arena;
	struct dependency_list world;
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
	assert_int_equal(world_parse(&s->world, slice_of(text), "etc/apk/world",
				 &s->arena, &s->err),
		0);
}

static void add(struct scene *s, const char *word)
{
	assert_int_equal(world_add(&s->world, word, &s->arena, &s->err), 0);
}

static void assert_prints(const struct scene *s, const char *expected)
{
	SCOPED_BUF struct buf out;

	buf_init(&out, 100000);
	world_print(&s->world, &out);
	buf_add_str(&out, "");
	assert_string_equal(out.data, expected);
}

static void a_file_is_words_with_op_version_and_tag(void **state)
{
	struct scene *s = *state;

	parse(s, "busybox\na@edge=1\n!b\nc~1.2 d>=1\n\n");
	assert_int_equal(s->world.n, 5);
	assert_true(slice_is(s->world.items[1].tag, "edge"));
	assert_prints(s, "a@edge=1\n!b\nbusybox\nc~1.2\nd>=1\n");
}

static void an_empty_world_is_an_empty_file(void **state)
{
	parse(*state, "");
	assert_prints(*state, "");
}

static void the_file_is_sorted_without_case(void **state)
{
	parse(*state, "b\nC\na\nB\nA\n.v\n");
	assert_prints(*state, ".v\nA\na\nB\nb\nC\n");
}

static void printing_does_not_change_the_order(void **state)
{
	struct scene *s = *state;

	parse(s, "b\na\n");
	assert_prints(s, "a\nb\n");
	assert_true(slice_is(s->world.items[0].name, "b"));
	world_sort(&s->world);
	assert_true(slice_is(s->world.items[0].name, "a"));
}

static void adding_replaces_the_word_of_that_name(void **state)
{
	struct scene *s = *state;

	parse(s, "b=1\na\n");
	add(s, "b@edge>2");
	add(s, "c");
	add(s, "!a");
	add(s, "B");
	assert_prints(s, "!a\nB\nb@edge>2\nc\n");
}

static void malformed_words_are_named(void **state)
{
	struct scene *s = *state;

	s->world.n = 77;
	assert_int_equal(world_parse(&s->world, slice_of("a\nb=\n"),
				 "etc/apk/world", &s->arena, &s->err),
		-1);
	assert_int_equal(s->err.kind, ERROR_INPUT);
	assert_string_equal(s->err.text,
		"etc/apk/world: \"b=\" is no word of the world: expected NAME, "
		"NAME@TAG, NAME=1.2 (or < <= > >= ~) or !NAME");
	assert_int_equal(s->world.n, 77);
}

static void adding_takes_one_well_formed_word(void **state)
{
	static const char *const bad[] = { "", "a b", "a=", "a\n", "@edge",
		"a=1@edge", "a=x" };
	struct scene *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(
			world_add(&s->world, bad[i], &s->arena, &s->err), -1);
		assert_int_equal(s->err.kind, ERROR_SPEC);
	}
	assert_int_equal(s->world.n, 0);
}

static void sizes_have_limits(void **state)
{
	SCOPED_FREE char *text = memory_alloc(WORLD_MAX + 1);
	struct scene *s = *state;

	for (size_t i = 0; i < WORLD_MAX + 1; i++)
		text[i] = i % 2 ? '\n' : 'a';
	assert_int_equal(world_parse(&s->world, slice_make(text, WORLD_MAX + 1),
				 "w", &s->arena, &s->err),
		-1);
	assert_string_equal(s->err.text, "w: 1048577 bytes (at most 1048576)");
	assert_int_equal(world_parse(&s->world, slice_make(text, WORLD_MAX),
				 "w", &s->arena, &s->err),
		-1);
	assert_string_equal(s->err.text, "w: more than 65536 words");
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_file_is_words_with_op_version_and_tag),
		SCENE(an_empty_world_is_an_empty_file),
		SCENE(the_file_is_sorted_without_case),
		SCENE(printing_does_not_change_the_order),
		SCENE(adding_replaces_the_word_of_that_name),
		SCENE(malformed_words_are_named),
		SCENE(adding_takes_one_well_formed_word),
		SCENE(sizes_have_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
