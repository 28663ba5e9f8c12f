/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/log.h"
#include "deploy/rest_wait.h"

static void failed(struct error *err)
{
	error_set(err, ERROR_NETWORK, "connection refused");
}

static void without_patience_the_first_failure_is_the_last(void **state)
{
	struct rest rest = { .host = "r1" };
	struct rest_wait wait = { 0 };
	struct error err;

	failed(&err);
	assert_int_equal(rest_wait(&rest, &wait, "/container/print", &err), -1);
	assert_int_equal(err.kind, ERROR_NETWORK);
	assert_string_equal(err.text,
		"router r1 does not answer (/container/print): connection "
		"refused");
	assert_false(rest.is_waiting);
}

static void pauses_double_until_patience_is_over(void **state)
{
	struct rest rest = { .host = "r1", .patience_ms = 500 };
	struct rest_wait wait = { 0 };
	struct error err;

	failed(&err);
	assert_int_equal(rest_wait(&rest, &wait, "/file/print", &err), 0);
	assert_int_equal(wait.pause_ms, 400);
	assert_true(rest.is_waiting);
	failed(&err);
	assert_int_equal(rest_wait(&rest, &wait, "/file/print", &err), 0);
	assert_int_equal(wait.pause_ms, 800);
	failed(&err);
	assert_int_equal(rest_wait(&rest, &wait, "/file/print", &err), -1);
	assert_string_equal(err.text,
		"router r1 does not answer: asked for /file/print, waited 1 "
		"s: connection refused");
	assert_false(rest.is_waiting);
}

static void pauses_have_an_end(void **state)
{
	struct rest rest = { .host = "r1", .patience_ms = 1000000 };
	struct rest_wait wait = { INT64_MAX / 2, 1 };
	struct error err;
	int cancel = 0;

	rest.cancel = &cancel;
	for (int i = 0; i < 5; i++) {
		failed(&err);
		assert_int_equal(rest_wait(&rest, &wait, "/x", &err), 0);
	}
	assert_int_equal(wait.pause_ms, 32);
	cancel = 1;
	for (int i = 0; i < 20; i++)
		assert_int_equal(rest_wait(&rest, &wait, "/x", &err), -1);
	assert_int_equal(wait.pause_ms, 5000);
}

static void signal_ends_the_wait(void **state)
{
	int cancel = 1;
	struct rest rest = {
		.host = "r1",
		.patience_ms = 100000,
		.cancel = &cancel,
	};
	struct rest_wait wait = { 0 };
	struct error err;

	failed(&err);
	assert_int_equal(rest_wait(&rest, &wait, "/x", &err), -1);
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
}

static void router_that_is_back_ends_the_talk(void **state)
{
	struct rest rest = { .host = "r1", .is_waiting = true };

	rest_wait_over(&rest);
	assert_false(rest.is_waiting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			without_patience_the_first_failure_is_the_last),
		cmocka_unit_test(pauses_double_until_patience_is_over),
		cmocka_unit_test(pauses_have_an_end),
		cmocka_unit_test(signal_ends_the_wait),
		cmocka_unit_test(router_that_is_back_ends_the_talk),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
