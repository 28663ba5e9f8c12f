/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/compiler.h"
#include "unit/tar_opened.h"

/* A good entry, so that it is not the first header that is bad. */
static void start(struct buf *tar)
{
	fixture_file(tar, "good", "content");
}

static void last(struct buf *tar, struct fixture f)
{
	fixture_add(tar, f);
	fixture_end(tar);
}

static void symlink_long(struct buf *tar)
{
	char target[4097];

	memset(target, 't', 4096);
	target[4096] = '\0';
	start(tar);
	fixture_special(tar, 'K', target, 4097);
	last(tar, (struct fixture){ .name = "a", .type = '2', .link = "t" });
}

static void gnu_sparse(struct buf *tar)
{
	/* Old GNU: a map of 4 holes at 386, the real size at 483. */
	static const char content[512] = "x";
	char after[167] = "";

	fixture_octal(after + 386 - 345, 12, 512);
	fixture_octal(after + 398 - 345, 12, 512);
	fixture_octal(after + 483 - 345, 12, 4096);
	start(tar);
	fixture_add(tar, (struct fixture){ .name = "s",
				 .type = 'S',
				 .content = content,
				 .size = 512,
				 .magic = "ustar  ",
				 .after = after,
				 .after_len = 167 });
	fixture_end(tar);
}

/* A map with one extent that covers all, so that nothing is missing. */
static void gnu_sparse_whole(struct buf *tar)
{
	SCOPED_BUF struct buf content;
	char after[167] = "";

	buf_init(&content, TAR_MAX);
	fixture_octal(after + 398 - 345, 12, 512);
	fixture_octal(after + 483 - 345, 12, 512);
	fixture_end(&content);
	start(tar);
	fixture_add(tar, (struct fixture){ .name = "s",
				 .type = 'S',
				 .content = content.data,
				 .size = 512,
				 .magic = "ustar  ",
				 .after = after,
				 .after_len = 167 });
	fixture_end(tar);
}

static void pax_sparse_0_1(struct buf *tar)
{
	SCOPED_BUF struct buf body;

	start(tar);
	buf_init(&body, TAR_MAX);
	fixture_record(&body, "GNU.sparse.size", slice_of("4096"));
	fixture_record(&body, "GNU.sparse.numblocks", slice_of("1"));
	fixture_record(&body, "GNU.sparse.map", slice_of("1024,7"));
	fixture_special(tar, 'x', body.data, body.len);
	fixture_file(tar, "s", "content");
	fixture_end(tar);
}

static void pax_sparse_1_0(struct buf *tar)
{
	static const char map[512] = "1\n1024\n7\n";
	SCOPED_BUF struct buf body;
	SCOPED_BUF struct buf content;

	start(tar);
	buf_init(&body, TAR_MAX);
	buf_init(&content, TAR_MAX);
	fixture_record(&body, "GNU.sparse.major", slice_of("1"));
	fixture_record(&body, "GNU.sparse.minor", slice_of("0"));
	fixture_record(&body, "GNU.sparse.name", slice_of("s"));
	fixture_record(&body, "GNU.sparse.realsize", slice_of("4096"));
	fixture_special(tar, 'x', body.data, body.len);
	buf_add(&content, map, sizeof(map));
	buf_add_str(&content, "content");
	fixture_add(tar, (struct fixture){ .name = "s",
				 .content = content.data,
				 .size = content.len });
	fixture_end(tar);
}

/* The real size without a map: content that is not where it should be. */
static void pax_sparse_size_only(struct buf *tar)
{
	start(tar);
	fixture_pax(tar, "GNU.sparse.realsize", slice_of("2000"));
	fixture_file(tar, "s", "content");
	fixture_file(tar, "next", "content");
	fixture_end(tar);
}

/* Found by fuzzing: more bytes were there than told. */
static void pax_sparse_size_smaller(struct buf *tar)
{
	start(tar);
	fixture_pax(tar, "GNU.sparse.realsize", slice_of("2"));
	fixture_file(tar, "s", "content");
	fixture_end(tar);
}

