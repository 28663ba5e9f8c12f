/* SPDX-License-Identifier: MIT
 *
 * oci_bad: malformed and hostile image archives. Each is made by code; the
 * message that it must give is tests/bad/archive/<group>-<case>/error, with
 * the archive's path as ARCHIVE. UPDATE_GOLDEN=1 writes the messages.
 */
#ifndef UNIT_OCI_BAD_H
#define UNIT_OCI_BAD_H

#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "build/convert.h"
#include "oci/archive.h"
#include "unit/oci_maker.h"

#define BAD_FOLDER "tests/bad/archive"

/* What it leaves in m->bytes is the file, as it is. */
typedef void bad_make_fn(struct maker *m);

struct bad_case {
	const char *name;
	bad_make_fn *make;
	enum error_kind kind;
};

#define BAD(name) #name, make_##name, ERROR_INPUT
#define BAD_VERIFY(name) #name, make_##name, ERROR_VERIFY

/* The message with the path replaced and a line end; the caller frees. */
static inline char *bad_message(const char *text, const char *path)
{
	size_t len = strlen(path);

	if (!strncmp(text, path, len))
		return memory_printf("ARCHIVE%s\n", text + len);
	return memory_printf("%s\n", text);
}

static inline void bad_compare(
	const char *group, const struct bad_case *c, const char *message)
{
	SCOPED_FREE char *path =
		memory_printf(BAD_FOLDER "/%s-%s/error", group, c->name);
	SCOPED_BUF struct buf want = { 0 };
	struct error err = { 0 };

	if (getenv("UPDATE_GOLDEN")) {
		fixture_must(file_mkdirs_for(path, &err), &err);
		fixture_must(
			outfile_write(path, message, strlen(message), &err),
			&err);
	}
	fixture_must(file_read(path, FIXTURE_TEXT_MAX, &want, &err), &err);
	assert_string_equal(message, want.data);
}

/* Makes the file of a case in the folder; the caller frees its path. */
static inline char *bad_save(const struct bad_case *c, const char *folder)
{
	char *path = path_join(folder, "image.tar");
	struct maker m;

	maker_init(&m);
	c->make(&m);
	maker_save(&m, path);
	maker_release(&m);
	return path;
}

/* Nor may it be converted, or leave anything behind. */
static inline void bad_convert(const char *path, const char *folder)
{
	SCOPED_FREE char *output = path_join(folder, "converted.tar");
	const struct convert_options options = {
		.input = path, .output = output, .policy = CHECK_TELL
	};
	struct convert_result result;
	struct error err = { 0 };
	int failed = convert(&options, &result, &err);

	convert_release(&result);
	assert_int_equal(failed, -1);
	assert_true(err.kind == ERROR_INPUT || err.kind == ERROR_VERIFY);
	assert_int_equal(unlink(path), 0);
	/* It is empty now. */
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
}

/* Opening must fail. */
static inline void bad_open(const char *group, const struct bad_case *c)
{
	char *folder = fixture_folder();
	SCOPED_FREE char *path = bad_save(c, folder);
	struct error err = { 0 };
	struct archive archive;
	int failed = archive_open(&archive, path, &err);
	SCOPED_FREE char *message = bad_message(err.text, path);

	bad_convert(path, folder);
	fixture_remove(folder);
	assert_int_equal(failed, -1);
	assert_int_equal(err.kind, c->kind);
	bad_compare(group, c, message);
}

static inline int bad_entry(const struct tar_entry *entry,
	struct tar_reader *reader, void *ctx, struct error *err)
{
	return 0;
}

/* Opening must go well, and reading the first layer must fail. */
static inline void bad_read(const char *group, const struct bad_case *c)
{
	char *folder = fixture_folder();
	SCOPED_FREE char *path = bad_save(c, folder);
	SCOPED_FREE char *message = NULL;
	struct error err = { 0 };
	struct archive archive;
	int failed;

	fixture_must(archive_open(&archive, path, &err), &err);
	failed = archive_read_layer(
		&archive, &archive.images[0].layers[0], bad_entry, NULL, &err);
	message = bad_message(err.text, path);
	archive_release(&archive);
	bad_convert(path, folder);
	fixture_remove(folder);
	assert_int_equal(failed, -1);
	assert_int_equal(err.kind, c->kind);
	bad_compare(group, c, message);
}

/* One cmocka test a case, with the case as its state. */
static inline void bad_tests(const struct bad_case *cases, size_t n,
	CMUnitTestFunction run, struct CMUnitTest *tests)
{
	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = run,
			.initial_state = (void *)(uintptr_t)&cases[i] };
}

/* A message without a case would be a test that never runs. */
static inline void bad_check_folder(
	const char *group, const struct bad_case *cases, size_t n)
{
	DIR *dir = opendir(BAD_FOLDER);
	struct dirent *entry;
	size_t found = 0, len = strlen(group);

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		found += !strncmp(entry->d_name, group, len) &&
			 entry->d_name[len] == '-';
	closedir(dir);
	assert_int_equal(found, n);
}

#endif
