/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "base/compiler.h"
#include "unit/tar_opened.h"

/* One entry that is bad in itself, after a good one. */
struct bad_entry {
	struct fixture f;
	const char *pax_key, *pax_value; /* a PAX header before it */
	const char *want;
};

static const struct bad_entry bad_names[] = {
	{ { .name = "../x" }, NULL, NULL,
		"t: entry number 2: path \"../x\" has a \"..\" component" },
	{ { .name = "a/../../x" }, NULL, NULL,
		"t: entry number 2: path \"a/../../x\" has a \"..\" "
		"component" },
	{ { .name = "/etc/passwd" }, NULL, NULL,
		"t: entry number 2: path \"/etc/passwd\" is absolute, "
		"expected a relative one" },
	{ { .name = "harmless" }, "path", "/etc/passwd",
		"t: entry number 2: path \"/etc/passwd\" is absolute" },
	{ { .name = "harmless" }, "path", "a/..",
		"t: entry number 2: path \"a/..\" has a \"..\" component" },
	{ { .name = "" }, NULL, NULL, "t: entry number 2: path is empty" },
	{ { .name = "." }, NULL, NULL,
		"t: entry .: the archive's root is not a directory" },
	{ { .name = "a\033[2Jb" }, NULL, NULL,
		"t: entry number 2: path has a control character (U+001B)" },
	{ { .name = "a\nb" }, NULL, NULL,
		"t: entry number 2: path has a control character (U+000A)" },
	{ { .name = "caf\xe9" }, NULL, NULL,
		"t: entry number 2: path is not valid UTF-8" },
	{ { .name = "harmless" }, "path", "caf\xe9", "t: after entry good: " },
	{ { .name = "a", .uname = "caf\xe9" }, NULL, NULL,
		"t: entry a: name of its uid is not valid UTF-8" },
	{ { .name = "a", .gname = "caf\xe9" }, NULL, NULL,
		"t: entry a: name of its gid is not valid UTF-8" },
};

static const struct bad_entry bad_targets[] = {
	{ { .name = "a", .type = '1', .link = "/b" }, NULL, NULL,
		"t: entry a: hard link target: path \"/b\" is absolute" },
	{ { .name = "a", .type = '1', .link = "x/../b" }, NULL, NULL,
		"t: entry a: hard link target: path \"x/../b\" has a \"..\" "
		"component" },
	{ { .name = "a", .type = '1', .link = "./" }, NULL, NULL,
		"t: entry a: hard link to the archive's root" },
	{ { .name = "a", .type = '1', .link = "b" }, "linkpath", "/etc/shadow",
		"t: entry a: hard link target: path \"/etc/shadow\" is "
		"absolute" },
	{ { .name = "a", .type = '2' }, NULL, NULL,
		"t: entry a: symlink without target" },
	{ { .name = "a", .type = '2', .link = "\xe9" }, NULL, NULL,
		"t: entry a: symlink target is not valid UTF-8" },
};

static const struct bad_entry bad_types[] = {
	{ { .name = "a", .type = '7' }, NULL, NULL,
		"t: entry a: unknown type of entry (typeflag byte 0x37)" },
	{ { .name = "a", .type = 'M' }, NULL, NULL,
		"t: entry a: unknown type of entry" },
	{ { .name = "a", .type = '\x01', .content = "x" }, NULL, NULL,
		"t: entry a: unknown type of entry (typeflag byte 0x01)" },
	{ { .name = "a", .type = 'D', .content = "x" }, NULL, NULL,
		"t: entry a: 1 bytes of content, but it is no file" },
	/* libarchive takes these contents for a header. */
	{ { .name = "d", .type = '5', .content = "x" }, NULL, NULL,
		"t: after entry d: " },
	{ { .name = "d", .type = '3', .content = "x" }, NULL, NULL,
		"t: after entry d: " },
};

static const struct bad_entry bad_numbers[] = {
	{ { .name = "a", .checksum_off = 1 }, NULL, NULL,
		"t: after entry good: " },
	{ { .name = "a",
		  .size_text = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
			       "\xff\xff" },
		NULL, NULL, "t: after entry good: " },
	{ { .name = "a",
		  .size_text = "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff"
			       "\xff" },
		NULL, NULL, "t: after entry good: " },
	{ { .name = "a" }, "size", "9223372036854775807",
		"t: after entry good: " },
	{ { .name = "a" }, "size", "-1", "t: after entry good: " },
	{ { .name = "a", .uid_text = "\x80\0\0\0\xff\xff\xff\xff" }, NULL, NULL,
		"t: entry a: uid 4294967295 is out of range (0 to "
		"4294967294)" },
	{ { .name = "a", .uid_text = "\xff\xff\xff\xff\xff\xff\xff\xff" }, NULL,
		NULL, "t: entry a: uid -1 is out of range" },
	{ { .name = "a" }, "gid", "99999999999",
		"t: entry a: gid 99999999999 is out of range" },
};

