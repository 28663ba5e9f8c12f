/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/sink.h"
#include "base/file.h"
#include "base/memory.h"

/* Fails at its second write, counts what is called. */
struct failing_sink {
	struct sink sink;
	int writes, closes;
};

static int failing_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	struct failing_sink *fs = (struct failing_sink *)sink;

	if (++fs->writes < 2)
		return 0;
	return error_set(err, ERROR_IO, "write %d failed", fs->writes);
}

static int failing_close(struct sink *sink, struct error *err)
{
	((struct failing_sink *)sink)->closes++;
	return error_set(err, ERROR_IO, "close failed");
}

static const struct sink_ops failing_ops = { failing_write, failing_close };

static void the_first_error_stays_and_later_writes_do_nothing(void **state)
{
	struct failing_sink fs = { .writes = 0 };
	struct error err;

	sink_init(&fs.sink, &failing_ops);
	sink_write(&fs.sink, "abc", 3);
	assert_int_equal(sink_check(&fs.sink, &err), 0);
	sink_write(&fs.sink, "abc", 3);
	sink_write(&fs.sink, "abc", 3);
	assert_int_equal(fs.writes, 2);
	assert_int_equal(fs.sink.size, 3);
	assert_int_equal(sink_check(&fs.sink, &err), -1);
	assert_int_equal(sink_close(&fs.sink, &err), -1);
	assert_string_equal(err.text, "write 2 failed");
	assert_int_equal(fs.closes, 0);
}

static void a_failed_flush_is_told_by_close(void **state)
{
	struct failing_sink fs = { .writes = 0 };
	struct error err;

	sink_init(&fs.sink, &failing_ops);
	assert_int_equal(sink_close(&fs.sink, &err), -1);
	assert_string_equal(err.text, "close failed");
}

static void an_empty_write_is_no_write(void **state)
{
	struct failing_sink fs = { .writes = 0 };

	sink_init(&fs.sink, &failing_ops);
	sink_write(&fs.sink, "", 0);
	sink_write_str(&fs.sink, "");
	sink_write_zeros(&fs.sink, 0);
	assert_int_equal(fs.writes, 0);
}

static void success_leaves_the_error_alone(void **state)
{
	struct error err = { .kind = ERROR_TREE, .text = "before" };
	struct sink sink;

	null_sink_init(&sink);
	sink_write_str(&sink, "abc");
	assert_int_equal(sink_close(&sink, &err), 0);
	assert_int_equal(err.kind, ERROR_TREE);
	assert_string_equal(err.text, "before");
}

static void a_buf_sink_appends_up_to_the_limit(void **state)
{
	SCOPED_BUF struct buf buf;
	struct buf_sink bs;
	struct error err;

	buf_init(&buf, 8);
	buf_sink_init(&bs, &buf);
	sink_write_str(&bs.sink, "abc");
	sink_write_zeros(&bs.sink, 2);
	assert_int_equal(sink_check(&bs.sink, &err), 0);
	assert_int_equal(buf.len, 5);
	assert_memory_equal(buf.data, "abc\0\0", 5);
	sink_write_str(&bs.sink, "defg");
	assert_int_equal(sink_close(&bs.sink, &err), -1);
	assert_int_equal(err.kind, ERROR_LIMIT);
	assert_string_equal(err.text, "larger than the limit of 8 bytes");
}

static void zeros_are_counted_beyond_32_bits(void **state)
{
	struct sink sink;

	null_sink_init(&sink);
	sink_write_zeros(&sink, UINT64_C(5) << 30);
	assert_int_equal(sink.size, UINT64_C(5) << 30);
}

static void a_tee_writes_to_all(void **state)
{
	SCOPED_BUF struct buf a;
	SCOPED_BUF struct buf b;
	struct buf_sink to_a, to_b;
	struct tee_sink tee;
	struct error err;

	buf_init(&a, 100);
	buf_init(&b, 100);
	buf_sink_init(&to_a, &a);
	buf_sink_init(&to_b, &b);
	tee_sink_init(&tee);
	tee_sink_add(&tee, &to_a.sink);
	tee_sink_add(&tee, &to_b.sink);
	sink_write_str(&tee.sink, "abc");
	sink_write_str(&tee.sink, "def");
	assert_int_equal(sink_close(&tee.sink, &err), 0);
	assert_string_equal(a.data, "abcdef");
	assert_string_equal(b.data, "abcdef");
}

static void a_tee_has_the_error_of_any(void **state)
{
	struct failing_sink fs = { .writes = 1 };
	struct tee_sink tee;
	struct error err;
	struct sink null;

	null_sink_init(&null);
	sink_init(&fs.sink, &failing_ops);
	tee_sink_init(&tee);
	tee_sink_add(&tee, &null);
	tee_sink_add(&tee, &fs.sink);
	sink_write_str(&tee.sink, "abc");
	assert_int_equal(sink_close(&tee.sink, &err), -1);
	assert_string_equal(err.text, "write 2 failed");
}

/* A file without name whose byte i is i * 7. */
static int make_file(size_t size)
{
	SCOPED_FREE char *bytes = memory_alloc(size);
	char path[] = "/tmp/alpbuild-unit.XXXXXX";
	int fd = mkstemp(path);
	struct error err;

	assert_true(fd >= 0);
	unlink(path);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i * 7);
	assert_int_equal(file_write_all(fd, bytes, size, &err), 0);
	return fd;
}

static void copy_sends_exactly_the_bytes_asked_for(void **state)
{
	const size_t size = 700000, from = 1001, n = 600000;
	SCOPED_FD int fd = make_file(size);
	SCOPED_BUF struct buf buf;
	struct buf_sink bs;
	struct error err;

	buf_init(&buf, size);
	buf_sink_init(&bs, &buf);
	sink_copy_fd(&bs.sink, fd, from, n);
	sink_copy_fd(&bs.sink, fd, 0, 0);
	sink_copy_fd(&bs.sink, fd, size - 1, 1);
	assert_int_equal(sink_close(&bs.sink, &err), 0);
	assert_int_equal(buf.len, n + 1);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(buf.data[i], (char)((from + i) * 7));
	assert_int_equal(buf.data[n], (char)((size - 1) * 7));
	assert_int_equal(lseek(fd, 0, SEEK_CUR), size);
}

static void copy_of_a_file_that_ends_early_fails(void **state)
{
	SCOPED_FD int fd = make_file(1000);
	struct error err;
	struct sink sink;

	null_sink_init(&sink);
	sink_copy_fd(&sink, fd, 500, 501);
	assert_int_equal(sink_close(&sink, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(
		err.text, "file ends at byte 1000, 1 more expected");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_first_error_stays_and_later_writes_do_nothing),
		cmocka_unit_test(a_failed_flush_is_told_by_close),
		cmocka_unit_test(an_empty_write_is_no_write),
		cmocka_unit_test(success_leaves_the_error_alone),
		cmocka_unit_test(a_buf_sink_appends_up_to_the_limit),
		cmocka_unit_test(zeros_are_counted_beyond_32_bits),
		cmocka_unit_test(a_tee_writes_to_all),
		cmocka_unit_test(a_tee_has_the_error_of_any),
		cmocka_unit_test(copy_sends_exactly_the_bytes_asked_for),
		cmocka_unit_test(copy_of_a_file_that_ends_early_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
