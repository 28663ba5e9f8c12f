/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "deploy/rest_answer.h"

static int setup(void **state)
{
	struct arena *arena = memory_zero(1, sizeof(*arena));

	arena_init(arena);
	*state = arena;
	return 0;
}

static int teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

static struct rest_items parsed(void **state, const char *json)
{
	struct rest_items items;
	struct error err;

	assert_int_equal(
		rest_parse_items(slice_of(json), &items, *state, &err), 0);
	return items;
}

static void assert_refused_bytes(
	void **state, struct slice json, const char *why)
{
	struct error err = { 0 };
	struct rest_items items;

	assert_int_equal(rest_parse_items(json, &items, *state, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	if (!strstr(err.text, why))
		fail_msg("no \"%s\" in: %s", why, err.text);
}

static void assert_refused(void **state, const char *json, const char *why)
{
	assert_refused_bytes(state, slice_of(json), why);
}

static void list_of_items_is_read_with_ids(void **state)
{
	struct rest_items items = parsed(state,
		"[{\".id\":\"*1\",\"name\":\"veth-alp\"},"
		"{\".id\":\"*1A\",\"name\":\"veth-b\",\"running\":\"true\"}]");

	assert_int_equal(items.n, 2);
	assert_string_equal(items.items[0].id, "*1");
	assert_string_equal(items.items[1].id, "*1A");
	assert_string_equal(rest_value(&items.items[1], "name"), "veth-b");
	assert_string_equal(rest_value(&items.items[1], ".id"), "*1A");
	assert_null(rest_value(&items.items[0], "running"));
}

static void object_is_a_menu_of_one_item(void **state)
{
	struct rest_items items =
		parsed(state, "{\"version\":\"7.20.8 (stable)\"}");

	assert_int_equal(items.n, 1);
	assert_null(items.items[0].id);
	assert_string_equal(
		rest_value(&items.items[0], "version"), "7.20.8 (stable)");
}

static void empty_list_has_no_items(void **state)
{
	assert_int_equal(parsed(state, " [ ] ").n, 0);
}

static void scalars_become_text(void **state)
{
	struct rest_items items = parsed(state,
		"{\"a\":1048576,\"b\":true,\"c\":false,\"d\":null,\"e\":1.5}");
	const struct rest_item *item = &items.items[0];

	assert_string_equal(rest_value(item, "a"), "1048576");
	assert_string_equal(rest_value(item, "b"), "true");
	assert_string_equal(rest_value(item, "c"), "false");
	assert_string_equal(rest_value(item, "d"), "");
	assert_string_equal(rest_value(item, "e"), "1.5");
}

static void bytes_of_other_code_pages_become_question_marks(void **state)
{
	struct rest_items items = parsed(state, "{\"comment\":\"K\xfc"
						"che, \xc3\xbc, \\u0000.\"}");

	assert_string_equal(
		rest_value(&items.items[0], "comment"), "K?che, \xc3\xbc, ?.");
}

static void control_characters_stay_in_values(void **state)
{
	struct rest_items items = parsed(state, "{\"a\":\"1\\r\\n2\\u001b\"}");

	assert_string_equal(rest_value(&items.items[0], "a"), "1\r\n2\033");
}

static void what_is_no_answer_of_a_router_is_refused(void **state)
{
	assert_refused(state, "", "not valid JSON");
	assert_refused(state, "<html>", "not valid JSON");
	assert_refused(state, "[{\"a\":\"1\"}", "not valid JSON");
	assert_refused(state, "[] []", "not valid JSON");
	assert_refused(state, "\"text\"", "not valid JSON");
	assert_refused(state, "[\"text\"]", "expected an object");
	assert_refused(state, "[[]]", "expected an object");
	assert_refused(
		state, "{\"a\":{\"b\":\"1\"}}", "\"a\": expected a text");
	assert_refused(state, "{\"a\\u001b\":[]}", "\"a?\": expected a text");
	assert_refused(state, "{\"a\":99999999999999999999}", "not valid JSON");
	assert_refused_bytes(
		state, slice_make("{\"a\":\"\0\"}", 9), "not valid JSON");
}

static void names_that_are_there_twice_are_refused(void **state)
{
	assert_refused(state, "{\"a\":\"1\",\"a\":\"2\"}", "duplicate");
	assert_refused(state, "{\"a\":\"1\",\"\\u0061\":\"2\"}", "duplicate");
}

static void deep_nesting_is_refused_before_it_is_parsed(void **state)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, 2000000);
	for (int i = 0; i < 1000000; i++)
		buf_add_str(&text, "[");
	assert_refused_bytes(state, buf_slice(&text), "nested more than");
	assert_int_equal(parsed(state, "{\"a\":\"[[[[[[[[[\\\"[[[[\"}").n, 1);
}

static void items_beyond_the_limit_are_refused(void **state)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, 1000000);
	buf_add_str(&text, "[{}");
	for (int i = 1; i < REST_ITEMS_MAX; i++)
		buf_add_str(&text, ",{}");
	buf_add_str(&text, "]");
	assert_int_equal(parsed(state, text.data).n, REST_ITEMS_MAX);
	buf_truncate(&text, text.len - 1);
	buf_add_str(&text, ",{}]");
	assert_refused_bytes(state, buf_slice(&text), "20001 items");
}

