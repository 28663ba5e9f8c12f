/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "build/sums.h"
#include "io/outfile.h"
#include "unit/scratch.h"

#define EMPTY_SHA256                                                           \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void put_file(const char *dir, const char *name, const char *text)
{
	SCOPED_FREE char *path = path_join(dir, name);
	struct error err;

	if (outfile_write(path, text, strlen(text), &err))
		fail_msg("%s", err.text);
}

static void assert_sums(const char *dir, const char *want)
{
	SCOPED_FREE char *path = path_join(dir, SUMS_NAME);
	struct error err;
	struct buf text;

	if (file_read(path, SUMS_MAX, &text, &err))
		fail_msg("%s", err.text);
	assert_string_equal(text.data, want);
	buf_release(&text);
}

/* A result with one empty file of that name. */
static void update(const char *dir, const char *name)
{
	struct output output = { .format = FORMAT_ROUTEROS,
		.file = name,
		.sha256 = digest_of(DIGEST_SHA256, "", 0) };
	struct image_result result = { .items = &output, .n = 1 };
	struct error err;

	put_file(dir, name, "");
	if (sums_update(dir, &result, &err))
		fail_msg("%s", err.text);
}

static void lines_are_sorted_and_replaced(void **state)
{
	put_file(*state, SUMS_NAME, "00" EMPTY_SHA256 "  b\n");
	update(*state, "b");
	update(*state, "a");
	update(*state, "b");
	assert_sums(*state, EMPTY_SHA256 "  a\n" EMPTY_SHA256 "  b\n");
}

static void files_that_are_gone_lose_their_line(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "a");

	update(*state, "a");
	unlink(path);
	update(*state, "b");
	assert_sums(*state, EMPTY_SHA256 "  b\n");
}

static void other_files_keep_theirs_and_garbage_goes(void **state)
{
	put_file(*state, "other", "x");
	put_file(*state, SUMS_NAME,
		"garbage\n" EMPTY_SHA256 "  other\n" EMPTY_SHA256
		"  ../etc/passwd\n12  other\n\n");
	update(*state, "a");
	assert_sums(*state, EMPTY_SHA256 "  a\n" EMPTY_SHA256 "  other\n");
}

static void nothing_is_written_when_nothing_changes(void **state)
{
	SCOPED_FREE char *path = path_join(*state, SUMS_NAME);
	struct stat before, after;

	update(*state, "a");
	assert_int_equal(stat(path, &before), 0);
	update(*state, "a");
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(lines_are_sorted_and_replaced),
		SCRATCH_TEST(files_that_are_gone_lose_their_line),
		SCRATCH_TEST(other_files_keep_theirs_and_garbage_goes),
		SCRATCH_TEST(nothing_is_written_when_nothing_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
