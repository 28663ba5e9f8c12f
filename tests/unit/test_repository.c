/* SPDX-License-Identifier: MIT
 *
 * repository: how places are understood. What is downloaded and verified is
 * tests/integration/resolve.sh's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

#include "build/repository.h"

#define INDEX                                                                  \
	"C:X10123456789012345678901234567890123456789\nP:a\nV:1\n"             \
	"A:x86_64\nS:1\nI:1\n\n"

static const struct repository_options options = { .arch = "x86_64" };

static void places_are_checked_when_they_are_given(void **state)
{
	static const char *const good[] = { "main", "/srv/apk", "./a b",
		"@edge=main", "@e+.-_1=https://example.org/edge",
		"http://[::1]:80/a/", "file:///srv/apk", "a=b", "what?" };
	static const char *const bad[] = { "", "@edge", "@edge=", "@=main",
		"@a/b=main", "@a b=main", "ftp://example.org/a",
		"https://example.org/a?b", "https://example.org/a#b",
		"https:///a", "file://other/a" };
	struct error err;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_int_equal(repository_check(good[i], &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(repository_check(bad[i], &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
	}
}

static void only_http_is_remote(void **state)
{
	assert_true(repository_is_remote("https://example.org/a"));
	assert_true(repository_is_remote("@t=http://example.org/a"));
	assert_false(repository_is_remote("file:///a"));
	assert_false(repository_is_remote("@t=file:///a"));
	assert_false(repository_is_remote("a"));
}

static int load(struct fixture *f, struct solve_repository *list,
	const char *first, const char *second)
{
	struct string_list places = { 0 };

	string_list_add(&places, first, &f->arena);
	if (second)
		string_list_add(&places, second, &f->arena);
	return repository_load(list, &places, &options, &f->arena, &f->err);
}

static void index_is_found_below_a_folder(void **state)
{
	struct fixture *f = *state;
	struct solve_repository list[1];
	const char *const places[] = {
		f->dir,
		arena_printf(&f->arena, "%s//", f->dir),
		arena_printf(&f->arena, "%s/x86_64", f->dir),
		arena_printf(&f->arena, "%s/x86_64/", f->dir),
		arena_printf(&f->arena, "%s/x86_64/APKINDEX.tar.gz", f->dir),
		arena_printf(&f->arena, "file://%s", f->dir),
		arena_printf(&f->arena, "file://%s/x86%%5f64", f->dir),
	};

	fixture_file(f, "x86_64/APKINDEX.tar.gz", INDEX);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		assert_int_equal(load(f, list, places[i], NULL), 0);
		assert_int_equal(list[0].index->n, 1);
		assert_string_equal(list[0].name, places[i]);
		assert_null(list[0].tag);
	}
}

static void any_file_may_be_an_index(void **state)
{
	struct fixture *f = *state;
	struct solve_repository list[1];

	assert_int_equal(load(f, list, fixture_file(f, "x", INDEX), NULL), 0);
	assert_true(slice_is(list[0].index->packages[0].name, "a"));
}

static void repository_with_and_without_tag_is_read_once(void **state)
{
	struct fixture *f = *state;
	struct solve_repository list[2];
	const char *path = fixture_file(f, "x", INDEX);
	const char *tagged = arena_printf(&f->arena, "@t=file://%s", path);

	assert_int_equal(load(f, list, path, tagged), 0);
	assert_null(list[0].tag);
	assert_string_equal(list[1].tag, "t");
	assert_ptr_equal(list[0].index, list[1].index);
}

static void what_is_not_there_is_named(void **state)
{
	struct fixture *f = *state;
	struct solve_repository list[1];

	assert_int_equal(load(f, list, "/nowhere/main", NULL), -1);
	assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
	assert_string_equal(f->err.text,
		"repository /nowhere/main: open "
		"/nowhere/main/x86_64/APKINDEX.tar.gz: "
		"No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_checked_when_they_are_given),
		cmocka_unit_test(only_http_is_remote),
		FIXTURE_TEST(index_is_found_below_a_folder),
		FIXTURE_TEST(any_file_may_be_an_index),
		FIXTURE_TEST(repository_with_and_without_tag_is_read_once),
		FIXTURE_TEST(what_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
