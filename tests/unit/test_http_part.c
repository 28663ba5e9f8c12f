/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "io/http_part.h"
#include "io/outfile.h"
#include "unit/scratch.h"

#define URL "https://a/file"
#define TAG "\"v1\""

static void put(const char *path, const char *text)
{
	struct error err = { 0 };

	assert_int_equal(outfile_write(path, text, strlen(text), &err), 0);
}

static void assert_content(const char *path, const char *want)
{
	struct error err = { 0 };
	struct buf text;

	assert_int_equal(file_read(path, 1000, &text, &err), 0);
	assert_string_equal(text.data, want);
	buf_release(&text);
}

static void open_part(
	struct http_part *part, const char *path, enum digest_kind want)
{
	struct error err = { 0 };

	assert_int_equal(http_part_open(part, path, want, 100, &err), 0);
}

static void add(struct http_part *part, const char *text)
{
	struct error err = { 0 };

	assert_int_equal(http_part_write(part, text, strlen(text), &err), 0);
}

static void assert_digests(struct http_part *part, const char *whole)
{
	struct digest sha256, sha512;
	struct digest want256 = digest_of(DIGEST_SHA256, whole, strlen(whole));
	struct digest want512 = digest_of(DIGEST_SHA512, whole, strlen(whole));

	http_part_finish(part, &sha256, &sha512);
	assert_true(digest_eq(&sha256, &want256));
	if (part->want == DIGEST_SHA512)
		assert_true(digest_eq(&sha512, &want512));
	else
		assert_int_equal(sha512.kind, DIGEST_NONE);
}

static void digests_cover_what_an_earlier_process_left(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "part");
	struct http_part part;

	open_part(&part, path, DIGEST_SHA512);
	http_part_begin(&part, URL, TAG);
	add(&part, "hello ");
	http_part_release(&part);
	open_part(&part, path, DIGEST_SHA512);
	assert_int_equal(part.size, 6);
	add(&part, "world");
	assert_digests(&part, "hello world");
	http_part_release(&part);
	assert_content(path, "hello world");
}

static void validator_is_remembered_for_the_same_url_only(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "part");
	struct http_part part;
	const char *validator;

	open_part(&part, path, DIGEST_NONE);
	http_part_begin(&part, URL, TAG);
	add(&part, "x");
	http_part_release(&part);
	open_part(&part, path, DIGEST_NONE);
	assert_true(http_part_can_resume(&part, URL, &validator));
	assert_string_equal(validator, TAG);
	assert_false(http_part_can_resume(&part, "https://b", &validator));
	http_part_release(&part);
	/* A digest tells in the end whether the bytes belong together. */
	open_part(&part, path, DIGEST_SHA256);
	assert_true(http_part_can_resume(&part, "https://b", &validator));
	assert_null(validator);
	http_part_release(&part);
}

static void empty_file_is_not_resumed(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "part");
	struct http_part part;
	const char *validator;

	open_part(&part, path, DIGEST_SHA256);
	assert_false(http_part_can_resume(&part, URL, &validator));
	http_part_release(&part);
}

static void torn_sidecar_counts_as_none(void **state)
{
	static const char *const torn[] = { "", "https://a/file",
		"https://a/file\n", "https://a/file\n\"v1", "\n\n",
		"https://a/file\n\"v1\"\nmore\n" };
	SCOPED_FREE char *path = path_join(*state, "part");
	SCOPED_FREE char *meta = path_join(*state, "part.meta");

	put(path, "x");
	for (size_t i = 0; i < ARRAY_SIZE(torn); i++) {
		struct http_part part;
		const char *validator;

		put(meta, torn[i]);
		open_part(&part, path, DIGEST_NONE);
		assert_false(http_part_can_resume(&part, URL, &validator));
		http_part_release(&part);
	}
}

static void restart_drops_bytes_and_source(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "part");
	SCOPED_FREE char *meta = path_join(*state, "part.meta");
	struct http_part part;
	struct error err = { 0 };

	open_part(&part, path, DIGEST_SHA256);
	http_part_begin(&part, URL, TAG);
	add(&part, "wrong");
	assert_true(file_exists(meta));
	assert_int_equal(http_part_restart(&part, &err), 0);
	assert_false(file_exists(meta));
	assert_int_equal(part.size, 0);
	add(&part, "right");
	assert_digests(&part, "right");
	http_part_release(&part);
	assert_content(path, "right");
}

static void file_above_the_limit_is_emptied(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "part");
	struct http_part part;
	struct error err = { 0 };

	put(path, "12345");
	assert_int_equal(http_part_open(&part, path, DIGEST_NONE, 4, &err), 0);
	assert_int_equal(part.size, 0);
	http_part_release(&part);
	assert_content(path, "");
}

static void what_came_before_counts_as_foreign(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "part");
	struct http_part part;

	put(path, "12345");
	open_part(&part, path, DIGEST_SHA256);
	http_part_begin(&part, URL, NULL);
	add(&part, "67");
	assert_int_equal(part.foreign, 5);
	http_part_release(&part);
}

static void symlink_is_not_written_through(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "part");
	SCOPED_FREE char *target = path_join(*state, "target");
	struct http_part part;
	struct error err = { 0 };

	put(target, "precious");
	assert_int_equal(symlink("target", path), 0);
	assert_int_equal(
		http_part_open(&part, path, DIGEST_NONE, 100, &err), -1);
	assert_content(target, "precious");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(digests_cover_what_an_earlier_process_left),
		SCRATCH_TEST(validator_is_remembered_for_the_same_url_only),
		SCRATCH_TEST(empty_file_is_not_resumed),
		SCRATCH_TEST(torn_sidecar_counts_as_none),
		SCRATCH_TEST(restart_drops_bytes_and_source),
		SCRATCH_TEST(file_above_the_limit_is_emptied),
		SCRATCH_TEST(what_came_before_counts_as_foreign),
		SCRATCH_TEST(symlink_is_not_written_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
