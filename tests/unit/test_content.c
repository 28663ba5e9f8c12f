/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tree/content.h"
#include "unit/tree_fixture.h"

struct files {
	struct fixture f;
	struct content_file file; /* "0123456789" */
	struct content_reader reader;
};

static struct content_file look_at(struct fixture *f, const char *path)
{
	struct content_file file;
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(content_file_init(&file, path, fd, &f->err), 0);
	close(fd);
	return file;
}

static int setup(void **state)
{
	struct files *s = calloc(1, sizeof(*s));

	fixture_init(&s->f);
	fixture_make_dir(&s->f);
	fixture_write(&s->f, "digits", "0123456789");
	s->file = look_at(&s->f, fixture_path(&s->f, "digits"));
	content_reader_init(&s->reader);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct files *s = *state;

	content_reader_release(&s->reader);
	fixture_release(&s->f);
	free(s);
	return 0;
}

static void assert_content(
	struct files *s, struct content content, const char *text)
{
	struct buf buf;

	if (content_read(&s->reader, &content, 100, &buf, &s->f.err))
		fail_msg("%s", s->f.err.text);
	assert_int_equal(buf.len, strlen(text));
	assert_string_equal(buf.len ? buf.data : "", text);
	buf_release(&buf);
}

static void assert_unreadable(struct files *s, struct content content,
	enum error_kind kind, const char *part)
{
	struct buf buf;

	assert_int_equal(
		content_read(&s->reader, &content, 100, &buf, &s->f.err), -1);
	assert_error(&s->f, kind, part);
}

static void every_kind_is_read_whole(void **state)
{
	struct files *s = *state;

	assert_content(s, content_empty(), "");
	assert_content(s, content_bytes("abc", 3), "abc");
	assert_content(s, content_extent(&s->file, 0, 10), "0123456789");
	assert_content(s, content_extent(&s->file, 3, 4), "3456");
}

static void nothing_of_any_kind_is_empty(void **state)
{
	struct files *s = *state;

	assert_int_equal(content_bytes("abc", 0).kind, CONTENT_EMPTY);
	assert_int_equal(content_extent(&s->file, 5, 0).kind, CONTENT_EMPTY);
}

static void a_part_never_reaches_beyond_the_whole(void **state)
{
	struct files *s = *state;
	struct content extent = content_extent(&s->file, 2, 5); /* 23456 */
	struct content bytes = content_bytes("abcdef", 6);

	assert_content(s, content_part(&extent, 1, 2), "34");
	assert_content(s, content_part(&extent, 3, 99), "56");
	assert_content(s, content_part(&extent, 5, 1), "");
	assert_content(s, content_part(&extent, UINT64_MAX, 1), "");
	assert_content(s, content_part(&bytes, 4, UINT64_MAX), "ef");
}

static void a_peek_stops_at_the_end(void **state)
{
	struct files *s = *state;
	struct content extent = content_extent(&s->file, 7, 3);
	struct content bytes = content_bytes("abcdef", 6);
	char p[8];

	assert_int_equal(
		content_peek(&s->reader, &extent, p, sizeof(p), &s->f.err), 3);
	assert_memory_equal(p, "789", 3);
	assert_int_equal(content_peek(&s->reader, &bytes, p, 2, &s->f.err), 2);
	assert_memory_equal(p, "ab", 2);
	extent = content_empty();
	assert_int_equal(content_peek(&s->reader, &extent, p, 2, &s->f.err), 0);
}

static void more_than_the_limit_is_refused(void **state)
{
	struct files *s = *state;
	struct content extent = content_extent(&s->file, 0, 10);
	struct buf buf;

	assert_int_equal(
		content_read(&s->reader, &extent, 9, &buf, &s->f.err), -1);
	assert_error(&s->f, ERROR_INPUT, "has 10 bytes, expected at most 9");
}

static void an_extent_beyond_its_file_is_refused(void **state)
{
	struct files *s = *state;

	assert_unreadable(s, content_extent(&s->file, 8, 3), ERROR_INPUT,
		"ends at byte 10");
	assert_unreadable(s, content_extent(&s->file, UINT64_MAX, 2),
		ERROR_INPUT, "ends at byte 10");
}

