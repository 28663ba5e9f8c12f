/* SPDX-License-Identifier: MIT */
#include "build/parallel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ITEMS 100

struct work {
	atomic_int calls[ITEMS];
	size_t failing; /* this one and those after it */
};

static int count(void *ctx, size_t i, struct error *err)
{
	struct work *work = ctx;

	atomic_fetch_add(&work->calls[i], 1);
	/* What is tried and does not matter may leave an error behind. */
	error_set(err, ERROR_NOT_FOUND, "item %zu", i);
	return i >= work->failing ? -1 : 0;
}

static void every_item_is_done_once(void **state)
{
	for (unsigned threads = 0; threads <= 8; threads++) {
		struct work work = { .failing = ITEMS };
		struct error err = { .kind = ERROR_NONE };

		assert_int_equal(
			parallel_run(ITEMS, threads, count, &work, &err), 0);
		assert_int_equal(err.kind, ERROR_NONE);
		for (size_t i = 0; i < ITEMS; i++)
			assert_int_equal(work.calls[i], 1);
	}
}

static void the_first_failed_item_tells_why(void **state)
{
	for (unsigned threads = 1; threads <= 8; threads++) {
		struct work work = { .failing = 40 };
		struct error err;

		assert_int_equal(
			parallel_run(ITEMS, threads, count, &work, &err), -1);
		assert_string_equal(err.text, "item 40");
		assert_int_equal(work.calls[ITEMS - 1], 0);
	}
}

static void nothing_to_do_is_done(void **state)
{
	struct error err;

	assert_int_equal(parallel_run(0, 4, count, NULL, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_is_done_once),
		cmocka_unit_test(the_first_failed_item_tells_why),
		cmocka_unit_test(nothing_to_do_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
