/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/mask.h"

static void assert_masked(
	void (*mask)(char *text), const char *text, const char *want)
{
	char copy[64];

	snprintf(copy, sizeof(copy), "%s", text);
	mask(copy);
	assert_string_equal(copy, want);
}

static void controls_become_question_marks(void **state)
{
	assert_masked(mask_controls, "", "");
	assert_masked(mask_controls, "a\x1b[31mb\a\x7f", "a?[31mb??");
	assert_masked(mask_controls, "one\ntwo\r\t", "one?two??");
}

static void controls_of_two_bytes_are_seen(void **state)
{
	assert_masked(mask_controls,
		"\xc2\x9b"
		"31m",
		"??31m");
	assert_masked(mask_controls, "\xc2\x80\xc2\x9f", "????");
	assert_masked(mask_controls, "cut\xc2", "cut\xc2");
}

static void turns_of_direction_are_seen(void **state)
{
	assert_masked(mask_controls,
		"a\xe2\x80\xae"
		"gpj.exe",
		"a???gpj.exe");
	assert_masked(mask_controls, "\xe2\x80\xa8\xe2\x81\xa9\xe2\x80\x8f",
		"?????????");
	assert_masked(
		mask_controls, "\xe2\x80\x93\xe2\x80", "\xe2\x80\x93\xe2\x80");
}

static void other_characters_stay(void **state)
{
	assert_masked(mask_controls, "\xc2\xa0\xc3\xa4\xe2\x82\xac",
		"\xc2\xa0\xc3\xa4\xe2\x82\xac");
}

static void lines_are_kept_where_they_may_be(void **state)
{
	assert_masked(mask_controls_in_lines, "a\n\x1b\r\nb", "a\n??\nb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(controls_become_question_marks),
		cmocka_unit_test(controls_of_two_bytes_are_seen),
		cmocka_unit_test(turns_of_direction_are_seen),
		cmocka_unit_test(other_characters_stay),
		cmocka_unit_test(lines_are_kept_where_they_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
