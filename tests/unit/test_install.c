/* SPDX-License-Identifier: MIT */
#include "unit/install_fixture.h"

#define ETC "d etc 0755 root:root\n"
#define USR "d usr 0755 root:root\n"
#define BIN "d bin 0755 root:root\n"

static void files_get_modes_times_and_the_database(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a",
		.data = BIN "f bin/su 4755 root:root su\n"
			    "l bin/sh /bin/su\n"
			    "d tmp 1777 root:root\n");
	assert_look(s, "bin/su", "4755 0:0 su");
	assert_look(s, "bin/sh", "-> /bin/su");
	assert_look(s, "tmp", "1777 0:0 /");
	assert_int_equal(
		tree_find(&s->tree, "bin/su")->inode->mtime, 1000000000);
	assert_string_equal(tree_find(&s->tree, "bin/su")->origin, "package a");
	assert_record(s, "a",
		"F:bin R:su a:0:0:4755 R:sh a:0:0:777 F:tmp M:0:0:1777");
}

static void owners_are_names_in_the_tree(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/passwd", "root:x:0:0::/:\napp:x:1000:1000::/:\n");
	scene_file(s, "etc/group", "root:x:0:\nweb:x:82:\n");
	scene_add(s, .name = "a",
		.data = "d var 0750 app:web\nf var/x 0600 app:root x\n");
	assert_look(s, "var", "0750 1000:82 /");
	assert_look(s, "var/x", "0600 1000:0 x");
	assert_record(s, "a", "F:var M:1000:82:750 R:x a:1000:0:600");
}

static void an_unknown_owner_is_the_number_in_the_archive(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/passwd", "root:x:0:0::/:\n");
	scene_add(s, .name = "a", .data = "f x 0644 app:web x\n");
	assert_look(s, "x", "0644 77:77 x");
}

/* What the real apk does with a passwd that says something else. */
static void root_is_always_0(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/passwd", "root:x:5:5::/:\n");
	scene_add(s, .name = "a", .data = "f x 0644 root:root x\n");
	assert_look(s, "x", "0644 0:0 x");
}

static void owners_that_routers_cannot_map_are_refused(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/passwd", "app:x:70000:0::/:\n");
	scene_fails(s, .name = "a", .data = "f x 0644 app:root x\n");
	scene_assert_error(s, ERROR_INPUT, "x: its owner or group 70000");
}

static void a_group_of_pre_install_owns_what_is_unpacked(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/group", "root:x:0:\n");
	scene_file(s, "etc/passwd", "root:x:0:0::/:\n");
	scene_add(s, .name = "a",
		.scripts = { [SCRIPT_PRE_INSTALL] =
				     "#!/bin/sh\naddgroup -g 101 -S app\n" },
		.data = "f x 0644 root:app x\n");
	assert_look(s, "x", "0644 0:101 x");
}

static void a_file_at_the_top_makes_a_root_directory(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = "f x 0644 root:root x\n");
	assert_record(s, "a", "F: R:x");
}

static void hard_links_share_one_file(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a",
		.data = BIN "f bin/a 0755 root:root a\n"
			    "h bin/b bin/a\nh bin/c bin/b\n");
	assert_ptr_equal(tree_find(&s->tree, "bin/a")->inode,
		tree_find(&s->tree, "bin/c")->inode);
	assert_int_equal(tree_find(&s->tree, "bin/a")->inode->nlink, 3);
	assert_record(
		s, "a", "F:bin R:a a:0:0:755 R:b a:0:0:777 R:c a:0:0:777");
}

static void extended_attributes_are_in_the_database_only(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = "c ping\n");
	assert_look(s, "ping", "0644 0:0 ");
	assert_record(
		s, "a", "F: R:ping a:0:0:644:Q13mhAdHkP2T+trQ+T8Fm+BiKO6xQ=");
}

static void an_empty_package_has_a_record_only(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = "f .dummy 0644 root:root \n");
	assert_int_equal(s->tree.nnodes, 0);
	assert_record(s, "a", "");
}

