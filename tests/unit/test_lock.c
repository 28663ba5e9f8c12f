/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

#include "spec/lock.h"

#define GOOD "tests/good/lock.json"

static void lock_with_every_key_is_read(void **state)
{
	struct fixture *f = *state;
	const struct lock_arch *arch;
	const struct lock_package *pkg;
	struct lock lock;

	assert_int_equal(lock_read(&lock, GOOD, &f->arena, &f->err), 0);
	assert_string_equal(lock.path, GOOD);
	assert_string_equal(lock.image, "web");
	assert_string_equal(lock.alpine, "3.18");
	assert_int_equal(lock.nkeys, 2);
	assert_null(lock.keys[0].pem);
	assert_true(slice_ends(
		slice_of(lock.keys[1].pem), "\n-----END PUBLIC KEY-----\n"));
	assert_int_equal(lock.narchs, 2);
	arch = lock_find_arch(&lock, "arm64");
	assert_non_null(arch);
	assert_string_equal(arch->wants.packages.items[1], "htop@edge");
	assert_string_equal(
		arch->wants.repositories.items[1], "@edge edge/testing");
	assert_int_equal(arch->minirootfs.size, 2828578);
	assert_int_equal(arch->npackages, 5);
	pkg = &arch->packages[1];
	assert_string_equal(pkg->step, "upgrade");
	assert_string_equal(pkg->old_version, "1.2.4-r2");
	assert_string_equal(pkg->required_by.items[1], "htop");
	pkg = &arch->packages[4];
	assert_string_equal(pkg->tag, "edge");
	assert_string_equal(pkg->record, "P:htop\nV:3.2.2-r1\n");
}

static void purge_has_a_name_and_a_version_only(void **state)
{
	struct fixture *f = *state;
	const struct lock_package *pkg;
	struct lock lock;

	assert_int_equal(lock_read(&lock, GOOD, &f->arena, &f->err), 0);
	pkg = &lock.archs[0].packages[0];
	assert_string_equal(pkg->step, "purge");
	assert_string_equal(pkg->version, "1.2");
	assert_null(pkg->path);
	assert_null(pkg->identity);
	assert_int_equal(pkg->size + pkg->required_by.n, 0);
}

static void architectures_are_found_by_name_and_sorted(void **state)
{
	struct fixture *f = *state;
	struct lock lock;

	assert_int_equal(lock_read(&lock, GOOD, &f->arena, &f->err), 0);
	assert_string_equal(lock.archs[0].name, "arm64");
	assert_string_equal(lock.archs[1].name, "armv7");
	assert_ptr_equal(lock_find_arch(&lock, "armv7"), &lock.archs[1]);
	assert_null(lock_find_arch(&lock, "amd64"));
}

static void printing_what_was_read_gives_the_same_bytes(void **state)
{
	struct fixture *f = *state;
	struct buf file, out;
	struct lock lock;

	assert_int_equal(file_read(GOOD, LOCK_MAX, &file, &f->err), 0);
	assert_int_equal(
		lock_parse(&lock, "good", buf_slice(&file), &f->arena, &f->err),
		0);
	buf_init(&out, LOCK_MAX);
	lock_print(&lock, &out);
	assert_string_equal(out.data, file.data);
	buf_release(&out);
	buf_release(&file);
}

static void order_of_keys_in_the_document_does_not_matter(void **state)
{
#define HEX32 "dd97529f4c8e11f472488015671f3f09"
#define ARCH(name)                                                             \
	"'" name "': {'wants': {'packages': [], 'repositories': []}, "         \
	"'packages': [], 'minirootfs': {'version': '3.18.9', 'path': 'a/b', "  \
	"'size': 1, 'sha256': '" HEX32 HEX32 "'}}"
	static const char *const texts[] = {
		"{'version': 1, 'image': 'x', 'alpine': '3.18', 'keys': [], "
		"'manifest_sha256': '" HEX32 HEX32 "', 'architectures': "
		"{" ARCH("b") ", " ARCH("a") "}}",
		"{'architectures': {" ARCH("a") ", " ARCH(
			"b") "}, 'keys': [], "
			     "'manifest_sha256': '" HEX32 HEX32
			     "', 'alpine': '3.18', "
			     "'image': 'x', 'version': 1}",
	};
	struct fixture *f = *state;
	struct buf out[2];

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct lock lock;

		assert_int_equal(lock_parse(&lock, "input",
					 slice_of(fixture_text(f, texts[i])),
					 &f->arena, &f->err),
			0);
		buf_init(&out[i], LOCK_MAX);
		lock_print(&lock, &out[i]);
	}
	assert_string_equal(out[0].data, out[1].data);
	buf_release(&out[0]);
	buf_release(&out[1]);
}

