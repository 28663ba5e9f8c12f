/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "oci/reference.h"

static void names_and_tags_are_told_from_other_text(void **state)
{
	static const char *const good[] = { "web:1", "docker.io/library/web:1",
		"host:5000/web:v1.2-rc_3", "a:B" };
	static const char *const bad[] = {
		"",
		"web",
		"web:",
		":1",
		"Web:1",
		"web:1 2",
		"host:5000/web",
		"we b:1",
		"web:\xc3\xa9",
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(reference_is_valid(good[i]));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(reference_is_valid(bad[i]));
}

static void tags_end_somewhere(void **state)
{
	char text[] = "a:12345678901234567890123456789012"
		      "34567890123456789012345678901234"
		      "12345678901234567890123456789012"
		      "345678901234567890123456789012345";

	assert_false(reference_is_valid(text));
	text[sizeof(text) - 2] = '\0';
	assert_true(reference_is_valid(text));
}

static void files_give_names(void **state)
{
	static const char *const cases[][2] = {
		{ "dist/My Image.oci.tar", "my-image" },
		{ "a.tar.gz", "a" },
		{ "a.tgz", "a" },
		{ "folder/", "folder" },
		{ "/srv/..tar", "image" },
		{ "---", "image" },
	};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {

		assert_string_equal(reference_name_of_file(cases[i][0], &arena),
			cases[i][1]);
	}
	arena_release(&arena);
}

static void tags_without_a_name_get_the_file_s(void **state)
{
	static const struct {
		const char *tag, *want;
	} cases[] = {
		{ "web:1", "web:1" },
		{ "v3.18", "x:v3.18" },
		{ NULL, "x:latest" },
		{ "Web:1", "x:latest" },
		{ "docker.io/web", "x:latest" },
	};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(
			reference_of(cases[i].tag, "d/x.tar", &arena),
			cases[i].want);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_tags_are_told_from_other_text),
		cmocka_unit_test(tags_end_somewhere),
		cmocka_unit_test(files_give_names),
		cmocka_unit_test(tags_without_a_name_get_the_file_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
