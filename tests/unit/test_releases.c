/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

#include "spec/releases.h"

#define SHA256                                                                 \
	"1d90362d504b1846488bda4d9fd11ea8b8f3a567eeba01d3d881a9c98e900c3f"
#define SHA512                                                                 \
	"97ae27020197040febee4082add4f521cd1b52c75094ca687e16f8b029cc385ce2"   \
	"31372a68377b7c1929c92a614b5796e7aebdee1217d9a6d7128a827a6b0380"

static void project_pins_what_its_manifests_name(void **state)
{
	static const char *const archs[] = { "x86_64", "aarch64", "armv7" };
	struct fixture *f = *state;
	const struct release_pin *pin;
	struct release_pins pins;

	assert_int_equal(release_pins_read(&pins, "manifests/releases.json",
				 &f->arena, &f->err),
		0);
	for (size_t i = 0; i < ARRAY_SIZE(archs); i++)
		assert_non_null(release_pins_find(&pins, "3.18.9", archs[i]));
	pin = release_pins_find(&pins, "3.18.9", "x86_64");
	assert_string_equal(pin->version, "3.18.9");
	assert_string_equal(pin->arch, "x86_64");
	assert_int_equal(pin->size, 3292753);
	assert_string_equal(pin->sha256, SHA256);
	assert_non_null(release_pins_find(&pins, "20240923", "armv7"));
	assert_null(release_pins_find(&pins, "3.18.9", "mips"));
	assert_null(release_pins_find(&pins, "3.18", "x86_64"));
}

static void size_of_a_pin_may_be_unknown(void **state)
{
	struct fixture *f = *state;
	struct release_pins pins;

	assert_int_equal(
		release_pins_read(&pins,
			fixture_file(f, "r.json",
				"{'minirootfs': {'3.18.2': {'x86_64': "
				"{'sha256': '" SHA256 "'}}, '3.0.0': {}}}"),
			&f->arena, &f->err),
		0);
	assert_int_equal(pins.n, 1);
	assert_int_equal(pins.items[0].size, 0);
}

static void branch_is_made_of_major_and_minor(void **state)
{
	static const struct {
		const char *alpine, *branch;
		bool exact;
	} cases[] = {
		{ "3.18.9", "v3.18", true },
		{ "3.18", "v3.18", false },
		{ "10.0.123", "v10.0", true },
		{ "3", NULL, false },
		{ "", NULL, false },
		{ "3.", NULL, false },
		{ ".3", NULL, false },
		{ "3.18.9.1", NULL, true },
		{ "3.018", NULL, false },
		{ "v3.18", NULL, false },
		{ "3.18-", NULL, false },
		{ "edge", NULL, false },
		{ "20240923", NULL, false },
		{ "3.1234", NULL, false },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *branch = release_branch(cases[i].alpine, &f->arena);

		if (cases[i].branch)
			assert_string_equal(branch, cases[i].branch);
		else
			assert_null(branch);
		assert_int_equal(
			release_is_exact(cases[i].alpine), cases[i].exact);
	}
}

static int parse(
	struct fixture *f, const char *text, struct latest_release *out)
{
	return latest_release_parse(out, "http://m/latest-releases.yaml",
		slice_of(text), &f->arena, &f->err);
}

/* As on Alpine's mirrors; only the entries and values are made up. */
static void latest_release_is_found_among_others(void **state)
{
	static const char text[] =
		"---\n"
		"-\n"
		"  title: \"Netboot\"\n"
		"  desc: |\n"
		"    Kernel, initramfs and modloop for\n"
		"    netboot.\n"
		"\n"
		"  branch: v3.18\n"
		"  arch: x86_64\n"
		"  version: 3.18.9\n"
		"  flavor: alpine-netboot\n"
		"  file: alpine-netboot-3.18.9-x86_64.tar.gz\n"
		"  extras: [{a: b}, [c]]\n"
		"-\n"
		"  title: \"Mini root filesystem\"\n"
		"  branch: v3.18\n"
		"  arch: x86_64\n"
		"  version: 3.18.9\n"
		"  flavor: alpine-minirootfs\n"
		"  file: alpine-minirootfs-3.18.9-x86_64.tar.gz\n"
		"  date: 2024-09-06\n"
		"  time: 11:36:21\n"
		"  size: 3292753\n"
		"  sha256: " SHA256 "\n"
		"  sha512: " SHA512 "\n";
	struct fixture *f = *state;
	struct latest_release latest;

	assert_int_equal(parse(f, text, &latest), 0);
	assert_string_equal(latest.version, "3.18.9");
	assert_string_equal(
		latest.file, "alpine-minirootfs-3.18.9-x86_64.tar.gz");
	assert_string_equal(latest.arch, "x86_64");
	assert_int_equal(latest.size, 3292753);
	assert_string_equal(latest.sha256, SHA256);
	assert_string_equal(latest.sha512, SHA512);
}

static void scalars_are_text_whatever_yaml_makes_of_them(void **state)
{
	struct fixture *f = *state;
	struct latest_release latest;

	assert_int_equal(parse(f,
				 "[{flavor: 'alpine-minirootfs', "
				 "version: 20240923, arch: armv7, "
				 "file: alpine-minirootfs-20240923-"
				 "armv7.tar.gz, time: 11:36:07, y: no}]",
				 &latest),
		0);
	assert_string_equal(latest.version, "20240923");
	assert_int_equal(latest.size, 0);
	assert_null(latest.sha256);
	assert_null(latest.sha512);
}

static void document_has_a_maximum(void **state)
{
	struct fixture *f = *state;
	struct latest_release latest;
	char *big = arena_alloc(&f->arena, ((size_t)1 << 20) + 2);

	memset(big, '#', ((size_t)1 << 20) + 1);
	assert_int_equal(parse(f, big, &latest), -1);
	assert_int_equal(f->err.kind, ERROR_INPUT);
	assert_non_null(strstr(f->err.text, "(at most 1048576)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(project_pins_what_its_manifests_name),
		FIXTURE_TEST(size_of_a_pin_may_be_unknown),
		FIXTURE_TEST(branch_is_made_of_major_and_minor),
		FIXTURE_TEST(latest_release_is_found_among_others),
		FIXTURE_TEST(scalars_are_text_whatever_yaml_makes_of_them),
		FIXTURE_TEST(document_has_a_maximum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