static void assert_all_refused(const struct bad_entry *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		SCOPED_BUF struct buf tar;

		buf_init(&tar, TAR_MAX);
		fixture_file(&tar, "good", "content");
		if (cases[i].pax_key)
			fixture_pax(&tar, cases[i].pax_key,
				slice_of(cases[i].pax_value));
		fixture_add(&tar, cases[i].f);
		fixture_end(&tar);
		opened_assert_refused(&tar, cases[i].f.name, NULL,
			SKIP_CONTENTS, cases[i].want);
		opened_assert_refused(&tar, cases[i].f.name, NULL,
			READ_CONTENTS, cases[i].want);
	}
}

static void bad_names_are_refused(void **state)
{
	assert_all_refused(bad_names, ARRAY_SIZE(bad_names));
}

static void bad_targets_are_refused(void **state)
{
	assert_all_refused(bad_targets, ARRAY_SIZE(bad_targets));
}

static void bad_types_are_refused(void **state)
{
	assert_all_refused(bad_types, ARRAY_SIZE(bad_types));
}

static void bad_numbers_are_refused(void **state)
{
	assert_all_refused(bad_numbers, ARRAY_SIZE(bad_numbers));
}

static void more_entries_than_allowed_are_refused(void **state)
{
	const struct tar_limits limits = { .entries = 2 };
	SCOPED_BUF struct buf tar;

	buf_init(&tar, TAR_MAX);
	for (int i = 0; i < 3; i++)
		fixture_file(&tar, "good", "content");
	fixture_end(&tar);
	opened_assert_refused(&tar, "3 entries", &limits, SKIP_CONTENTS,
		"t: entry good: the archive has more than 2 entries");
}

static void contents_larger_than_allowed_are_refused(void **state)
{
	const struct tar_limits limits = { .size = 1000 };
	SCOPED_BUF struct buf tar;

	/* 994 + 7 bytes; the second one says so without having them. */
	buf_init(&tar, TAR_MAX);
	fixture_file(&tar, "good", "content");
	fixture_header(&tar, &(struct fixture){ .name = "bomb", .size = 994 });
	opened_assert_refused(&tar, "1001 bytes", &limits, SKIP_CONTENTS,
		"t: entry bomb: the contents are larger than the limit of "
		"1000 bytes");
}

static void gzip_is_refused_when_not_asked_for(void **state)
{
	int fd = fixture_fd("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
	struct error err;

	assert_null(tar_reader_new(fd, "t", TAR_PLAIN, NULL, &err));
	assert_string_equal(
		err.text, "t: gzip data, expected an uncompressed tar archive");
	close(fd);
}

static void what_is_no_regular_file_is_refused(void **state)
{
	struct error err;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_null(tar_reader_new(fds[0], "t", TAR_PLAIN, NULL, &err));
	assert_string_equal(err.text, "t: not a regular file");
	close(fds[0]);
	close(fds[1]);
	assert_null(tar_reader_new(-1, "t", TAR_PLAIN, NULL, &err));
	assert_int_equal(err.kind, ERROR_IO);
}

static void the_sinks_error_is_ours_too(void **state)
{
	SCOPED_BUF struct buf tar;
	SCOPED_BUF struct buf small;
	struct buf_sink bs;
	struct opened o;
	struct error err;

	buf_init(&tar, TAR_MAX);
	buf_init(&small, 3);
	buf_sink_init(&bs, &small);
	fixture_file(&tar, "good", "content");
	fixture_file(&tar, "next", "");
	fixture_end(&tar);
	o = opened_tar(&tar);
	opened_next(&o);
	assert_int_equal(tar_reader_copy(o.reader, &bs.sink, &err), -1);
	assert_int_equal(err.kind, ERROR_LIMIT);
	opened_next(&o);
	opened_assert_end(&o);
	opened_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(bad_targets_are_refused),
		cmocka_unit_test(bad_types_are_refused),
		cmocka_unit_test(bad_numbers_are_refused),
		cmocka_unit_test(more_entries_than_allowed_are_refused),
		cmocka_unit_test(contents_larger_than_allowed_are_refused),
		cmocka_unit_test(gzip_is_refused_when_not_asked_for),
		cmocka_unit_test(what_is_no_regular_file_is_refused),
		cmocka_unit_test(the_sinks_error_is_ours_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
