/* SPDX-License-Identifier: MIT */
#include "unit/install_fixture.h"

static void a_new_directory_is_the_first_packages(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = "d x 2750 root:root\n");
	assert_look(s, "x", "2750 0:0 /");
	assert_record(s, "a", "F:x M:0:0:2750");
}

static void apk_2_gives_only_the_bits_that_all_have(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = "d x 0750 root:root\n");
	scene_add(s, .name = "b", .data = "d x 0705 root:root\n");
	assert_look(s, "x", "0700 0:0 /");
	assert_record(s, "a", "F:x M:0:0:750");
	assert_record(s, "b", "F:x M:0:0:705");
}

static void apk_2_prefers_the_smaller_owner(void **state)
{
	struct scene *s = *state;

	scene_file(s, "etc/passwd", "app:x:5:5::/:\n");
	scene_file(s, "etc/group", "web:x:5:\n");
	scene_add(s, .name = "a", .data = "d x 0700 app:web\n");
	scene_add(s, .name = "b", .data = "d x 0755 app:root\n");
	assert_look(s, "x", "0755 5:0 /");
	scene_add(s, .name = "c", .data = "d x 0711 root:web\n");
	assert_look(s, "x", "0711 0:5 /");
}

static void apk_2_goes_back_when_a_package_goes(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = "d x 0750 root:root\n");
	scene_add(s, .name = "b", .data = "d x 0705 root:root\n");
	scene_purge(s, "b");
	scene_finish(s);
	assert_look(s, "x", "0750 0:0 /");
}

static void apk_3_goes_back_when_the_owner_goes(void **state)
{
	struct scene *s = *state;

	s->state.flavor = APK_3;
	scene_add(s, .name = "b", .data = "d x 0750 root:root\n");
	scene_add(s, .name = "a", .data = "d x 0705 root:root\n");
	assert_look(s, "x", "0705 0:0 /");
	scene_purge(s, "a");
	assert_look(s, "x", "0750 0:0 /");
}

static void apk_3_keeps_the_first_by_name(void **state)
{
	struct scene *s = *state;

	s->state.flavor = APK_3;
	scene_add(s, .name = "b", .data = "d x 0750 root:root\n");
	scene_add(s, .name = "c", .data = "d x 0705 root:root\n");
	assert_look(s, "x", "0750 0:0 /");
	scene_add(s, .name = "a", .data = "d x 0711 root:root\n");
	assert_look(s, "x", "0711 0:0 /");
}

static void apk_3_prefers_the_package_named_after_its_origin(void **state)
{
	struct scene *s = *state;

	s->state.flavor = APK_3;
	scene_add(s, .name = "lib", .origin = "zlib",
		.data = "d x 0750 root:root\n");
	scene_add(s, .name = "zlib", .origin = "zlib",
		.data = "d x 0705 root:root\n");
	assert_look(s, "x", "0705 0:0 /");
	scene_add(s, .name = "zlib-dev", .origin = "zlib",
		.data = "d x 0711 root:root\n");
	assert_look(s, "x", "0705 0:0 /");
}

static void apk_3_prefers_the_higher_replaces_priority(void **state)
{
	struct scene *s = *state;

	s->state.flavor = APK_3;
	scene_add(s, .name = "a", .data = "d x 0750 root:root\n");
	scene_add(s, .name = "layout", .priority = 1000,
		.data = "d x 0705 root:root\n");
	assert_look(s, "x", "0705 0:0 /");
	scene_add(
		s, .name = "b", .priority = 5, .data = "d x 0711 root:root\n");
	assert_look(s, "x", "0705 0:0 /");
}

static void an_upgrade_changes_its_directory(void **state)
{
	for (int flavor = APK_2; flavor <= APK_3; flavor++) {
		struct scene *s = *state;

		s->state.flavor = (enum apk_flavor)flavor;
		scene_add(s, .name = "a", .data = "d x 0755 root:root\n");
		scene_add(s, .name = "a", .version = "2-r0",
			.data = "d x 0700 root:root\n");
		scene_finish(s);
		assert_look(s, "x", "0700 0:0 /");
		scene_teardown(state);
		scene_setup(state);
	}
}

/* As when a script of an earlier package made it for its user. */
static void a_directory_that_nobody_owns_stays_as_it_is(void **state)
{
	for (int flavor = APK_2; flavor <= APK_3; flavor++) {
		struct scene *s = *state;

		s->state.flavor = (enum apk_flavor)flavor;
		scene_dir(s, "x", 02755, 100);
		scene_add(s, .name = "a", .data = "d x 0750 root:root\n");
		scene_finish(s);
		assert_look(s, "x", "2755 100:0 /");
		assert_record(s, "a", "F:x M:0:0:750");
		scene_teardown(state);
		scene_setup(state);
	}
}

static void a_directory_that_was_changed_stays_as_it_is(void **state)
{
	for (int flavor = APK_2; flavor <= APK_3; flavor++) {
		struct scene *s = *state;

		scene_add(s, .name = "b", .data = "d x 0755 root:root\n");
		scene_again(s);
		s->state.flavor = (enum apk_flavor)flavor;
		scene_dir(s, "x", 0711, 7);
		scene_add(s, .name = "a", .data = "d x 0750 root:root\n");
		scene_finish(s);
		assert_look(s, "x", "0711 7:0 /");
		scene_teardown(state);
		scene_setup(state);
	}
}

static void a_directory_as_the_database_says_follows_it(void **state)
{
	for (int flavor = APK_2; flavor <= APK_3; flavor++) {
		struct scene *s = *state;

		scene_add(s, .name = "b", .data = "d x 0755 root:root\n");
		scene_again(s);
		s->state.flavor = (enum apk_flavor)flavor;
		scene_add(s, .name = "a", .data = "d x 0750 root:root\n");
		scene_finish(s);
		assert_look(s, "x", "0750 0:0 /");
		scene_teardown(state);
		scene_setup(state);
	}
}

static void a_directory_that_comes_again_is_made_anew(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a",
		.data = "d x 0755 root:root\nd x/y 0700 root:root\n");
	scene_purge(s, "a");
	assert_look(s, "x", "nothing");
	scene_add(s, .name = "b",
		.data = "d x 0711 root:root\nd x/y 0750 root:root\n");
	assert_look(s, "x", "0711 0:0 /");
	assert_look(s, "x/y", "0750 0:0 /");
	scene_purge(s, "b");
	assert_look(s, "x", "nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(a_new_directory_is_the_first_packages),
		SCENE_TEST(apk_2_gives_only_the_bits_that_all_have),
		SCENE_TEST(apk_2_prefers_the_smaller_owner),
		SCENE_TEST(apk_2_goes_back_when_a_package_goes),
		SCENE_TEST(apk_3_goes_back_when_the_owner_goes),
		SCENE_TEST(apk_3_keeps_the_first_by_name),
		SCENE_TEST(apk_3_prefers_the_package_named_after_its_origin),
		SCENE_TEST(apk_3_prefers_the_higher_replaces_priority),
		SCENE_TEST(an_upgrade_changes_its_directory),
		SCENE_TEST(a_directory_that_nobody_owns_stays_as_it_is),
		SCENE_TEST(a_directory_that_was_changed_stays_as_it_is),
		SCENE_TEST(a_directory_as_the_database_says_follows_it),
		SCENE_TEST(a_directory_that_comes_again_is_made_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
