/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "io/http.h"
#include "io/outfile.h"
#include "unit/scratch.h"

/* Without a network: what http_fetch() does with file: URLs and cancel. */

struct scene {
	char *dir, *source, *path, *url;
	const char *urls[2];
	struct transfer transfer;
	struct error err;
};

static int scene_setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));
	void *dir;

	if (scratch_setup(&dir))
		return -1;
	s->dir = dir;
	s->source = path_join(dir, "a file");
	s->path = path_join(dir, "part");
	s->url = memory_printf("file://%s/a%%20file", s->dir);
	s->urls[0] = s->urls[1] = s->url;
	s->transfer = (struct transfer){
		.name = "file",
		.urls = s->urls,
		.nurls = 1,
		.path = s->path,
		.max_size = 100,
	};
	*state = s;
	return 0;
}

static int scene_teardown(void **state)
{
	struct scene *s = *state;
	void *dir = s->dir;

	free(s->source);
	free(s->path);
	free(s->url);
	free(s);
	return scratch_teardown(&dir);
}

static void put(const char *path, const char *text)
{
	struct error err = { 0 };

	assert_int_equal(outfile_write(path, text, strlen(text), &err), 0);
}

static int fetch(struct scene *s)
{
	struct http_options options = { .backoff_ms = 1 };

	return http_fetch(&s->transfer, 1, &options, NULL, &s->err);
}

static void local_file_is_copied_and_hashed(void **state)
{
	struct scene *s = *state;
	struct digest want = digest_of(DIGEST_SHA256, "content", 7);
	struct buf text;

	put(s->source, "content");
	s->transfer.want = digest_of(DIGEST_SHA512, "content", 7);
	assert_int_equal(fetch(s), 0);
	assert_int_equal(s->transfer.result, HTTP_DONE);
	assert_int_equal(s->transfer.got, 7);
	assert_true(digest_eq(&s->transfer.sha256, &want));
	assert_true(digest_eq(&s->transfer.sha512, &s->transfer.want));
	assert_int_equal(file_read(s->path, 100, &text, &s->err), 0);
	assert_string_equal(text.data, "content");
	buf_release(&text);
}

static void what_is_not_there_is_missing(void **state)
{
	struct scene *s = *state;

	assert_int_equal(fetch(s), -1);
	assert_int_equal(s->err.kind, ERROR_NOT_FOUND);
	assert_int_equal(s->transfer.result, HTTP_MISSING);
	s->transfer.optional = true;
	assert_int_equal(fetch(s), 0);
	assert_int_equal(s->transfer.result, HTTP_MISSING);
}

static void second_url_serves_when_the_first_is_wrong(void **state)
{
	struct scene *s = *state;
	SCOPED_FREE char *other = path_join(s->dir, "other");
	SCOPED_FREE char *url = memory_printf("file://%s", other);

	put(s->source, "tampered");
	put(other, "original");
	s->transfer.want = digest_of(DIGEST_SHA256, "original", 8);
	s->urls[1] = url;
	s->transfer.nurls = 2;
	assert_int_equal(fetch(s), 0);
	assert_int_equal(s->transfer.url_used, 1);
}

static void stale_part_does_not_mix_with_a_local_file(void **state)
{
	struct scene *s = *state;

	put(s->source, "content");
	put(s->path, "stale");
	assert_int_equal(fetch(s), 0);
	assert_int_equal(s->transfer.got, 7);
}

static void local_file_above_the_limit_is_refused(void **state)
{
	struct scene *s = *state;

	put(s->source, "content");
	s->transfer.max_size = 6;
	assert_int_equal(fetch(s), -1);
	assert_int_equal(s->err.kind, ERROR_VERIFY);
	s->transfer.max_size = 7;
	assert_int_equal(fetch(s), 0);
}

static void folder_is_refused(void **state)
{
	struct scene *s = *state;

	assert_int_equal(mkdir(s->source, 0777), 0);
	assert_int_equal(fetch(s), -1);
	assert_int_equal(s->err.kind, ERROR_NETWORK);
	assert_non_null(strstr(s->err.text, "not a regular file"));
}

static void fifo_does_not_hang(void **state)
{
	struct scene *s = *state;

	assert_int_equal(mkfifo(s->source, 0666), 0);
	assert_int_equal(fetch(s), -1);
	assert_int_equal(s->err.kind, ERROR_NETWORK);
}

