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
	assert_printed("a\nb\r\n", NEWLINES_MASKED, "a?b??");
	assert_printed("a\nb\r\n", NEWLINES_KEPT, "a\nb?\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_short),
		cmocka_unit_test(foreign_text_cannot_steer_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
