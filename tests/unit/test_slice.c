/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

static void a_slice_of_null_is_empty(void **state)
{
	assert_int_equal(slice_of(NULL).len, 0);
	assert_true(slice_eq(slice_of(NULL), slice_of("")));
}

static void order_is_bytewise_and_shorter_first(void **state)
{
	assert_true(slice_cmp(slice_of("a"), slice_of("b")) < 0);
	assert_true(slice_cmp(slice_of("a"), slice_of("ab")) < 0);
	assert_true(slice_cmp(slice_of("B"), slice_of("a")) < 0);
	assert_true(slice_cmp(slice_of("\x7f"), slice_of("\x80")) < 0);
	assert_int_equal(slice_cmp(slice_of("ab"), slice_of("ab")), 0);
	assert_int_equal(slice_cmp(slice_of(NULL), slice_of("")), 0);
}

static void equality_needs_the_same_length(void **state)
{
	assert_true(slice_is(slice_of("abc"), "abc"));
	assert_false(slice_is(slice_of("abc"), "ab"));
	assert_false(slice_is(slice_make("abc", 2), "abc"));
}

static void starts_and_ends_do_not_read_beyond_the_slice(void **state)
{
	struct slice s = slice_make("abc", 2);

	assert_true(slice_starts(s, "ab"));
	assert_false(slice_starts(s, "abc"));
	assert_true(slice_ends(s, "b"));
	assert_false(slice_ends(s, "bc"));
	assert_true(slice_starts(s, ""));
	assert_false(slice_ends(s, "xab"));
}

static void cut_gives_every_field_and_then_stops(void **state)
{
	static const char *const want[] = { "a", "", "b", "" };
	struct slice rest = slice_of("a,,b,"), head;

	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_true(slice_cut(&rest, ',', &head));
		assert_true(slice_is(head, want[i]));
	}
	assert_null(rest.ptr);
	assert_false(slice_cut(&rest, ',', &head));
}

static void cut_of_the_empty_text_is_one_empty_field(void **state)
{
	struct slice rest = slice_of(""), head;

	assert_true(slice_cut(&rest, ',', &head));
	assert_int_equal(head.len, 0);
	assert_false(slice_cut(&rest, ',', &head));
}

static void trim_takes_blanks_at_both_ends_only(void **state)
{
	assert_true(slice_is(slice_trim(slice_of(" \t a b\r\n")), "a b"));
	assert_int_equal(slice_trim(slice_of(" \n\t ")).len, 0);
	assert_int_equal(slice_trim(slice_of(NULL)).len, 0);
}

static void numbers_are_whole_and_in_range(void **state)
{
	static const struct {
		const char *text;
		unsigned base;
		uint64_t max;
		int result;
		uint64_t value;
	} cases[] = {
		{ "0", 10, 0, 0, 0 },
		{ "42", 10, 42, 0, 42 },
		{ "43", 10, 42, -1, 0 },
		{ "0644", 8, 07777, 0, 0644 },
		{ "8", 8, 100, -1, 0 },
		{ "fF", 16, 255, 0, 255 },
		{ "100", 16, 255, -1, 0 },
		{ "", 10, 9, -1, 0 },
		{ "-1", 10, 9, -1, 0 },
		{ "+1", 10, 9, -1, 0 },
		{ " 1", 10, 9, -1, 0 },
		{ "1 ", 10, 9, -1, 0 },
		{ "0x1", 16, 9, -1, 0 },
		{ "1", 10, 0, -1, 0 },
		{ "9", 10, 5, -1, 0 },
		{ "18446744073709551615", 10, UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", 10, UINT64_MAX, -1, 0 },
		{ "99999999999999999999", 10, UINT64_MAX, -1, 0 },
		{ "ffffffffffffffff", 16, UINT64_MAX, 0, UINT64_MAX },
		{ "1ffffffffffffffff", 16, UINT64_MAX, -1, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t value = 777;
		int result = slice_to_u64(slice_of(cases[i].text),
			cases[i].base, cases[i].max, &value);

		assert_int_equal(result, cases[i].result);
		assert_int_equal(value, result ? 777 : cases[i].value);
	}
}

static void dup_ends_in_nul(void **state)
{
	char *copy = slice_dup(slice_make("abcdef", 3));

	assert_string_equal(copy, "abc");
	free(copy);
	copy = slice_dup(slice_of(NULL));
	assert_string_equal(copy, "");
	free(copy);
}

static void utf8_is_strict(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		bool valid;
	} cases[] = {
		{ "", 0, true },
		{ "plain", 5, true },
		{ "a\0b", 3, false },
		{ "\xc3\xa9", 2, true },
		{ "\xc3", 1, false },
		{ "\xc3x", 2, false },
		{ "\x80", 1, false },
		{ "\xc0\xaf", 2, false }, /* overlong */
		{ "\xc1\xbf", 2, false },
		{ "\xe0\x80\xaf", 3, false },
		{ "\xe0\xa0\x80", 3, true },
		{ "\xed\x9f\xbf", 3, true },
		{ "\xed\xa0\x80", 3, false }, /* surrogate */
		{ "\xef\xbf\xbf", 3, true },
		{ "\xf0\x8f\xbf\xbf", 4, false },
		{ "\xf0\x90\x80\x80", 4, true },
		{ "\xf4\x8f\xbf\xbf", 4, true },
		{ "\xf4\x90\x80\x80", 4, false }, /* above U+10FFFF */
		{ "\xf5\x80\x80\x80", 4, false },
		{ "\xf0\x90\x80", 3, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(
			slice_is_utf8(slice_make(cases[i].text, cases[i].len)),
			cases[i].valid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slice_of_null_is_empty),
		cmocka_unit_test(order_is_bytewise_and_shorter_first),
		cmocka_unit_test(equality_needs_the_same_length),
		cmocka_unit_test(starts_and_ends_do_not_read_beyond_the_slice),
		cmocka_unit_test(cut_gives_every_field_and_then_stops),
		cmocka_unit_test(cut_of_the_empty_text_is_one_empty_field),
		cmocka_unit_test(trim_takes_blanks_at_both_ends_only),
		cmocka_unit_test(numbers_are_whole_and_in_range),
		cmocka_unit_test(dup_ends_in_nul),
		cmocka_unit_test(utf8_is_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
