/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/tree_fixture.h"

#include "rootfs/services.h"

#define RUN "#!/sbin/openrc-run\n"
#define PROGRAM "\177ELF\2\1\1 static program" /* no loader */

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_init(f);
	put_mode(f, "bin/sh", PROGRAM, 0755);
	put_mode(f, "sbin/openrc-run", PROGRAM, 0755);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	fixture_release(*state);
	free(*state);
	return 0;
}

static struct node *put_script(
	struct fixture *f, const char *name, const char *text)
{
	return put_mode(f, arena_printf(&f->arena, "etc/init.d/%s", name),
		arena_printf(&f->arena, RUN "%s", text), 0755);
}

static int apply(struct fixture *f, const char *runlevel, const char *name)
{
	struct service_spec service = { runlevel, name, "x.json:3: services" };
	struct manifest m = { .services = &service, .nservices = 1 };

	return services_apply(&f->tree, &m, 7, &f->err);
}

static void service_is_a_link_in_its_runlevel(void **state)
{
	struct fixture *f = *state;
	struct node *node;

	put_script(f, "crond", "");
	assert_int_equal(apply(f, "default", "crond"), 0);
	node = tree_find(&f->tree, "etc/runlevels/default/crond");
	assert_non_null(node);
	assert_int_equal(node->inode->kind, INODE_SYMLINK);
	assert_string_equal(node->inode->target, "/etc/init.d/crond");
	assert_string_equal(node->origin, "manifest services");
	assert_int_equal(node->inode->mtime, 7);
	assert_string_equal(node->parent->origin, "manifest services");
	assert_false(node->parent->is_implied);
	assert_int_equal(node->parent->inode->mode, 0755);
}

static void runlevel_that_is_there_stays_as_it_is(void **state)
{
	struct fixture *f = *state;
	struct node *dir = put_dir(f, "etc/runlevels/boot");

	dir->inode->mode = 0700;
	put_script(f, "a", "");
	put_link(f, "etc/runlevels/boot/a", "somewhere");
	assert_int_equal(apply(f, "boot", "a"), 0);
	assert_int_equal(dir->inode->mode, 0700);
	assert_string_equal(dir->origin, "test");
	assert_string_equal(
		tree_find(&f->tree, "etc/runlevels/boot/a")->inode->target,
		"/etc/init.d/a");
}

static void runlevel_that_is_no_directory_is_an_error(void **state)
{
	struct fixture *f = *state;

	put_script(f, "a", "");
	put_file(f, "etc/runlevels/boot", "");
	assert_int_equal(apply(f, "boot", "a"), -1);
	assert_error(f, ERROR_TREE, "x.json:3: services: ");
	assert_error(f, ERROR_TREE, "etc/runlevels/boot");
}

static void script_that_is_missing_has_a_hint(void **state)
{
	struct fixture *f = *state;

	put_script(f, "crond", "");
	assert_int_equal(apply(f, "default", "cron"), -1);
	assert_error(f, ERROR_TREE,
		"x.json:3: services: service cron: /etc/init.d/cron is not in "
		"the image, did you mean /etc/init.d/crond");
	assert_int_equal(apply(f, "default", "something-else"), -1);
	assert_error(f, ERROR_TREE, "package or overlay");
}

static void script_must_be_executable(void **state)
{
	struct fixture *f = *state;

	put_script(f, "a", "")->inode->mode = 0644;
	assert_int_equal(apply(f, "default", "a"), -1);
	assert_error(f, ERROR_TREE, "is not executable (mode 0644)");
}

static void interpreter_must_be_in_the_image(void **state)
{
	struct fixture *f = *state;

	put_script(f, "a", "");
	tree_remove(&f->tree, tree_find(&f->tree, "sbin/openrc-run"));
	assert_int_equal(apply(f, "default", "a"), -1);
	assert_error(f, ERROR_TREE,
		"/sbin/openrc-run is not in the image: add the package openrc");
}

static void script_must_be_one_of_openrc(void **state)
{
	struct fixture *f = *state;

	put_mode(f, "etc/init.d/a", "#!/bin/sh\nopenrc-run\n", 0755);
	assert_int_equal(apply(f, "default", "a"), -1);
	assert_error(f, ERROR_TREE, "/etc/init.d/a is no init script");
}

static void need_is_met_by_a_name_or_a_provider(void **state)
{
	struct fixture *f = *state;

	put_script(f, "a", "depend() {\nneed b net\nuse nothing\n}\n");
	put_script(f, "b", "");
	put_script(f, "c", "depend() { provide net; }");
	assert_int_equal(apply(f, "default", "a"), 0);
	/* a provider that may be one is not missed */
	put_script(f, "c", "depend() { if x; then provide net; fi; }");
	assert_int_equal(apply(f, "default", "a"), 0);
}

