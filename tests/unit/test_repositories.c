/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apk/repositories.h"

static void assert_text(const char *got, const char *want)
{
	if (want)
		assert_string_equal(got, want);
	else
		assert_null(got);
}

static void a_line_is_a_tag_and_a_place(void **state)
{
	static const struct {
		const char *line, *tag, *url, *path;
	} cases[] = {
		{ "main", NULL, "main", "v3.18/main" },
		{ "edge/testing", NULL, "edge/testing", "edge/testing" },
		{ "@edge edge/main", "edge", "edge/main", "edge/main" },
		{ "@a-b_1\t community/ ", "a-b_1", "community",
			"v3.18/community" },
		{ "https://a.example/alpine/v3.18/main", NULL,
			"https://a.example/alpine/v3.18/main", NULL },
		{ " @x http://a.example/b// ", "x", "http://a.example/b",
			NULL },
		{ "file:///srv/alpine/", NULL, "file:///srv/alpine", NULL },
	};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct repository repository;
		struct error err;

		assert_int_equal(repository_parse(&repository, cases[i].line,
					 &arena, &err),
			0);
		assert_text(repository.tag, cases[i].tag);
		assert_text(repository.url, cases[i].url);
		assert_text(repository_path(&repository, "v3.18", &arena),
			cases[i].path);
	}
	arena_release(&arena);
}

static void nothing_leaves_the_mirror(void **state)
{
	static const char *const bad[] = { "", " ", "@edge", "@ main",
		"@ed/ge main", "main community", "@a @b main", "..", "../main",
		"a/../b", "a//b", "a..b", "/srv/alpine", "./main",
		"ma\xc3\xafn", "main?x", "main#x", "a\\b", "# main",
		"ftp://a.example/x", "http://", "file://", "http:///x",
		"https://a.example/\033", "v2 https://a.example/x" };
	struct repository repository = { .url = "untouched" };
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct error err;

		assert_int_equal(
			repository_parse(&repository, bad[i], &arena, &err),
			-1);
		assert_int_equal(err.kind, ERROR_SPEC);
		assert_string_equal(repository.url, "untouched");
	}
	arena_release(&arena);
}

static void errors_say_what_is_expected(void **state)
{
	static const char *const cases[][2] = {
		{ "/srv/alpine",
			"repository \"/srv/alpine\": expected a name such as "
			"main or edge/testing, or a URL (http:, https:, "
			"file:)" },
		{ "main more",
			"\"more\" follows the repository: expected nothing" },
		{ "@a! main", "repository tag \"@a!\": expected @ and letters, "
			      "digits or . _ - +" },
	};
	struct repository repository;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(repository_parse(&repository, cases[i][0],
					 &arena, &err),
			-1);
		assert_string_equal(err.text, cases[i][1]);
	}
	arena_release(&arena);
}

static void the_length_has_a_limit(void **state)
{
	char line[REPOSITORY_URL_MAX + 2];
	struct repository repository;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	memset(line, 'a', sizeof(line));
	line[REPOSITORY_URL_MAX + 1] = '\0';
	assert_int_equal(repository_parse(&repository, line, &arena, &err), -1);
	line[REPOSITORY_URL_MAX] = '\0';
	assert_int_equal(repository_parse(&repository, line, &arena, &err), 0);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_a_tag_and_a_place),
		cmocka_unit_test(nothing_leaves_the_mirror),
		cmocka_unit_test(errors_say_what_is_expected),
		cmocka_unit_test(the_length_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
