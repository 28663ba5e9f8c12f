/* SPDX-License-Identifier: MIT */
#include "unit/install_fixture.h"

#define APK "C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:apk-tools\nV:%s\n\n"
#define USR "d usr 0755 root:root\n"
#define SCRIPT "#!/bin/sh\nexit 0\n"

static void read_state(struct scene *s)
{
	scene_must(s, apk_state_read(&s->state, &s->tree, &s->err));
}

static void a_tree_without_database_has_nothing_installed(void **state)
{
	struct scene *s = *state;

	read_state(s);
	assert_int_equal(s->state.db.n, 0);
	assert_int_equal(s->state.world.n, 0);
	assert_int_equal(s->state.flavor, APK_2);
	assert_string_equal(s->state.arch, "");
}

static void apk_tools_decide_the_flavor(void **state)
{
	static const struct {
		const char *version;
		enum apk_flavor flavor;
	} cases[] = {
		{ "2.14.10-r0", APK_2 },
		{ "3.0.0_rc9-r0", APK_3 },
		{ "3.0.0-r0", APK_3 },
		{ "3.0.6-r1", APK_3 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = *state;

		scene_file(s, INSTALL_DB "/installed",
			arena_printf(&s->arena, APK, cases[i].version));
		read_state(s);
		assert_int_equal(s->state.flavor, cases[i].flavor);
	}
}

static void a_plain_script_archive_stays_plain(void **state)
{
	struct scene *s = *state;
	char zeros[1024] = "";

	scene_file(s, INSTALL_DB "/installed",
		arena_printf(&s->arena, APK, "3.0.6-r0"));
	scene_put(s, INSTALL_DB "/scripts.tar",
		(struct tree_entry){
			.content = content_bytes(zeros, sizeof(zeros)) });
	read_state(s);
	assert_int_equal(s->state.flavor, APK_2);
}

static void the_first_line_of_arch_counts(void **state)
{
	struct scene *s = *state;

	scene_file(s, INSTALL_ARCH, "aarch64\narmv7\n");
	read_state(s);
	assert_string_equal(s->state.arch, "aarch64");
}

static void a_broken_database_names_the_file(void **state)
{
	struct scene *s = *state;

	scene_file(s, INSTALL_DB "/installed", "nonsense\n");
	assert_int_equal(apk_state_read(&s->state, &s->tree, &s->err), -1);
	scene_assert_error(s, ERROR_INPUT, INSTALL_DB "/installed:1:");
}

static void the_database_is_found_through_links(void **state)
{
	struct scene *s = *state;

	scene_file(s, "usr/" INSTALL_DB "/installed",
		arena_printf(&s->arena, APK, "2.14.6-r0"));
	scene_link(s, "lib", "usr/lib");
	read_state(s);
	assert_int_equal(s->state.db.n, 1);
	scene_finish(s);
	assert_look(s, "lib", "-> usr/lib");
	assert_non_null(tree_find(&s->tree, "usr/" INSTALL_DB "/triggers"));
}

static void what_is_written_is_read_back(void **state)
{
	struct scene *s = *state;
	const struct node *node;

	scene_must(s, world_add(&s->state.world, "b>1", &s->arena, &s->err));
	scene_must(s, world_add(&s->state.world, "a", &s->arena, &s->err));
	scene_add(s, .name = "a", .triggers = "/usr", .replaces = "b<2",
		.priority = 3, .data = USR "f usr/x 0600 root:root x\n",
		.scripts = { [SCRIPT_POST_INSTALL] = SCRIPT });
	scene_again(s);
	assert_look(s, INSTALL_WORLD, "0644 0:0 a\nb>1\n");
	assert_look(s, INSTALL_DB "/lock", "0600 0:0 ");
	assert_record(s, "a", "F:usr R:x a:0:0:600");
	assert_int_equal(s->state.world.n, 2);
	assert_int_equal(s->state.scripts.n, 1);
	assert_true(
		slice_is(s->state.db.packages[0]->package.triggers, "/usr"));
	assert_int_equal(s->state.db.packages[0]->package.replaces_priority, 3);
	node = tree_find(&s->tree, INSTALL_DB "/installed");
	assert_string_equal(node->origin, "apk");
	assert_int_equal(node->inode->mtime, SCENE_EPOCH);
	assert_int_equal(node->inode->mode, 0644);
}

static void apk_3_compresses_its_scripts(void **state)
{
	struct scene *s = *state;

	s->state.flavor = APK_3;
	scene_add(s, .name = "apk-tools", .version = "3.0.6-r0", .data = USR,
		.scripts = { [SCRIPT_POST_INSTALL] = SCRIPT });
	scene_again(s);
	assert_null(tree_find(&s->tree, INSTALL_DB "/scripts.tar"));
	assert_non_null(tree_find(&s->tree, INSTALL_DB "/scripts.tar.gz"));
	assert_int_equal(s->state.flavor, APK_3);
	assert_int_equal(s->state.scripts.n, 1);
}

static void the_lock_that_is_there_stays(void **state)
{
	struct scene *s = *state;

	scene_file(s, INSTALL_DB "/lock", "x");
	scene_finish(s);
	assert_look(s, INSTALL_DB "/lock", "0644 0:0 x");
}

/* The tag of the repository is in the record. */
static void a_step_with_a_tag_is_recorded(void **state)
{
	struct scene *s = *state;
	const struct recipe recipe = { .name = "a",
		.installed_size = UINT64_MAX };
	const struct solution_step step = { .kind = STEP_INSTALL,
		.new = scene_package(s, &recipe),
		.tag = slice_of("edge") };

	scene_must(s, install_step(scene_install(s), &step, NULL, &s->err));
	assert_true(slice_is(s->state.db.packages[0]->tag, "edge"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(a_tree_without_database_has_nothing_installed),
		SCENE_TEST(apk_tools_decide_the_flavor),
		SCENE_TEST(a_plain_script_archive_stays_plain),
		SCENE_TEST(the_first_line_of_arch_counts),
		SCENE_TEST(a_broken_database_names_the_file),
		SCENE_TEST(the_database_is_found_through_links),
		SCENE_TEST(what_is_written_is_read_back),
		SCENE_TEST(apk_3_compresses_its_scripts),
		SCENE_TEST(the_lock_that_is_there_stays),
		SCENE_TEST(a_step_with_a_tag_is_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
