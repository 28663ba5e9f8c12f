/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "routeros/board.h"

static void boards_are_found_by_name_or_code(void **state)
{
	struct error err = { 0 };

	assert_string_equal(
		board_find("hex-refresh", &err)->name, "hEX refresh");
	assert_string_equal(board_find("e50ug", &err)->name, "hEX refresh");
	assert_string_equal(
		board_find("hAP ax\xc2\xb2", &err)->name, "hAP ax2");
	assert_null(board_find("RB9000", &err));
	assert_int_equal(err.kind, ERROR_USAGE);
	assert_non_null(strstr(err.text, "RB5009"));
}

struct own_words {
	const char *text, *architecture, *name;
};

static void routers_say_more_than_the_name(void **state)
{
	static const struct own_words cases[] = {
		{ "RB5009UG+S+", "arm64", "RB5009" },
		{ "RB3011UiAS", "arm", "RB3011" },
		{ "hAP ax^2", "arm64", "hAP ax2" },
		{ "hAP ax S", "arm", "hAP ax S" },
		{ "E60iUGS", "arm", "hEX S 2025" },
		{ "CHR QEMU Standard PC", "amd64", "CHR" },
		{ "CHR QEMU Virtual Machine", "arm64", NULL },
		{ "CHR arm64", "arm64", "CHR arm64" },
		{ "CCR2004-16G-2S+", "arm64", NULL },
		{ "RB5009UG+S+", "arm", NULL },
		{ "hEX", "mmips", NULL },
		{ "", "arm64", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct board *board =
			board_of_router(cases[i].text, cases[i].architecture);

		if (!board != !cases[i].name ||
			(board && strcmp(board->name, cases[i].name)))
			fail_msg("%s: %s", cases[i].text,
				board ? board->name : "none");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boards_are_found_by_name_or_code),
		cmocka_unit_test(routers_say_more_than_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
