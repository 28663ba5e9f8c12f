/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/http_scene.h"

static void missing_goes_to_the_next_url_at_once(void **state)
{
	struct scene *s = *state;

	start(s);
	answer_whole(s, 404, "", "<html>not here</html>");
	assert_waits_for(s, 1);
	assert_int_equal(s->job.due_ms, 0);
	answer_whole(s, 200, "", CONTENT);
	assert_done(s, CONTENT);
	assert_int_equal(s->transfer.url_used, 1);
}

static void missing_everywhere_is_not_found(void **state)
{
	struct scene *s = *state;

	start(s);
	answer_whole(s, 404, "", "x");
	answer_whole(s, 410, "", "x");
	assert_failed(s, ERROR_NOT_FOUND);
	assert_int_equal(s->transfer.result, HTTP_MISSING);
	assert_told(s, "\n  https://a/file: HTTP status 404");
	assert_told(s, "\n  https://b/file: HTTP status 410");
}

static void missing_at_one_and_broken_at_another_is_a_failure(void **state)
{
	struct scene *s = *state;

	start(s);
	answer_whole(s, 404, "", "x");
	answer_whole(s, 403, "", "x");
	assert_failed(s, ERROR_NETWORK);
	assert_int_equal(s->transfer.result, HTTP_FAILED);
}

static void all_urls_are_told_with_their_tries(void **state)
{
	struct scene *s = *state;

	s->urls[0] = "https://me:secret@a/file";
	start(s);
	for (int i = 0; i < 3; i++)
		report(s, HTTP_TRY_BROKEN);
	report(s, HTTP_TRY_REFUSED);
	assert_failed(s, ERROR_NETWORK);
	assert_told(s, "fetch file: ");
	assert_told(s, "\n  https://***@a/file: what it said (3 tries)");
	assert_told(s, "\n  https://b/file: what it said");
}

static void unreachable_is_tried_twice(void **state)
{
	struct scene *s = *state;

	start(s);
	report(s, HTTP_TRY_UNREACHABLE);
	assert_waits_for(s, 0);
	report(s, HTTP_TRY_UNREACHABLE);
	assert_waits_for(s, 1);
}

static void server_may_ask_for_a_longer_pause(void **state)
{
	struct scene *s = *state;
	struct error why = { .text = "busy" };
	struct http_report r = {
		.outcome = HTTP_TRY_BROKEN,
		.why = &why,
		.now_ms = 1000,
		.wait_ms = 5000,
	};

	start(s);
	http_job_report(&s->job, &r);
	assert_int_equal(s->job.due_ms, 6000);
	r.wait_ms = 1000000;
	http_job_report(&s->job, &r);
	assert_int_equal(s->job.due_ms, 1000 + HTTP_WAIT_MAX_MS);
}

static void wrong_bytes_are_dropped_and_the_next_url_tried(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	answer_whole(s, 200, "", "tampered!!");
	assert_waits_for(s, 1);
	assert_int_equal(s->job.part.size, 0);
	answer_whole(s, 200, "", CONTENT);
	assert_done(s, CONTENT);
}

static void wrong_bytes_after_a_resume_get_a_second_go(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	assert_true(answer(s, 200, "", "xxxxx"));
	report(s, HTTP_TRY_BROKEN);
	answer_whole(s, 206, "Content-Range: bytes 5-9/10", "56789");
	assert_waits_for(s, 0);
	assert_int_equal(s->job.part.size, 0);
	answer_whole(s, 200, "", CONTENT);
	assert_done(s, CONTENT);
}

static void wrong_bytes_everywhere_is_a_verify_error(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	answer_whole(s, 200, "", "tampered!!");
	answer_whole(s, 404, "", "");
	assert_failed(s, ERROR_VERIFY);
	assert_told(s, "digest mismatch (expected sha256:");
	assert_told(s, "found sha256:");
}

static void complete_file_of_a_killed_process_needs_no_try(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	assert_true(answer(s, 200, "", CONTENT));
	http_job_release(&s->job);
	start(s);
	assert_done(s, CONTENT);
	assert_true(digest_eq(&s->transfer.sha256, &s->transfer.want));
}

static void file_of_full_length_but_wrong_bytes_is_not_done(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	assert_true(answer(s, 200, "", "0123456780"));
	http_job_release(&s->job);
	start(s);
	assert_waits_for(s, 0);
	answer_whole(s, 200, "", CONTENT);
	assert_done(s, CONTENT);
}

static void offline_tries_nothing_but_file_urls(void **state)
{
	struct scene *s = *state;

	s->options.offline = true;
	s->urls[1] = "file:///mirror/file";
	start(s);
	assert_waits_for(s, 1);
	report(s, HTTP_TRY_MISSING);
	assert_failed(s, ERROR_OFFLINE);
	assert_told(s, "https://a/file: not tried: offline");
}

static void local_failure_ends_everything(void **state)
{
	struct scene *s = *state;
	struct error why = { .kind = ERROR_IO, .text = "disk full" };
	struct http_report r = { .outcome = HTTP_TRY_FATAL, .why = &why };

	start(s);
	http_job_report(&s->job, &r);
	assert_failed(s, ERROR_IO);
	assert_string_equal(s->transfer.error.text, "fetch file: disk full");
}

static void transfer_without_urls_fails(void **state)
{
	struct scene *s = *state;

	s->transfer.nurls = 0;
	start(s);
	assert_failed(s, ERROR_NETWORK);
}

static void cancelled_job_is_interrupted(void **state)
{
	struct scene *s = *state;

	start(s);
	http_job_cancel(&s->job);
	assert_failed(s, ERROR_INTERRUPTED);
}

static void backoff_doubles_within_its_bounds(void **state)
{
	assert_int_equal(http_backoff_ms(500, 1, 0), 250);
	assert_int_equal(http_backoff_ms(500, 1, 250), 500);
	assert_int_equal(http_backoff_ms(500, 3, 0), 1000);
	for (uint32_t i = 0; i < 10000; i += 7) {
		int64_t ms = http_backoff_ms(500, 2, i * 2654435761u);

		assert_true(ms >= 500 && ms <= 1000);
	}
	assert_int_equal(
		http_backoff_ms(500, 4000000000u, 0), HTTP_WAIT_MAX_MS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(missing_goes_to_the_next_url_at_once),
		SCENE_TEST(missing_everywhere_is_not_found),
		SCENE_TEST(missing_at_one_and_broken_at_another_is_a_failure),
		SCENE_TEST(all_urls_are_told_with_their_tries),
		SCENE_TEST(unreachable_is_tried_twice),
		SCENE_TEST(server_may_ask_for_a_longer_pause),
		SCENE_TEST(wrong_bytes_are_dropped_and_the_next_url_tried),
		SCENE_TEST(wrong_bytes_after_a_resume_get_a_second_go),
		SCENE_TEST(wrong_bytes_everywhere_is_a_verify_error),
		SCENE_TEST(complete_file_of_a_killed_process_needs_no_try),
		SCENE_TEST(file_of_full_length_but_wrong_bytes_is_not_done),
		SCENE_TEST(offline_tries_nothing_but_file_urls),
		SCENE_TEST(local_failure_ends_everything),
		SCENE_TEST(transfer_without_urls_fails),
		SCENE_TEST(cancelled_job_is_interrupted),
		cmocka_unit_test(backoff_doubles_within_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
