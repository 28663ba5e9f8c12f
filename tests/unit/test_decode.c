/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

struct thing {
	const char *name;
	uint64_t count;
	struct string_list tags;
	size_t word;
};

static int decode_count(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_number(d, v, 100, out, err);
}

static int decode_tags(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_string,
		.add = decode_add_new };

	return decode_list(d, v, &type, out, err);
}

static int decode_colour(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const char *const words[] = { "red", "green", NULL };
	static const struct word_list list = { "colour", words };

	return decode_word(d, v, &list, out, err);
}

static const struct field inner_fields[] = {
	{ .key = "count",
		.decode = decode_count,
		.offset = offsetof(struct thing, count) },
	{ .key = "colour",
		.decode = decode_colour,
		.offset = offsetof(struct thing, word) },
};
static const struct table inner_table = { inner_fields,
	ARRAY_SIZE(inner_fields) };
static const struct field thing_fields[] = {
	{ .key = "name",
		.decode = decode_string,
		.offset = offsetof(struct thing, name),
		.required = true },
	{ .key = "inner", .table = &inner_table },
	{ .key = "tags",
		.decode = decode_tags,
		.offset = offsetof(struct thing, tags) },
};
static const struct table thing_table = { thing_fields,
	ARRAY_SIZE(thing_fields) };

static int decode_thing(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_object(d, v, &thing_table, out, err);
}

static int add_name(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err)
{
	const struct thing *thing = item;

	return decode_add_any(d, v, list, &thing->name, err);
}

static const struct list_type thing_list = { .size = sizeof(struct thing),
	.item = decode_thing,
	.add = add_name,
	.table = &thing_table };

static int decode(struct fixture *f, const char *text, struct thing *thing)
{
	struct value root;

	assert_int_equal(fixture_parse(f, text), 0);
	root = value_root(&f->d);
	memset(thing, 0, sizeof(*thing));
	return decode_thing(&f->d, &root, thing, &f->err);
}

static void object_fills_the_fields_of_its_table(void **state)
{
	struct fixture *f = *state;
	struct thing thing;

	assert_int_equal(decode(f,
				 "{'inner': {'count': 7, 'colour': 'green'}, "
				 "'name': 'n', 'tags': ['b', 'a']}",
				 &thing),
		0);
	assert_string_equal(thing.name, "n");
	assert_int_equal(thing.count, 7);
	assert_int_equal(thing.word, 1);
	assert_int_equal(thing.tags.n, 2);
	assert_string_equal(thing.tags.items[0], "b");
}

static void what_was_decoded_outlives_the_document(void **state)
{
	struct fixture *f = *state;
	struct thing thing;

	assert_int_equal(decode(f, "{'name': 'n', 'tags': ['t']}", &thing), 0);
	json_doc_release(&f->doc);
	assert_string_equal(thing.name, "n");
	assert_string_equal(thing.tags.items[0], "t");
}

static void complaints_name_line_and_place(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "[]", "input:1: expected object, found list" },
		{ "{}", "input:1: missing key \"name\"" },
		{ "{'name': 'x',\n'inner': {'coun': 1}}",
			"input:2: inner.coun: unknown key "
			"(did you mean \"count\"?)" },
		{ "{'name': 'x', 'zzzzzz': 1}", "input:1: zzzzzz: unknown key "
						"(known: name, inner, tags)" },
		{ "{'name': 'x', '\\u001b[2J': 1}",
			"input:1: \"\\u001B[2J\": unknown key" },
		{ "{'name': 1}", "name: expected string, found number" },
		{ "{'name': null}", "name: expected string, found null" },
		{ "{'name': 'a\\nb'}",
			"name: expected a string without control characters, "
			"found \"a\\nb\"" },
		{ "{'name': '\\u0085'}", "found \"\\u0085\"" },
		{ "{'name': 'x', 'inner': {'count': 101}}",
			"inner.count: expected a number from 0 to 100, "
			"found 101" },
		{ "{'name': 'x', 'inner': {'count': -1}}", "found -1" },
		{ "{'name': 'x', 'inner': {'count': 1.5}}",
			"expected a number from 0 to 100, found 1.5" },
		{ "{'name': 'x', 'inner': {'colour': 'grene'}}",
			"inner.colour: unknown colour \"grene\" "
			"(did you mean \"green\"?)" },
		{ "{'name': 'x', 'inner': {'colour': 'blue'}}",
			"unknown colour \"blue\" (known: red, green)" },
		{ "{'name': 'x', 'inner': {'colour': true}}",
			"expected string, found true or false" },
		{ "{'name': 'x', 'tags': ['a',\n'b',\n'a']}",
			"input:3: tags[2]: \"a\" is listed twice" },
		{ "{'name': 'x', 'tags': {}}",
			"tags: expected list, found object" },
	};
	struct fixture *f = *state;
	struct thing thing;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(decode(f, cases[i].text, &thing), -1);
		assert_int_equal(f->err.kind, ERROR_SPEC);
		if (!strstr(f->err.text, cases[i].message))
			fail_msg("expected \"%s\", got \"%s\"",
				cases[i].message, f->err.text);
	}
}

