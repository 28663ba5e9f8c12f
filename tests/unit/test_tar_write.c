/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "oci/tar_write.h"
#include "unit/oci_fixture.h"

/* Offsets of POSIX.1-1988, 10.1.1. */
enum {
	AT_NAME = 0,
	AT_MODE = 100,
	AT_UID = 108,
	AT_GID = 116,
	AT_SIZE = 124,
	AT_MTIME = 136,
	AT_CHKSUM = 148,
	AT_TYPE = 156,
	AT_LINK = 157,
	AT_MAGIC = 257,
	AT_UNAME = 265,
	AT_DEVMAJOR = 329,
	AT_DEVMINOR = 337,
	AT_PREFIX = 345,
	AT_PAD = 500,
};

static void assert_field(const char *block, size_t at, const char *want)
{
	assert_memory_equal(block + at, want, strlen(want) + 1);
}

static struct buf write_one(const struct tar_header *header)
{
	struct buf bytes;
	struct buf_sink to;

	buf_init(&bytes, FIXTURE_TEXT_MAX);
	buf_sink_init(&to, &bytes);
	tar_write_header(&to.sink, header);
	assert_false(to.sink.failed);
	assert_int_equal(bytes.len, tar_header_size(header));
	assert_int_equal(bytes.len % TAR_BLOCK_SIZE, 0);
	return bytes;
}

static void assert_checksum(const char *block)
{
	unsigned sum = 0;
	char want[8];

	for (size_t i = 0; i < TAR_BLOCK_SIZE; i++) {
		bool own = i >= AT_CHKSUM && i < AT_CHKSUM + 8;

		sum += own ? ' ' : (unsigned char)block[i];
	}
	snprintf(want, sizeof(want), "%06o", sum);
	assert_field(block, AT_CHKSUM, want);
	assert_int_equal(block[AT_CHKSUM + 7], ' ');
}

/* The one block of a header that fits ustar. */
static void header_block(
	const struct tar_header *header, char block[TAR_BLOCK_SIZE])
{
	struct buf_sink out;
	struct buf buf;

	buf_init(&buf, TAR_BLOCK_SIZE);
	buf_sink_init(&out, &buf);
	tar_write_header(&out.sink, header);
	assert_int_equal(buf.len, TAR_BLOCK_SIZE);
	memcpy(block, buf.data, TAR_BLOCK_SIZE);
	buf_release(&buf);
}

static void every_field_is_where_posix_puts_it(void **state)
{
	const struct tar_header header = {
		.path = "etc/shadow",
		.type = TAR_TYPE_FILE,
		.mode = 04640,
		.uid = 1,
		.gid = 42,
		.mtime = FIXTURE_EPOCH,
		.size = 1234,
	};
	char block[TAR_BLOCK_SIZE];
	const char zeros[TAR_BLOCK_SIZE] = { 0 };

	header_block(&header, block);
	assert_field(block, AT_NAME, "etc/shadow");
	assert_field(block, AT_MODE, "0004640");
	assert_field(block, AT_UID, "0000001");
	assert_field(block, AT_GID, "0000052");
	assert_field(block, AT_SIZE, "00000002322");
	assert_field(block, AT_MTIME, "14666564465");
	assert_int_equal(block[AT_TYPE], '0');
	assert_memory_equal(block + AT_LINK, zeros, 100);
	assert_memory_equal(block + AT_MAGIC, "ustar\00000", 8);
	assert_memory_equal(block + AT_UNAME, zeros, 64);
	assert_field(block, AT_DEVMAJOR, "0000000");
	assert_field(block, AT_DEVMINOR, "0000000");
	assert_memory_equal(block + AT_PREFIX, zeros, 167);
	assert_checksum(block);
}

static void checksum_counts_bytes_without_sign(void **state)
{
	const struct tar_header header = {
		.path = "\xc3\xbc\xc3\xbc\xc3\xbc",
		.type = TAR_TYPE_FILE,
	};
	char block[TAR_BLOCK_SIZE];

	header_block(&header, block);
	assert_checksum(block);
}

static void directories_end_in_a_slash(void **state)
{
	const struct tar_header header = {
		.path = "usr/lib", .type = TAR_TYPE_DIRECTORY, .mode = 0755
	};
	char block[TAR_BLOCK_SIZE];

	header_block(&header, block);
	assert_field(block, AT_NAME, "usr/lib/");
	assert_int_equal(block[AT_TYPE], '5');
}

static void times_are_clamped_to_what_octal_holds(void **state)
{
	struct tar_header header = { .path = "x", .type = TAR_TYPE_FILE };
	char block[TAR_BLOCK_SIZE];

	header.mtime = -1;
	header_block(&header, block);
	assert_field(block, AT_MTIME, "00000000000");
	header.mtime = INT64_MAX;
	header_block(&header, block);
	assert_field(block, AT_MTIME, "77777777777");
}

