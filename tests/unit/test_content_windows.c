/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>

#include "tree/content_windows.h"
#include "unit/scratch.h"

#define FILE_SIZE ((size_t)300 * 1000)

struct files {
	struct content_file file;
	char *path;
	unsigned char *bytes;
	struct content_windows windows;
};

/* Bytes that tell where they stand. */
static void make_file(struct files *f, const char *dir)
{
	f->bytes = memory_alloc(FILE_SIZE);
	for (size_t i = 0; i < FILE_SIZE; i++)
		f->bytes[i] = (unsigned char)(i * 31 + i / 251);
	f->path = path_join(dir, "tar");
}

static void open_file(struct files *f, void **state)
{
	struct error err = { 0 };
	int fd;

	memset(f, 0, sizeof(*f));
	make_file(f, *state);
	fd = open(f->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, f->bytes, FILE_SIZE), FILE_SIZE);
	assert_int_equal(content_file_init(&f->file, f->path, fd, &err), 0);
	f->file.fd = fd;
	f->file.mtime_ns = CONTENT_TIME_ANY;
}

static void close_file(struct files *f)
{
	content_windows_release(&f->windows);
	close(f->file.fd);
	free(f->path);
	free(f->bytes);
}

static const char *find(struct files *f, uint64_t offset, uint64_t size)
{
	const struct content extent = content_extent(&f->file, offset, size);
	struct error err = { 0 };
	const char *bytes;

	assert_int_equal(
		content_windows_find(&f->windows, &extent, &bytes, &err), 0);
	return bytes;
}

static void every_small_extent_has_its_bytes(void **state)
{
	const uint64_t sizes[] = { 1, 511, 4096, 8192 };
	struct files f;

	open_file(&f, state);
	for (uint64_t i = 0; i < 4000; i++) {
		uint64_t size = sizes[i % ARRAY_SIZE(sizes)];
		uint64_t at = i * 7919 % (FILE_SIZE - size + 1);
		const char *bytes = find(&f, at, size);

		assert_non_null(bytes);
		assert_memory_equal(bytes, f.bytes + at, size);
	}
	assert_memory_equal(
		find(&f, FILE_SIZE - 9, 9), f.bytes + FILE_SIZE - 9, 9);
	close_file(&f);
}

static void neighbours_are_read_once(void **state)
{
	struct files f;

	open_file(&f, state);
	assert_non_null(find(&f, 20000, 100));
	assert_int_equal(ftruncate(f.file.fd, 0), 0);
	assert_memory_equal(find(&f, 30000, 100), f.bytes + 30000, 100);
	close_file(&f);
}

static void what_is_large_or_may_change_is_left_alone(void **state)
{
	struct files f;

	open_file(&f, state);
	assert_null(find(&f, 0, 8193));
	assert_null(find(&f, FILE_SIZE - 5, 6));
	assert_null(find(&f, UINT64_MAX, 6));
	f.file.mtime_ns = 1;
	assert_null(find(&f, 0, 10));
	close_file(&f);
}

static void a_file_that_shrank_is_an_error(void **state)
{
	struct files f;
	struct error err = { 0 };
	struct content extent;
	const char *bytes;

	open_file(&f, state);
	assert_int_equal(ftruncate(f.file.fd, 5), 0);
	extent = content_extent(&f.file, 0, 10);
	assert_int_equal(
		content_windows_find(&f.windows, &extent, &bytes, &err), -1);
	assert_non_null(strstr(err.text, f.path));
	/* What was not read whole is not found later. */
	assert_int_equal(
		content_windows_find(&f.windows, &extent, &bytes, &err), -1);
	close_file(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_small_extent_has_its_bytes, scratch_setup,
			scratch_teardown),
		cmocka_unit_test_setup_teardown(neighbours_are_read_once,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_large_or_may_change_is_left_alone,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(a_file_that_shrank_is_an_error,
			scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
