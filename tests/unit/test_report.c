/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "cmd/report.h"

static void sizes_are_short(void **state)
{
	char text[SIZE_TEXT];

	assert_string_equal(report_size(0, text), "0 B");
	assert_string_equal(report_size(1023, text), "1023 B");
	assert_string_equal(report_size(1024, text), "1.0 KiB");
	assert_string_equal(report_size(7649280, text), "7.3 MiB");
	assert_string_equal(report_size(UINT64_MAX, text), "16777216.0 TiB");
}

static void assert_printed(
	const char *text, enum report_newlines newlines, const char *want)
{
	char *got = NULL;
	size_t size;
	FILE *f = open_memstream(&got, &size);

	assert_non_null(f);
	report_text(f, text, newlines);
	fclose(f);
	assert_string_equal(got, want);
	free(got);
}

static void foreign_text_cannot_steer_a_terminal(void **state)
{
	assert_printed("a\x1b[31m\x07\x7f", NEWLINES_MASKED, "a?[31m??");
	assert_printed("\xc2\x9b"
		       "31m",
		NEWLINES_MASKED, "?31m");
	assert_printed("\xc2", NEWLINES_MASKED, "\xc2");
	assert_printed("\xc3\xa4\xc2\xa0", NEWLINES_MASKED, "\xc3\xa4\xc2\xa0");
	assert_printed("\xe2\x80\xae"
		       "gpj\xe2\x80\x93",
		NEWLINES_MASKED, "?gpj\xe2\x80\x93");
	assert_printed("a\nb\r\n", NEWLINES_MASKED, "a?b??");
	assert_printed("a\nb\r\n", NEWLINES_KEPT, "a\nb?\n");
}

static void text_from_outside_is_utf8_in_json(void **state)
{
	static const char *const cases[][2] = {
		{ "plain", "plain" },
		{ "\xc3\xa4\xf0\x9f\x90\xa7", "\xc3\xa4\xf0\x9f\x90\xa7" },
		{ "\xff\xc3\xa4\xc3", "?\xc3\xa4?" },
		{ "\xed\xa0\x80", "???" }, /* half of a pair of UTF-16 */
		{ "\xc0\xaf\n", "??\n" },  /* longer than need be */
		{ "\xf0\x9f\x90", "???" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *json = report_text_json(cases[i][0]);

		assert_string_equal(json_string_value(json), cases[i][1]);
		json_decref(json);
	}
	assert_true(json_is_null(report_text_json(NULL)));
}

static void lines_are_a_list(void **state)
{
	json_t *list = report_lines_json("a\nb \xff\n");

	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(json_array_get(list, 1)), "b ?");
	json_decref(list);
	list = report_lines_json(NULL);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_short),
		cmocka_unit_test(foreign_text_cannot_steer_a_terminal),
		cmocka_unit_test(text_from_outside_is_utf8_in_json),
		cmocka_unit_test(lines_are_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
