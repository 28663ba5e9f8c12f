/* SPDX-License-Identifier: MIT */
#include "rootfs/install_protect.h"

#include "unit/install_fixture.h"

static struct protect_list list_of(struct scene *s, const char *text)
{
	struct protect_list list;

	protect_list_init(&list, &s->arena);
	scene_must(s, protect_list_parse(&list, slice_of(text), "t", &s->err));
	return list;
}

static void etc_and_all_below_is_protected(void **state)
{
	struct protect_list list = list_of(*state, "");

	assert_true(protect_list_covers(&list, "etc"));
	assert_true(protect_list_covers(&list, "etc/init.d"));
	assert_true(protect_list_covers(&list, "etc/apk/keys"));
	assert_false(protect_list_covers(&list, ""));
	assert_false(protect_list_covers(&list, "usr"));
	assert_false(protect_list_covers(&list, "usr/etc"));
	assert_false(protect_list_covers(&list, "etcetera"));
}

static void a_minus_takes_protection_away(void **state)
{
	struct protect_list list =
		list_of(*state, "-etc/ssl\n+etc/ssl/private\n");

	assert_true(protect_list_covers(&list, "etc"));
	assert_false(protect_list_covers(&list, "etc/ssl"));
	assert_false(protect_list_covers(&list, "etc/ssl/certs"));
	assert_true(protect_list_covers(&list, "etc/ssl/private/deep"));
}

static void every_sign_but_minus_protects(void **state)
{
	struct protect_list list =
		list_of(*state, "+a\n@b\n!c\nd\n-e\n# f\n\n/g/\n");
	static const char *const yes[] = { "a", "b", "c", "d", "g", "g/h" };
	static const char *const no[] = { "e", "f", " f", "# f" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		assert_true(protect_list_covers(&list, yes[i]));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		assert_false(protect_list_covers(&list, no[i]));
}

static void later_rules_win(void **state)
{
	struct protect_list list = list_of(*state, "+srv\n-srv\n+opt\n");

	assert_false(protect_list_covers(&list, "srv"));
	assert_true(protect_list_covers(&list, "opt"));
	list = list_of(*state, "-srv\n+srv\n");
	assert_true(protect_list_covers(&list, "srv"));
}

/* What is below a pattern is decided after it, whatever the order. */
static void a_deeper_rule_decides_for_what_is_below(void **state)
{
	struct protect_list list = list_of(*state, "-etc/a/b\n+etc/a\n");

	assert_true(protect_list_covers(&list, "etc/a"));
	assert_false(protect_list_covers(&list, "etc/a/b/c"));
}

static void globs_match_whole_components(void **state)
{
	struct protect_list list =
		list_of(*state, "+usr/*/conf\n+v[ab]r\n+op?\n");

	assert_true(protect_list_covers(&list, "usr/lib/conf"));
	assert_false(protect_list_covers(&list, "usr/lib/x/conf"));
	assert_false(protect_list_covers(&list, "usr/conf"));
	assert_true(protect_list_covers(&list, "var/lib"));
	assert_false(protect_list_covers(&list, "vcr"));
	assert_true(protect_list_covers(&list, "opt"));
	assert_false(protect_list_covers(&list, "op"));
}

static void lists_of_the_tree_are_read_in_order(void **state)
{
	struct scene *s = *state;
	struct protect_list list;

	scene_file(s, PROTECT_FOLDER "/b.list", "+srv\n");
	scene_file(s, PROTECT_FOLDER "/a.list", "-srv\n-etc/x\n");
	scene_file(s, PROTECT_FOLDER "/c.txt", "-srv\n");
	scene_file(s, "usr/d", "+opt\n");
	scene_link(s, PROTECT_FOLDER "/d.list", "/usr/d");
	scene_link(s, PROTECT_FOLDER "/e.list", "nowhere");
	protect_list_init(&list, &s->arena);
	scene_must(s, protect_list_read(&list, &s->tree, &s->err));
	assert_true(protect_list_covers(&list, "srv"));
	assert_true(protect_list_covers(&list, "opt"));
	assert_false(protect_list_covers(&list, "etc/x"));
}

static void too_many_rules_are_refused(void **state)
{
	struct scene *s = *state;
	struct protect_list list;
	struct buf text;

	buf_init(&text, SCENE_MAX);
	for (int i = 0; i < PROTECT_RULES_MAX; i++)
		buf_add_str(&text, "+a\n");
	protect_list_init(&list, &s->arena);
	assert_int_equal(
		protect_list_parse(&list, buf_slice(&text), "t", &s->err), -1);
	scene_assert_error(s, ERROR_TREE, "t: more than 1024 protected paths");
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(etc_and_all_below_is_protected),
		SCENE_TEST(a_minus_takes_protection_away),
		SCENE_TEST(every_sign_but_minus_protects),
		SCENE_TEST(later_rules_win),
		SCENE_TEST(a_deeper_rule_decides_for_what_is_below),
		SCENE_TEST(globs_match_whole_components),
		SCENE_TEST(lists_of_the_tree_are_read_in_order),
		SCENE_TEST(too_many_rules_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
