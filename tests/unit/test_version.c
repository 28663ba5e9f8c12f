/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "apk/version.h"

static unsigned compared(const char *a, const char *b)
{
	return version_compare(slice_of(a), slice_of(b));
}

static void valid_is_what_the_grammar_says(void **state)
{
	static const char *const valid[] = { "1", "0", "1.2.3", "1.2b",
		"1.2_alpha", "1.2_rc1_p2", "1.2_git20240101-r0", "1~0af",
		"1_p1~1a2b-r12", "1.02", "20230506", "1a", "1a_p",
		"99999999999999999999999999", "1.0-r0", "1_hg2_svn_cvs4_pre" };
	static const char *const invalid[] = { "", ".", "a", "1.", "1..2", ".1",
		"1.2B", "1ab", "1a2", "1a.2", "1_", "1_foo", "1_alphax", "1_al",
		"1_p1.2", "1_p1a", "1~", "1~g", "1~A", "1~1~2", "1~1_p1", "1-",
		"1-r", "1-rx", "1-r1-r2", "1-r1_p1", "1-1", "1-r1.2", "1 ",
		" 1", "1/2", "-r1", "~1", "_p1", "1_P1", "invalid", "1.-r1",
		"1+1" };

	for (size_t i = 0; i < ARRAY_SIZE(valid); i++)
		assert_true(version_is_valid(slice_of(valid[i])));
	for (size_t i = 0; i < ARRAY_SIZE(invalid); i++)
		assert_false(version_is_valid(slice_of(invalid[i])));
}

/* Each row ascends. */
static const char *const orders[][12] = {
	{ "", "0", "0.1", "1", "1.0", "1.1", "1.2", "1.9", "1.10", "2", "10" },
	{ "1.0_alpha", "1.0_alpha1", "1.0_alpha2", "1.0_beta", "1.0_pre",
		"1.0_rc", "1.0_rc1", "1.0", "1.0-r0", "1.0-r1", "1.0-r10" },
	{ "1.0", "1.0-r1", "1.0~12", "1.0~12-r1", "1.0_cvs", "1.0_svn",
		"1.0_git", "1.0_hg", "1.0_p", "1.0_p1", "1.0a" },
	{ "1.0_rc1", "1.0_rc1_p1", "1.0_rc2", "1.0", "1.0_p1", "1.0a", "1.0b",
		"1.0.1" },
	{ "1.0_p1_rc1", "1.0_p1", "1.0_p1-r1", "1.0_p1~1", "1.0_p1_p1",
		"1.0_p2" },
	/* leading zeros make text of a further number */
	{ "1.0", "1.00", "1.001", "1.01", "1.010", "1.1", "1.2", "1.10" },
	{ "8.2.0", "8.2.001", "8.2.1", "8.2.10" },
	/* but not of the first one */
	{ "01", "2", "010", "11" },
	{ "1.0~1", "1.0~10", "1.0~2", "1.0~a", "1.0~ab" },
	{ "0.12.0_alpha", "0.12.0_alpha20100101", "0.12.0", "0.13_alpha" },
	{ "1.1_alpha1", "1.1", "1.1.1" },
	{ "6.0_pre1", "6.0", "6.0_p1" },
};

static void versions_are_ordered_by_their_tokens(void **state)
{
	for (size_t row = 0; row < ARRAY_SIZE(orders); row++) {
		for (size_t i = 0; i < ARRAY_SIZE(orders[row]); i++) {
			const char *a = orders[row][i];

			for (size_t j = 0; a && j < i; j++) {
				const char *b = orders[row][j];

				assert_int_equal(
					compared(a, b), VERSION_GREATER);
				assert_int_equal(compared(b, a), VERSION_LESS);
			}
			if (a)
				assert_int_equal(compared(a, a), VERSION_EQUAL);
		}
	}
}

static void numbers_are_equal_by_value(void **state)
{
	assert_int_equal(compared("01", "1"), VERSION_EQUAL);
	assert_int_equal(compared("1-r01", "1-r1"), VERSION_EQUAL);
	assert_int_equal(compared("1_p01", "1_p1"), VERSION_EQUAL);
	/* 64 bits wrap */
	assert_int_equal(compared("18446744073709551617", "1"), VERSION_EQUAL);
}

static void a_missing_version_is_below_every_real_one(void **state)
{
	static const struct slice none;
	struct slice two = slice_of("2");

	assert_int_equal(version_compare(none, none), VERSION_EQUAL);
	assert_int_equal(
		version_compare(none, slice_of("0_alpha")), VERSION_LESS);
	assert_true(version_matches(none, VERSION_LESS, two));
	assert_true(version_matches(none, VERSION_LESS | VERSION_EQUAL, two));
	assert_false(version_matches(none, VERSION_EQUAL, two));
	assert_false(version_matches(none, VERSION_GREATER, two));
	assert_false(
		version_matches(none, VERSION_GREATER | VERSION_EQUAL, two));
	assert_false(version_matches(none, VERSION_FUZZY | VERSION_EQUAL, two));
}

