/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "deploy/rest_request.h"

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

static void asterisk_of_an_id_is_not_encoded(void **state)
{
	assert_string_equal(rest_request_path("/interface/veth", "*1A", *state),
		"/rest/interface/veth/*1A");
	assert_string_equal(rest_request_path("/container", NULL, *state),
		"/rest/container");
	assert_string_equal(rest_request_path("/container", "start", *state),
		"/rest/container/start");
}

static void what_a_path_cannot_hold_is_encoded(void **state)
{
	assert_string_equal(
		rest_request_path("/file", "a b?c#d%\xc3\xbc\r\n", *state),
		"/rest/file/a%20b%3Fc%23d%25%C3%BC%0D%0A");
}

static void values_are_text_in_json(void **state)
{
	static const struct rest_value values[] = { { "name", "a\"\\b" },
		{ "comment", "1\n\t\x1f\xc3\xbc" }, { "memory", "" } };
	struct error err;

	assert_string_equal(rest_request_values("*1", values, 3, *state, &err),
		"{\".id\":\"*1\",\"name\":\"a\\\"\\\\b\","
		"\"comment\":\"1\\u000a\\u0009\\u001f\xc3\xbc\","
		"\"memory\":\"\"}");
	assert_string_equal(rest_request_values(NULL, values, 1, *state, &err),
		"{\"name\":\"a\\\"\\\\b\"}");
	assert_string_equal(
		rest_request_values(NULL, NULL, 0, *state, &err), "{}");
}

static void what_was_written_is_read_back(void **state)
{
	char bytes[256];
	struct rest_value value = { "value", bytes };
	struct rest_items items;
	const char *json;
	struct error err;

	for (int i = 0; i < 127; i++)
		bytes[i] = (char)(i + 1);
	bytes[127] = '\0';
	json = rest_request_values(NULL, &value, 1, *state, &err);
	assert_non_null(json);
	assert_int_equal(
		rest_parse_items(slice_of(json), &items, *state, &err), 0);
	assert_string_equal(rest_value(&items.items[0], "value"), bytes);
}

static void value_that_is_not_utf8_is_refused(void **state)
{
	static const struct rest_value value = { "comment", "K\xfc" };
	struct error err = { 0 };
	const char *body;

	assert_null(rest_request_values(NULL, &value, 1, *state, &err));
	assert_int_equal(err.kind, ERROR_USAGE);
	assert_string_equal(err.text, "the value of comment is not UTF-8");
	assert_int_equal(
		rest_request_query(&value, 1, &body, *state, &err), -1);
}

static void values_beyond_the_limit_are_refused(void **state)
{
	SCOPED_FREE char *text = memory_zero(1100000, 1);
	const struct rest_value value = { "a", text };
	struct error err = { 0 };

	memset(text, 'x', 1099999);
	assert_null(rest_request_values(NULL, &value, 1, *state, &err));
	assert_int_equal(err.kind, ERROR_USAGE);
}

static void query_leaves_out_what_routers_say_in_several_ways(void **state)
{
	static const struct rest_value where[] = { { "disabled", "no" },
		{ "name", "a\"b" }, { "comment", "" },
		{ "comment", "alpbuild: alp (next)" }, { "running", "true" } };
	struct error err;
	const char *body;

	assert_int_equal(rest_request_query(where, 5, &body, *state, &err), 0);
	assert_string_equal(body, "{\".query\":[\"name=a\\\"b\","
				  "\"comment=alpbuild: alp (next)\"]}");
	assert_int_equal(rest_request_query(where, 1, &body, *state, &err), 0);
	assert_null(body);
	assert_int_equal(rest_request_query(NULL, 0, &body, *state, &err), 0);
	assert_null(body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(asterisk_of_an_id_is_not_encoded),
		TEST(what_a_path_cannot_hold_is_encoded),
		TEST(values_are_text_in_json),
		TEST(what_was_written_is_read_back),
		TEST(value_that_is_not_utf8_is_refused),
		TEST(values_beyond_the_limit_are_refused),
		TEST(query_leaves_out_what_routers_say_in_several_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
