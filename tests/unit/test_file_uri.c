/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmd/file_uri.h"

static const char *const cases[][3] = {
	/* named, path, URI */
	{ "image.tar", "image.tar", "image.tar" },
	{ "./dist/x.tar", "dist/x.tar", "dist/x.tar" },
	{ ".//dist/.//x.tar", "dist/x.tar", "dist/x.tar" },
	{ "folder/", "folder", "folder" },
	{ "./", ".", "." },
	{ "..", "..", ".." },
	{ "../a/../b", "../a/../b", "../a/../b" },
	{ ".hidden", ".hidden", ".hidden" },
	{ "/srv//x.tar", "/srv/x.tar", "file:///srv/x.tar" },
	{ "/", "/", "file:///" },
	{ "a:b", "a:b", "a%3Ab" },
	{ "a b\\c%d?#", "a b\\c%d?#", "a%20b%5Cc%25d%3F%23" },
	{ "\xc3\xa4\xff\n", "\xc3\xa4\xff\n", "%C3%A4%FF%0A" },
};

static void a_file_has_one_name(void **state)
{
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_string_equal(
			file_uri_path(cases[i][0], &arena), cases[i][1]);
		/* Cleaned once, it stays as it is. */
		assert_string_equal(
			file_uri_path(cases[i][1], &arena), cases[i][1]);
	}
	arena_release(&arena);
}

static void a_uri_is_ascii(void **state)
{
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(file_uri(cases[i][0], &arena), cases[i][2]);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_has_one_name),
		cmocka_unit_test(a_uri_is_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
