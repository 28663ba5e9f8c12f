/* SPDX-License-Identifier: MIT
 *
 * bad_specs: the documents in tests/bad/<format>/<case>/input are refused with
 * exactly the message in `error` beside them. The document is called "input"
 * in messages, and what it extends stands in the same folder.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>

#include "unit/spec_fixture.h"

#include "spec/arch_decode.h"
#include "spec/lock.h"
#include "spec/manifest.h"
#include "spec/overlay_spec.h"
#include "spec/releases.h"
#include "spec/report.h"

#define BAD_MAX ((size_t)2 << 20)

static int read_manifest(struct fixture *f)
{
	struct manifest m;

	return manifest_read(&m, "input", f->d.arch, &f->arena, &f->err);
}

static int read_overlay(struct fixture *f)
{
	struct overlay_spec spec;

	return overlay_spec_read(&spec, "input", f->d.arch, &f->arena, &f->err);
}

static int read_arch(struct fixture *f)
{
	struct decoder d = { .doc = &f->doc, .arena = &f->arena };
	struct arch arch = { 0 };

	json_doc_release(&f->doc);
	if (json_doc_read(&f->doc, "input", &f->arena, &f->err))
		return -1;
	return arch_decode(&d, "x", &arch, &f->err);
}

static int read_releases(struct fixture *f)
{
	struct release_pins pins;

	return release_pins_read(&pins, "input", &f->arena, &f->err);
}

static int read_yaml(struct fixture *f)
{
	struct latest_release latest;
	struct buf buf;
	int ret;

	if (file_read("input", BAD_MAX, &buf, &f->err))
		return -1;
	ret = latest_release_parse(
		&latest, "input", buf_slice(&buf), &f->arena, &f->err);
	buf_release(&buf);
	return ret;
}

static int read_lock(struct fixture *f)
{
	struct lock lock;

	return lock_read(&lock, "input", &f->arena, &f->err);
}

static int read_report(struct fixture *f)
{
	struct report report;

	return report_read(&report, "input", &f->arena, &f->err);
}

static int is_case(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* In the folder of a case. */
static int check_case(
	struct fixture *f, const char *name, int (*read)(struct fixture *))
{
	struct slice want;
	struct buf buf;
	int ret;

	if (file_read("error", BAD_MAX, &buf, &f->err))
		fail_msg("%s: %s", name, f->err.text);
	want = slice_trim(buf_slice(&buf));
	if (!read(f)) {
		print_error("%s: accepted, expected %.*s\n", name,
			SLICE_ARGS(want));
		ret = 1;
	} else {
		ret = !slice_is(want, f->err.text);
		if (ret)
			print_error("%s:\n got: %s\nwant: %.*s\n", name,
				f->err.text, SLICE_ARGS(want));
	}
	buf_release(&buf);
	return ret;
}

static void check_folder(
	struct fixture *f, const char *format, int (*read)(struct fixture *))
{
	SCOPED_FREE char *top = getcwd(NULL, 0);
	SCOPED_FREE char *folder = memory_printf("tests/bad/%s", format);
	struct dirent **cases;
	int n = scandir(folder, &cases, is_case, alphasort), failed = 0;

	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		assert_int_equal(chdir(folder) || chdir(cases[i]->d_name), 0);
		failed += check_case(f, cases[i]->d_name, read);
		assert_int_equal(chdir(top), 0);
		free(cases[i]);
	}
	free(cases);
	assert_int_equal(failed, 0);
}

static void bad_manifests_are_refused_with_their_message(void **state)
{
	check_folder(*state, "manifest", read_manifest);
}

static void bad_overlays_are_refused_with_their_message(void **state)
{
	check_folder(*state, "overlay", read_overlay);
}

static void bad_arch_files_are_refused_with_their_message(void **state)
{
	check_folder(*state, "arch", read_arch);
}

static void bad_release_pins_are_refused_with_their_message(void **state)
{
	check_folder(*state, "releases", read_releases);
}

static void bad_release_lists_are_refused_with_their_message(void **state)
{
	check_folder(*state, "yaml", read_yaml);
}

static void bad_locks_are_refused_with_their_message(void **state)
{
	check_folder(*state, "lock", read_lock);
}

static void bad_reports_are_refused_with_their_message(void **state)
{
	check_folder(*state, "report", read_report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(bad_manifests_are_refused_with_their_message),
		FIXTURE_TEST(bad_overlays_are_refused_with_their_message),
		FIXTURE_TEST(bad_arch_files_are_refused_with_their_message),
		FIXTURE_TEST(bad_release_pins_are_refused_with_their_message),
		FIXTURE_TEST(bad_release_lists_are_refused_with_their_message),
		FIXTURE_TEST(bad_locks_are_refused_with_their_message),
		FIXTURE_TEST(bad_reports_are_refused_with_their_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