static void other_schemes_are_refused(void **state)
{
	struct scene *s = *state;

	s->urls[0] = "ftp://127.0.0.1/x";
	assert_int_equal(fetch(s), -1);
	assert_non_null(strstr(s->err.text, "expected https://"));
}

static void target_that_cannot_be_written_is_an_io_error(void **state)
{
	struct scene *s = *state;

	put(s->source, "content");
	assert_int_equal(mkdir(s->path, 0777), 0);
	assert_int_equal(fetch(s), -1);
	assert_int_equal(s->err.kind, ERROR_IO);
}

static void cancel_ends_before_anything_is_tried(void **state)
{
	struct scene *s = *state;
	struct http_options options = { 0 };
	volatile int cancel = 1;

	put(s->source, "content");
	assert_int_equal(
		http_fetch(&s->transfer, 1, &options, &cancel, &s->err), -1);
	assert_int_equal(s->err.kind, ERROR_INTERRUPTED);
	assert_false(file_exists(s->path));
}

static void first_failure_of_several_is_told_and_the_others_arrive(void **state)
{
	struct scene *s = *state;
	SCOPED_FREE char *second = path_join(s->dir, "part2");
	SCOPED_FREE char *missing = memory_printf("file://%s/nothing", s->dir);
	const char *missing_urls[] = { missing };
	struct transfer both[2] = { s->transfer, s->transfer };
	struct http_options options = { 0 };

	put(s->source, "content");
	both[0].urls = missing_urls;
	both[0].name = "nothing";
	both[1].path = second;
	assert_int_equal(http_fetch(both, 2, &options, NULL, &s->err), -1);
	assert_int_equal(both[0].result, HTTP_MISSING);
	assert_int_equal(both[1].result, HTTP_DONE);
	assert_non_null(strstr(s->err.text, "fetch nothing"));
}

static void nothing_to_fetch_is_success(void **state)
{
	struct http_options options = { 0 };
	struct error err = { 0 };

	assert_int_equal(http_fetch(NULL, 0, &options, NULL, &err), 0);
}

/* Counts what a progress is told. */
struct counter {
	struct progress progress;
	int begun, ended, failed;
	uint64_t done;
};

static int count_begin(struct progress *p, const char *name, uint64_t total)
{
	return ((struct counter *)p)->begun++;
}

static void count_update(
	struct progress *p, int id, uint64_t done, uint64_t total)
{
	((struct counter *)p)->done = done;
}

static void count_note(struct progress *p, int id, const char *text)
{
}

static void count_end(struct progress *p, int id, const char *outcome)
{
	((struct counter *)p)->ended++;
	((struct counter *)p)->failed += outcome != NULL;
}

static void progress_begins_and_ends_once_for_each(void **state)
{
	static const struct progress_ops ops = {
		count_begin,
		count_update,
		count_note,
		count_end,
	};
	struct scene *s = *state;
	struct counter counter = { .progress.ops = &ops };
	struct http_options options = { .progress = &counter.progress };

	put(s->source, "content");
	assert_int_equal(
		http_fetch(&s->transfer, 1, &options, NULL, &s->err), 0);
	assert_int_equal(counter.begun, 1);
	assert_int_equal(counter.ended, 1);
	assert_int_equal(counter.failed, 0);
	assert_int_equal(counter.done, 7);
	unlink(s->source);
	assert_int_equal(
		http_fetch(&s->transfer, 1, &options, NULL, &s->err), -1);
	assert_int_equal(counter.begun, 2);
	assert_int_equal(counter.ended, 2);
	assert_int_equal(counter.failed, 1);
}

#define SCENE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(local_file_is_copied_and_hashed),
		SCENE_TEST(what_is_not_there_is_missing),
		SCENE_TEST(second_url_serves_when_the_first_is_wrong),
		SCENE_TEST(stale_part_does_not_mix_with_a_local_file),
		SCENE_TEST(local_file_above_the_limit_is_refused),
		SCENE_TEST(folder_is_refused),
		SCENE_TEST(fifo_does_not_hang),
		SCENE_TEST(other_schemes_are_refused),
		SCENE_TEST(target_that_cannot_be_written_is_an_io_error),
		SCENE_TEST(cancel_ends_before_anything_is_tried),
		SCENE_TEST(
			first_failure_of_several_is_told_and_the_others_arrive),
		cmocka_unit_test(nothing_to_fetch_is_success),
		SCENE_TEST(progress_begins_and_ends_once_for_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
