/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

#include <elf.h>

#define REST                                                                   \
	"'alpine': 'x', 'oci': {'architecture': 'x'}, 'elf': {'class': 64, "   \
	"'machine': 1}, 'loader': '/lib/x', 'routeros': []}"

static void project_knows_three_architectures(void **state)
{
	static const struct arch want[] = {
		{ .name = "amd64",
			.alpine = "x86_64",
			.oci = "amd64",
			.elf_class = 64,
			.elf_machine = EM_X86_64,
			.loader = "lib/ld-musl-x86_64.so.1" },
		{ .name = "arm64",
			.alpine = "aarch64",
			.oci = "arm64",
			.variant = "v8",
			.elf_class = 64,
			.elf_machine = EM_AARCH64,
			.loader = "lib/ld-musl-aarch64.so.1" },
		{ .name = "armv7",
			.alpine = "armv7",
			.oci = "arm",
			.variant = "v7",
			.elf_class = 32,
			.elf_machine = EM_ARM,
			.loader = "lib/ld-musl-armhf.so.1" },
	};
	struct fixture *f = *state;

	assert_int_equal(f->archs.n, ARRAY_SIZE(want));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		const struct arch *arch = &f->archs.items[i];

		assert_string_equal(arch->name, want[i].name);
		assert_string_equal(arch->alpine, want[i].alpine);
		assert_string_equal(arch->oci, want[i].oci);
		assert_string_equal(arch->loader, want[i].loader);
		assert_int_equal(arch->elf_class, want[i].elf_class);
		assert_int_equal(arch->elf_machine, want[i].elf_machine);
		if (want[i].variant)
			assert_string_equal(arch->variant, want[i].variant);
		else
			assert_null(arch->variant);
	}
}

static void architecture_is_found_by_name_and_alias(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(arch_find(&f->archs, "arm")->name, "armv7");
	assert_string_equal(arch_find(&f->archs, "x86_64")->name, "amd64");
	assert_string_equal(arch_find(&f->archs, "aarch64")->name, "arm64");
	assert_ptr_equal(
		arch_find(&f->archs, "armv7"), arch_find(&f->archs, "arm"));
	assert_null(arch_find(&f->archs, "mips"));
	assert_null(arch_find(&f->archs, ""));
	assert_string_equal(
		arch_names(&f->archs, &f->arena), "amd64, arm64, armv7");
}

static void routeros_names_of_x86_are_both_known(void **state)
{
	struct fixture *f = *state;
	const struct arch *amd64 = arch_find(&f->archs, "amd64");

	assert_true(string_list_has(&amd64->routeros, "x86_64"));
	assert_true(string_list_has(&amd64->routeros, "x86"));
}

static void new_file_is_a_new_architecture(void **state)
{
	struct fixture *f = *state;
	struct arch_table table;

	fixture_file(f, "b.json", "{'aliases': ['bee'], " REST);
	fixture_file(f, "a.json", "{" REST);
	fixture_file(f, ".hidden.json", "no JSON");
	fixture_file(f, "README.md", "no JSON");
	assert_int_equal(
		arch_table_read(&table, f->dir, &f->arena, &f->err), 0);
	assert_string_equal(arch_names(&table, &f->arena), "a, b");
	assert_string_equal(arch_find(&table, "bee")->name, "b");
	assert_string_equal(table.items[0].loader, "lib/x");
	assert_int_equal(table.items[0].aliases.n, 0);
}

static void alias_must_mean_one_architecture(void **state)
{
	struct fixture *f = *state;
	struct arch_table table;

	fixture_file(f, "a.json", "{'aliases': ['x', 'b'], " REST);
	fixture_file(f, "b.json", "{" REST);
	assert_int_equal(
		arch_table_read(&table, f->dir, &f->arena, &f->err), -1);
	assert_non_null(strstr(
		f->err.text, "/a.json: aliases[1]: \"b\" means b already"));
	fixture_file(f, "a.json", "{'aliases': ['x'], " REST);
	fixture_file(f, "b.json", "{'aliases': ['x'], " REST);
	assert_int_equal(
		arch_table_read(&table, f->dir, &f->arena, &f->err), -1);
	assert_non_null(strstr(f->err.text, "\"x\" means a already"));
	fixture_file(f, "b.json", "{'aliases': ['b'], " REST);
	assert_int_equal(
		arch_table_read(&table, f->dir, &f->arena, &f->err), -1);
	assert_non_null(strstr(f->err.text, "\"b\" means b already"));
}

static void file_name_must_be_a_name(void **state)
{
	struct fixture *f = *state;
	struct arch_table table;

	fixture_file(f, "A b.json", "{" REST);
	assert_int_equal(
		arch_table_read(&table, f->dir, &f->arena, &f->err), -1);
	assert_int_equal(f->err.kind, ERROR_SPEC);
	assert_non_null(strstr(f->err.text, "found \"A b\""));
}

static void folder_without_architectures_is_not_found(void **state)
{
	struct fixture *f = *state;
	struct arch_table table;

	assert_int_equal(
		arch_table_read(&table, f->dir, &f->arena, &f->err), -1);
	assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
	assert_int_equal(
		arch_table_read(&table, "/nonexistent", &f->arena, &f->err),
		-1);
	assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(project_knows_three_architectures),
		FIXTURE_TEST(architecture_is_found_by_name_and_alias),
		FIXTURE_TEST(routeros_names_of_x86_are_both_known),
		FIXTURE_TEST(new_file_is_a_new_architecture),
		FIXTURE_TEST(alias_must_mean_one_architecture),
		FIXTURE_TEST(file_name_must_be_a_name),
		FIXTURE_TEST(folder_without_architectures_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
