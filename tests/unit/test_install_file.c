/* SPDX-License-Identifier: MIT */
#include "rootfs/install_parts.h"

#include "unit/install_fixture.h"

#define ETC "d etc 0755 root:root\n"
#define OPT "d opt 0755 root:root\n"

struct side {
	const char *name, *origin, *replaces;
	unsigned priority;
};

static struct package package_of(struct scene *s, const struct side *side)
{
	struct package pkg = { .name = slice_of(side->name),
		.version = slice_of("1-r0"),
		.origin = slice_of(side->origin),
		.replaces_priority = side->priority };

	assert_int_equal(
		dependency_list_parse(
			slice_of(side->replaces ? side->replaces : ""),
			DEPENDENCY_OF_PACKAGE, &s->arena, &pkg.replaces),
		0);
	return pkg;
}

static void the_overwrite_rule_of_each_apk(void **state)
{
	static const struct {
		struct side owner, pkg;
		enum install_verdict apk_2, apk_3;
	} cases[] = {
		{ { "a" }, { "a" }, INSTALL_TAKE, INSTALL_TAKE },
		{ { "a" }, { "b" }, INSTALL_CONFLICT, INSTALL_CONFLICT },
		{ { "a" }, { "b", NULL, "a" }, INSTALL_TAKE, INSTALL_TAKE },
		{ { "a" }, { "b", NULL, "a<1" }, INSTALL_CONFLICT,
			INSTALL_CONFLICT },
		{ { "a" }, { "b", NULL, "c a>=1-r0" }, INSTALL_TAKE,
			INSTALL_TAKE },
		{ { "a", NULL, "b" }, { "b" }, INSTALL_LEAVE, INSTALL_LEAVE },
		/* Both replace each other: the higher one, or the new. */
		{ { "a", NULL, "b" }, { "b", NULL, "a" }, INSTALL_TAKE,
			INSTALL_TAKE },
		{ { "a", NULL, "b", 2 }, { "b", NULL, "a", 1 }, INSTALL_LEAVE,
			INSTALL_LEAVE },
		{ { "a", NULL, "b", 1 }, { "b", NULL, "a", 2 }, INSTALL_TAKE,
			INSTALL_TAKE },
		/* A priority without "replaces" says nothing. */
		{ { "a", NULL, NULL, 9 }, { "b", NULL, "a" }, INSTALL_TAKE,
			INSTALL_TAKE },
		{ { "a", "o" }, { "b", "o" }, INSTALL_TAKE, INSTALL_TAKE },
		{ { "a", "o" }, { "b", "p" }, INSTALL_CONFLICT,
			INSTALL_CONFLICT },
		{ { "a", "" }, { "b", "" }, INSTALL_CONFLICT,
			INSTALL_CONFLICT },
		/* The one where they differ. */
		{ { "a", "o", "b" }, { "b", "o" }, INSTALL_TAKE,
			INSTALL_LEAVE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct package owner = package_of(*state, &cases[i].owner);
		struct package pkg = package_of(*state, &cases[i].pkg);

		if (install_judge(APK_2, &owner, &pkg) != cases[i].apk_2 ||
			install_judge(APK_3, &owner, &pkg) != cases[i].apk_3)
			fail_msg("case %zu", i);
	}
}

static void a_conflict_names_both_packages_and_the_path(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = OPT "f opt/x 0644 root:root a\n");
	scene_fails(s, .name = "b", .version = "2-r0",
		.data = OPT "f opt/x 0644 root:root b\n");
	scene_assert_error(s, ERROR_TREE,
		"opt/x belongs to the package a-1-r0, and b-2-r0 has it too");
}

static void a_file_that_is_taken_over_leaves_the_old_record(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a",
		.data = OPT "f opt/x 0644 root:root a\nf opt/y 0644 root:root "
			    "a\n");
	scene_add(s, .name = "b", .replaces = "a",
		.data = OPT "f opt/x 0644 root:root b\n");
	assert_look(s, "opt/x", "0644 0:0 b");
	assert_record(s, "a", "F:opt R:y");
	assert_record(s, "b", "F:opt R:x");
}

static void a_file_that_is_left_is_not_in_the_new_record(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .replaces = "b",
		.data = OPT "f opt/x 0644 root:root a\n");
	scene_add(s, .name = "b", .data = OPT "f opt/x 0644 root:root b\n");
	assert_look(s, "opt/x", "0644 0:0 a");
	assert_record(s, "a", "F:opt R:x");
	assert_record(s, "b", "F:opt");
}

static void a_hard_link_to_a_file_that_was_left_is_an_error(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .replaces = "b",
		.data = OPT "f opt/x 0644 root:root a\n");
	scene_fails(s, .name = "b",
		.data = OPT "f opt/x 0644 root:root b\nh opt/y opt/x\n");
	scene_assert_error(s, ERROR_TREE, "opt/y is a hard link to opt/x");
}

static void what_nobody_owns_is_overwritten(void **state)
{
	struct scene *s = *state;

	scene_link(s, "opt/x", "/bin/busybox");
	scene_add(s, .name = "a", .data = OPT "f opt/x 0755 root:root a\n");
	assert_look(s, "opt/x", "0755 0:0 a");
}

static void an_unowned_file_in_etc_stays(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/x", "mine");
	scene_add(s, .name = "a", .data = ETC "f etc/x 0600 root:root a\n");
	assert_look(s, "etc/x", "0644 0:0 mine");
	assert_look(s, "etc/x.apk-new", "0600 0:0 a");
	assert_record(s, "a", "F:etc R:x a:0:0:600");
}