static int decode_tag_list(
	struct fixture *f, const char *text, struct string_list *list)
{
	struct value root;

	assert_int_equal(fixture_parse(f, text), 0);
	root = value_root(&f->d);
	memset(list, 0, sizeof(*list));
	return decode_tags(&f->d, &root, list, &f->err);
}

static void condition_leaves_out_what_is_for_others(void **state)
{
	struct fixture *f = *state;
	struct string_list list;

	assert_int_equal(decode_tag_list(f,
				 "['a', {'arch': ['arm64'], 'value': 'b'}, "
				 "{'value': 'c', 'arch': ['amd64', 'armv7']}]",
				 &list),
		0);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[1], "c");
}

static void condition_knows_aliases(void **state)
{
	struct fixture *f = *state;
	struct string_list list;

	assert_int_equal(
		decode_tag_list(f, "[{'arch': ['arm'], 'value': 'a'}]", &list),
		0);
	assert_int_equal(list.n, 1);
	assert_int_equal(
		decode_tag_list(
			f, "[{'arch': ['armv7', 'arm'], 'value': 'a'}]", &list),
		-1);
	assert_non_null(strstr(f->err.text, "\"armv7\" is listed twice"));
}

static void item_for_others_is_checked_like_any(void **state)
{
	struct fixture *f = *state;
	struct string_list list;

	assert_int_equal(
		decode_tag_list(
			f, "['a',\n{'arch': ['arm64'], 'value': 1}]", &list),
		-1);
	assert_string_equal(f->err.text,
		"input:2: [1].value: expected string, found number");
}

static void items_for_different_architectures_may_be_equal(void **state)
{
	struct fixture *f = *state;
	struct string_list list;

	assert_int_equal(decode_tag_list(f,
				 "[{'arch': ['arm64'], 'value': 'a'}, "
				 "{'arch': ['armv7'], 'value': 'a'}]",
				 &list),
		0);
	assert_int_equal(list.n, 1);
}

static void malformed_conditions_are_complaints(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "[{'arch': [], 'value': 'a'}]",
			"[0].arch: expected at least one architecture" },
		{ "[{'arch': 'arm', 'value': 'a'}]",
			"[0].arch: expected list, found string" },
		{ "[{'arch': ['amd46'], 'value': 'a'}]",
			"[0].arch[0]: unknown architecture \"amd46\" "
			"(did you mean \"amd64\"?)" },
		{ "[{'arch': ['mips'], 'value': 'a'}]",
			"unknown architecture \"mips\" "
			"(known: amd64, arm64, armv7)" },
		{ "[{'arch': ['arm']}]", "[0]: missing key \"value\"" },
		{ "[{'arch': ['arm'], 'value': 'a', 'x': 1}]",
			"[0]: expected \"arch\" and \"value\" only" },
		{ "[{'value': 'a'}]", "[0]: expected string, found object" },
		{ "[{'arch': [{'arch': ['arm'], 'value': 'arm'}], "
		  "'value': 'a'}]",
			"[0].arch[0]: expected string, found object" },
		{ "[{'arch': ['arm'], 'value': {'arch': ['arm'], "
		  "'value': 'a'}}]",
			"[0].value: expected string, found object" },
	};
	struct fixture *f = *state;
	struct string_list list;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(decode_tag_list(f, cases[i].text, &list), -1);
		if (!strstr(f->err.text, cases[i].message))
			fail_msg("expected \"%s\", got \"%s\"",
				cases[i].message, f->err.text);
	}
}

static int decode_things(
	struct fixture *f, const char *text, struct string_list *names)
{
	struct value root;