/* Neither its scripts nor what it replaces count. */
static void a_package_of_size_0_is_not_even_opened(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .installed_size = UINT64_MAX, .replaces = "b",
		.data = "f x 0644 root:root x\n",
		.scripts = { [SCRIPT_POST_INSTALL] = "#!/bin/sh\n" });
	assert_int_equal(s->tree.nnodes, 0);
	assert_int_equal(s->state.scripts.n, 0);
	assert_int_equal(
		installed_find(&s->state.db, slice_of("a"))->package.replaces.n,
		0);
}

static void apk_2_leaves_keep_files_out(void **state)
{
	struct scene *s = *state;
	const char *data = "d a 0755 root:root\nf a/.keep_a 0644 root:root \n"
			   "f a/.keep_ 0644 root:root \n";

	scene_add(s, .name = "a", .data = data);
	assert_look(s, "a/.keep_a", "nothing");
	assert_look(s, "a/.keep_", "0644 0:0 ");
	assert_record(s, "a", "F:a R:.keep_");
}

static void apk_3_installs_keep_files(void **state)
{
	struct scene *s = *state;

	s->state.flavor = APK_3;
	scene_add(s, .name = "a",
		.data = "d a 0755 root:root\nf a/.keep_a 0644 root:root \n");
	assert_look(s, "a/.keep_a", "0644 0:0 ");
}

static void an_upgrade_removes_what_the_new_version_lacks(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a",
		.data = USR "f usr/a 0644 root:root 1\nf usr/b 0644 root:root "
			    "1\nd usr/old 0755 root:root\nf usr/old/x 0644 "
			    "root:root 1\n");
	scene_again(s);
	scene_add(s, .name = "a", .version = "2-r0",
		.data = USR "f usr/a 0644 root:root 2\n");
	assert_look(s, "usr/a", "0644 0:0 2");
	assert_look(s, "usr/b", "nothing");
	assert_look(s, "usr/old", "nothing");
	assert_record(s, "a", "F:usr R:a");
	assert_int_equal(s->state.db.n, 1);
}

static void a_directory_that_is_not_empty_stays(void **state)
{
	struct scene *s = *state;

	scene_file(s, "usr/mine", "mine");
	scene_add(s, .name = "a", .data = USR "f usr/a 0644 root:root 1\n");
	scene_purge(s, "a");
	assert_look(s, "usr/a", "nothing");
	assert_look(s, "usr/mine", "0644 0:0 mine");
}

static void a_directory_of_another_package_stays(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = USR "d usr/a 0755 root:root\n");
	scene_add(s, .name = "b", .data = USR);
	scene_purge(s, "a");
	assert_look(s, "usr/a", "nothing");
	assert_look(s, "usr", "0755 0:0 /");
	scene_purge(s, "b");
	assert_look(s, "usr", "nothing");
}

static void a_purge_leaves_what_another_package_took_over(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = USR "f usr/x 0644 root:root a\n");
	scene_add(s, .name = "b", .replaces = "a",
		.data = USR "f usr/x 0644 root:root b\n");
	scene_purge(s, "a");
	assert_look(s, "usr/x", "0644 0:0 b");
}

static void a_pin_changes_the_tag_only(void **state)
{
	struct scene *s = *state;
	const struct package pkg = { .name = slice_of("a"),
		.version = slice_of("1-r0") };
	const struct solution_step step = { .kind = STEP_PIN,
		.old = &pkg,
		.new = &pkg,
		.tag = slice_of("edge") };

	scene_add(s, .name = "a", .data = USR "f usr/x 0644 root:root a\n");
	scene_must(s, install_step(s->install, &step, NULL, &s->err));
	assert_look(s, "usr/x", "0644 0:0 a");
	assert_true(slice_is(
		installed_find(&s->state.db, slice_of("a"))->tag, "edge"));
}

static void scripts_of_the_old_version_go_with_it(void **state)
{
	struct scene *s = *state;
	const char *script = "#!/bin/sh\nexit 0\n";

	scene_add(s, .name = "a", .data = USR,
		.scripts = { [SCRIPT_POST_INSTALL] = script });
	assert_int_equal(s->state.scripts.n, 1);
	scene_add(s, .name = "a", .version = "2-r0", .data = USR,
		.scripts = { [SCRIPT_POST_UPGRADE] = script });
	assert_int_equal(s->state.scripts.n, 1);
	assert_int_equal(s->state.scripts.items[0].kind, SCRIPT_POST_UPGRADE);
	scene_purge(s, "a");
	assert_int_equal(s->state.scripts.n, 0);
}

