/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "io/digest.h"
#include "io/gzip.h"
#include "io/gzip_pool.h"

#define MAX ((size_t)64 << 20)

/* Text that compresses somewhat, the same on every machine. */
static char *make_text(size_t n)
{
	char *text = memory_alloc(n);
	uint32_t x = 12345;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		text[i] = (char)('a' + (x >> 24) % 6 * ((x >> 16) % 4));
	}
	return text;
}

static int make_file(const void *p, size_t n)
{
	char path[] = "/tmp/alpbuild-unit.XXXXXX";
	int fd = mkstemp(path);
	struct error err;

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(file_write_all(fd, p, n, &err), 0);
	return fd;
}

/* Compresses text in writes of `step` bytes. */
static void compress(const char *text, size_t n, size_t step,
	const struct gzip_options *options, struct buf *out)
{
	struct gzip_writer *writer;
	struct buf_sink bs;
	struct error err;

	buf_init(out, MAX);
	buf_sink_init(&bs, out);
	writer = gzip_writer_new(&bs.sink, options);
	for (size_t at = 0; at < n; at += step)
		sink_write(gzip_writer_sink(writer), text + at,
			n - at < step ? n - at : step);
	assert_int_equal(sink_close(gzip_writer_sink(writer), &err), 0);
	assert_int_equal(gzip_writer_sink(writer)->size, n);
	gzip_writer_free(writer);
}

static int uncompress(const void *p, size_t n, uint64_t max, struct buf *out,
	struct error *err)
{
	SCOPED_FD int fd = make_file(p, n);
	struct buf_sink bs;

	buf_init(out, MAX);
	buf_sink_init(&bs, out);
	return gunzip_fd(fd, max, &bs.sink, err);
}

static void assert_refused(const void *p, size_t n, const char *want)
{
	SCOPED_BUF struct buf out;
	struct error err;

	assert_int_equal(uncompress(p, n, MAX, &out, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	if (!strstr(err.text, want))
		fail_msg("\"%s\" is not in \"%s\"", want, err.text);
}

static const struct gzip_options one = { GZIP_LEVEL_DEFAULT, 1 };

static void what_was_written_is_read_back(void **state)
{
	static const size_t sizes[] = { 0, 1, 100, GZIP_BLOCK_SIZE - 1,
		GZIP_BLOCK_SIZE, GZIP_BLOCK_SIZE + 1, 3 * GZIP_BLOCK_SIZE,
		5 * GZIP_BLOCK_SIZE + 77 };
	SCOPED_FREE char *text = make_text(6 * GZIP_BLOCK_SIZE);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		SCOPED_BUF struct buf packed;
		SCOPED_BUF struct buf back;
		struct error err;

		compress(text, sizes[i], 100000, &one, &packed);
		assert_int_equal(uncompress(packed.data, packed.len, sizes[i],
					 &back, &err),
			0);
		assert_int_equal(back.len, sizes[i]);
		if (sizes[i])
			assert_memory_equal(back.data, text, sizes[i]);
	}
}

static void bytes_do_not_depend_on_threads_or_pieces(void **state)
{
	const size_t n = 9 * GZIP_BLOCK_SIZE + 4321;
	SCOPED_FREE char *text = make_text(n);
	SCOPED_BUF struct buf want;

	compress(text, n, n, &one, &want);
	for (unsigned threads = 0; threads <= 40; threads += 1 + threads) {
		struct gzip_options options = { GZIP_LEVEL_DEFAULT, threads };
		SCOPED_BUF struct buf got;

		compress(text, n, 1 + threads * 7919, &options, &got);
		assert_int_equal(got.len, want.len);
		assert_memory_equal(got.data, want.data, want.len);
	}
}

static void incompressible_bytes_grow_little(void **state)
{
	const size_t n = 3 * GZIP_BLOCK_SIZE;
	SCOPED_FREE char *noise = memory_alloc(n);
	SCOPED_BUF struct buf packed;
	SCOPED_BUF struct buf back;
	uint64_t x = 88172645463325252;
	struct error err;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		noise[i] = (char)x;
	}
	compress(noise, n, 5000, &one, &packed);
	assert_true(packed.len < n + n / 1000);
	assert_int_equal(
		uncompress(packed.data, packed.len, n, &back, &err), 0);
	assert_memory_equal(back.data, noise, n);
}

