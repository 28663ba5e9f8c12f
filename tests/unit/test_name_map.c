/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "apk/name_map.h"

#define MANY 5000

struct scene {
	struct arena arena;
	struct name_map map;
	int values[MANY];
	struct slice names[MANY];
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	arena_init(&s->arena);
	for (int i = 0; i < MANY; i++)
		s->names[i] = slice_of(
			arena_printf(&s->arena, "usr/share/%d/name", i));
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

static void set(struct scene *s, int i)
{
	name_map_set(&s->map, s->names[i], &s->values[i], &s->arena);
}

static void an_empty_map_has_nothing(void **state)
{
	struct scene *s = *state;

	assert_null(name_map_get(&s->map, slice_of("a")));
	name_map_remove(&s->map, slice_of("a"));
}

static void names_are_found_and_others_are_not(void **state)
{
	struct scene *s = *state;

	for (int i = 0; i < MANY; i++)
		set(s, i);
	for (int i = 0; i < MANY; i++)
		assert_ptr_equal(
			name_map_get(&s->map, s->names[i]), &s->values[i]);
	assert_null(name_map_get(&s->map, slice_of("usr/share/0/nam")));
	assert_null(name_map_get(&s->map, slice_of("")));
}

static void names_are_bytes_of_any_length(void **state)
{
	struct scene *s = *state;
	const struct slice zeros[] = { slice_make("\0\0\0\0\0\0\0\0\0", 0),
		slice_make("\0\0\0\0\0\0\0\0\0", 1),
		slice_make("\0\0\0\0\0\0\0\0\0", 8),
		slice_make("\0\0\0\0\0\0\0\0\0", 9) };

	for (int i = 0; i < 4; i++)
		name_map_set(&s->map, zeros[i], &s->values[i], &s->arena);
	for (int i = 0; i < 4; i++)
		assert_ptr_equal(
			name_map_get(&s->map, zeros[i]), &s->values[i]);
}

static void a_second_value_replaces_the_first(void **state)
{
	struct scene *s = *state;

	name_map_set(&s->map, slice_of("a"), &s->values[0], &s->arena);
	name_map_set(&s->map, slice_of("a"), &s->values[1], &s->arena);
	assert_ptr_equal(name_map_get(&s->map, slice_of("a")), &s->values[1]);
	assert_int_equal(s->map.n, 1);
}

static void removing_some_leaves_the_others(void **state)
{
	struct scene *s = *state;

	for (int i = 0; i < MANY; i++)
		set(s, i);
	for (int i = 0; i < MANY; i += 3)
		name_map_remove(&s->map, s->names[i]);
	for (int i = 0; i < MANY; i++) {
		if (i % 3)
			assert_ptr_equal(name_map_get(&s->map, s->names[i]),
				&s->values[i]);
		else
			assert_null(name_map_get(&s->map, s->names[i]));
	}
	for (int i = 0; i < MANY; i += 3)
		set(s, i);
	assert_int_equal(s->map.n, MANY);
	assert_ptr_equal(name_map_get(&s->map, s->names[3]), &s->values[3]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_map_has_nothing),
		TEST(names_are_found_and_others_are_not),
		TEST(names_are_bytes_of_any_length),
		TEST(a_second_value_replaces_the_first),
		TEST(removing_some_leaves_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
