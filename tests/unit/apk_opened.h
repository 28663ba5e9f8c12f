/* SPDX-License-Identifier: MIT
 *
 * apk_opened: a package of apk_fixture read and unpacked by the project, and
 * what tests expect of it.
 */
#ifndef TESTS_UNIT_APK_OPENED_H
#define TESTS_UNIT_APK_OPENED_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "apk/package_file.h"
#include "unit/apk_fixture.h"

static const char *const opened_scripts[] = { ".pre-install",
	"#!/bin/sh\necho pre\n", ".post-install", "#!/bin/sh\necho post\n",
	NULL };

/* hello-1.0-r0 with a file and two scripts. */
static inline void make_hello(struct apk_fixture *apk)
{
	apk_fixture_init(apk, "hello", "1.0-r0");
	apk->scripts = opened_scripts;
	apk_fixture_dir(apk, "usr");
	apk_fixture_file(apk, "usr/hello", "content");
	apk_fixture_build(apk);
}

static inline int unpack(struct package_file *file,
	const struct apk_fixture *apk, struct buf *data, struct arena *arena,
	struct error *err)
{
	SCOPED_FD int fd = fixture_fd(apk->file.data, apk->file.len);
	const struct package_file_input input = {
		.fd = fd, .name = "f", .record = &apk->record
	};
	struct buf_sink bs;

	buf_init(data, APK_FIXTURE_MAX);
	buf_sink_init(&bs, data);
	return package_file_unpack(file, &input, &bs.sink, arena, err);
}

static inline int read_only(struct package_file *file,
	const struct apk_fixture *apk, struct arena *arena, struct error *err)
{
	SCOPED_FD int fd = fixture_fd(apk->file.data, apk->file.len);
	const struct package_file_input input = {
		.fd = fd, .name = "f", .record = &apk->record
	};

	return package_file_read(file, &input, arena, err);
}

/* Unpacking fails with words that start as `want`. */
static inline void assert_refused(
	const struct apk_fixture *apk, enum error_kind kind, const char *want)
{
	struct error err = { .text = "nothing" };
	struct package_file file;
	SCOPED_BUF struct buf data;
	struct arena arena;

	arena_init(&arena);
	assert_int_equal(unpack(&file, apk, &data, &arena, &err), -1);
	if (strncmp(err.text, want, strlen(want)) != 0)
		fail_msg("got \"%s\", want \"%s\"", err.text, want);
	assert_int_equal(err.kind, kind);
	arena_release(&arena);
}

/* The same, and reading the control section alone finds it, too. */
static inline void assert_unreadable(
	const struct apk_fixture *apk, enum error_kind kind, const char *want)
{
	struct error err = { .text = "nothing" };
	struct package_file file;
	struct arena arena;

	arena_init(&arena);
	assert_refused(apk, kind, want);
	assert_int_equal(read_only(&file, apk, &arena, &err), -1);
	if (strncmp(err.text, want, strlen(want)) != 0)
		fail_msg("got \"%s\", want \"%s\"", err.text, want);
	arena_release(&arena);
}

static inline void assert_unpacked(const struct apk_fixture *apk)
{
	struct package_file file;
	SCOPED_BUF struct buf data;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	if (unpack(&file, apk, &data, &arena, &err))
		fail_msg("%s", err.text);
	assert_int_equal(data.len, apk->data.len);
	assert_memory_equal(data.data, apk->data.data, data.len);
	arena_release(&arena);
}

#endif