static void an_unowned_file_in_etc_that_is_the_same_stays_alone(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/x", "a");
	scene_link(s, "etc/l", "target");
	scene_add(s, .name = "a",
		.data = ETC "f etc/x 0600 root:root a\nl etc/l target\n");
	assert_look(s, "etc/x", "0644 0:0 a");
	assert_look(s, "etc/x.apk-new", "nothing");
	assert_look(s, "etc/l.apk-new", "nothing");
}

static void a_file_in_etc_as_it_was_installed_is_upgraded(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = ETC "f etc/x 0644 root:root 1\n");
	scene_again(s);
	scene_add(s, .name = "a", .version = "2-r0",
		.data = ETC "f etc/x 0644 root:root 2\n");
	assert_look(s, "etc/x", "0644 0:0 2");
	assert_look(s, "etc/x.apk-new", "nothing");
}

/* Records of packages of apk v3: Z: is a SHA-256 that was cut. */
static void a_cut_sha256_is_compared_as_such(void **state)
{
	struct scene *s = *state;
	const struct digest digest = digest_of(DIGEST_SHA256, "1", 1);
	struct db_package *record;

	scene_add(s, .name = "a", .data = ETC "f etc/x 0644 root:root 1\n");
	record = installed_find(&s->state.db, slice_of("a"));
	record->flags = slice_of("S");
	record->dirs[0]->files[0]->digest =
		identity_make(IDENTITY_SHA1, digest.bytes);
	scene_add(s, .name = "a", .version = "2-r0",
		.data = ETC "f etc/x 0644 root:root 2\n");
	assert_look(s, "etc/x", "0644 0:0 2");
}

static void a_changed_file_in_etc_stays_when_upgraded(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = ETC "f etc/x 0644 root:root 1\n");
	scene_file(s, "etc/x", "mine");
	scene_add(s, .name = "a", .version = "2-r0",
		.data = ETC "f etc/x 0644 root:root 2\n");
	assert_look(s, "etc/x", "0644 0:0 mine");
	assert_look(s, "etc/x.apk-new", "0644 0:0 2");
}

/* Links of what became NAME.apk-new are links to that. */
static void hard_links_in_etc_follow_the_packages_file(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/x", "mine");
	scene_add(s, .name = "a",
		.data = ETC "f etc/x 0644 root:root a\nh etc/y etc/x\n");
	assert_look(s, "etc/x", "0644 0:0 mine");
	assert_look(s, "etc/y", "0644 0:0 a");
	assert_ptr_equal(tree_find(&s->tree, "etc/y")->inode,
		tree_find(&s->tree, "etc/x.apk-new")->inode);
}

static void a_changed_file_in_etc_survives_a_purge(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a",
		.data = ETC "f etc/x 0644 root:root 1\nf etc/y 0644 root:root "
			    "1\n" OPT "f opt/x 0644 root:root 1\n");
	scene_file(s, "etc/x", "mine");
	scene_file(s, "opt/x", "mine");
	scene_purge(s, "a");
	assert_look(s, "etc/x", "0644 0:0 mine");
	assert_look(s, "etc/y", "nothing");
	assert_look(s, "opt/x", "nothing");
}

static void only_apk_3_removes_apk_new(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/x", "mine");
	scene_file(s, "etc/y", "mine");
	scene_add(s, .name = "a", .data = ETC "f etc/x 0644 root:root a\n");
	scene_add(s, .name = "b", .data = ETC "f etc/y 0644 root:root b\n");
	scene_purge(s, "a");
	assert_look(s, "etc/x.apk-new", "0644 0:0 a");
	s->state.flavor = APK_3;
	scene_purge(s, "b");
	assert_look(s, "etc/y.apk-new", "nothing");
	assert_look(s, "etc/y", "0644 0:0 mine");
}

static void lists_of_the_tree_decide_what_is_protected(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/apk/protected_paths.d/a.list", "-etc\n+opt\n");
	scene_file(s, "etc/x", "mine");
	scene_file(s, "opt/x", "mine");
	scene_add(s, .name = "a",
		.data = ETC "f etc/x 0644 root:root a\n" OPT
			    "f opt/x 0644 root:root a\n");
	assert_look(s, "etc/x", "0644 0:0 a");
	assert_look(s, "opt/x", "0644 0:0 mine");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(the_overwrite_rule_of_each_apk),
		SCENE_TEST(a_conflict_names_both_packages_and_the_path),
		SCENE_TEST(a_file_that_is_taken_over_leaves_the_old_record),
		SCENE_TEST(a_file_that_is_left_is_not_in_the_new_record),
		SCENE_TEST(a_hard_link_to_a_file_that_was_left_is_an_error),
		SCENE_TEST(what_nobody_owns_is_overwritten),
		SCENE_TEST(an_unowned_file_in_etc_stays),
		SCENE_TEST(an_unowned_file_in_etc_that_is_the_same_stays_alone),
		SCENE_TEST(a_file_in_etc_as_it_was_installed_is_upgraded),
		SCENE_TEST(a_cut_sha256_is_compared_as_such),
		SCENE_TEST(a_changed_file_in_etc_stays_when_upgraded),
		SCENE_TEST(hard_links_in_etc_follow_the_packages_file),
		SCENE_TEST(a_changed_file_in_etc_survives_a_purge),
		SCENE_TEST(only_apk_3_removes_apk_new),
		SCENE_TEST(lists_of_the_tree_decide_what_is_protected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
