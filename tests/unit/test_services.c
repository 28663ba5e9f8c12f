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
	assert_error(f, ERROR_TREE, "/sbin/openrc-run is not in the image");
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
		TEST(no_services_need_no_openrc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
