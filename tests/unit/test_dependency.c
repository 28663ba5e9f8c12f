/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apk/dependency.h"

#define Q1 "Q1AAECAwQFBgcICQoLDA0ODxAREhM="

static struct dependency parsed(const char *word, enum dependency_place place)
{
	struct dependency dep;

	assert_int_equal(dependency_parse(slice_of(word), place, &dep), 0);
	return dep;
}

static struct dependency of_package(const char *word)
{
	return parsed(word, DEPENDENCY_OF_PACKAGE);
}

static bool holds(const char *word, const char *version)
{
	struct dependency dep = of_package(word);

	return dependency_matches(&dep, slice_of(version), NULL);
}

static void a_word_has_a_name_an_op_and_a_version(void **state)
{
	static const struct {
		const char *word, *name, *version;
		unsigned op;
	} cases[] = {
		{ "foo", "foo", "", 0 },
		{ "foo=1.2-r3", "foo", "1.2-r3", VERSION_EQUAL },
		{ "foo==1", "foo", "1", VERSION_EQUAL },
		{ "foo<1", "foo", "1", VERSION_LESS },
		{ "foo>1", "foo", "1", VERSION_GREATER },
		{ "foo<=1", "foo", "1", VERSION_LESS | VERSION_EQUAL },
		{ "foo=<1", "foo", "1", VERSION_LESS | VERSION_EQUAL },
		{ "foo>=1", "foo", "1", VERSION_GREATER | VERSION_EQUAL },
		{ "foo~1.2", "foo", "1.2", VERSION_FUZZY | VERSION_EQUAL },
		{ "foo=~1.2", "foo", "1.2", VERSION_FUZZY | VERSION_EQUAL },
		{ "foo~=1.2", "foo", "1.2", VERSION_FUZZY | VERSION_EQUAL },
		{ "foo=1.2~ab", "foo", "1.2~ab", VERSION_EQUAL },
		{ "foo><" Q1, "foo", Q1, VERSION_LESS | VERSION_GREATER },
		{ "foo<=>1", "foo", "1",
			VERSION_LESS | VERSION_EQUAL | VERSION_GREATER },
		{ "so:libc.musl-x86_64.so.1=1", "so:libc.musl-x86_64.so.1", "1",
			VERSION_EQUAL },
		{ "/bin/sh", "/bin/sh", "", 0 },
		{ "py3.12:a[b],c", "py3.12:a[b],c", "", 0 },
		{ ".virtual+c++_x-1", ".virtual+c++_x-1", "", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dependency dep = of_package(cases[i].word);

		assert_true(slice_is(dep.name, cases[i].name));
		assert_true(slice_is(dep.version, cases[i].version));
		assert_int_equal(dep.op, cases[i].op);
		assert_false(dep.is_conflict);
		assert_int_equal(dep.tag.len, 0);
	}
}

static void malformed_words_are_refused(void **state)
{
	static const char *const bad[] = { "", "!", "=", "=1", "!=1",
		"foo=", "foo==", "foo=invalid", "foo<", "foo~", "foo><",
		"foo><1", "foo><Q1", "foo<=>", "foo<=>x", "foo=1.",
		"foo=1=", "foo=1 ", "foo$", "foo bar", "foo@edge", "foo@edge=1",
		"foo=1@edge", "!!foo", "foo!", "foo(1)", "f\xc3\xb6", "foo\t",
		"foo=1\n", "@edge", "fo*", ("foo=" Q1) };
	struct dependency dep = { .op = 77 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(dependency_parse(slice_of(bad[i]),
					 DEPENDENCY_OF_PACKAGE, &dep),
			-1);
		assert_int_equal(dep.op, 77);
	}
}

static void a_conflict_begins_with_an_exclamation_mark(void **state)
{
	struct dependency dep = of_package("!foo<2");

	assert_true(dep.is_conflict);
	assert_true(slice_is(dep.name, "foo"));
	assert_int_equal(dep.op, VERSION_LESS);
	assert_true(parsed("!foo", DEPENDENCY_OF_WORLD).is_conflict);
	assert_int_equal(
		dependency_parse(slice_of("!foo"), DEPENDENCY_PROVIDED, &dep),
		-1);
}

static void a_tag_stands_before_the_op_and_in_the_world_only(void **state)
{
	static const char *const bad[] = { "a@", "a@=1", "a=1@edge", "@edge",
		"a@edge@x", "a@ed/ge", "a@edge=" };
	struct dependency dep = parsed("a@edge=1", DEPENDENCY_OF_WORLD);

	assert_true(slice_is(dep.name, "a"));
	assert_true(slice_is(dep.tag, "edge"));
	assert_true(slice_is(dep.version, "1"));
	assert_true(
		slice_is(parsed("a@edge", DEPENDENCY_OF_WORLD).tag, "edge"));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(dependency_parse(slice_of(bad[i]),
					 DEPENDENCY_OF_WORLD, &dep),
			-1);
	assert_int_equal(
		dependency_parse(slice_of("a@edge"), DEPENDENCY_PROVIDED, &dep),
		-1);
}

static void an_op_is_held_against_the_version(void **state)
{
	assert_true(holds("a", "1"));
	assert_true(holds("a", ""));
	assert_true(holds("a=1", "1"));
	assert_false(holds("a=1", "1-r0"));
	assert_true(holds("a~1", "1.5-r0"));
	assert_false(holds("a~1", "10"));
	assert_true(holds("a<=>1", "7"));
	assert_true(holds("a<=>1", ""));
	assert_true(holds("!a<2", "1"));
}

static void an_unversioned_provide_is_below_all_versions(void **state)
{
	static const char *const yes[] = { "a", "a<2", "a<=2" };
	static const char *const no[] = { "a=2", "a>2", "a>=2", "a~2" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		assert_true(holds(yes[i], ""));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		assert_false(holds(no[i], ""));
}

static void a_provided_version_may_be_invalid(void **state)
{
	static const char *const bad[] = { "a=", "a=1 ", "a=\x7f", "a=\xc3" };
	struct dependency dep = parsed("pc:rtmp=v2.4", DEPENDENCY_PROVIDED);
	SCOPED_FREE char *text = dependency_text(&dep);

	assert_string_equal(text, "pc:rtmp=v2.4");
	assert_true(holds("pc:rtmp", "v2.4"));
	assert_true(holds("pc:rtmp<1", "v2.4"));
	assert_false(holds("pc:rtmp>=1", "v2.4"));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(dependency_parse(slice_of(bad[i]),
					 DEPENDENCY_PROVIDED, &dep),
			-1);
}

static void an_identity_is_compared_as_such(void **state)
{
	struct dependency dep = of_package("a><Q1AAECAwQFBgcICQoLDA0ODxAREhN=");
	struct identity same, other = { .kind = IDENTITY_SHA1 };

	assert_int_equal(identity_parse(slice_of(Q1), &same), 0);
	assert_true(dependency_matches(&dep, slice_of("1"), &same));
	assert_false(dependency_matches(&dep, slice_of("1"), &other));
	assert_false(dependency_matches(&dep, slice_of("1"), NULL));
}

static void words_are_printed_as_apk_does(void **state)
{
	static const char *const cases[][2] = {
		{ "foo", "foo" },
		{ "!foo@edge>=1.2", "!foo@edge>=1.2" },
		{ "foo=<1", "foo<=1" },
		{ "foo==1", "foo=1" },
		{ "foo=~1", "foo~1" },
		{ "foo>~1", "foo>~1" },
		{ "foo<1", "foo<1" },
		{ "foo>1", "foo>1" },
		{ "foo><" Q1, "foo><" Q1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dependency dep =
			parsed(cases[i][0], DEPENDENCY_OF_WORLD);
		SCOPED_FREE char *text = dependency_text(&dep);

		assert_string_equal(text, cases[i][1]);
	}
}

static void lists_append_and_leave_malformed_words_out(void **state)
{
	struct dependency_list list = { 0 };
	SCOPED_BUF struct buf text;
	struct arena arena;

	arena_init(&arena);
	buf_init(&text, 1000);
	assert_int_equal(dependency_list_parse(slice_of("a  b=1\nc= d "),
				 DEPENDENCY_OF_PACKAGE, &arena, &list),
		1);
	assert_int_equal(dependency_list_parse(slice_of(""),
				 DEPENDENCY_OF_PACKAGE, &arena, &list),
		0);
	assert_int_equal(dependency_list_parse(slice_of(" !e>2"),
				 DEPENDENCY_OF_PACKAGE, &arena, &list),
		0);
	dependency_list_print(&list, &text);
	assert_string_equal(text.data, "a b=1 d !e>2");
	arena_release(&arena);
}

static void a_field_has_a_limit_of_words(void **state)
{
	size_t n = DEPENDENCIES_MAX + 1;
	SCOPED_FREE char *text = memory_alloc(2 * n);
	struct dependency_list list = { 0 };
	struct arena arena;

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = 'a';
		text[2 * i + 1] = ' ';
	}
	arena_init(&arena);
	assert_int_equal(dependency_list_parse(slice_make(text, 2 * n),
				 DEPENDENCY_OF_PACKAGE, &arena, &list),
		-1);
	assert_int_equal(list.n, 0);
	assert_int_equal(dependency_list_parse(slice_make(text, 2 * (n - 1)),
				 DEPENDENCY_OF_PACKAGE, &arena, &list),
		0);
	assert_int_equal(list.n, DEPENDENCIES_MAX);
	assert_int_equal(dependency_list_parse(slice_of("a"),
				 DEPENDENCY_OF_PACKAGE, &arena, &list),
		-1);
	arena_release(&arena);
}

static void many_short_lists_take_linear_memory(void **state)
{
	struct dependency_list list = { 0 };
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < DEPENDENCIES_MAX; i++)
		assert_int_equal(dependency_list_parse(slice_of("a"),
					 DEPENDENCY_OF_PACKAGE, &arena, &list),
			0);
	assert_true(
		arena.used < 4 * DEPENDENCIES_MAX * sizeof(struct dependency));
	arena_release(&arena);
}

static void names_are_ordered_without_case_then_with(void **state)
{
	static const char *const order[] = { "", "+", "a", "A-b", "a-c", "a1",
		"AB", "Ab", "aB", "ab", "abc", "b" };

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(order); j++) {
			int cmp = dependency_name_cmp(
				slice_of(order[i]), slice_of(order[j]));

			assert_int_equal(
				(cmp > 0) - (cmp < 0), (i > j) - (i < j));
		}
	}
	/* between digits and small letters */
	assert_true(dependency_name_cmp(slice_of("_"), slice_of("A")) < 0);
	assert_true(dependency_name_cmp(slice_of("_"), slice_of("9")) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_has_a_name_an_op_and_a_version),
		cmocka_unit_test(malformed_words_are_refused),
		cmocka_unit_test(a_conflict_begins_with_an_exclamation_mark),
		cmocka_unit_test(
			a_tag_stands_before_the_op_and_in_the_world_only),
		cmocka_unit_test(an_op_is_held_against_the_version),
		cmocka_unit_test(an_unversioned_provide_is_below_all_versions),
		cmocka_unit_test(a_provided_version_may_be_invalid),
		cmocka_unit_test(an_identity_is_compared_as_such),
		cmocka_unit_test(words_are_printed_as_apk_does),
		cmocka_unit_test(lists_append_and_leave_malformed_words_out),
		cmocka_unit_test(a_field_has_a_limit_of_words),
		cmocka_unit_test(many_short_lists_take_linear_memory),
		cmocka_unit_test(names_are_ordered_without_case_then_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
