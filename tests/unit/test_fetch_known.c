/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "build/fetch_known.h"

static void newest_of_each_branch_newest_first(void **state)
{
	struct release_pin items[] = {
		{ .version = "3.9.6", .arch = "x86_64" },
		{ .version = "3.18.9", .arch = "x86_64" },
		{ .version = "3.18.12", .arch = "x86_64" },
		{ .version = "3.18.2", .arch = "x86_64" },
		{ .version = "3.21.3", .arch = "x86_64" },
		{ .version = "3.22.0", .arch = "armv7" },
		{ .version = "20240923", .arch = "x86_64" },
	};
	struct release_pins pins = { items, ARRAY_SIZE(items) };
	struct arena arena;

	arena_init(&arena);
	assert_string_equal(fetch_known_releases(&pins, "x86_64", &arena),
		"3.21.3, 3.18.12, 3.9.6");
	assert_string_equal(
		fetch_known_releases(&pins, "armv7", &arena), "3.22.0");
	arena_release(&arena);
}

static void none_without_any(void **state)
{
	struct release_pins pins = { 0 };
	struct arena arena;

	arena_init(&arena);
	assert_string_equal(
		fetch_known_releases(&pins, "x86_64", &arena), "none");
	arena_release(&arena);
}

static void at_most_so_many_are_told(void **state)
{
	struct release_pin items[FETCH_KNOWN_MAX + 5];
	struct release_pins pins = { items, ARRAY_SIZE(items) };
	struct arena arena;
	size_t commas = 0;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		items[i] = (struct release_pin){
			.version = arena_printf(&arena, "3.%zu.1", i),
			.arch = "x86_64",
		};
	for (const char *p = fetch_known_releases(&pins, "x86_64", &arena); *p;
		p++)
		commas += *p == ',';
	assert_int_equal(commas, FETCH_KNOWN_MAX - 1);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newest_of_each_branch_newest_first),
		cmocka_unit_test(none_without_any),
		cmocka_unit_test(at_most_so_many_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
