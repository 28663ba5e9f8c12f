/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

static const char sample[] = "{\n"				      /* 1 */
			     "\"name\": \"x\",\n"		      /* 2 */
			     "\"config\":\n"			      /* 3 */
			     "{ \"a\": [1, {\"b\": [\"]\"]}],\n"      /* 4 */
			     "\"env\": [ \"A={[\\\\\",\n"	      /* 5 */
			     "\"B=\\\"1\" ] },\n"		      /* 6 */
			     "\n"				      /* 7 */
			     "\"labels\": {\n"			      /* 8 */
			     "\"a.b\": true,\n"			      /* 9 */
			     "\"a\\\"}b\": null,\n"		      /* 10 */
			     "\"umlaut-\\u00e4\": -1.5e3\n"	      /* 11 */
			     "},\n"				      /* 12 */
			     "\"paths\": [ {}, { \"path\": \"/x\",\n" /* 13 */
			     "\"mode\": \"0755\"}]}\n";		      /* 14 */

static void line_is_that_of_the_value_at_a_place(void **state)
{
	static const struct {
		const char *place;
		unsigned line;
	} cases[] = {
		{ "", 1 },
		{ "name", 2 },
		{ "config", 4 },
		{ "config.a[1].b[0]", 4 },
		{ "config.env", 5 },
		{ "config.env[0]", 5 },
		{ "config.env[1]", 6 },
		{ "config.env[2]", 0 },
		{ "config.env[1].x", 0 },
		{ "config.nothing", 0 },
		{ "labels.\"a.b\"", 9 },
		{ "labels.\"a\\\"}b\"", 10 },
		{ "labels.\"umlaut-\303\244\"", 11 },
		{ "paths[0]", 13 },
		{ "paths[1].mode", 14 },
		{ "paths[1][0]", 0 },
		{ "paths[x]", 0 },
		{ "paths[", 0 },
		{ "name.\"", 0 },
	};
	struct fixture *f = *state;

	assert_int_equal(json_doc_parse(&f->doc, "input", slice_of(sample),
				 &f->arena, &f->err),
		0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned line = json_doc_line(&f->doc, cases[i].place);

		if (line != cases[i].line)
			fail_msg("%s: line %u, expected %u", cases[i].place,
				line, cases[i].line);
	}
}

static void place_quotes_keys_that_are_not_plain(void **state)
{
	struct fixture *f = *state;
	struct arena *a = &f->arena;

	assert_string_equal(json_place_key("", "$a-b_1", a), "$a-b_1");
	assert_string_equal(json_place_key("config", "env", a), "config.env");
	assert_string_equal(json_place_key("l", "a.b", a), "l.\"a.b\"");
	assert_string_equal(json_place_key("l", "", a), "l.\"\"");
	assert_string_equal(json_place_key("l", "\033", a), "l.\"\\u001B\"");
	assert_string_equal(
		json_place_key("l", "\302\233", a), "l.\"\\u009B\"");
	assert_string_equal(
		json_place_key("l", "a\177b", a), "l.\"a\\u007Fb\"");
	assert_string_equal(json_place_index("l", 12, a), "l[12]");
}

static void complaint_names_file_line_and_place(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(json_doc_parse(&f->doc, "input", slice_of(sample),
				 &f->arena, &f->err),
		0);
	assert_int_equal(
		json_complain(&f->doc, "config.env[1]", &f->err, "bad %d", 7),
		-1);
	assert_string_equal(f->err.text, "input:6: config.env[1]: bad 7");
	assert_int_equal(f->err.kind, ERROR_SPEC);
	json_complain(&f->doc, "", &f->err, "bad");
	assert_string_equal(f->err.text, "input:1: bad");
	json_complain(&f->doc, "none", &f->err, "bad");
	assert_string_equal(f->err.text, "input: none: bad");
}