static void a_link_to_a_directory_stays_where_a_package_has_one(void **state)
{
	struct scene *s = *state;

	scene_dir(s, "usr/lib", 0755, 0);
	scene_link(s, "lib", "usr/lib");
	scene_add(s, .name = "a",
		.data = "d lib 0755 root:root\nf lib/x 0644 root:root x\n");
	assert_look(s, "lib", "-> usr/lib");
	assert_look(s, "usr/lib/x", "0644 0:0 x");
	assert_record(s, "a", "F:lib R:x");
}

/* The old path leads to the new file. */
static void a_file_that_moved_under_another_name_stays(void **state)
{
	struct scene *s = *state;

	scene_dir(s, "usr/lib", 0755, 0);
	scene_link(s, "lib", "usr/lib");
	scene_add(s, .name = "a",
		.data = "d lib 0755 root:root\nf lib/x 0644 root:root 1\n");
	scene_add(s, .name = "a", .version = "2-r0",
		.data = USR "d usr/lib 0755 root:root\n"
			    "f usr/lib/x 0644 root:root 2\n");
	assert_look(s, "usr/lib/x", "0644 0:0 2");
	assert_look(s, "lib", "-> usr/lib");
}

static void links_never_lead_out_of_the_tree(void **state)
{
	struct scene *s = *state;

	scene_dir(s, "tmp", 0755, 0);
	scene_link(s, "lib", "../../../tmp");
	scene_add(s, .name = "a",
		.data = "d lib 0755 root:root\nf lib/x 0644 root:root x\n");
	assert_look(s, "tmp/x", "0644 0:0 x");
}

static void a_file_cannot_become_a_directory(void **state)
{
	struct scene *s = *state;

	scene_file(s, "usr", "file");
	scene_fails(s, .name = "a", .data = USR);
	scene_assert_error(s, ERROR_TREE,
		"package a: usr is a directory of the package, but");
}

static void a_directory_cannot_become_a_file(void **state)
{
	struct scene *s = *state;

	scene_dir(s, "usr", 0755, 0);
	scene_fails(s, .name = "a", .data = "f usr 0644 root:root x\n");
	scene_assert_error(s, ERROR_TREE, "usr is a directory of base");
}

static void a_broken_archive_is_named_after_its_package(void **state)
{
	struct scene *s = *state;

	scene_fails(s, .name = "a", .data = "f usr/x 0644 root:root x\n");
	scene_assert_error(s, ERROR_INPUT, "package a: entry usr/x: there is");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(files_get_modes_times_and_the_database),
		SCENE_TEST(owners_are_names_in_the_tree),
		SCENE_TEST(an_unknown_owner_is_the_number_in_the_archive),
		SCENE_TEST(root_is_always_0),
		SCENE_TEST(owners_that_routers_cannot_map_are_refused),
		SCENE_TEST(a_group_of_pre_install_owns_what_is_unpacked),
		SCENE_TEST(a_file_at_the_top_makes_a_root_directory),
		SCENE_TEST(hard_links_share_one_file),
		SCENE_TEST(extended_attributes_are_in_the_database_only),
		SCENE_TEST(an_empty_package_has_a_record_only),
		SCENE_TEST(a_package_of_size_0_is_not_even_opened),
		SCENE_TEST(apk_2_leaves_keep_files_out),
		SCENE_TEST(apk_3_installs_keep_files),
		SCENE_TEST(an_upgrade_removes_what_the_new_version_lacks),
		SCENE_TEST(a_directory_that_is_not_empty_stays),
		SCENE_TEST(a_directory_of_another_package_stays),
		SCENE_TEST(a_purge_leaves_what_another_package_took_over),
		SCENE_TEST(a_pin_changes_the_tag_only),
		SCENE_TEST(scripts_of_the_old_version_go_with_it),
		SCENE_TEST(a_link_to_a_directory_stays_where_a_package_has_one),
		SCENE_TEST(a_file_that_moved_under_another_name_stays),
		SCENE_TEST(links_never_lead_out_of_the_tree),
		SCENE_TEST(a_file_cannot_become_a_directory),
		SCENE_TEST(a_directory_cannot_become_a_file),
		SCENE_TEST(a_broken_archive_is_named_after_its_package),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
