/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

#include "spec/overlay_spec.h"

static int read_for(struct fixture *f, const char *path, const char *arch,
	struct overlay_spec *spec)
{
	return overlay_spec_read(
		spec, path, arch_find(&f->archs, arch), &f->arena, &f->err);
}

static void missing_file_is_the_empty_spec(void **state)
{
	struct fixture *f = *state;
	struct overlay_spec spec;

	assert_int_equal(
		read_for(f, arena_printf(&f->arena, "%s/overlay.json", f->dir),
			"arm64", &spec),
		0);
	assert_string_equal(spec.description, "");
	assert_int_equal(spec.rules.n + spec.templates.n + spec.ignore.n, 0);
}

static void every_key_fills_its_field(void **state)
{
	struct fixture *f = *state;
	const char *path = fixture_file(f, "overlay.json",
		"{'description': 'd',\n"
		"'rules': [{'path': '/sbin/x', 'mode': '0755'}, {'path': '/y',"
		"\n'type': 'removal', 'arch': ['arm64']}], "
		"'templates': ['/etc/*.conf', "
		"{'arch': ['armv7'], 'value': '/etc//motd/'}], "
		"'ignore': ['/**/README.md']}");
	struct overlay_spec spec;

	assert_int_equal(read_for(f, path, "arm64", &spec), 0);
	assert_string_equal(spec.description, "d");
	assert_int_equal(spec.rules.n, 2);
	assert_string_equal(spec.rules.items[0].path, "sbin/x");
	assert_int_equal(spec.templates.n, 1);
	assert_string_equal(spec.templates.items[0], "etc/*.conf");
	assert_string_equal(spec.ignore.items[0], "**/README.md");
	assert_int_equal(read_for(f, path, "armv7", &spec), 0);
	assert_int_equal(spec.rules.n, 1);
	assert_string_equal(spec.templates.items[1], "etc/motd");
}

static void shipped_overlay_reads(void **state)
{
	struct fixture *f = *state;
	struct overlay_spec spec;

	assert_int_equal(read_for(f, "rootfs-overlays/alp_rc/overlay.json",
				 "amd64", &spec),
		0);
	assert_true(string_list_has(&spec.templates, "etc/alp_rc-release"));
}

static void unreadable_file_is_no_empty_spec(void **state)
{
	struct fixture *f = *state;
	struct overlay_spec spec;

	assert_int_equal(read_for(f, f->dir, "amd64", &spec), -1);
	assert_int_equal(read_for(f, fixture_file(f, "overlay.json", ""),
				 "amd64", &spec),
		-1);
	assert_int_equal(f->err.kind, ERROR_SPEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(missing_file_is_the_empty_spec),
		FIXTURE_TEST(every_key_fills_its_field),
		FIXTURE_TEST(shipped_overlay_reads),
		FIXTURE_TEST(unreadable_file_is_no_empty_spec),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