struct split_case {
	size_t prefix, name; /* bytes before and after the one slash; 0: none */
	enum tar_type type;
	size_t want_blocks; /* 1: ustar; more: PAX */
	size_t want_prefix; /* bytes in the prefix field */
};

static const struct split_case split_cases[] = {
	{ 0, 99, TAR_TYPE_FILE, 1, 0 },
	{ 0, 100, TAR_TYPE_FILE, 1, 0 },
	{ 0, 101, TAR_TYPE_FILE, 3, 0 },
	{ 0, 99, TAR_TYPE_DIRECTORY, 1, 0 },
	{ 0, 100, TAR_TYPE_DIRECTORY, 3, 0 },
	{ 49, 50, TAR_TYPE_FILE, 1, 0 },
	{ 49, 51, TAR_TYPE_FILE, 1, 49 },
	{ 49, 50, TAR_TYPE_DIRECTORY, 1, 49 },
	{ 100, 1, TAR_TYPE_FILE, 1, 100 },
	{ 155, 100, TAR_TYPE_FILE, 1, 155 },
	{ 155, 101, TAR_TYPE_FILE, 3, 0 },
	{ 156, 1, TAR_TYPE_FILE, 3, 0 },
	{ 155, 99, TAR_TYPE_DIRECTORY, 1, 155 },
	{ 155, 100, TAR_TYPE_DIRECTORY, 3, 0 },
};

static void paths_are_split_where_they_fit(void **state)
{
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(split_cases); i++) {
		const struct split_case *c = &split_cases[i];
		const char *name = fixture_name(&arena, "n", c->name);
		const struct tar_header header = {
			.path = c->prefix ? arena_printf(&arena, "%s/%s",
						    fixture_name(&arena, "p",
							    c->prefix),
						    name)
					  : name,
			.type = c->type,
		};
		SCOPED_BUF struct buf bytes = write_one(&header);

		assert_int_equal(bytes.len / TAR_BLOCK_SIZE, c->want_blocks);
		assert_int_equal(
			strnlen(bytes.data + AT_PREFIX, 155), c->want_prefix);
		if (c->want_blocks == 1)
			assert_int_equal(strnlen(bytes.data, 100),
				c->name + (c->type == TAR_TYPE_DIRECTORY) +
					(c->prefix && !c->want_prefix
							? c->prefix + 1
							: 0));
	}
	arena_release(&arena);
}

static void pax_has_only_the_record_that_is_needed(void **state)
{
	struct arena arena;
	const char *path;
	struct tar_header header = { .type = TAR_TYPE_FILE,
		.mode = 0600,
		.uid = 7,
		.mtime = 12345,
		.size = 3 };
	struct buf bytes;

	arena_init(&arena);
	path = header.path = fixture_name(&arena, "file-", 101);
	bytes = write_one(&header);
	/* "111 path=" + 101 bytes + LF is 111 bytes. */
	assert_memory_equal(bytes.data + 512, "111 path=", 9);
	assert_memory_equal(bytes.data + 512 + 9, path, 101);
	assert_memory_equal(bytes.data + 512 + 110, "\n\0", 2);
	assert_int_equal(bytes.data[AT_TYPE], 'x');
	assert_memory_equal(bytes.data, "PaxHeaders/file-", 16);
	assert_int_equal(strnlen(bytes.data, 100), 100);
	assert_field(bytes.data, AT_SIZE, "00000000157");
	assert_field(bytes.data, AT_MTIME, "00000030071");
	assert_field(bytes.data, AT_MODE, "0000644");
	assert_field(bytes.data, AT_UID, "0000000");
	assert_checksum(bytes.data);
	assert_int_equal(bytes.data[1024 + AT_TYPE], '0');
	assert_memory_equal(bytes.data + 1024, path, 100);
	assert_field(bytes.data + 1024, AT_SIZE, "00000000003");
	assert_checksum(bytes.data + 1024);
	buf_release(&bytes);
	arena_release(&arena);
}

/* The length of a record counts itself: 99 bytes more make it grow twice. */
static void pax_record_lengths_count_their_own_digits(void **state)
{
	struct arena arena;

	arena_init(&arena);
	for (size_t n = 101; n < 1100; n++) {
		const struct tar_header header = {
			.path = fixture_name(&arena, "f", n),
			.type = TAR_TYPE_FILE,
		};
		SCOPED_BUF struct buf bytes = write_one(&header);
		unsigned long len = strtoul(bytes.data + 512, NULL, 10);

		assert_int_equal(len,
			snprintf(NULL, 0, "%lu path=%s\n", len, header.path));
		assert_int_equal(bytes.data[512 + len - 1], '\n');
		assert_int_equal(bytes.len, 1024 + tar_padded_size(len));
	}
	arena_release(&arena);
}

static void pax_names_are_cut_between_characters(void **state)
{
	struct arena arena;
	const struct tar_header header = {
		.path = "a/xyz"
			"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
			"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
			"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
			"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
			"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
			"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
			"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
			"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
			"\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5",
		.type = TAR_TYPE_FILE,
	};
	struct buf bytes;

	arena_init(&arena);
	bytes = write_one(&header);
	assert_true(slice_is_utf8(
		slice_make(bytes.data, strnlen(bytes.data, 100))));
	assert_int_equal(strnlen(bytes.data, 100), 11 + 3 + 28 * 3);
	buf_release(&bytes);
	arena_release(&arena);
}

