/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "unit/tar_opened.h"

static struct opened opened_memory(const struct buf *tar, enum tar_end end)
{
	struct opened o = { .fd = -1 };
	struct error err;

	o.reader = tar_reader_new_bytes(buf_slice(tar), "t", end, NULL, &err);
	if (!o.reader)
		fail_msg("%s", err.text);
	return o;
}

/* Reads it all, with and without the contents: the same words must come. */
static void assert_refused(
	const struct buf *tar, enum tar_end end, const char *want)
{
	for (int i = 0; i < 2; i++) {
		struct opened o = { .fd = -1 };
		struct error err = { .text = "nothing" };
		int failed = -1;

		o.reader = tar_reader_new_bytes(
			buf_slice(tar), "t", end, NULL, &err);
		if (o.reader)
			failed = opened_read_all(
				&o, i ? READ_CONTENTS : SKIP_CONTENTS, &err);
		tar_reader_free(o.reader);
		assert_int_equal(failed, -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		if (strncmp(err.text, want, strlen(want)) != 0)
			fail_msg("got \"%s\", want \"%s\"", err.text, want);
	}
}

static void add_entries(struct buf *tar)
{
	buf_init(tar, TAR_MAX);
	fixture_file(tar, ".PKGINFO", "pkgname = x\n");
	fixture_pax(tar, "path", slice_of("long/name"));
	fixture_add(tar, (struct fixture){ .name = "x", .size = 200000 });
}

/* Larger than what is read at once. */
static void add_large(struct buf *tar, const char *name, size_t n)
{
	fixture_header(tar, &(struct fixture){ .name = name, .size = n });
	for (size_t i = 0; i < n; i++)
		buf_add(tar, &"0123456789"[i % 10], 1);
	fixture_pad(tar);
}

static void an_archive_in_memory_reads_like_a_file(void **state)
{
	SCOPED_BUF struct buf tar;
	struct opened file, memory;
	struct tar_entry a, b;

	buf_init(&tar, TAR_MAX);
	fixture_file(&tar, "small", "hello");
	add_large(&tar, "large", 500001);
	add_large(&tar, "skipped", 500001);
	fixture_file(&tar, "last", "bye");
	fixture_end(&tar);
	file = opened_tar(&tar);
	memory = opened_memory(&tar, TAR_END_REQUIRED);
	for (int i = 0; i < 4; i++) {
		a = opened_next(&file);
		b = opened_next(&memory);
		assert_string_equal(a.path, b.path);
		assert_int_equal(a.offset, b.offset);
		assert_int_equal(a.header, b.header);
		assert_int_equal(a.size, b.size);
		if (i != 2)
			opened_assert_copied(
				&memory, tar.data + b.offset, b.size);
	}
	opened_assert_end(&file);
	opened_assert_end(&memory);
	opened_close(&file);
	tar_reader_free(memory.reader);
}

/* From there on its own pax records can be read. */
static void an_entry_tells_where_its_headers_start(void **state)
{
	SCOPED_BUF struct buf tar;
	struct tar_entry e;
	struct opened o;
	uint64_t second, third;

	buf_init(&tar, TAR_MAX);
	fixture_file(&tar, "a", "hello");
	second = tar.len;
	fixture_pax(&tar, "APK-TOOLS.checksum.SHA1", slice_of("00"));
	fixture_file(&tar, "b", "");
	third = tar.len;
	fixture_special(&tar, 'L', "long", 5);
	fixture_file(&tar, "c", "");
	fixture_end(&tar);
	o = opened_memory(&tar, TAR_END_REQUIRED);
	e = opened_next(&o);
	assert_int_equal(e.header, 0);
	assert_int_equal(e.offset, FIXTURE_BLOCK);
	e = opened_next(&o);
	assert_int_equal(e.header, second);
	assert_int_equal(e.offset, third);
	e = opened_next(&o);
	assert_string_equal(e.path, "long");
	assert_int_equal(e.header, third);
	opened_assert_end(&o);
	tar_reader_free(o.reader);
}

static void a_fragment_ends_after_its_last_entry(void **state)
{
	SCOPED_BUF struct buf tar;
	struct opened o;

	buf_init(&tar, TAR_MAX);
	fixture_file(&tar, "a", "hello");
	o = opened_memory(&tar, TAR_END_ABSENT);
	opened_next(&o);
	opened_assert_copied(&o, "hello", 5);
	opened_assert_end(&o);
	tar_reader_free(o.reader);
	fixture_file(&tar, "empty", "");
	o = opened_memory(&tar, TAR_END_ABSENT);
	opened_next(&o);
	opened_next(&o);
	opened_assert_end(&o);
	tar_reader_free(o.reader);
}

static void a_fragment_with_more_than_entries_is_refused(void **state)
{
	static const char zeros[3 * FIXTURE_BLOCK];

	for (size_t n = 1; n <= sizeof(zeros); n++) {
		SCOPED_BUF struct buf tar;

		add_entries(&tar);
		buf_truncate(&tar, 2 * FIXTURE_BLOCK);
		buf_add(&tar, zeros, n);
		assert_refused(&tar, TAR_END_ABSENT, "t: ");
	}
}

static void blocks_that_end_an_archive_are_named(void **state)
{
	SCOPED_BUF struct buf tar;

	buf_init(&tar, TAR_MAX);
	fixture_file(&tar, "a", "hello");
	fixture_end(&tar);
	assert_refused(&tar, TAR_END_ABSENT,
		"t: after entry a: 1024 bytes after the last entry, expected "
		"none: this part of a tar archive must not have the blocks "
		"that end one");
}

static void an_archive_in_memory_needs_its_end(void **state)
{
	SCOPED_BUF struct buf tar;

	buf_init(&tar, TAR_MAX);
	fixture_file(&tar, "a", "hello");
	assert_refused(&tar, TAR_END_REQUIRED,
		"t: after entry a: truncated tar archive");
	fixture_end(&tar);
	buf_add_str(&tar, "x");
	assert_refused(&tar, TAR_END_REQUIRED,
		"t: after entry a: data after the end of the archive");
}

static void a_fragment_cut_within_an_entry_is_refused(void **state)
{
	size_t whole;
	SCOPED_BUF struct buf tar;

	buf_init(&tar, TAR_MAX);
	fixture_pax(&tar, "path", slice_of("a"));
	fixture_file(&tar, "x", "content");
	whole = tar.len;
	for (size_t n = whole - 1; n > 0; n--) {
		buf_truncate(&tar, n);
		assert_refused(&tar, TAR_END_ABSENT, "t: ");
	}
}

static void what_is_no_tar_is_refused(void **state)
{
	SCOPED_BUF struct buf tar;

	buf_init(&tar, TAR_MAX);
	assert_refused(
		&tar, TAR_END_ABSENT, "t: empty file, expected a tar archive");
	buf_add_str(&tar, "\x1f\x8b\x08");
	assert_refused(&tar, TAR_END_ABSENT,
		"t: gzip data, expected an uncompressed tar archive");
	buf_truncate(&tar, 0);
	for (int i = 0; i < 2000; i++)
		buf_add_str(&tar, "text ");
	assert_refused(&tar, TAR_END_REQUIRED, "t: not a tar archive");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_archive_in_memory_reads_like_a_file),
		cmocka_unit_test(an_entry_tells_where_its_headers_start),
		cmocka_unit_test(a_fragment_ends_after_its_last_entry),
		cmocka_unit_test(a_fragment_with_more_than_entries_is_refused),
		cmocka_unit_test(blocks_that_end_an_archive_are_named),
		cmocka_unit_test(an_archive_in_memory_needs_its_end),
		cmocka_unit_test(a_fragment_cut_within_an_entry_is_refused),
		cmocka_unit_test(what_is_no_tar_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
