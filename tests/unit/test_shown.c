/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apk/shown.h"

static void plain_text_is_itself(void **state)
{
	char text[SHOWN_SIZE];

	assert_string_equal(shown(slice_of("foo 1~"), text), "foo 1~");
	assert_string_equal(shown(slice_of(NULL), text), "");
}

static void nothing_commands_a_terminal(void **state)
{
	char text[SHOWN_SIZE];

	assert_string_equal(shown(slice_make("a\33[2J\0\177\xc3\xb6", 9), text),
		"a?[2J????");
}

static void long_text_is_cut(void **state)
{
	char text[SHOWN_SIZE], bytes[SHOWN_MAX + 1];

	memset(bytes, 'x', sizeof(bytes));
	assert_int_equal(
		strlen(shown(slice_make(bytes, SHOWN_MAX), text)), SHOWN_MAX);
	assert_int_equal(strlen(shown(slice_make(bytes, sizeof(bytes)), text)),
		SHOWN_MAX + 3);
	assert_true(slice_ends(slice_of(text), "x..."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_is_itself),
		cmocka_unit_test(nothing_commands_a_terminal),
		cmocka_unit_test(long_text_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