static void expect_refused(
	struct fixture *f, struct slice text, const char *message)
{
	json_doc_release(&f->doc);
	assert_int_equal(
		json_doc_parse(&f->doc, "input", text, &f->arena, &f->err), -1);
	assert_null(f->doc.root);
	assert_int_equal(f->err.kind, ERROR_SPEC);
	if (!strstr(f->err.text, message))
		fail_msg("expected \"%s\" in \"%s\"", message, f->err.text);
}

static void what_is_not_one_strict_document_is_refused(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "", "input:1: not valid JSON" },
		{ "{\n\n", "input:3: not valid JSON" },
		{ "{}{}", "end of file expected" },
		{ "'x'", "not valid JSON" },
		{ "1", "not valid JSON" },
		{ "{'a': 01}", "not valid JSON" },
		{ "{'a': 1,}", "not valid JSON" },
		{ "{a: 1}", "not valid JSON" },
		{ "// no\n{}", "not valid JSON" },
		{ "{'a': NaN}", "not valid JSON" },
		{ "{'a': 99999999999999999999}", "too big integer" },
		{ "{'a': '\\u0000'}", "\\u0000 is not allowed" },
		{ "{'a': '\377'}", "not valid JSON" },
		{ "\357\273\277{}", "not valid JSON" },
		{ "{'a': 1,\n'b': 2,\n'a': 3}",
			"input:3: duplicate key \"a\"" },
		{ "{'x': {'a': 1,\n'\\u0061': 2}}", "input:2: duplicate key" },
		{ "{\033'a'", "near '?'" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		expect_refused(f, slice_of(fixture_text(f, cases[i].text)),
			cases[i].message);
}

static void nul_bytes_do_not_end_a_document(void **state)
{
	expect_refused(*state, slice_make("{}\0{}", 5), "not valid JSON");
}

static void depth_has_a_limit_outside_strings(void **state)
{
	struct fixture *f = *state;
	char text[2 * JSON_DEPTH_MAX + 3] = "";

	for (size_t i = 0; i <= JSON_DEPTH_MAX; i++) {
		text[i] = '[';
		text[2 * JSON_DEPTH_MAX + 1 - i] = ']';
	}
	expect_refused(f, slice_of(text), "nested more than 32 deep");
	assert_int_equal(
		json_doc_parse(&f->doc, "input",
			slice_make(text + 1, 2 * (size_t)JSON_DEPTH_MAX),
			&f->arena, &f->err),
		0);
	assert_int_equal(fixture_parse(f, "['[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
					  "[[\\'[[[[[[[[[[[[[[[[[[[[[[[[']"),
		0);
}

static void size_and_keys_have_limits(void **state)
{
	struct fixture *f = *state;
	char *big = arena_alloc(&f->arena, JSON_MAX + 2);

	memset(big, ' ', JSON_MAX + 1);
	big[0] = '[';
	big[JSON_MAX] = ']';
	expect_refused(f, slice_of(big), "1048577 bytes (at most 1048576)");
	big[JSON_MAX - 1] = ']';
	assert_int_equal(json_doc_parse(&f->doc, "input",
				 slice_make(big, JSON_MAX), &f->arena, &f->err),
		0);
	memset(big, 'a', 300);
	expect_refused(f,
		slice_of(arena_printf(&f->arena, "[{\"%.300s\": 1}]", big)),
		"key of 300 bytes (at most 255)");
}

static void file_that_does_not_exist_is_not_found(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(json_doc_read(&f->doc, "/nonexistent/x.json",
				 &f->arena, &f->err),
		-1);
	assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(line_is_that_of_the_value_at_a_place),
		FIXTURE_TEST(place_quotes_keys_that_are_not_plain),
		FIXTURE_TEST(complaint_names_file_line_and_place),
		FIXTURE_TEST(what_is_not_one_strict_document_is_refused),
		FIXTURE_TEST(nul_bytes_do_not_end_a_document),
		FIXTURE_TEST(depth_has_a_limit_outside_strings),
		FIXTURE_TEST(size_and_keys_have_limits),
		FIXTURE_TEST(file_that_does_not_exist_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
