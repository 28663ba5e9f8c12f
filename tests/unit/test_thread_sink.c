/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/digest.h"
#include "io/thread_sink.h"

#define TOTAL (3 * THREAD_SINK_BUFFERS * THREAD_SINK_BUFFER_SIZE + 4321)

static struct digest digest_by(const char *bytes, size_t step)
{
	struct thread_sink ts;
	struct digest_sink ds;
	struct digest found;
	struct error err;

	digest_sink_init(&ds, DIGEST_SHA256, NULL);
	thread_sink_init(&ts, &ds.sink);
	for (size_t at = 0; at < TOTAL; at += step)
		sink_write(&ts.sink, bytes + at,
			at + step < TOTAL ? step : TOTAL - at);
	assert_int_equal(sink_close(&ts.sink, &err), 0);
	assert_int_equal(sink_close(&ds.sink, &err), 0);
	found = ds.digest;
	thread_sink_release(&ts);
	digest_sink_release(&ds);
	return found;
}

static void bytes_arrive_in_order_however_they_are_cut(void **state)
{
	SCOPED_FREE char *bytes = memory_alloc(TOTAL);
	struct digest want, found;

	for (size_t i = 0; i < TOTAL; i++)
		bytes[i] = (char)(i * 2654435761U >> 13);
	want = digest_of(DIGEST_SHA256, bytes, TOTAL);
	for (size_t step = 1000; step < TOTAL; step *= 7) {
		found = digest_by(bytes, step);
		assert_true(digest_eq(&found, &want));
	}
	found = digest_by(bytes, TOTAL);
	assert_true(digest_eq(&found, &want));
}

static void nothing_written_is_nothing_passed(void **state)
{
	struct thread_sink ts;
	struct sink null;
	struct error err;

	null_sink_init(&null);
	thread_sink_init(&ts, &null);
	assert_int_equal(sink_close(&ts.sink, &err), 0);
	assert_int_equal(null.size, 0);
	thread_sink_release(&ts);
}

static void an_error_behind_it_is_told_at_the_close(void **state)
{
	struct buf buf;
	struct buf_sink behind;
	struct thread_sink ts;
	struct error err;

	buf_init(&buf, 10);
	buf_sink_init(&behind, &buf);
	thread_sink_init(&ts, &behind.sink);
	for (int i = 0; i < 100; i++)
		sink_write(&ts.sink, "0123456789", 10);
	assert_int_equal(sink_close(&ts.sink, &err), -1);
	assert_int_equal(err.kind, ERROR_LIMIT);
	thread_sink_release(&ts);
	buf_release(&buf);
}

static void abandoned_it_ends_its_thread(void **state)
{
	SCOPED_FREE char *bytes = memory_zero(1, TOTAL);
	struct thread_sink ts;
	struct sink null;

	null_sink_init(&null);
	thread_sink_init(&ts, &null);
	sink_write(&ts.sink, bytes, TOTAL);
	thread_sink_release(&ts);
	thread_sink_release(&ts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_arrive_in_order_however_they_are_cut),
		cmocka_unit_test(nothing_written_is_nothing_passed),
		cmocka_unit_test(an_error_behind_it_is_told_at_the_close),
		cmocka_unit_test(abandoned_it_ends_its_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
