/* SPDX-License-Identifier: MIT
 *
 * tar_opened: a tar reader on bytes in memory, and what tests ask of it. A
 * failure of the reader fails the test with its words.
 */
#ifndef TESTS_UNIT_TAR_OPENED_H
#define TESTS_UNIT_TAR_OPENED_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/tar_read.h"
#include "unit/tar_fixture.h"

#define TAR_MAX ((size_t)64 << 20)

struct opened {
	int fd;
	struct tar_reader *reader;
};

static inline struct opened opened_bytes(
	const void *p, size_t n, enum tar_form form)
{
	struct opened o = { .fd = fixture_fd(p, n) };
	struct error err;

	o.reader = tar_reader_new(o.fd, "t", form, NULL, &err);
	if (!o.reader)
		fail_msg("%s", err.text);
	return o;
}

static inline struct opened opened_tar(const struct buf *tar)
{
	return opened_bytes(tar->data, tar->len, TAR_PLAIN);
}

static inline void opened_close(struct opened *o)
{
	tar_reader_free(o->reader);
	close(o->fd);
}

static inline struct tar_entry opened_next(struct opened *o)
{
	struct tar_entry entry;
	struct error err;
	int found = tar_reader_next(o->reader, &entry, &err);

	if (found < 0)
		fail_msg("%s", err.text);
	assert_int_equal(found, 1);
	return entry;
}

static inline void opened_assert_end(struct opened *o)
{
	struct tar_entry entry;
	struct error err;
	int found = tar_reader_next(o->reader, &entry, &err);

	if (found < 0)
		fail_msg("%s", err.text);
	assert_int_equal(found, 0);
	assert_int_equal(tar_reader_next(o->reader, &entry, &err), 0);
}

static inline void opened_assert_copied(
	struct opened *o, const void *want, size_t n)
{
	SCOPED_BUF struct buf buf;
	struct buf_sink bs;
	struct error err;

	buf_init(&buf, TAR_MAX);
	buf_add(&buf, "", 0);
	buf_sink_init(&bs, &buf);
	if (tar_reader_copy(o->reader, &bs.sink, &err))
		fail_msg("%s", err.text);
	assert_int_equal(buf.len, n);
	assert_memory_equal(buf.data, want, n);
}

/* Reads all headers, with or without the contents, until the end or -1. */
enum opened_contents { SKIP_CONTENTS, READ_CONTENTS };

static inline int opened_read_all(
	struct opened *o, enum opened_contents contents, struct error *err)
{
	struct tar_entry entry;
	struct sink null;
	int found;

	null_sink_init(&null);
	while ((found = tar_reader_next(o->reader, &entry, err)) > 0) {
		if (contents == READ_CONTENTS &&
			tar_reader_copy(o->reader, &null, err))
			return -1;
	}
	return found;
}

/*
 * Reading the archive must fail with words that start as `want`: what follows
 * is libarchive's and differs between its versions. Once failed, always so.
 */
static inline void opened_assert_refused(const struct buf *tar,
	const char *name, const struct tar_limits *limits,
	enum opened_contents contents, const char *want)
{
	struct opened o = { .fd = fixture_fd(tar->data, tar->len) };
	struct error err = { .text = "nothing" }, again;
	struct tar_entry entry;
	int failed = -1;

	o.reader = tar_reader_new(o.fd, "t", TAR_PLAIN_OR_GZIP, limits, &err);
	if (o.reader) {
		failed = opened_read_all(&o, contents, &err);
		if (failed)
			assert_int_equal(
				tar_reader_next(o.reader, &entry, &again), -1);
	}
	if (!failed || strncmp(err.text, want, strlen(want)) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, err.text, want);
	assert_int_equal(err.kind, ERROR_INPUT);
	opened_close(&o);
}

#endif
