/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "io/gzip.h"
#include "unit/tar_opened.h"

static void long_names(struct buf *tar, char name[301])
{
	memset(name, 'n', 300);
	name[150] = '/';
	name[300] = '\0';
	fixture_pax(tar, "path", slice_of(name));
	fixture_file(tar, "short", "one");
	fixture_special(tar, 'L', name, 301);
	fixture_file(tar, "short", "two");
	fixture_special(tar, 'K', name, 301);
	fixture_add(tar,
		(struct fixture){ .name = "link", .type = '2', .link = "cut" });
	fixture_pax(tar, "linkpath", slice_of(name));
	fixture_add(tar,
		(struct fixture){ .name = "hard", .type = '1', .link = "cut" });
	fixture_add(tar, (struct fixture){ .name = "last",
				 .prefix = "usr/share",
				 .content = "three" });
	fixture_end(tar);
}

static void long_names_come_by_pax_gnu_and_prefix(void **state)
{
	SCOPED_BUF struct buf tar;
	struct opened o;
	char name[301];

	buf_init(&tar, TAR_MAX);
	long_names(&tar, name);
	o = opened_tar(&tar);
	assert_string_equal(opened_next(&o).path, name);
	opened_assert_copied(&o, "one", 3);
	assert_string_equal(opened_next(&o).path, name);
	opened_assert_copied(&o, "two", 3);
	assert_string_equal(opened_next(&o).target, name);
	assert_string_equal(opened_next(&o).target, name);
	assert_string_equal(opened_next(&o).path, "usr/share/last");
	opened_assert_end(&o);
	opened_close(&o);
}

/* The tree points at these bytes: the offset must be exact in every form. */
static void the_offset_is_where_the_content_is(void **state)
{
	SCOPED_BUF struct buf tar;
	SCOPED_FREE char *large = memory_zero(200000, 1);
	char name[301];
	struct opened o;
	size_t seen = 0;

	buf_init(&tar, TAR_MAX);
	memset(large, 'L', 199999);
	fixture_file(&tar, "a", "content of a");
	fixture_file(&tar, "large", large);
	fixture_file(&tar, "empty", "");
	fixture_pax(&tar, "size", slice_of("12"));
	fixture_add(&tar, (struct fixture){ .name = "pax-size",
				  .content = "content of p" });
	fixture_add(&tar, (struct fixture){ .name = "size-in-base-256",
				  .size_text = "\x80\0\0\0\0\0\0\0\0\0\0\x09",
				  .content = "content 9" });
	long_names(&tar, name);
	o = opened_tar(&tar);
	for (int i = 0; i < 10; i++) {
		struct tar_entry e = opened_next(&o);
		SCOPED_FREE char *bytes = memory_alloc((size_t)e.size);
		struct error err;

		if (e.kind != TAR_FILE)
			continue;
		assert_int_equal(file_pread_all(o.fd, bytes, (size_t)e.size,
					 (long long)e.offset, &err),
			0);
		opened_assert_copied(&o, bytes, (size_t)e.size);
		seen += e.size;
	}
	assert_int_equal(seen, 12 + 199999 + 12 + 9 + 3 + 3 + 5);
	opened_assert_end(&o);
	opened_close(&o);
}

/* 3,000 entries, some large: contents read, skipped, and read again. */
static void many_entries(struct buf *tar)
{
	SCOPED_FREE char *content = memory_zero(300001, 1);
	char name[32];

	memset(content, 'c', 300000);
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "dir/file%d", i);
		fixture_add(
			tar, (struct fixture){ .name = name,
				     .content = content,
				     .size = i % 100 ? (size_t)i : 300000 });
	}
	fixture_end(tar);
}

static void contents_may_be_read_or_skipped(void **state)
{
	SCOPED_FREE char *content = memory_zero(300001, 1);
	SCOPED_BUF struct buf tar;
	struct opened o;

	memset(content, 'c', 300000);
	buf_init(&tar, TAR_MAX);
	many_entries(&tar);
	for (int every = 1; every < 5; every++) {
		o = opened_tar(&tar);
		for (int i = 0; i < 3000; i++) {
			struct tar_entry e = opened_next(&o);

			if (i % every == 0)
				opened_assert_copied(
					&o, content, (size_t)e.size);
		}
		opened_assert_end(&o);
		opened_close(&o);
	}
}

static void compress(const struct buf *tar, struct buf *out)
{
	struct gzip_options options = { 1, 1 };
	struct gzip_writer *writer;
	struct buf_sink bs;
	struct error err;

	buf_init(out, TAR_MAX);
	buf_sink_init(&bs, out);
	writer = gzip_writer_new(&bs.sink, &options);
	sink_write(gzip_writer_sink(writer), tar->data, tar->len);
	assert_int_equal(sink_close(gzip_writer_sink(writer), &err), 0);
	gzip_writer_free(writer);
}

