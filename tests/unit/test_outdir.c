/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "oci/outdir.h"
#include "unit/oci_fixture.h"

struct world {
	char *folder, *path;
	struct outdir out;
};

static int setup(void **state)
{
	struct world *w = memory_zero(1, sizeof(*w));

	w->folder = fixture_folder();
	w->path = path_join(w->folder, "out");
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	fixture_remove(w->folder);
	free(w->path);
	free(w);
	return 0;
}

static void put_file(const char *dir, const char *name)
{
	SCOPED_FREE char *path = path_join(dir, name);
	struct error err = { 0 };

	fixture_must(outfile_write(path, name, strlen(name), &err), &err);
}

static bool has_file(const char *dir, const char *name)
{
	SCOPED_FREE char *path = path_join(dir, name);

	return file_exists(path);
}

static void nothing_is_seen_before_the_commit(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	fixture_must(outdir_open(&w->out, w->path, &err), &err);
	put_file(w->out.tmp, "a");
	assert_false(file_exists(w->path));
	fixture_must(outdir_commit(&w->out, &err), &err);
	assert_true(has_file(w->path, "a"));
	outdir_release(&w->out);
	assert_true(has_file(w->path, "a"));
}

static void release_without_commit_leaves_nothing(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	fixture_must(outdir_open(&w->out, w->path, &err), &err);
	put_file(w->out.tmp, "a");
	outdir_release(&w->out);
	/* rmdir() works on empty folders only. */
	assert_int_equal(rmdir(w->folder), 0);
	assert_int_equal(mkdir(w->folder, 0700), 0);
}

static void the_old_one_is_there_until_the_new_one_is(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	assert_int_equal(mkdir(w->path, 0700), 0);
	put_file(w->path, "old");
	fixture_must(outdir_open(&w->out, w->path, &err), &err);
	put_file(w->out.tmp, "new");
	assert_true(has_file(w->path, "old"));
	fixture_must(outdir_commit(&w->out, &err), &err);
	outdir_release(&w->out);
	assert_true(has_file(w->path, "new"));
	assert_false(has_file(w->path, "old"));
}

static void two_at_once_do_not_disturb_each_other(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };
	struct outdir other;

	fixture_must(outdir_open(&w->out, w->path, &err), &err);
	put_file(w->out.tmp, "first");
	fixture_must(outdir_open(&other, w->path, &err), &err);
	assert_true(has_file(w->out.tmp, "first"));
	put_file(other.tmp, "second");
	fixture_must(outdir_commit(&w->out, &err), &err);
	fixture_must(outdir_commit(&other, &err), &err);
	outdir_release(&w->out);
	outdir_release(&other);
	assert_true(has_file(w->path, "second"));
	assert_false(has_file(w->path, "first"));
}

static void a_folder_that_is_not_there_is_named(void **state)
{
	struct world *w = *state;
	SCOPED_FREE char *path = path_join(w->folder, "no/such/out");
	struct error err = { 0 };

	assert_int_equal(outdir_open(&w->out, path, &err), -1);
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/no/such/.out."));
	outdir_release(&w->out);
}

#define OUTDIR_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OUTDIR_TEST(nothing_is_seen_before_the_commit),
		OUTDIR_TEST(release_without_commit_leaves_nothing),
		OUTDIR_TEST(the_old_one_is_there_until_the_new_one_is),
		OUTDIR_TEST(two_at_once_do_not_disturb_each_other),
		OUTDIR_TEST(a_folder_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
