/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/gzip.h"
#include "io/gzip_member.h"
#include "unit/tar_fixture.h"

#define MAX ((size_t)64 << 20)

/* Appends one member. */
static void add_member(struct buf *out, const void *p, size_t n)
{
	const struct gzip_options options = { GZIP_LEVEL_DEFAULT, 1 };
	struct gzip_writer *writer;
	struct buf_sink bs;
	struct error err;

	buf_sink_init(&bs, out);
	writer = gzip_writer_new(&bs.sink, &options);
	sink_write(gzip_writer_sink(writer), p, n);
	assert_int_equal(sink_close(gzip_writer_sink(writer), &err), 0);
	gzip_writer_free(writer);
}

/* A file, its reader and the last member. */
struct reading {
	int fd;
	struct gzip_member_reader *reader;
	struct buf raw, plain;
	struct buf_sink raw_sink, plain_sink;
	struct error err;
};

static void reading_open(struct reading *r, const void *p, size_t n)
{
	r->fd = fixture_fd(p, n);
	r->reader = gzip_member_reader_new(r->fd, 0);
	buf_init(&r->raw, MAX);
	buf_init(&r->plain, MAX);
}

static int reading_next(struct reading *r, uint64_t max)
{
	buf_truncate(&r->raw, 0);
	buf_truncate(&r->plain, 0);
	buf_sink_init(&r->raw_sink, &r->raw);
	buf_sink_init(&r->plain_sink, &r->plain);
	r->err.kind = ERROR_NONE;
	return gzip_member_next(r->reader, &r->raw_sink.sink,
		&r->plain_sink.sink, max, &r->err);
}

static void reading_close(struct reading *r)
{
	gzip_member_reader_free(r->reader);
	buf_release(&r->raw);
	buf_release(&r->plain);
	close(r->fd);
}

static void assert_failed(struct reading *r, uint64_t max, const char *want)
{
	assert_int_equal(reading_next(r, max), -1);
	assert_int_equal(r->err.kind, ERROR_INPUT);
	if (strncmp(r->err.text, want, strlen(want)) != 0)
		fail_msg("got \"%s\", want \"%s\"", r->err.text, want);
}

static void members_come_one_by_one(void **state)
{
	static const char *const texts[] = { "abc", "", "defghi" };
	size_t starts[4] = { 0 };
	SCOPED_BUF struct buf file;
	struct reading r;

	buf_init(&file, MAX);
	for (size_t i = 0; i < 3; i++) {
		add_member(&file, texts[i], strlen(texts[i]));
		starts[i + 1] = file.len;
	}
	reading_open(&r, file.data, file.len);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(gzip_member_offset(r.reader), starts[i]);
		assert_int_equal(reading_next(&r, 6), 1);
		assert_true(slice_is(buf_slice(&r.plain), texts[i]));
		assert_int_equal(r.raw.len, starts[i + 1] - starts[i]);
		assert_memory_equal(
			r.raw.data, file.data + starts[i], r.raw.len);
	}
	assert_int_equal(gzip_member_offset(r.reader), file.len);
	assert_int_equal(reading_next(&r, 6), 0);
	assert_int_equal(reading_next(&r, 6), 0);
	reading_close(&r);
}

static void reading_starts_where_it_is_told_to(void **state)
{
	SCOPED_BUF struct buf file;
	struct reading r;
	size_t second;

	buf_init(&file, MAX);
	add_member(&file, "abc", 3);
	second = file.len;
	add_member(&file, "def", 3);
	reading_open(&r, file.data, file.len);
	gzip_member_reader_free(r.reader);
	r.reader = gzip_member_reader_new(r.fd, second);
	assert_int_equal(reading_next(&r, 3), 1);
	assert_string_equal(r.plain.data, "def");
	assert_int_equal(reading_next(&r, 3), 0);
	reading_close(&r);
}

/* More than is read and written at once, and little compressible. */
static void large_members_are_whole(void **state)
{
	const size_t n = 3000000;
	SCOPED_FREE char *noise = memory_alloc(n);
	SCOPED_BUF struct buf file;
	struct reading r;
	uint32_t x = 1;
	size_t first;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (char)((x >> 24) & 0x7f);
	}
	buf_init(&file, MAX);
	add_member(&file, noise, n);
	first = file.len;
	add_member(&file, noise, n / 2);
	reading_open(&r, file.data, file.len);
	assert_int_equal(reading_next(&r, n), 1);
	assert_int_equal(r.plain.len, n);
	assert_memory_equal(r.plain.data, noise, n);
	assert_int_equal(r.raw.len, first);
	assert_memory_equal(r.raw.data, file.data, first);
	assert_int_equal(reading_next(&r, n), 1);
	assert_int_equal(r.plain.len, n / 2);
	assert_int_equal(r.raw.len, file.len - first);
	reading_close(&r);
}

