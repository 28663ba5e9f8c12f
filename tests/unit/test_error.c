/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/error.h"

static void every_kind_has_its_own_status_name_and_meaning(void **state)
{
	for (int i = 0; i < ERROR_NKINDS; i++) {
		assert_non_null(error_kinds[i].name);
		assert_non_null(error_kinds[i].meaning);
		assert_in_range(error_kinds[i].status, 0, 255);
		for (int j = 0; j < i; j++) {
			assert_int_not_equal(
				error_kinds[i].status, error_kinds[j].status);
			assert_string_not_equal(
				error_kinds[i].name, error_kinds[j].name);
		}
	}
	assert_int_equal(error_kind_status(ERROR_NONE), 0);
	assert_int_equal(error_kind_status(ERROR_INTERRUPTED), 130);
}

static void set_returns_minus_one_and_keeps_kind_and_text(void **state)
{
	struct error err;

	assert_int_equal(error_set(&err, ERROR_SPEC, "%s: %d", "x", 7), -1);
	assert_int_equal(err.kind, ERROR_SPEC);
	assert_string_equal(err.text, "x: 7");
}

static void wrap_puts_context_first_and_keeps_the_kind(void **state)
{
	struct error err;

	error_set(&err, ERROR_INPUT, "inner");
	assert_int_equal(error_wrap(&err, "entry %s", "a"), -1);
	error_wrap(&err, "file");
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(err.text, "file: entry a: inner");
}

static void errno_is_told_and_kept(void **state)
{
	struct error err;

	errno = ENOENT;
	assert_int_equal(error_errno(&err, "open %s", "f"), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	assert_string_equal(err.text, "open f: No such file or directory");
	errno = EACCES;
	error_errno(&err, "open %s", "f");
	assert_int_equal(err.kind, ERROR_IO);
}

static void long_texts_are_cut_not_overrun(void **state)
{
	char text[ERROR_TEXT_SIZE + 100];
	struct error err;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	error_set(&err, ERROR_IO, "%s", text);
	assert_int_equal(strlen(err.text), ERROR_TEXT_SIZE - 1);
	errno = EIO;
	error_errno(&err, "%s", text);
	assert_int_equal(strlen(err.text), ERROR_TEXT_SIZE - 1);
	error_wrap(&err, "%s", text);
	assert_int_equal(strlen(err.text), ERROR_TEXT_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_kind_has_its_own_status_name_and_meaning),
		cmocka_unit_test(set_returns_minus_one_and_keeps_kind_and_text),
		cmocka_unit_test(wrap_puts_context_first_and_keeps_the_kind),
		cmocka_unit_test(errno_is_told_and_kept),
		cmocka_unit_test(long_texts_are_cut_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