static void missing_lock_is_an_error_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct lock lock;

	assert_int_equal(
		lock_read(&lock, "none.lock.json", &f->arena, &f->err), -1);
	assert_int_equal(f->err.kind, ERROR_LOCK);
	assert_string_equal(f->err.text,
		"none.lock.json: there is no such lock file (alpbuild lock "
		"makes it)");
	assert_int_equal(lock_read(&lock, "tests", &f->arena, &f->err), -1);
	assert_int_not_equal(f->err.kind, ERROR_LOCK);
}

static void lock_may_be_larger_than_a_manifest(void **state)
{
	struct fixture *f = *state;
	struct string_list *repositories;
	struct buf out;
	struct lock lock;

	assert_int_equal(lock_read(&lock, GOOD, &f->arena, &f->err), 0);
	repositories = &lock.archs[1].wants.repositories;
	for (int i = 0; i < 2000; i++)
		string_list_add(repositories,
			arena_printf(
				&f->arena, "https://example.org/%01000d", i),
			&f->arena);
	buf_init(&out, LOCK_MAX);
	lock_print(&lock, &out);
	assert_true(out.len > JSON_MAX);
	assert_int_equal(
		lock_parse(&lock, "large", buf_slice(&out), &f->arena, &f->err),
		0);
	assert_int_equal(lock.archs[1].wants.repositories.n, 2000);
	buf_release(&out);
}

static void records_may_hold_any_bytes_and_be_long(void **state)
{
	static const char *const records[] = { "T:a\xff\xc2\x9b\x1b[0m\n", "",
		"hex:41", "T:\xc3\xa4\n" };
	struct fixture *f = *state;
	struct lock_package *pkg;
	struct buf out;
	struct lock lock;

	for (size_t i = 0; i <= ARRAY_SIZE(records); i++) {
		const char *record =
			i < ARRAY_SIZE(records)
				? records[i]
				: arena_printf(&f->arena, "p:%0300000d", 1);

		assert_int_equal(lock_read(&lock, GOOD, &f->arena, &f->err), 0);
		pkg = &lock.archs[0].packages[4];
		pkg->record = record;
		buf_init(&out, LOCK_MAX);
		lock_print(&lock, &out);
		assert_int_equal(lock_parse(&lock, "print", buf_slice(&out),
					 &f->arena, &f->err),
			0);
		assert_string_equal(lock.archs[0].packages[4].record, record);
		buf_release(&out);
	}
}

static void very_many_packages_are_read_quickly(void **state)
{
	const size_t n = 20000;
	struct fixture *f = *state;
	struct lock_package *all;
	struct buf out;
	struct lock lock;

	assert_int_equal(lock_read(&lock, GOOD, &f->arena, &f->err), 0);
	all = arena_alloc(&f->arena, n * sizeof(*all));
	for (size_t i = 0; i < n; i++) {
		all[i] = lock.archs[0].packages[4];
		all[i].name = arena_printf(&f->arena, "p%zu", i);
	}
	lock.archs[0].packages = all;
	lock.archs[0].npackages = n;
	buf_init(&out, LOCK_MAX);
	lock_print(&lock, &out);
	assert_false(out.overflow);
	assert_int_equal(
		lock_parse(&lock, "many", buf_slice(&out), &f->arena, &f->err),
		0);
	assert_int_equal(lock.archs[0].npackages, n);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(lock_with_every_key_is_read),
		FIXTURE_TEST(purge_has_a_name_and_a_version_only),
		FIXTURE_TEST(architectures_are_found_by_name_and_sorted),
		FIXTURE_TEST(printing_what_was_read_gives_the_same_bytes),
		FIXTURE_TEST(order_of_keys_in_the_document_does_not_matter),
		FIXTURE_TEST(missing_lock_is_an_error_of_its_own),
		FIXTURE_TEST(lock_may_be_larger_than_a_manifest),
		FIXTURE_TEST(records_may_hold_any_bytes_and_be_long),
		FIXTURE_TEST(very_many_packages_are_read_quickly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