/* The window before a block is its dictionary: repeats across are found. */
static void blocks_share_what_came_before(void **state)
{
	const size_t n = 8 * GZIP_BLOCK_SIZE;
	SCOPED_FREE char *text = memory_alloc(n);
	SCOPED_FREE char *unit = make_text(20000);
	SCOPED_BUF struct buf packed;

	for (size_t i = 0; i < n; i++)
		text[i] = unit[i % 20000];
	compress(text, n, n, &one, &packed);
	assert_true(packed.len < 20000 + n / 100);
}

static void every_level_writes_its_own_header(void **state)
{
	const unsigned char fixed[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0 };

	for (int level = 1; level <= 9; level++) {
		struct gzip_options options = { level, 1 };
		SCOPED_BUF struct buf packed;

		compress("abc", 3, 3, &options, &packed);
		assert_memory_equal(packed.data, fixed, sizeof(fixed));
		assert_int_equal(packed.data[8], level == 9   ? 2
						 : level == 1 ? 4
							      : 0);
		assert_int_equal((unsigned char)packed.data[9], 255);
	}
}

static void a_level_changes_the_bytes(void **state)
{
	const size_t n = GZIP_BLOCK_SIZE;
	SCOPED_FREE char *text = make_text(n);
	struct gzip_options fast = { 1, 1 }, best = { 9, 1 };
	SCOPED_BUF struct buf large;
	SCOPED_BUF struct buf small;

	compress(text, n, n, &fast, &large);
	compress(text, n, n, &best, &small);
	assert_true(small.len < large.len);
}

static void the_error_of_the_next_sink_is_told_at_close(void **state)
{
	const size_t n = 40 * GZIP_BLOCK_SIZE;
	struct gzip_options options = { GZIP_LEVEL_DEFAULT, 3 };
	SCOPED_FREE char *text = make_text(n);
	struct gzip_writer *writer;
	SCOPED_BUF struct buf out;
	struct buf_sink bs;
	struct error err;

	buf_init(&out, 1000);
	buf_sink_init(&bs, &out);
	writer = gzip_writer_new(&bs.sink, &options);
	sink_write(gzip_writer_sink(writer), text, n);
	sink_write(gzip_writer_sink(writer), text, n);
	assert_int_equal(sink_close(gzip_writer_sink(writer), &err), -1);
	assert_int_equal(err.kind, ERROR_LIMIT);
	gzip_writer_free(writer);
}

static void abandoned_work_is_cleaned_up(void **state)
{
	struct gzip_options options = { GZIP_LEVEL_DEFAULT, 4 };
	SCOPED_FREE char *text = make_text(MAX / 8);
	struct gzip_writer *writer;
	struct sink null;

	null_sink_init(&null);
	for (size_t n = 0; n <= MAX / 8; n += MAX / 32) {
		writer = gzip_writer_new(&null, &options);
		sink_write(gzip_writer_sink(writer), text, n);
		gzip_writer_free(writer);
	}
	gzip_writer_free(NULL);
}

static void members_in_a_row_are_read_as_one(void **state)
{
	SCOPED_BUF struct buf packed;
	SCOPED_BUF struct buf second;
	SCOPED_BUF struct buf back;
	struct error err;

	compress("abc", 3, 3, &one, &packed);
	compress("def", 3, 3, &one, &second);
	buf_add_slice(&packed, buf_slice(&second));
	assert_int_equal(
		uncompress(packed.data, packed.len, 6, &back, &err), 0);
	assert_string_equal(back.data, "abcdef");
}

static void a_stream_cut_anywhere_is_truncated(void **state)
{
	SCOPED_FREE char *text = make_text(2000);
	SCOPED_BUF struct buf packed;

	compress(text, 2000, 2000, &one, &packed);
	for (size_t n = 0; n < packed.len; n++)
		assert_refused(packed.data, n, "truncated gzip stream");
}

static void a_changed_bit_is_noticed_or_harmless(void **state)
{
	SCOPED_FREE char *text = make_text(2000);
	SCOPED_BUF struct buf packed;
	int harmless = 0;

	compress(text, 2000, 2000, &one, &packed);
	/* Behind the header; its time, XFL and OS may be anything. */
	for (size_t i = 10 * 8; i < packed.len * 8; i++) {
		SCOPED_BUF struct buf back;
		struct error err;

		packed.data[i / 8] ^= (char)(1 << i % 8);
		if (!uncompress(packed.data, packed.len, MAX, &back, &err)) {
			assert_int_equal(back.len, 2000);
			assert_memory_equal(back.data, text, 2000);
			harmless++;
		}
		packed.data[i / 8] ^= (char)(1 << i % 8);
	}
	/* Deflate data ends with up to seven bits that mean nothing. */
	assert_true(harmless < 8);
	packed.data[2] = 7;
	assert_refused(
		packed.data, packed.len, "damaged gzip stream near byte");
}

