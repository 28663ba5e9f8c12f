/* SPDX-License-Identifier: MIT */
#include "build/package_skew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Two architectures with one package each that both may have. */
struct fixture {
	struct package_input items[2];
	struct package_set sets[2];
	struct arch archs[2];
	struct arch_plan plans[2];
	struct image_plan image;
};

static void make(struct fixture *f, const char *first, const char *second)
{
	memset(f, 0, sizeof(*f));
	f->archs[0].name = "amd64";
	f->archs[1].name = "arm64";
	for (int i = 0; i < 2; i++) {
		f->items[i].name = "openrc";
		f->items[i].version = i ? second : first;
		f->sets[i].items = &f->items[i];
		f->sets[i].n = 1;
		f->plans[i].arch = &f->archs[i];
		f->plans[i].packages = &f->sets[i];
		f->plans[i].manifest.arch_skew = ARCH_SKEW_ERROR;
	}
	f->image.name = "x";
	f->image.manifest_path = "manifests/x.json";
	f->image.archs = f->plans;
	f->image.narchs = 2;
}

static void equal_versions_pass(void **state)
{
	struct fixture f;
	struct error err;

	make(&f, "1-r0", "1-r0");
	assert_int_equal(package_skew_check(&f.image, &err), 0);
}

static void different_versions_are_refused_by_policy(void **state)
{
	struct fixture f;
	struct error err;

	make(&f, "1-r0", "1-r1");
	assert_int_equal(package_skew_check(&f.image, &err), -1);
	assert_int_equal(err.kind, ERROR_LIMIT);
	assert_non_null(strstr(err.text, "openrc 1-r0 (amd64), 1-r1 (arm64)"));
}

static void different_versions_may_be_allowed(void **state)
{
	struct fixture f;
	struct error err;

	make(&f, "1-r0", "1-r1");
	f.plans[0].manifest.arch_skew = ARCH_SKEW_ALLOW;
	assert_int_equal(package_skew_check(&f.image, &err), 0);
}

static void a_package_of_one_architecture_is_no_skew(void **state)
{
	struct fixture f;
	struct error err;

	make(&f, "1-r0", "1-r1");
	f.items[1].name = "other";
	assert_int_equal(package_skew_check(&f.image, &err), 0);
	f.items[1].name = "openrc";
	f.items[1].kind = STEP_PURGE;
	assert_int_equal(package_skew_check(&f.image, &err), 0);
	f.plans[1].packages = NULL;
	assert_int_equal(package_skew_check(&f.image, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_versions_pass),
		cmocka_unit_test(different_versions_are_refused_by_policy),
		cmocka_unit_test(different_versions_may_be_allowed),
		cmocka_unit_test(a_package_of_one_architecture_is_no_skew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
