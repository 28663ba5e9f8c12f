/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static void bytes_are_appended_and_end_in_nul(void **state)
{
	SCOPED_BUF struct buf buf;

	buf_init(&buf, 1000);
	buf_add(&buf, "a\0b", 3);
	buf_add_str(&buf, "cd");
	buf_add_slice(&buf, slice_make("efg", 2));
	buf_printf(&buf, "%d", 42);
	assert_int_equal(buf.len, 9);
	assert_memory_equal(buf.data, "a\0bcdef42", 10);
	assert_true(slice_eq(buf_slice(&buf), slice_make("a\0bcdef42", 9)));
}

static void a_full_buffer_takes_nothing_more(void **state)
{
	SCOPED_BUF struct buf buf;

	buf_init(&buf, 4);
	buf_add_str(&buf, "abcd");
	assert_false(buf.overflow);
	buf_add_str(&buf, "");
	assert_false(buf.overflow);
	buf_add_str(&buf, "e");
	assert_true(buf.overflow);
	buf_add_str(&buf, "");
	assert_string_equal(buf.data, "abcd");
}

/* A text with a hole in the middle would be worse than a short one. */
static void after_an_overflow_even_what_fits_is_dropped(void **state)
{
	SCOPED_BUF struct buf buf;

	buf_init(&buf, 4);
	buf_add_str(&buf, "ab");
	buf_add_str(&buf, "cde");
	buf_add_str(&buf, "c");
	assert_true(buf.overflow);
	assert_string_equal(buf.data, "ab");
}

static void a_limit_of_zero_holds_nothing(void **state)
{
	SCOPED_BUF struct buf buf;

	buf_init(&buf, 0);
	buf_add(&buf, "x", 1);
	assert_true(buf.overflow);
	assert_int_equal(buf.len, 0);
}

static void truncate_only_shortens(void **state)
{
	SCOPED_BUF struct buf buf;

	buf_init(&buf, 100);
	buf_truncate(&buf, 0);
	buf_add_str(&buf, "abcdef");
	buf_truncate(&buf, 10);
	assert_int_equal(buf.len, 6);
	buf_truncate(&buf, 2);
	assert_string_equal(buf.data, "ab");
}

static void take_leaves_an_empty_buffer_with_its_limit(void **state)
{
	SCOPED_BUF struct buf buf;
	char *text;

	buf_init(&buf, 3);
	buf_add_str(&buf, "abc");
	text = buf_take(&buf);
	assert_string_equal(text, "abc");
	free(text);
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf.max, 3);
	text = buf_take(&buf);
	assert_string_equal(text, "");
	free(text);
}

static void growth_keeps_every_byte(void **state)
{
	SCOPED_BUF struct buf buf;

	buf_init(&buf, 1 << 20);
	for (int i = 0; i < 100000; i++)
		buf_add(&buf, &(char){ (char)i }, 1);
	assert_int_equal(buf.len, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(buf.data[i], (char)i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_appended_and_end_in_nul),
		cmocka_unit_test(a_full_buffer_takes_nothing_more),
		cmocka_unit_test(after_an_overflow_even_what_fits_is_dropped),
		cmocka_unit_test(a_limit_of_zero_holds_nothing),
		cmocka_unit_test(truncate_only_shortens),
		cmocka_unit_test(take_leaves_an_empty_buffer_with_its_limit),
		cmocka_unit_test(growth_keeps_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