	assert_int_equal(fixture_parse(f, text), 0);
	root = value_root(&f->d);
	memset(names, 0, sizeof(*names));
	return decode_list(&f->d, &root, &thing_list, names, &f->err);
}

static void objects_take_arch_among_their_keys(void **state)
{
	struct fixture *f = *state;
	struct string_list names;

	assert_int_equal(decode_things(f,
				 "[{'name': 'a', 'arch': ['armv7']}, "
				 "{'arch': ['amd64'], 'name': 'b'}, "
				 "{'arch': ['armv7'], 'value': {'name': 'c'}}]",
				 &names),
		0);
	assert_int_equal(names.n, 2);
	assert_string_equal(names.items[1], "c");
}

static void arch_is_unknown_where_nothing_can_be_decided(void **state)
{
	struct fixture *f = *state;
	struct string_list names;
	struct thing thing;

	assert_int_equal(
		decode(f, "{'name': 'a', 'arch': ['armv7']}", &thing), -1);
	assert_non_null(strstr(f->err.text, "arch: unknown key"));
	f->d.archs = NULL;
	assert_int_equal(
		decode_things(f, "[{'name': 'a', 'arch': ['arm']}]", &names),
		-1);
	assert_non_null(strstr(f->err.text, "[0].arch: unknown key"));
}

static void lists_and_strings_have_limits(void **state)
{
	struct fixture *f = *state;
	char *text = arena_alloc(&f->arena, DECODE_STRING_MAX + 10);
	struct string_list list;
	struct thing thing;
	size_t n = 0;

	text[n++] = '[';
	for (size_t i = 0; i <= DECODE_ITEMS_MAX; i++) {
		text[n++] = '1';
		text[n++] = i < DECODE_ITEMS_MAX ? ',' : ']';
	}
	assert_int_equal(decode_tag_list(f, text, &list), -1);
	assert_string_equal(f->err.text, "input:1: 2001 items (at most 2000)");
	memset(text, 'a', DECODE_STRING_MAX + 1);
	assert_int_equal(
		decode(f, arena_printf(&f->arena, "{'name': '%s'}", text),
			&thing),
		-1);
	assert_string_equal(
		f->err.text, "input:1: name: 65536 bytes (at most 65535)");
}

static void long_values_are_cut_between_characters(void **state)
{
	struct fixture *f = *state;
	struct value root, v;
	const char *shown;

	assert_int_equal(
		fixture_parse(f, "['a\303\244\303\244\303\244\303\244\303\244"
				 "\303\244\303\244\303\244\303\244\303\244"
				 "\303\244\303\244\303\244\303\244\303\244"
				 "\303\244\303\244\303\244\303\244\303\244"
				 "\303\244\303\244\303\244\303\244\303\244"
				 "\303\244\303\244\303\244\303\244\303\244']"),
		0);
	root = value_root(&f->d);
	v = value_member(&root, "x", json_array_get(root.json, 0));
	shown = value_show(&f->d, &v);
	assert_true(slice_is_utf8(slice_of(shown)));
	assert_true(slice_ends(slice_of(shown), "..."));
	assert_in_range(strlen(shown), 50, 63);
}

static void origin_is_file_line_and_place(void **state)
{
	struct fixture *f = *state;
	struct value root, list, item;

	assert_int_equal(fixture_parse(f, "{'a': [0,\n1]}"), 0);
	root = value_root(&f->d);
	list = value_member(&root, "a", json_object_get(root.json, "a"));
	item = (struct value){
		.json = json_array_get(list.json, 1), .up = &list, .index = 1
	};
	assert_string_equal(value_origin(&f->d, &item), "input:2: a[1]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(object_fills_the_fields_of_its_table),
		FIXTURE_TEST(what_was_decoded_outlives_the_document),
		FIXTURE_TEST(complaints_name_line_and_place),
		FIXTURE_TEST(condition_leaves_out_what_is_for_others),
		FIXTURE_TEST(condition_knows_aliases),
		FIXTURE_TEST(item_for_others_is_checked_like_any),
		FIXTURE_TEST(items_for_different_architectures_may_be_equal),
		FIXTURE_TEST(malformed_conditions_are_complaints),
		FIXTURE_TEST(objects_take_arch_among_their_keys),
		FIXTURE_TEST(arch_is_unknown_where_nothing_can_be_decided),
		FIXTURE_TEST(lists_and_strings_have_limits),
		FIXTURE_TEST(long_values_are_cut_between_characters),
		FIXTURE_TEST(origin_is_file_line_and_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
