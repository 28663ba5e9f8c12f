/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/http_scene.h"

static void whole_answer_is_done(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	answer_whole(s, 200, "", CONTENT);
	assert_done(s, CONTENT);
	assert_true(digest_eq(&s->transfer.sha256, &s->transfer.want));
	assert_int_equal(s->transfer.url_used, 0);
}

static void empty_answer_is_an_empty_file(void **state)
{
	struct scene *s = *state;

	start(s);
	answer_whole(s, 200, "", "");
	assert_done(s, "");
}

static void broken_is_tried_again_later_then_elsewhere(void **state)
{
	static const long again[] = { 429, 500, 503, 408 };

	for (size_t i = 0; i < ARRAY_SIZE(again); i++) {
		struct scene *s = *state;

		http_job_release(&s->job);
		start(s);
		answer_whole(s, again[i], "", "busy");
		assert_waits_for(s, 0);
		assert_true(s->job.due_ms >= 50);
		answer_whole(s, again[i], "", "busy");
		assert_waits_for(s, 0);
		assert_true(s->job.due_ms >= 100);
		answer_whole(s, again[i], "", "busy");
		assert_waits_for(s, 1);
		assert_int_equal(s->job.due_ms, 0);
	}
}

static void cut_answer_is_continued(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	assert_true(answer(s, 200, "ETag: \"1\"", "01234"));
	report(s, HTTP_TRY_BROKEN);
	assert_waits_for(s, 0);
	assert_true(answer(s, 206, "Content-Range: bytes 5-9/10", "56789"));
	assert_int_equal(s->job.part.foreign, 5);
	http_answer_end(&s->answer, 206, 5);
	report_answer(s);
	assert_done(s, CONTENT);
}

static void whole_answer_to_a_range_starts_anew(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	assert_true(answer(s, 200, "", "01234"));
	report(s, HTTP_TRY_BROKEN);
	answer_whole(s, 200, "", CONTENT);
	assert_done(s, CONTENT);
}

static void range_from_elsewhere_is_dropped_and_asked_anew(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	assert_true(answer(s, 200, "", "01234"));
	report(s, HTTP_TRY_BROKEN);
	answer_whole(s, 206, "Content-Range: bytes 3-9/10", "3456789");
	assert_waits_for(s, 0);
	assert_int_equal(s->job.part.size, 0);
	assert_int_equal(s->job.due_ms, 0);
	answer_whole(s, 200, "", CONTENT);
	assert_done(s, CONTENT);
}

static void range_not_satisfiable_starts_anew(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	assert_true(answer(s, 200, "", "01234"));
	report(s, HTTP_TRY_BROKEN);
	answer_whole(s, 416, "", "no");
	assert_waits_for(s, 0);
	assert_int_equal(s->job.part.size, 0);
	answer_whole(s, 200, "", CONTENT);
	assert_done(s, CONTENT);
}

static void unasked_range_is_never_taken(void **state)
{
	struct scene *s = *state;

	start(s);
	answer_whole(s, 206, "Content-Range: bytes 0-4/10", "01234");
	assert_waits_for(s, 0);
	answer_whole(s, 206, "Content-Range: bytes 0-4/10", "01234");
	assert_waits_for(s, 1);
	assert_int_equal(s->job.part.size, 0);
}

static void longer_than_expected_is_wrong(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	answer_whole(s, 200, "", CONTENT "!");
	answer_whole(s, 200, "", CONTENT "!");
	assert_failed(s, ERROR_VERIFY);
	assert_told(s, "larger than the 10 bytes expected");
}

static void larger_than_allowed_is_wrong(void **state)
{
	struct scene *s = *state;

	s->transfer.max_size = 9;
	start(s);
	answer_whole(s, 200, "", CONTENT);
	answer_whole(s, 200, "", CONTENT);
	assert_failed(s, ERROR_VERIFY);
	assert_told(s, "larger than the 9 bytes allowed");
}

static void shorter_than_expected_is_wrong(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	answer_whole(s, 200, "", "0123");
	assert_waits_for(s, 1);
	assert_int_equal(s->job.part.size, 0);
}

static void short_answer_without_length_is_broken(void **state)
{
	struct scene *s = *state;

	want_content(s);
	start(s);
	assert_true(answer(s, 200, "", "0123"));
	http_answer_end(&s->answer, 200, -1);
	report_answer(s);
	assert_waits_for(s, 0);
	assert_int_equal(s->job.part.size, 4);
}

static void error_page_is_read_within_a_bound(void **state)
{
	struct scene *s = *state;
	char page[4096];
	int taken = 0;

	memset(page, 'x', sizeof(page));
	start(s);
	http_answer_begin(&s->answer, &s->job);
	while (taken < 100 &&
		http_answer_body(&s->answer, 404, page, sizeof(page)))
		taken++;
	assert_int_equal(taken, 16);
	assert_int_equal(s->job.part.size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(whole_answer_is_done),
		SCENE_TEST(empty_answer_is_an_empty_file),
		SCENE_TEST(broken_is_tried_again_later_then_elsewhere),
		SCENE_TEST(cut_answer_is_continued),
		SCENE_TEST(whole_answer_to_a_range_starts_anew),
		SCENE_TEST(range_from_elsewhere_is_dropped_and_asked_anew),
		SCENE_TEST(range_not_satisfiable_starts_anew),
		SCENE_TEST(unasked_range_is_never_taken),
		SCENE_TEST(longer_than_expected_is_wrong),
		SCENE_TEST(larger_than_allowed_is_wrong),
		SCENE_TEST(shorter_than_expected_is_wrong),
		SCENE_TEST(short_answer_without_length_is_broken),
		SCENE_TEST(error_page_is_read_within_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