static void either_sink_may_be_absent(void **state)
{
	SCOPED_BUF struct buf file;
	struct reading r;

	buf_init(&file, MAX);
	add_member(&file, "abc", 3);
	add_member(&file, "def", 3);
	reading_open(&r, file.data, file.len);
	assert_int_equal(gzip_member_next(r.reader, NULL, NULL, 3, &r.err), 1);
	assert_int_equal(reading_next(&r, 3), 1);
	assert_string_equal(r.plain.data, "def");
	reading_close(&r);
	gzip_member_reader_free(NULL);
}

static void an_empty_file_has_no_member(void **state)
{
	struct reading r;

	reading_open(&r, "", 0);
	assert_int_equal(reading_next(&r, 100), 0);
	reading_close(&r);
}

static void a_member_beyond_the_limit_is_refused(void **state)
{
	const size_t n = MAX / 2;
	SCOPED_FREE char *zeros = memory_zero(n, 1);
	SCOPED_BUF struct buf file;
	struct reading r;

	buf_init(&file, MAX);
	add_member(&file, "abc", 3);
	add_member(&file, zeros, n);
	reading_open(&r, file.data, file.len);
	assert_int_equal(reading_next(&r, 3), 1);
	assert_failed(&r, 1000000,
		"uncompressed data is larger than the limit of 1000000 bytes");
	assert_true(r.plain.len <= 1000000);
	reading_close(&r);
	reading_open(&r, file.data, file.len);
	assert_failed(
		&r, 2, "uncompressed data is larger than the limit of 2 bytes");
	reading_close(&r);
}

static void a_member_cut_anywhere_is_truncated(void **state)
{
	SCOPED_BUF struct buf file;
	size_t first;

	buf_init(&file, MAX);
	add_member(&file, "abc", 3);
	first = file.len;
	add_member(&file, "some text to compress", 21);
	for (size_t n = 1; n < file.len; n++) {
		struct reading r;

		reading_open(&r, file.data, n);
		if (n >= first)
			assert_int_equal(reading_next(&r, 100), 1);
		if (n == first)
			assert_int_equal(reading_next(&r, 100), 0);
		else
			assert_failed(&r, 100, "truncated gzip member: ");
		reading_close(&r);
	}
}

static void what_is_not_gzip_is_refused(void **state)
{
	static const struct slice tails[] = { { "xyz", 3 },
		{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20 },
		{ "\x1f\x8b\x07\0\0\0\0\0\0\0", 10 } };

	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		SCOPED_BUF struct buf file;
		struct reading r;

		buf_init(&file, MAX);
		buf_add_slice(&file, tails[i]);
		reading_open(&r, file.data, file.len);
		assert_failed(&r, 100, "damaged gzip member near byte ");
		reading_close(&r);
		buf_truncate(&file, 0);
		add_member(&file, "abc", 3);
		buf_add_slice(&file, tails[i]);
		reading_open(&r, file.data, file.len);
		assert_int_equal(reading_next(&r, 100), 1);
		assert_failed(&r, 100,
			"data that is not gzip after 1 gzip members, near "
			"byte ");
		reading_close(&r);
	}
}

static void a_sinks_error_is_its_own(void **state)
{
	for (int i = 0; i < 2; i++) {
		SCOPED_BUF struct buf file;
		struct reading r;

		buf_init(&file, MAX);
		add_member(&file, "abc", 3);
		reading_open(&r, file.data, file.len);
		*(i ? &r.raw.max : &r.plain.max) = 2;
		assert_int_equal(reading_next(&r, 100), -1);
		assert_int_equal(r.err.kind, ERROR_LIMIT);
		reading_close(&r);
	}
}

static void an_unreadable_file_is_an_io_error(void **state)
{
	struct gzip_member_reader *reader = gzip_member_reader_new(-1, 0);
	struct error err;

	assert_int_equal(gzip_member_next(reader, NULL, NULL, 1, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
	gzip_member_reader_free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_one_by_one),
		cmocka_unit_test(reading_starts_where_it_is_told_to),
		cmocka_unit_test(large_members_are_whole),
		cmocka_unit_test(either_sink_may_be_absent),
		cmocka_unit_test(an_empty_file_has_no_member),
		cmocka_unit_test(a_member_beyond_the_limit_is_refused),
		cmocka_unit_test(a_member_cut_anywhere_is_truncated),
		cmocka_unit_test(what_is_not_gzip_is_refused),
		cmocka_unit_test(a_sinks_error_is_its_own),
		cmocka_unit_test(an_unreadable_file_is_an_io_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
