/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "unit/scratch.h"

static void write_text(const char *path, const char *text)
{
	SCOPED_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	struct error err;

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, text, strlen(text), &err), 0);
}

static void a_file_is_read_whole_within_its_limit(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "f");
	SCOPED_BUF struct buf buf;
	struct error err;

	write_text(path, "hello");
	assert_int_equal(file_read(path, 5, &buf, &err), 0);
	assert_string_equal(buf.data, "hello");
}

static void a_file_over_its_limit_is_refused(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "f");
	SCOPED_BUF struct buf buf;
	struct error err;

	write_text(path, "hello");
	assert_int_equal(file_read(path, 4, &buf, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.text, "larger than the limit of 4 bytes"));
	assert_int_equal(buf.len, 0);
}

static void an_empty_file_is_the_empty_text(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "f");
	SCOPED_BUF struct buf buf;
	struct error err;

	write_text(path, "");
	assert_int_equal(file_read(path, 0, &buf, &err), 0);
	assert_string_equal(buf.data, "");
}

/* The buffer may be scoped: after a failure its release must be harmless. */
static void a_missing_file_is_not_found(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "none");
	SCOPED_BUF struct buf buf;
	struct error err;

	memset(&buf, 0xa5, sizeof(buf));
	assert_int_equal(file_read(path, 4, &buf, &err), -1);
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	assert_false(file_exists(path));
	assert_true(file_exists(*state));
}

static void folders_are_made_with_their_parents(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "a//b/c/");
	SCOPED_FREE char *file = path_join(*state, "x/y/file");
	SCOPED_FREE char *parent = path_join(*state, "x/y");
	struct error err;

	assert_int_equal(file_mkdirs(path, &err), 0);
	assert_int_equal(file_mkdirs(path, &err), 0);
	assert_true(file_is_directory(path));
	assert_int_equal(file_mkdirs_for(file, &err), 0);
	assert_true(file_is_directory(parent));
	assert_false(file_exists(file));
	assert_int_equal(file_mkdirs("/", &err), 0);
	assert_int_equal(file_mkdirs_for("name", &err), 0);
}

static void a_file_in_the_way_of_a_folder_is_told(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "f");
	SCOPED_FREE char *below = path_join(*state, "f/d");
	struct error err;

	write_text(path, "");
	assert_int_equal(file_mkdirs(path, &err), -1);
	assert_non_null(strstr(err.text, "not a folder"));
	assert_int_equal(file_mkdirs(below, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
	assert_false(file_is_directory(path));
}

static void a_short_file_is_an_input_error(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "f");
	struct error err;
	char text[8] = "";
	int fd;

	write_text(path, "hello");
	fd = open(path, O_RDONLY);
	assert_int_equal(file_pread_all(fd, text, 3, 2, &err), 0);
	assert_string_equal(text, "llo");
	assert_int_equal(file_pread_all(fd, text, 4, 2, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(err.text, "file ends at byte 5, 1 more expected");
	close(fd);
	assert_int_equal(file_pread_all(-1, text, 1, 0, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
}

static void a_failed_write_is_told(void **state)
{
	SCOPED_FD int full = open("/dev/full", O_WRONLY);
	struct error err;

	assert_true(full >= 0);
	assert_int_equal(file_write_all(full, "x", 1, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_file_is_read_whole_within_its_limit),
		SCRATCH_TEST(a_file_over_its_limit_is_refused),
		SCRATCH_TEST(an_empty_file_is_the_empty_text),
		SCRATCH_TEST(a_missing_file_is_not_found),
		SCRATCH_TEST(folders_are_made_with_their_parents),
		SCRATCH_TEST(a_file_in_the_way_of_a_folder_is_told),
		SCRATCH_TEST(a_short_file_is_an_input_error),
		cmocka_unit_test(a_failed_write_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