static void invalid_ones_are_equal_as_far_as_they_are_read(void **state)
{
	assert_int_equal(compared("1.0?a", "1.0?b"), VERSION_EQUAL);
	assert_int_equal(compared("foo", ""), VERSION_EQUAL);
	assert_int_equal(compared("1.0?a", "1.1?a"), VERSION_LESS);
	assert_int_equal(compared("1.0?a", "1.0"), VERSION_LESS);
}

static void fuzzy_compares_as_far_as_the_right_goes(void **state)
{
	static const struct {
		const char *a, *b;
		bool is_match;
	} cases[] = {
		{ "3.6", "3.6", true },
		{ "3.6.9", "3.6", true },
		{ "3.6.9_p1", "3.6", true },
		{ "3.6-r4", "3.6", true },
		{ "3.6b", "3.6", true },
		{ "3.6_rc1", "3.6", true },
		{ "3.6~12ab", "3.6", true },
		{ "3.60", "3.6", false },
		{ "3.5", "3.6", false },
		{ "3", "3.6", false },
		{ "3.6-r4", "3.6-r4", true },
		{ "3.6-r44", "3.6-r4", false },
		{ "3.6.1-r4", "3.6-r4", false },
		{ "3.6_p12", "3.6_p1", false },
		{ "3.6_p1_p2", "3.6_p1", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct slice a = slice_of(cases[i].a), b = slice_of(cases[i].b);

		assert_int_equal(version_matches(a, VERSION_FUZZY, b),
			cases[i].is_match);
		assert_int_equal(
			version_matches(a, VERSION_FUZZY | VERSION_EQUAL, b),
			cases[i].is_match);
	}
}

static void a_fuzzy_order_holds_for_the_prefix_only_with_equal(void **state)
{
	unsigned at_least = VERSION_GREATER | VERSION_EQUAL | VERSION_FUZZY;

	assert_true(version_matches(
		slice_of("3.6_rc1"), at_least, slice_of("3.6")));
	assert_true(
		version_matches(slice_of("3.7"), at_least, slice_of("3.6")));
	assert_false(
		version_matches(slice_of("3.5"), at_least, slice_of("3.6")));
}

static void operators_are_sets_of_results(void **state)
{
	static const struct {
		unsigned op;
		bool less, equal, greater;
	} cases[] = {
		{ VERSION_EQUAL, false, true, false },
		{ VERSION_LESS, true, false, false },
		{ VERSION_GREATER, false, false, true },
		{ VERSION_LESS | VERSION_EQUAL, true, true, false },
		{ VERSION_GREATER | VERSION_EQUAL, false, true, true },
		{ VERSION_LESS | VERSION_EQUAL | VERSION_GREATER, true, true,
			true },
		{ 0, false, false, false },
	};
	struct slice two = slice_of("2");

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned op = cases[i].op;

		assert_int_equal(
			version_matches(slice_of("1"), op, two), cases[i].less);
		assert_int_equal(version_matches(two, op, two), cases[i].equal);
		assert_int_equal(version_matches(slice_of("3"), op, two),
			cases[i].greater);
	}
}

static void split_is_at_the_last_dash_before_a_digit(void **state)
{
	static const char *const cases[][3] = {
		{ "busybox-1.36.1-r19", "busybox", "1.36.1-r19" },
		{ "font-7x13-2", "font-7x13", "2" },
		{ "a-1-2", "a-1", "2" },
		{ "lib-2d-x-0-r0", "lib-2d-x", "0-r0" },
	};
	static const char *const none[] = { "", "-", "a", "a-", "a-b", "-1",
		"a-r0" };
	struct slice name, version;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(
			version_split(slice_of(cases[i][0]), &name, &version));
		assert_true(slice_is(name, cases[i][1]));
		assert_true(slice_is(version, cases[i][2]));
	}
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		assert_false(version_split(slice_of(none[i]), &name, &version));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_is_what_the_grammar_says),
		cmocka_unit_test(versions_are_ordered_by_their_tokens),
		cmocka_unit_test(numbers_are_equal_by_value),
		cmocka_unit_test(a_missing_version_is_below_every_real_one),
		cmocka_unit_test(
			invalid_ones_are_equal_as_far_as_they_are_read),
		cmocka_unit_test(fuzzy_compares_as_far_as_the_right_goes),
		cmocka_unit_test(
			a_fuzzy_order_holds_for_the_prefix_only_with_equal),
		cmocka_unit_test(operators_are_sets_of_results),
		cmocka_unit_test(split_is_at_the_last_dash_before_a_digit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
