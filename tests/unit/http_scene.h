/* SPDX-License-Identifier: MIT
 *
 * http_scene: a job with two URLs, and answers as libcurl would bring them,
 * for the tests of http_job and http_answer.
 */
#ifndef TESTS_UNIT_HTTP_SCENE_H
#define TESTS_UNIT_HTTP_SCENE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "io/http_answer.h"
#include "unit/scratch.h"

#define CONTENT "0123456789"
#define LENGTH 10

/* One job with two URLs, and what libcurl would tell it. */
struct scene {
	const char *urls[2];
	char *path;
	struct transfer transfer;
	struct http_options options;
	struct http_job job;
	struct http_answer answer;
};

static inline int scene_setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));
	void *dir;

	if (scratch_setup(&dir))
		return -1;
	s->urls[0] = "https://a/file";
	s->urls[1] = "https://b/file";
	s->path = path_join(dir, "part");
	s->transfer = (struct transfer){
		.name = "file",
		.urls = s->urls,
		.nurls = 2,
		.path = s->path,
		.max_size = 100,
	};
	s->options = (struct http_options){ .tries = 3, .backoff_ms = 100 };
	s->options = http_options_fill(&s->options);
	free(dir);
	*state = s;
	return 0;
}

static inline int scene_teardown(void **state)
{
	struct scene *s = *state;
	void *dir = slice_dup(path_parent(s->path));

	http_job_release(&s->job);
	free(s->path);
	free(s);
	return scratch_teardown(&dir);
}

static inline void start(struct scene *s)
{
	http_job_init(&s->job, &s->transfer, &s->options);
	http_job_start(&s->job);
}

static inline void want_content(struct scene *s)
{
	s->transfer.want = digest_of(DIGEST_SHA256, CONTENT, LENGTH);
	s->transfer.size = LENGTH;
}

static inline void report(struct scene *s, enum http_outcome outcome)
{
	struct error why = { .kind = ERROR_NETWORK, .text = "what it said" };
	struct http_report r = { .outcome = outcome, .why = &why, .now_ms = 7 };

	http_job_report(&s->job, &r);
}

static inline void report_answer(struct scene *s)
{
	struct http_report r = {
		.outcome = s->answer.outcome,
		.why = &s->answer.why,
	};

	http_job_report(&s->job, &r);
}

/* An answer as far as it came; length -1: none announced. */
static inline bool answer(
	struct scene *s, long status, const char *header, const char *body)
{
	const char *validator;
	struct http_answer *a = &s->answer;
	bool ranged;

	ranged = http_part_can_resume(
		&s->job.part, http_job_url(&s->job), &validator);
	http_answer_begin(a, &s->job);
	a->ranged = ranged;
	http_header_add(&a->header, slice_of(header));
	return !*body || http_answer_body(a, status, body, strlen(body));
}

/* A whole one, reported. */
static inline void answer_whole(
	struct scene *s, long status, const char *header, const char *body)
{
	if (answer(s, status, header, body))
		http_answer_end(&s->answer, status, (int64_t)strlen(body));
	report_answer(s);
}

static inline void assert_waits_for(struct scene *s, size_t url)
{
	assert_int_equal(s->job.state, HTTP_JOB_WAITING);
	assert_int_equal(s->job.url, url);
}

static inline void assert_done(struct scene *s, const char *content)
{
	struct error err = { 0 };
	struct buf text;

	assert_int_equal(s->job.state, HTTP_JOB_OVER);
	assert_int_equal(s->transfer.result, HTTP_DONE);
	assert_int_equal(s->transfer.got, strlen(content));
	assert_int_equal(file_read(s->path, 1000, &text, &err), 0);
	assert_string_equal(text.data, content);
	buf_release(&text);
}

static inline void assert_failed(struct scene *s, enum error_kind kind)
{
	assert_int_equal(s->job.state, HTTP_JOB_OVER);
	assert_int_equal(s->transfer.error.kind, kind);
}

static inline void assert_told(struct scene *s, const char *text)
{
	if (!strstr(s->transfer.error.text, text))
		fail_msg("\"%s\" does not tell \"%s\"", s->transfer.error.text,
			text);
}

#define SCENE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

#endif