static void need_that_nothing_provides_is_an_error(void **state)
{
	struct fixture *f = *state;

	put_script(f, "a", "depend() { need loger; }");
	put_script(f, "b", "depend() { provide logger; }");
	assert_int_equal(apply(f, "default", "a"), -1);
	assert_error(f, ERROR_TREE,
		"x.json:3: services: service a needs loger, and no init script "
		"of the image has or provides that name, did you mean logger");
}

static void need_of_what_is_needed_is_checked_too(void **state)
{
	struct fixture *f = *state;

	put_script(f, "a", "depend() { need b; }");
	put_script(f, "b", "depend() { need a c; }");
	put_script(f, "c", "depend() { need zzz-missing; }");
	assert_int_equal(apply(f, "default", "a"), -1);
	assert_error(
		f, ERROR_TREE, "service c (needed by b) needs zzz-missing");
}

static void need_of_a_condition_may_be_missing(void **state)
{
	struct fixture *f = *state;

	put_script(f, "a", "depend() {\nif x; then need zzz; fi\nneed $q\n}\n");
	assert_int_equal(apply(f, "default", "a"), 0);
}

static void keyword_of_rc_sys_takes_the_service_away(void **state)
{
	struct fixture *f = *state;

	put_script(f, "a", "depend() { keyword -docker -lxc; }");
	put_file(f, "etc/rc.conf", "#rc_sys=\"lxc\"\n");
	assert_int_equal(apply(f, "default", "a"), 0);
	put_file(f, "etc/rc.conf", "rc_sys=''\nrc_sys=\"LXC\" # x\n");
	assert_int_equal(apply(f, "default", "a"), -1);
	assert_error(f, ERROR_TREE,
		"service a has the keyword -lxc and /etc/rc.conf says "
		"rc_sys=\"lxc\"");
	put_file(f, "etc/rc.conf", "rc_sys=lxc\n");
	put_file(f, "etc/rc.conf.d/x.conf", "rc_sys=vserver\n");
	assert_int_equal(apply(f, "default", "a"), 0);
}

static void keyword_of_containers_means_all_of_them(void **state)
{
	struct fixture *f = *state;

	put_file(f, "etc/rc.conf", "rc_sys=\"lxc\"\n");
	put_script(f, "a", "depend() { keyword -containers; }");
	assert_int_equal(apply(f, "default", "a"), -1);
	assert_error(f, ERROR_TREE, "-containers");
	put_script(f, "a", "depend() { keyword -containers !-lxc; }");
	assert_int_equal(apply(f, "default", "a"), 0);
	put_script(f, "a", "depend() { if x; then keyword -lxc; fi; }");
	assert_int_equal(apply(f, "default", "a"), 0);
}

static void need_of_what_a_keyword_takes_away_is_dropped(void **state)
{
	struct fixture *f = *state;

	put_file(f, "etc/rc.conf", "rc_sys=\"lxc\"\n");
	put_script(f, "a", "depend() { need clock; }");
	put_script(f, "hwclock",
		"depend() { provide clock; need zzz; keyword -lxc; }");
	assert_int_equal(apply(f, "default", "a"), 0);
	put_file(f, "etc/rc.conf", "");
	assert_int_equal(apply(f, "default", "a"), -1);
	assert_error(f, ERROR_TREE, "hwclock (needed by a) needs zzz");
}

static void settings_change_what_is_needed(void **state)
{
	struct fixture *f = *state;

	put_script(f, "a-b", "depend() { need dev; }");
	put_file(f, "etc/conf.d/a-b", "# x\nrc_need=\"!dev net\"\n");
	assert_int_equal(apply(f, "default", "a-b"), -1);
	assert_error(f, ERROR_TREE, "needs net");
	put_file(f, "etc/rc.conf", "rc_a_b_need='!dev'\n");
	assert_int_equal(apply(f, "default", "a-b"), 0);
	put_file(f, "etc/rc.conf", "rc_provide=\"net dev\"\n");
	assert_int_equal(apply(f, "default", "a-b"), 0);
}

static void no_services_need_no_openrc(void **state)
{
	struct fixture *f = *state;
	const struct manifest m = { .path = "x.json" };

	assert_int_equal(services_apply(&f->tree, &m, 7, &f->err), 0);
	assert_null(tree_find(&f->tree, "etc"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(service_is_a_link_in_its_runlevel),
		TEST(runlevel_that_is_there_stays_as_it_is),
		TEST(runlevel_that_is_no_directory_is_an_error),
		TEST(script_that_is_missing_has_a_hint),
		TEST(script_must_be_executable),
		TEST(interpreter_must_be_in_the_image),
		TEST(script_must_be_one_of_openrc),
		TEST(need_is_met_by_a_name_or_a_provider),
		TEST(need_that_nothing_provides_is_an_error),
		TEST(need_of_what_is_needed_is_checked_too),
		TEST(need_of_a_condition_may_be_missing),
		TEST(keyword_of_rc_sys_takes_the_service_away),
		TEST(keyword_of_containers_means_all_of_them),
		TEST(need_of_what_a_keyword_takes_away_is_dropped),
		TEST(settings_change_what_is_needed),
		TEST(no_services_need_no_openrc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