/* Found by fuzzing: there is no character to cut before. */
static void pax_names_need_not_be_utf8(void **state)
{
	char path[300] = { 0 };
	const struct tar_header header = { .path = path,
		.type = TAR_TYPE_FILE };
	struct buf bytes;

	memset(path, 0x80, sizeof(path) - 1);
	bytes = write_one(&header);
	assert_string_equal(bytes.data, "PaxHeaders/");
	buf_release(&bytes);
}

static void long_link_targets_get_a_linkpath(void **state)
{
	struct arena arena;
	struct tar_header header = { .path = "l", .type = TAR_TYPE_SYMLINK };
	struct buf bytes;

	arena_init(&arena);
	header.target = fixture_name(&arena, "t", 100);
	bytes = write_one(&header);
	assert_int_equal(bytes.len, TAR_BLOCK_SIZE);
	assert_memory_equal(bytes.data + AT_LINK, header.target, 100);
	buf_release(&bytes);
	header.target = fixture_name(&arena, "t", 101);
	bytes = write_one(&header);
	assert_int_equal(bytes.len, 3 * TAR_BLOCK_SIZE);
	assert_memory_equal(bytes.data + 512, "115 linkpath=t", 14);
	assert_memory_equal(bytes.data + 512 + 114, "\n\0", 2);
	buf_release(&bytes);
	arena_release(&arena);
}

static void all_three_records_come_in_bytewise_order(void **state)
{
	struct arena arena;
	struct tar_header header = { .type = TAR_TYPE_FILE,
		.size = UINT64_C(1) << 40 };
	const char *linkpath, *path, *size;
	struct buf bytes;

	arena_init(&arena);
	header.path = fixture_name(&arena, "p", 200);
	header.target = fixture_name(&arena, "t", 200);
	bytes = write_one(&header);
	linkpath = strstr(bytes.data + 512, "linkpath=");
	path = strstr(bytes.data + 512, " path=");
	size = strstr(bytes.data + 512, "22 size=1099511627776\n");
	assert_non_null(linkpath);
	assert_true(linkpath < path && path < size);
	buf_release(&bytes);
	arena_release(&arena);
}

static void eight_gibibytes_are_where_pax_starts(void **state)
{
	struct tar_header header = { .path = "big", .type = TAR_TYPE_FILE };
	struct buf bytes;

	header.size = TAR_USTAR_SIZE_MAX;
	bytes = write_one(&header);
	assert_int_equal(bytes.len, TAR_BLOCK_SIZE);
	assert_field(bytes.data, AT_SIZE, "77777777777");
	buf_release(&bytes);
	header.size++;
	bytes = write_one(&header);
	assert_int_equal(bytes.len, 3 * TAR_BLOCK_SIZE);
	assert_memory_equal(bytes.data + 512, "19 size=8589934592\n\0", 20);
	assert_field(bytes.data + 1024, AT_SIZE, "00000000000");
	assert_field(bytes.data + 1024, AT_NAME, "big");
	assert_checksum(bytes.data + 1024);
	buf_release(&bytes);
}

static void padding_fills_the_block_and_no_more(void **state)
{
	static const size_t sizes[] = { 0, 1, 511, 512, 513, 1024 };
	struct sink null;

	null_sink_init(&null);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		uint64_t before = null.size;

		tar_write_padding(&null, sizes[i]);
		assert_int_equal((sizes[i] + null.size - before) % 512, 0);
		assert_in_range(null.size - before, 0, 511);
		assert_int_equal(tar_padded_size(sizes[i]),
			sizes[i] + null.size - before);
	}
}

static void the_end_is_two_blocks(void **state)
{
	struct sink null;

	null_sink_init(&null);
	tar_write_end(&null);
	assert_int_equal(null.size, 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_where_posix_puts_it),
		cmocka_unit_test(checksum_counts_bytes_without_sign),
		cmocka_unit_test(directories_end_in_a_slash),
		cmocka_unit_test(times_are_clamped_to_what_octal_holds),
		cmocka_unit_test(paths_are_split_where_they_fit),
		cmocka_unit_test(pax_has_only_the_record_that_is_needed),
		cmocka_unit_test(pax_record_lengths_count_their_own_digits),
		cmocka_unit_test(pax_names_are_cut_between_characters),
		cmocka_unit_test(pax_names_need_not_be_utf8),
		cmocka_unit_test(long_link_targets_get_a_linkpath),
		cmocka_unit_test(all_three_records_come_in_bytewise_order),
		cmocka_unit_test(eight_gibibytes_are_where_pax_starts),
		cmocka_unit_test(padding_fills_the_block_and_no_more),
		cmocka_unit_test(the_end_is_two_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