static void a_file_that_was_replaced_is_noticed(void **state)
{
	struct files *s = *state;

	fixture_write(&s->f, "new", "0123456789");
	assert_int_equal(rename(fixture_path(&s->f, "new"), s->file.path), 0);
	assert_unreadable(s, content_extent(&s->file, 0, 10), ERROR_IO,
		"changed since it was looked at");
}

static void a_file_that_was_rewritten_in_place_is_noticed(void **state)
{
	struct files *s = *state;
	const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	assert_int_equal(utimensat(AT_FDCWD, s->file.path, times, 0), 0);
	assert_unreadable(s, content_extent(&s->file, 0, 10), ERROR_IO,
		"changed since it was looked at");
}

static void a_touched_file_is_fine_where_times_do_not_count(void **state)
{
	struct files *s = *state;
	const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	s->file.mtime_ns = CONTENT_TIME_ANY;
	s->file.ctime_ns = CONTENT_TIME_ANY;
	assert_int_equal(utimensat(AT_FDCWD, s->file.path, times, 0), 0);
	assert_content(s, content_extent(&s->file, 0, 3), "012");
	assert_int_equal(truncate(s->file.path, 5), 0);
	content_reader_release(&s->reader);
	assert_unreadable(s, content_extent(&s->file, 0, 3), ERROR_IO,
		"changed since it was looked at");
}

/* A sink that rewrites the file it is fed from. */
struct meddler {
	struct sink sink;
	const char *path;
};

static int meddle(struct sink *sink, const void *p, size_t n, struct error *err)
{
	const struct meddler *m = (const struct meddler *)sink;

	return truncate(m->path, 4);
}

static void a_write_during_the_copy_is_noticed(void **state)
{
	static const struct sink_ops ops = { .write = meddle };
	struct files *s = *state;
	struct meddler m = { .path = s->file.path };
	struct content extent = content_extent(&s->file, 0, 10);

	sink_init(&m.sink, &ops);
	assert_int_equal(
		content_copy(&s->reader, &extent, &m.sink, &s->f.err), -1);
	assert_error(&s->f, ERROR_IO, "changed since it was looked at");
}

static void links_and_folders_are_no_content(void **state)
{
	struct files *s = *state;
	struct content_file link = s->file;
	struct content_file file;
	struct stat st;

	link.path = fixture_path(&s->f, "link");
	assert_int_equal(symlink("digits", link.path), 0);
	assert_unreadable(
		s, content_extent(&link, 0, 10), ERROR_IO, "cannot open");
	assert_int_equal(stat(s->f.dir, &st), 0);
	assert_int_equal(
		content_file_from_stat(&file, s->f.dir, &st, &s->f.err), -1);
	assert_error(&s->f, ERROR_IO, "is not a regular file");
}

static void a_missing_file_is_named(void **state)
{
	struct files *s = *state;

	assert_int_equal(unlink(s->file.path), 0);
	assert_unreadable(s, content_extent(&s->file, 0, 1), ERROR_NOT_FOUND,
		s->file.path);
}

static void the_reader_keeps_the_last_file_open(void **state)
{
	struct files *s = *state;
	int fd;

	assert_content(s, content_extent(&s->file, 0, 1), "0");
	fd = s->reader.fd;
	assert_content(s, content_extent(&s->file, 9, 1), "9");
	assert_int_equal(s->reader.fd, fd);
	content_reader_release(&s->reader);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_kind_is_read_whole),
		TEST(nothing_of_any_kind_is_empty),
		TEST(a_part_never_reaches_beyond_the_whole),
		TEST(a_peek_stops_at_the_end),
		TEST(more_than_the_limit_is_refused),
		TEST(an_extent_beyond_its_file_is_refused),
		TEST(a_file_that_was_replaced_is_noticed),
		TEST(a_file_that_was_rewritten_in_place_is_noticed),
		TEST(a_touched_file_is_fine_where_times_do_not_count),
		TEST(a_write_during_the_copy_is_noticed),
		TEST(links_and_folders_are_no_content),
		TEST(a_missing_file_is_named),
		TEST(the_reader_keeps_the_last_file_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
