/* SPDX-License-Identifier: MIT
 *
 * Root file systems come raw or gzipped; what else there is is refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "base/path.h"
#include "oci/rootfs_tar.h"
#include "unit/oci_maker.h"

struct world {
	char *folder;
	const char *path;
	struct maker maker;
};

static int set_up(void **state)
{
	struct world *w = memory_zero(1, sizeof(*w));

	maker_init(&w->maker);
	w->folder = fixture_folder();
	w->path = arena_printf(&w->maker.arena, "%s/root", w->folder);
	maker_text(&w->maker, "etc/hello", "world");
	maker_end(&w->maker);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	maker_release(&w->maker);
	fixture_remove(w->folder);
	free(w);
	return 0;
}

static void save(struct world *w, const void *p, size_t n)
{
	struct error err = { 0 };

	assert_int_equal(outfile_write(w->path, p, n, &err), 0);
}

/* What is opened are the bytes that were made. */
static void assert_opens(struct world *w)
{
	const struct buf *want = &w->maker.bytes;
	SCOPED_FREE char *got = memory_zero(want->len + 1, 1);
	struct error err = { 0 };
	uint64_t size = 0;
	SCOPED_FD int fd = rootfs_tar_open(w->path, &size, &err);

	assert_string_equal(err.text, "");
	assert_int_equal(size, want->len);
	assert_int_equal(read(fd, got, want->len + 1), want->len);
	assert_memory_equal(got, want->data, want->len);
}

static void assert_refused(
	struct world *w, enum error_kind kind, const char *text)
{
	struct error err = { 0 };
	uint64_t size;

	assert_int_equal(rootfs_tar_open(w->path, &size, &err), -1);
	assert_int_equal(err.kind, kind);
	assert_non_null(strstr(err.text, w->path));
	assert_non_null(strstr(err.text, text));
}

static void raw_tars_are_read(void **state)
{
	struct world *w = *state;

	save(w, w->maker.bytes.data, w->maker.bytes.len);
	assert_opens(w);
}

static void gzipped_ones_are_uncompressed(void **state)
{
	struct world *w = *state;
	SCOPED_BUF struct buf packed =
		maker_gzip(w->maker.bytes.data, w->maker.bytes.len);

	save(w, packed.data, packed.len);
	assert_opens(w);
}

static void damaged_gzip_is_refused(void **state)
{
	struct world *w = *state;
	SCOPED_BUF struct buf packed =
		maker_gzip(w->maker.bytes.data, w->maker.bytes.len);

	save(w, packed.data, packed.len - 9);
	assert_refused(w, ERROR_INPUT, "");
}

static void other_compressions_are_named(void **state)
{
	struct world *w = *state;

	save(w, "\x28\xb5\x2f\xfd....", 8);
	assert_refused(w, ERROR_INPUT, "compressed with zstd");
}

static void what_grows_without_end_is_a_bomb(void **state)
{
	struct world *w = *state;
	const size_t n = (size_t)80 << 20;
	SCOPED_FREE char *zeros = memory_zero(n, 1);
	SCOPED_BUF struct buf packed = maker_gzip(zeros, n);

	save(w, packed.data, packed.len);
	assert_refused(w, ERROR_INPUT, "");
}

static void folders_and_pipes_are_refused(void **state)
{
	struct world *w = *state;

	assert_int_equal(mkdir(w->path, 0755), 0);
	assert_refused(w, ERROR_INPUT, "pack it as root");
	assert_int_equal(rmdir(w->path), 0);
	assert_int_equal(mkfifo(w->path, 0644), 0);
	assert_refused(w, ERROR_INPUT, "no regular file");
	assert_int_equal(unlink(w->path), 0);
	assert_refused(w, ERROR_NOT_FOUND, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(raw_tars_are_read),
		TEST(gzipped_ones_are_uncompressed),
		TEST(damaged_gzip_is_refused),
		TEST(other_compressions_are_named),
		TEST(what_grows_without_end_is_a_bomb),
		TEST(folders_and_pipes_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