static void values_beyond_the_limit_are_refused(void **state)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, 100000);
	buf_add_str(&text, "{\"0\":\"\"");
	for (int i = 1; i < REST_VALUES_MAX; i++)
		buf_printf(&text, ",\"%d\":\"\"", i);
	buf_add_str(&text, "}");
	assert_int_equal(parsed(state, text.data).items[0].n, REST_VALUES_MAX);
	buf_truncate(&text, text.len - 1);
	buf_add_str(&text, ",\"a\":\"\"}");
	assert_refused_bytes(state, buf_slice(&text), "201 values");
}

static void long_texts_are_refused(void **state)
{
	SCOPED_FREE char *longest = memory_zero(REST_TEXT_MAX + 2, 1);
	SCOPED_FREE char *value = NULL, *name = NULL;

	memset(longest, 'x', REST_TEXT_MAX + 1);
	value = memory_printf("{\"a\":\"%s\"}", longest);
	name = memory_printf("{\"%s\":\"\"}", longest);
	assert_refused(state, value, "value of 100001 bytes");
	assert_refused(state, name, "name of 100001 bytes");
	longest[REST_TEXT_MAX] = '\0';
	free(value);
	value = memory_printf("{\"a\":\"%s\"}", longest);
	assert_string_equal(
		rest_value(&parsed(state, value).items[0], "a"), longest);
}

static void yes_is_true_as_routers_say_it(void **state)
{
	assert_true(rest_is_true("true"));
	assert_true(rest_is_true("yes"));
	assert_false(rest_is_true("false"));
	assert_false(rest_is_true(""));
	assert_false(rest_is_true(NULL));
}

static void items_are_found_however_the_router_says_it(void **state)
{
	struct rest_items items = parsed(state,
		"{\"name\":\"a\",\"disabled\":\"false\",\"x\":\"true\"}");
	static const struct rest_value same[] = { { "name", "a" },
		{ "disabled", "no" }, { "x", "yes" }, { "comment", "" } };
	static const struct rest_value other[] = { { "name", "A" },
		{ "disabled", "yes" }, { "comment", "c" }, { "x", "" },
		{ "comment", "no" } };

	assert_true(rest_item_has(&items.items[0], NULL, 0));
	assert_true(rest_item_has(&items.items[0], same, ARRAY_SIZE(same)));
	for (size_t i = 0; i < ARRAY_SIZE(other); i++)
		assert_false(rest_item_has(&items.items[0], &other[i], 1));
}

static void assert_says(void **state, const char *json, const char *text)
{
	assert_string_equal(rest_parse_refusal(slice_of(json), *state), text);
}

static void refusal_is_the_detail_else_the_message(void **state)
{
	assert_says(state,
		"{\"detail\":\"failure: already have such name\","
		"\"error\":400,\"message\":\"Bad Request\"}",
		"failure: already have such name");
	assert_says(state, "{\"error\":401,\"message\":\"Unauthorized\"}",
		"Unauthorized");
	assert_says(state, "{\"detail\":\"\",\"message\":\"Bad\"}", "Bad");
}

static void refusal_without_json_is_its_first_line(void **state)
{
	assert_says(state, "", "");
	assert_says(state, "[]", "[]");
	assert_says(state, "\r\n not here \r\nmore", "not here");
	assert_says(state, "{\"detail\":\"a\\nb\"}", "a");
}

static void refusal_cannot_command_a_terminal(void **state)
{
	assert_says(state, "{\"detail\":\"\\u001b[31m\\u009b\xff.\"}",
		"?[31m??"
		"?.");
	assert_says(state, "\033]0;x\a\xc2\x9b", "?]0;x???");
}

static void refusal_is_cut(void **state)
{
	SCOPED_FREE char *text = memory_zero(5001, 1);

	memset(text, 'x', 5000);
	assert_int_equal(strlen(rest_parse_refusal(slice_of(text), *state)),
		REST_REFUSAL_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(list_of_items_is_read_with_ids),
		TEST(object_is_a_menu_of_one_item),
		TEST(empty_list_has_no_items),
		TEST(scalars_become_text),
		TEST(bytes_of_other_code_pages_become_question_marks),
		TEST(control_characters_stay_in_values),
		TEST(what_is_no_answer_of_a_router_is_refused),
		TEST(names_that_are_there_twice_are_refused),
		TEST(deep_nesting_is_refused_before_it_is_parsed),
		TEST(items_beyond_the_limit_are_refused),
		TEST(values_beyond_the_limit_are_refused),
		TEST(long_texts_are_refused),
		TEST(yes_is_true_as_routers_say_it),
		TEST(items_are_found_however_the_router_says_it),
		TEST(refusal_is_the_detail_else_the_message),
		TEST(refusal_without_json_is_its_first_line),
		TEST(refusal_cannot_command_a_terminal),
		TEST(refusal_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
