/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rootfs/owner.h"
#include "unit/tree_fixture.h"

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_init(f);
	put_file(f, "etc/passwd",
		"root:x:0:0:root:/root:/bin/ash\n"
		"# a comment\n"
		"\n"
		"bad:x:many:0:::\n"
		"www-data:x:82:82::/:/sbin/nologin\n"
		"huge:x:70000:0::/:\n"
		"www-data:x:99:99::/:/sbin/nologin");
	put_file(f, "etc/group", "root:x:0:root\nshadow:x:42:\nlast:x:7");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_release(*state);
	free(*state);
	return 0;
}

static uint32_t uid_of(struct fixture *f, const char *user)
{
	uint32_t uid = UINT32_MAX;

	if (owner_uid(&f->tree, user, &uid, &f->err))
		return UINT32_MAX;
	return uid;
}

static uint32_t gid_of(struct fixture *f, const char *group)
{
	uint32_t gid = UINT32_MAX;

	if (owner_gid(&f->tree, group, &gid, &f->err))
		return UINT32_MAX;
	return gid;
}

static void names_are_those_of_the_image(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(uid_of(f, "root"), 0);
	assert_int_equal(uid_of(f, "www-data"), 82);
	assert_int_equal(gid_of(f, "shadow"), 42);
	assert_int_equal(gid_of(f, "last"), 7);
}

static void numbers_stand_for_themselves(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(uid_of(f, "1234"), 1234);
	assert_int_equal(gid_of(f, "65535"), 65535);
	tree_remove(&f->tree, tree_find(&f->tree, "etc"));
	assert_int_equal(uid_of(f, "0"), 0);
}

static void numbers_above_the_range_are_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(uid_of(f, "65536"), UINT32_MAX);
	assert_error(f, ERROR_SPEC,
		"user \"65536\" has the number 65536, expected at most 65535");
	assert_int_equal(uid_of(f, "huge"), UINT32_MAX);
	assert_error(f, ERROR_SPEC, "number 70000, expected at most 65535");
	assert_int_equal(uid_of(f, "99999999999999999999"), UINT32_MAX);
	assert_error(f, ERROR_SPEC, "unknown user");
}

static void unknown_names_are_told_with_the_nearest(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(uid_of(f, "www-date"), UINT32_MAX);
	assert_error(f, ERROR_SPEC,
		"unknown user \"www-date\", did you mean \"www-data\", the "
		"image's etc/passwd does not list it");
	assert_int_equal(gid_of(f, "shdow"), UINT32_MAX);
	assert_error(f, ERROR_SPEC, "did you mean \"shadow\"");
	assert_int_equal(uid_of(f, "bad"), UINT32_MAX);
	assert_error(f, ERROR_SPEC, "unknown user \"bad\"");
	assert_int_equal(uid_of(f, ""), UINT32_MAX);
	assert_error(f, ERROR_SPEC, "unknown user \"\"");
}

static void an_image_without_the_file_is_told(void **state)
{
	struct fixture *f = *state;

	tree_remove(&f->tree, tree_find(&f->tree, "etc/group"));
	assert_int_equal(gid_of(f, "root"), UINT32_MAX);
	assert_error(f, ERROR_TREE, "no file etc/group");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_are_those_of_the_image),
		TEST(numbers_stand_for_themselves),
		TEST(numbers_above_the_range_are_refused),
		TEST(unknown_names_are_told_with_the_nearest),
		TEST(an_image_without_the_file_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
