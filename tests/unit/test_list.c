/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "spec/list.h"

static void list_keeps_order_and_copies_while_growing(void **state)
{
	struct string_list list = { 0 };
	struct arena arena;
	char text[16];

	arena_init(&arena);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "item %d", i);
		string_list_add(&list, text, &arena);
	}
	text[0] = '\0';
	assert_int_equal(list.n, 1000);
	assert_string_equal(list.items[0], "item 0");
	assert_string_equal(list.items[999], "item 999");
	assert_true(string_list_has(&list, "item 500"));
	assert_false(string_list_has(&list, "item"));
	assert_false(string_list_has(&list, "item 1000"));
	arena_release(&arena);
}

static void merging_adds_what_is_new_in_order(void **state)
{
	struct string_list list = { 0 }, more = { 0 };
	struct arena arena;

	arena_init(&arena);
	string_list_add(&list, "b", &arena);
	string_list_add(&more, "c", &arena);
	string_list_add(&more, "b", &arena);
	string_list_add(&more, "a", &arena);
	string_list_merge(&list, &more, &arena);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.items[0], "b");
	assert_string_equal(list.items[1], "c");
	assert_string_equal(list.items[2], "a");
	arena_release(&arena);
}

static void empty_list_has_nothing(void **state)
{
	struct string_list list = { 0 };
	struct pair_list pairs = { 0 };

	assert_false(string_list_has(&list, ""));
	assert_null(pair_list_get(&pairs, ""));
}

static void pair_is_replaced_where_it_stands(void **state)
{
	struct pair_list list = { 0 };
	struct arena arena;

	arena_init(&arena);
	pair_list_set(&list, "b", "1", &arena);
	pair_list_set(&list, "a", "2", &arena);
	pair_list_set(&list, "b", "3", &arena);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0].key, "b");
	assert_string_equal(list.items[0].value, "3");
	assert_string_equal(pair_list_get(&list, "a"), "2");
	assert_null(pair_list_get(&list, "c"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_keeps_order_and_copies_while_growing),
		cmocka_unit_test(merging_adds_what_is_new_in_order),
		cmocka_unit_test(empty_list_has_nothing),
		cmocka_unit_test(pair_is_replaced_where_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