static void anything_after_the_stream_is_refused(void **state)
{
	static const struct slice tails[] = { { "x", 1 }, { "\0", 1 },
		{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20 },
		{ "\x1f\x8b\x07", 3 } };

	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		SCOPED_BUF struct buf packed;

		compress("abc", 3, 3, &one, &packed);
		buf_add_slice(&packed, tails[i]);
		assert_refused(packed.data, packed.len,
			"data that is not gzip after the end");
	}
}

static void other_data_is_no_gzip(void **state)
{
	assert_refused("", 0, "truncated gzip stream: it ends at byte 0");
	assert_refused("plain text", 10, "damaged gzip stream near byte");
	/* zlib's own format, which inflate() could read too. */
	assert_refused("\x78\x9c\x4b\x04\x00\x00\x62\x00\x62", 9,
		"damaged gzip stream");
}

static void a_bomb_stops_at_the_limit(void **state)
{
	const size_t n = MAX / 2;
	SCOPED_FREE char *zeros = memory_zero(n, 1);
	SCOPED_BUF struct buf packed;
	SCOPED_BUF struct buf back;
	struct error err;

	compress(zeros, n, n, &one, &packed);
	assert_true(packed.len < n / 500);
	assert_int_equal(
		uncompress(packed.data, packed.len, 1000000, &back, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(err.text,
		"uncompressed data is larger than the limit of 1000000 bytes");
	assert_true(back.len <= 1000000);
	buf_release(&back);
	assert_int_equal(
		uncompress(packed.data, packed.len, n - 1, &back, &err), -1);
}

static void the_readers_sink_error_is_its_own(void **state)
{
	SCOPED_BUF struct buf packed;
	SCOPED_BUF struct buf out;
	struct buf_sink bs;
	struct error err;
	int fd;

	compress("abc", 3, 3, &one, &packed);
	fd = make_file(packed.data, packed.len);
	buf_init(&out, 2);
	buf_sink_init(&bs, &out);
	assert_int_equal(gunzip_fd(fd, 100, &bs.sink, &err), -1);
	assert_int_equal(err.kind, ERROR_LIMIT);
	close(fd);
}

static void reading_pulls_in_pieces_of_any_size(void **state)
{
	SCOPED_FREE char *text = make_text(3000);
	SCOPED_BUF struct buf packed;

	compress(text, 3000, 3000, &one, &packed);
	for (size_t step = 1; step < 4000; step = step * 3 + 1) {
		SCOPED_FD int fd = make_file(packed.data, packed.len);
		struct gzip_reader *reader = gzip_reader_new(fd, 0);
		char piece[4000];
		struct error err;
		size_t got, at = 0;

		do {
			assert_int_equal(gzip_reader_read(reader, piece, step,
						 &got, &err),
				0);
			assert_memory_equal(piece, text + at, got);
			at += got;
		} while (got == step);
		assert_int_equal(at, 3000);
		gzip_reader_free(reader);
	}
	gzip_reader_free(NULL);
}

static void an_unreadable_file_is_an_io_error(void **state)
{
	struct error err;
	struct sink null;

	null_sink_init(&null);
	assert_int_equal(gunzip_fd(-1, 100, &null, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read_back),
		cmocka_unit_test(bytes_do_not_depend_on_threads_or_pieces),
		cmocka_unit_test(incompressible_bytes_grow_little),
		cmocka_unit_test(blocks_share_what_came_before),
		cmocka_unit_test(every_level_writes_its_own_header),
		cmocka_unit_test(a_level_changes_the_bytes),
		cmocka_unit_test(the_error_of_the_next_sink_is_told_at_close),
		cmocka_unit_test(abandoned_work_is_cleaned_up),
		cmocka_unit_test(members_in_a_row_are_read_as_one),
		cmocka_unit_test(a_stream_cut_anywhere_is_truncated),
		cmocka_unit_test(a_changed_bit_is_noticed_or_harmless),
		cmocka_unit_test(anything_after_the_stream_is_refused),
		cmocka_unit_test(other_data_is_no_gzip),
		cmocka_unit_test(a_bomb_stops_at_the_limit),
		cmocka_unit_test(the_readers_sink_error_is_its_own),
		cmocka_unit_test(reading_pulls_in_pieces_of_any_size),
		cmocka_unit_test(an_unreadable_file_is_an_io_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
