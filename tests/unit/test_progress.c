/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/progress.h"

struct recorder {
	struct progress progress;
	char calls[8]; /* one letter a call */
	int n;
	uint64_t done, total;
	const char *text;
};

static struct recorder *record(struct progress *p, char call)
{
	struct recorder *r = (struct recorder *)p;

	r->calls[r->n++] = call;
	return r;
}

static int begin(struct progress *p, const char *name, uint64_t total)
{
	record(p, 'b')->total = total;
	return 7;
}

static void update(struct progress *p, int id, uint64_t done, uint64_t total)
{
	struct recorder *r = record(p, 'u');

	assert_int_equal(id, 7);
	r->done = done;
	r->total = total;
}

static void note(struct progress *p, int id, const char *text)
{
	record(p, 'n')->text = text;
	assert_int_equal(id, 7);
}

static void end(struct progress *p, int id, const char *outcome)
{
	record(p, 'e')->text = outcome;
	assert_int_equal(id, 7);
}

static void calls_reach_the_display(void **state)
{
	static const struct progress_ops ops = { begin, update, note, end };
	struct recorder r = { .progress.ops = &ops };
	int id = progress_begin(&r.progress, "file", 10);

	assert_int_equal(r.total, 10);
	progress_update(&r.progress, id, 3, 12);
	assert_int_equal(r.done, 3);
	assert_int_equal(r.total, 12);
	progress_note(&r.progress, id, "again");
	assert_string_equal(r.text, "again");
	progress_end(&r.progress, id, NULL);
	assert_null(r.text);
	assert_string_equal(r.calls, "bune");
}

static void without_a_display_nothing_happens(void **state)
{
	int id = progress_begin(NULL, "file", 10);

	progress_update(NULL, id, 1, 10);
	progress_note(NULL, id, "x");
	progress_end(NULL, id, "failed");
	assert_true(id < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_reach_the_display),
		cmocka_unit_test(without_a_display_nothing_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
