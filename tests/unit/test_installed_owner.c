/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apk/installed.h"

#define HEAD(name, c)                                                          \
	"C:Q1" c "AAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:" name "\nV:1\nS:0\nI:0\n"
#define DB                                                                     \
	HEAD("z", "A")                                                         \
	"F:\nR:init\nF:etc\nR:a\n\n" HEAD(                                     \
		"b", "B") "F:etc\nR:b\nF:usr\nF:usr/bin\nR:env\n\n"

struct scene {
	struct arena arena;
	struct installed db;
	struct owner_map *map;
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));
	struct error err;

	arena_init(&s->arena);
	installed_init(&s->db, &s->arena);
	assert_int_equal(installed_parse(&s->db, slice_of(DB), "db", &err), 0);
	s->map = owner_map_new(&s->db);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	owner_map_free(s->map);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static void expect(const struct scene *s, const char *path, const char *package,
	const char *dir, const char *name)
{
	struct db_owner owner;

	assert_true(owner_map_find(s->map, path, &owner));
	assert_true(slice_is(owner.package->package.name, package));
	assert_true(slice_is(owner.dir->path, dir));
	assert_true(slice_is(owner.name, name));
}

static void files_have_their_owner(void **state)
{
	struct scene *s = *state;

	expect(s, "init", "z", "", "init");
	expect(s, "etc/a", "z", "etc", "a");
	expect(s, "etc/b", "b", "etc", "b");
	expect(s, "usr/bin/env", "b", "usr/bin", "env");
}

static void a_directory_belongs_to_the_first_record_that_has_it(void **state)
{
	struct scene *s = *state;

	expect(s, "", "z", "", "");
	expect(s, "etc", "z", "etc", "");
	expect(s, "usr/bin", "b", "usr/bin", "");
}

static void what_nobody_owns_is_not_found(void **state)
{
	struct scene *s = *state;
	struct db_owner owner = { 0 };

	assert_false(owner_map_find(s->map, "etc/c", &owner));
	assert_false(owner_map_find(s->map, "bin/env", &owner));
	assert_null(owner.package);
}

static void an_owner_can_change_and_go(void **state)
{
	struct scene *s = *state;
	struct db_owner owner;
	char path[] = "etc/new";

	assert_true(owner_map_find(s->map, "etc/b", &owner));
	owner_map_set(s->map, "etc/a", &owner);
	expect(s, "etc/a", "b", "etc", "b");
	owner_map_set(s->map, path, &owner);
	path[0] = 'x';
	expect(s, "etc/new", "b", "etc", "b");
	owner_map_remove(s->map, "etc/a");
	owner_map_remove(s->map, "etc/none");
	assert_false(owner_map_find(s->map, "etc/a", &owner));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_have_their_owner),
		TEST(a_directory_belongs_to_the_first_record_that_has_it),
		TEST(what_nobody_owns_is_not_found),
		TEST(an_owner_can_change_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
