/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/base64.h"

static void texts_of_rfc_4648_go_both_ways(void **state)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xbf", "+/+/" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t len = strlen(cases[i].bytes), n;
		char text[BASE64_SIZE(6)], bytes[6];

		base64_encode(slice_of(cases[i].bytes), text);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(strlen(text) + 1, BASE64_SIZE(len));
		assert_int_equal(base64_decode(slice_of(cases[i].text), bytes,
					 sizeof(bytes), &n),
			0);
		assert_int_equal(n, len);
		assert_memory_equal(bytes, cases[i].bytes, len);
	}
}

static void what_is_no_base64_is_refused(void **state)
{
	static const char *const bad[] = { "Z", "Zg",
		"Zg=", "====", "Z===", "Zg=a", "Zg==Zg==", "Zm9 ", "Zm-v",
		"Zm9vYg=\n" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char bytes[16];
		size_t n;

		assert_int_equal(base64_decode(slice_of(bad[i]), bytes,
					 sizeof(bytes), &n),
			-1);
	}
}

static void more_bytes_than_there_is_room_for_are_refused(void **state)
{
	char bytes[4] = "abc";
	size_t n;

	assert_int_equal(base64_decode(slice_of("Zm9v"), bytes, 3, &n), 0);
	assert_int_equal(base64_decode(slice_of("Zm9v"), bytes, 2, &n), -1);
	assert_int_equal(base64_decode(slice_of("Zm9vYg=="), bytes, 3, &n), -1);
	assert_int_equal(bytes[3], '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_of_rfc_4648_go_both_ways),
		cmocka_unit_test(what_is_no_base64_is_refused),
		cmocka_unit_test(more_bytes_than_there_is_room_for_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