static void first_checksum(struct buf *tar)
{
	fixture_add(tar, (struct fixture){ .name = "a", .checksum_off = 1 });
	fixture_end(tar);
}

static void pax_oversized(struct buf *tar)
{
	SCOPED_BUF struct buf value;

	buf_init(&value, TAR_MAX);
	while (value.len < 2000000)
		buf_add_str(&value, "0123456789abcdef");
	start(tar);
	fixture_pax(tar, "comment", buf_slice(&value));
	last(tar, (struct fixture){ .name = "a" });
}

static void pax_malformed(struct buf *tar)
{
	start(tar);
	fixture_special(tar, 'x', "99999 path=x\n", 13);
	last(tar, (struct fixture){ .name = "a" });
}

static void name_oversized(struct buf *tar)
{
	SCOPED_BUF struct buf value;

	buf_init(&value, TAR_MAX);
	while (value.len < 2000000)
		buf_add_str(&value, "0123456789abcdef");
	start(tar);
	fixture_special(tar, 'L', value.data, value.len);
	last(tar, (struct fixture){ .name = "a" });
}

static void specials_endless(struct buf *tar)
{
	start(tar);
	for (int i = 0; i < 100000; i++)
		fixture_special(tar, 'L', "name", 5);
	last(tar, (struct fixture){ .name = "a" });
}

static void special_last(struct buf *tar)
{
	start(tar);
	fixture_special(tar, 'L', "name", 5);
}

/* Its body looks like the end: only the first block tells. */
static void special_last_of_zeros(struct buf *tar)
{
	static const char zeros[FIXTURE_BLOCK];

	start(tar);
	fixture_special(tar, 'L', zeros, sizeof(zeros));
}

static void two_archives(struct buf *tar)
{
	start(tar);
	fixture_end(tar);
	start(tar);
	fixture_end(tar);
}

static void data_after_end(struct buf *tar)
{
	start(tar);
	fixture_end(tar);
	for (int i = 0; i < 50; i++)
		fixture_end(tar);
	buf_add_str(tar, "x");
}

static void endless_padding(struct buf *tar)
{
	start(tar);
	for (int i = 0; i < 1500; i++)
		fixture_end(tar);
}

static void no_end(struct buf *tar)
{
	start(tar);
}

static void half_end(struct buf *tar)
{
	start(tar);
	fixture_end(tar);
	buf_truncate(tar, tar->len - FIXTURE_BLOCK);
}

static void lone_zero_block(struct buf *tar)
{
	start(tar);
	fixture_end(tar);
	buf_truncate(tar, tar->len - FIXTURE_BLOCK);
	start(tar);
	fixture_end(tar);
}

static void cut_in_content(struct buf *tar)
{
	char content[5000];

	start(tar);
	memset(content, 'x', sizeof(content));
	fixture_add(tar, (struct fixture){ .name = "cut",
				 .content = content,
				 .size = sizeof(content) });
	buf_truncate(tar, tar->len - 2048);
}

static void cut_in_padding(struct buf *tar)
{
	start(tar);
	buf_truncate(tar, tar->len - 1);
}

static void cut_in_header(struct buf *tar)
{
	start(tar);
	start(tar);
	buf_truncate(tar, 2 * FIXTURE_BLOCK + 100);
}

static void empty_file(struct buf *tar)
{
	buf_add(tar, "", 0);
}

static void plain_text(struct buf *tar)
{
	while (tar->len < 4096)
		buf_add_str(tar, "This is no archive at all.\n");
}

