/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "base/stamp.h"

static void known_times_have_known_texts(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1725622581, "2024-09-06T11:36:21Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 4102444799, "2099-12-31T23:59:59Z" },
		{ STAMP_MAX, "9999-12-31T23:59:59Z" },
	};
	char text[STAMP_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
			stamp_format(cases[i].seconds, text), cases[i].text);
}

static void other_times_are_clamped(void **state)
{
	char text[STAMP_TEXT_SIZE];

	assert_string_equal(stamp_format(-1, text), "1970-01-01T00:00:00Z");
	assert_string_equal(
		stamp_format(INT64_MIN, text), "1970-01-01T00:00:00Z");
	assert_string_equal(
		stamp_format(INT64_MAX, text), "9999-12-31T23:59:59Z");
}

static void the_time_zone_does_not_matter(void **state)
{
	char text[STAMP_TEXT_SIZE];

	setenv("TZ", "Pacific/Kiritimati", 1);
	tzset();
	assert_string_equal(
		stamp_format(1725622581, text), "2024-09-06T11:36:21Z");
}

static void texts_are_read_back(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2024-09-06T11:36:21Z", 1725622581 },
		{ "2024-09-06T11:36:21.999999999Z", 1725622581 },
		{ "2024-09-06T13:36:21+02:00", 1725622581 },
		{ "2024-09-06t06:06:21.5-05:30", 1725622581 },
		{ "9999-12-31T23:59:59Z", STAMP_MAX },
		{ "1970-01-01T00:00:00+01:00", -1 },
		{ "1969-12-31T23:59:59Z", -1 },
		{ "0001-01-01T00:00:00Z", -1 },
		{ "2024-13-06T11:36:21Z", -1 },
		{ "2024-09-31x11:36:21Z", -1 },
		{ "2024-09-32T11:36:21Z", -1 },
		{ "2024-09-06T24:36:21Z", -1 },
		{ "2024-09-06T11:36:21.Z", -1 },
		{ "2024-09-06T11:36:21", -1 },
		{ "2024-09-06T11:36:21Zulu", -1 },
		{ "2024-09-06T11:36:21+2:00", -1 },
		{ "2024-09-06", -1 },
		{ "", -1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(stamp_parse(cases[i].text), cases[i].seconds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_times_have_known_texts),
		cmocka_unit_test(other_times_are_clamped),
		cmocka_unit_test(texts_are_read_back),
		cmocka_unit_test(the_time_zone_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