static void gzip_is_read_when_asked_for(void **state)
{
	SCOPED_BUF struct buf tar;
	SCOPED_BUF struct buf packed;
	struct opened plain, gzip;

	buf_init(&tar, TAR_MAX);
	many_entries(&tar);
	compress(&tar, &packed);
	plain = opened_bytes(tar.data, tar.len, TAR_PLAIN_OR_GZIP);
	gzip = opened_bytes(packed.data, packed.len, TAR_PLAIN_OR_GZIP);
	for (int i = 0; i < 3000; i++) {
		struct tar_entry a = opened_next(&plain),
				 b = opened_next(&gzip);

		assert_string_equal(a.path, b.path);
		assert_int_equal(a.size, b.size);
		assert_int_equal(a.offset, b.offset);
	}
	opened_assert_end(&plain);
	opened_assert_end(&gzip);
	opened_close(&plain);
	opened_close(&gzip);
}

/* Reading the headers of a large archive must not read all of it. */
static void skipped_contents_are_not_read(void **state)
{
	const size_t size = (size_t)1 << 40;
	SCOPED_BUF struct buf tar;
	struct tar_limits limits = { 0, UINT64_C(1) << 41 };
	struct tar_entry e;
	struct error err;
	struct opened o;

	buf_init(&tar, TAR_MAX);
	fixture_pax(&tar, "size", slice_of("1099511627776"));
	fixture_file(&tar, "huge", "");
	o.fd = fixture_fd(tar.data, tar.len);
	if (ftruncate(o.fd, (off_t)(tar.len + size + 1024))) {
		close(o.fd);
		skip();
	}
	o.reader = tar_reader_new(o.fd, "t", TAR_PLAIN, &limits, &err);
	e = opened_next(&o);
	assert_int_equal(e.size, size);
	opened_assert_end(&o);
	opened_close(&o);
}

/* The file: URL of the mirror in the environment, as a path; or NULL. */
static const char *mirror(void)
{
	const char *url = getenv("ALPBUILD_TEST_MIRROR");

	return url && !strncmp(url, "file://", 7) ? url + 7 : NULL;
}

static int gunzip_to_memory(const char *path)
{
	SCOPED_FD int in = open(path, O_RDONLY | O_CLOEXEC);
	SCOPED_BUF struct buf buf;
	struct buf_sink bs;
	struct error err;

	if (in < 0)
		return -1;
	buf_init(&buf, TAR_MAX);
	buf_sink_init(&bs, &buf);
	if (gunzip_fd(in, TAR_MAX, &bs.sink, &err))
		fail_msg("%s", err.text);
	return fixture_fd(buf.data, buf.len);
}

static void check_offsets(struct opened *o, int *nfiles, int *nlinks)
{
	struct tar_entry e;
	struct error err;
	int found;

	while ((found = tar_reader_next(o->reader, &e, &err)) > 0) {
		SCOPED_FREE char *bytes = memory_alloc((size_t)e.size);

		*nlinks += e.kind == TAR_SYMLINK;
		*nfiles += e.kind == TAR_FILE;
		assert_int_equal(file_pread_all(o->fd, bytes, (size_t)e.size,
					 (long long)e.offset, &err),
			0);
		opened_assert_copied(o, bytes, (size_t)e.size);
	}
	if (found)
		fail_msg("%s", err.text);
}

static void the_real_minirootfs_is_read(void **state)
{
	SCOPED_FREE char *path = NULL;
	struct error err;
	struct opened o;
	int nfiles = 0, nlinks = 0;

	if (!mirror()) {
		print_message("ALPBUILD_TEST_MIRROR is not a file: URL\n");
		skip();
	}
	path = path_join(mirror(), "v3.18/releases/x86_64/"
				   "alpine-minirootfs-3.18.9-x86_64.tar.gz");
	o.fd = gunzip_to_memory(path);
	if (o.fd < 0) {
		print_message("%s: %s\n", path, strerror(errno));
		skip();
	}
	o.reader = tar_reader_new(o.fd, "t", TAR_PLAIN, NULL, &err);
	assert_non_null(o.reader);
	check_offsets(&o, &nfiles, &nlinks);
	assert_true(nfiles > 50);
	assert_true(nlinks > 250);
	opened_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_names_come_by_pax_gnu_and_prefix),
		cmocka_unit_test(the_offset_is_where_the_content_is),
		cmocka_unit_test(contents_may_be_read_or_skipped),
		cmocka_unit_test(gzip_is_read_when_asked_for),
		cmocka_unit_test(skipped_contents_are_not_read),
		cmocka_unit_test(the_real_minirootfs_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
