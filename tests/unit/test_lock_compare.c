/* SPDX-License-Identifier: MIT
 *
 * What changed between two locks, and whether a lock fits a manifest.
 */
#include "build/lock_update.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PACKAGE(n, v)                                                          \
	{                                                                      \
		.step = "install", .name = (n), .version = (v), .path = "x"    \
	}

struct fixture {
	struct arena arena;
	struct lock_package old_packages[3], new_packages[3];
	struct lock_arch old_arch, new_arch;
	struct lock old, new;
};

static int setup(void **state)
{
	struct fixture *f = memory_zero(1, sizeof(*f));
	const struct lock_package old[] = { PACKAGE("a", "1-r0"),
		PACKAGE("b", "1-r0"), PACKAGE("gone", "3-r0") };
	const struct lock_package new[] = { PACKAGE("a", "1-r0"),
		PACKAGE("b", "2-r0"), PACKAGE("added", "1-r0") };

	arena_init(&f->arena);
	memcpy(f->old_packages, old, sizeof(old));
	memcpy(f->new_packages, new, sizeof(new));
	f->old_arch = (struct lock_arch){ .name = "arm64",
		.minirootfs = { .version = "3.18.8" },
		.packages = f->old_packages,
		.npackages = 3 };
	f->new_arch = (struct lock_arch){ .name = "arm64",
		.minirootfs = { .version = "3.18.9" },
		.packages = f->new_packages,
		.npackages = 3 };
	f->old = (struct lock){ .archs = &f->old_arch, .narchs = 1 };
	f->new = (struct lock){ .archs = &f->new_arch, .narchs = 1 };
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	free(f);
	return 0;
}

static void assert_change(const struct lock_change *c, const char *name,
	const char *from, const char *to)
{
	assert_string_equal(c->arch, "arm64");
	assert_string_equal(c->name, name);
	if (from)
		assert_string_equal(c->from, from);
	else
		assert_null(c->from);
	if (to)
		assert_string_equal(c->to, to);
	else
		assert_null(c->to);
}

static void changes_are_told_by_name(void **state)
{
	struct fixture *f = *state;
	struct lock_changes changes;

	lock_compare(&f->old, &f->new, &f->arena, &changes);
	assert_int_equal(changes.n, 4);
	assert_change(&changes.items[0], "added", NULL, "1-r0");
	assert_change(&changes.items[1], "b", "1-r0", "2-r0");
	assert_change(&changes.items[2], "gone", "3-r0", NULL);
	assert_change(&changes.items[3], "minirootfs", "3.18.8", "3.18.9");
}

static void equal_locks_have_no_changes(void **state)
{
	struct fixture *f = *state;
	struct lock_changes changes;

	lock_compare(&f->old, &f->old, &f->arena, &changes);
	assert_int_equal(changes.n, 0);
}

static void a_first_lock_adds_everything(void **state)
{
	struct fixture *f = *state;
	struct lock_changes changes;

	lock_compare(NULL, &f->new, &f->arena, &changes);
	assert_int_equal(changes.n, 4);
	for (size_t i = 0; i < changes.n; i++)
		assert_null(changes.items[i].from);
}

static void a_purge_counts_as_not_there(void **state)
{
	struct fixture *f = *state;
	struct lock_changes changes;

	f->new_packages[1].step = "purge";
	lock_compare(&f->old, &f->new, &f->arena, &changes);
	assert_change(&changes.items[1], "b", "1-r0", NULL);
}

/* An image plan that wants what f->old was made for. */
static void make_image(struct fixture *f, struct image_plan *image,
	struct arch_plan *plan, struct arch *arch)
{
	memset(image, 0, sizeof(*image));
	memset(plan, 0, sizeof(*plan));
	memset(arch, 0, sizeof(*arch));
	arch->name = "arm64";
	plan->arch = arch;
	plan->manifest.alpine = "3.18";
	string_list_add(&plan->manifest.packages, "openrc", &f->arena);
	image->name = "x";
	image->manifest_path = "manifests/x.json";
	image->archs = plan;
	image->narchs = 1;
	f->old.image = "x";
	f->old.path = "manifests/x.lock.json";
	f->old.alpine = "3.18";
	f->old_arch.wants.packages = plan->manifest.packages;
}

static void a_lock_fits_what_it_was_made_for(void **state)
{
	struct fixture *f = *state;
	struct image_plan image;
	struct arch_plan plan;
	struct arch arch;
	struct error err;

	make_image(f, &image, &plan, &arch);
	assert_int_equal(lock_check(&f->old, &image, &err), 0);
}

static void what_changed_since_is_named(void **state)
{
	struct fixture *f = *state;
	struct image_plan image;
	struct arch_plan plan;
	struct arch arch;
	struct error err;

	make_image(f, &image, &plan, &arch);
	plan.manifest.packages = (struct string_list){ 0 };
	string_list_add(&plan.manifest.packages, "curl", &f->arena);
	string_list_add(&plan.manifest.repositories, "main", &f->arena);
	plan.manifest.alpine = "3.19";
	assert_int_equal(lock_check(&f->old, &image, &err), -1);
	assert_int_equal(err.kind, ERROR_LOCK);
	assert_non_null(strstr(err.text, "arm64: + curl"));
	assert_non_null(strstr(err.text, "arm64: - openrc"));
	assert_non_null(strstr(err.text, "arm64: repositories differ"));
	assert_non_null(strstr(err.text, "alpine 3.19"));
	assert_non_null(strstr(err.text, "alpbuild lock --update"));
}

static void a_new_architecture_is_not_locked_yet(void **state)
{
	struct fixture *f = *state;
	struct image_plan image;
	struct arch_plan plan;
	struct arch arch;
	struct error err;

	make_image(f, &image, &plan, &arch);
	arch.name = "riscv64";
	assert_int_equal(lock_check(&f->old, &image, &err), -1);
	assert_non_null(strstr(err.text, "riscv64: not in the lock"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(changes_are_told_by_name),
		TEST(equal_locks_have_no_changes),
		TEST(a_first_lock_adds_everything),
		TEST(a_purge_counts_as_not_there),
		TEST(a_lock_fits_what_it_was_made_for),
		TEST(what_changed_since_is_named),
		TEST(a_new_architecture_is_not_locked_yet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