static void cut_gzip(struct buf *tar)
{
	/* The header of a gzip member, and nothing more. */
	buf_add(tar, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
}

static const struct {
	const char *name;
	void (*make)(struct buf *tar);
	const char *skipped; /* the words when contents are skipped */
	const char *read;    /* and when they are read; NULL: the same */
} cases[] = {
	{ "symlink_long", symlink_long,
		"t: entry a: symlink target of 4096 bytes (at most 4095)",
		NULL },
	{ "gnu_sparse", gnu_sparse,
		"t: entry s: sparse files are not supported", NULL },
	{ "gnu_sparse_whole", gnu_sparse_whole,
		"t: entry s: unknown type of entry (typeflag byte 0x53)",
		NULL },
	{ "pax_sparse_0_1", pax_sparse_0_1,
		"t: entry s: sparse files are not supported", NULL },
	{ "pax_sparse_1_0", pax_sparse_1_0,
		"t: entry s: sparse files are not supported", NULL },
	{ "pax_sparse_size_only", pax_sparse_size_only,
		"t: entry s: size of 2000 bytes, but its header says 7: sparse "
		"files are not supported",
		NULL },
	{ "pax_sparse_size_smaller", pax_sparse_size_smaller,
		"t: entry s: size of 2 bytes, but its header says 7", NULL },
	{ "first_checksum", first_checksum, "t: not a tar archive", NULL },
	{ "pax_oversized", pax_oversized, "t: after entry good: ", NULL },
	{ "pax_malformed", pax_malformed, "t: after entry good: ", NULL },
	{ "name_oversized", name_oversized, "t: after entry good: ", NULL },
	{ "specials_endless", specials_endless, "t: after entry good: ", NULL },
	{ "special_last", special_last, "t: after entry good: ", NULL },
	{ "special_last_of_zeros", special_last_of_zeros,
		"t: after entry good: ", NULL },
	{ "two_archives", two_archives,
		"t: after entry good: data after the end of the archive (at "
		"byte 2048), expected nothing or zeros",
		NULL },
	{ "data_after_end", data_after_end,
		"t: after entry good: data after the end of the archive (at "
		"byte 2048), expected nothing or zeros",
		NULL },
	{ "endless_padding", endless_padding,
		"t: after entry good: more than 1048576 bytes of padding after "
		"the end of the archive",
		NULL },
	{ "no_end", no_end,
		"t: after entry good: truncated tar archive: it does not end "
		"in two blocks of zeros",
		NULL },
	{ "half_end", half_end,
		"t: after entry good: truncated tar archive: it does not end "
		"in two blocks of zeros",
		NULL },
	{ "lone_zero_block", lone_zero_block,
		"t: after entry good: truncated tar archive: it does not end "
		"in two blocks of zeros",
		NULL },
	{ "cut_in_content", cut_in_content,
		"t: after entry cut: ", "t: entry cut: " },
	{ "cut_in_padding", cut_in_padding, "t: after entry good: ", NULL },
	{ "cut_in_header", cut_in_header, "t: after entry good: ", NULL },
	{ "empty_file", empty_file, "t: empty file, expected a tar archive",
		NULL },
	{ "plain_text", plain_text, "t: not a tar archive", NULL },
	{ "cut_gzip", cut_gzip, "t: truncated gzip stream: it ends at byte 10",
		NULL },
};

static void bad_structures_are_refused(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *read = cases[i].read;
		SCOPED_BUF struct buf tar;

		buf_init(&tar, TAR_MAX);
		cases[i].make(&tar);
		opened_assert_refused(&tar, cases[i].name, NULL, SKIP_CONTENTS,
			cases[i].skipped);
		opened_assert_refused(&tar, cases[i].name, NULL, READ_CONTENTS,
			read ? read : cases[i].skipped);
	}
}

/* Wherever a file is cut, the reader notices, unless only padding is lost. */
static void an_archive_cut_anywhere_is_refused(void **state)
{
	SCOPED_BUF struct buf tar;
	size_t whole;

	buf_init(&tar, TAR_MAX);
	fixture_pax(&tar, "path", slice_of("a"));
	fixture_file(&tar, "x", "content");
	fixture_file(&tar, "b", "content");
	fixture_end(&tar);
	whole = tar.len;
	for (size_t n = whole - 1; n > 0; n--) {
		buf_truncate(&tar, n);
		opened_assert_refused(&tar, "cut", NULL, SKIP_CONTENTS, "t: ");
		opened_assert_refused(&tar, "cut", NULL, READ_CONTENTS, "t: ");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_structures_are_refused),
		cmocka_unit_test(an_archive_cut_anywhere_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
