/* SPDX-License-Identifier: MIT
 *
 * report_spec: reports of builds, read and written. What is wrong with
 * hostile ones is in tests/bad/report.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

#include "spec/report.h"

#define GOOD "tests/good/report.json"

static void report_with_every_key_is_read(void **state)
{
	struct fixture *f = *state;
	struct report report;

	assert_int_equal(report_read(&report, GOOD, &f->arena, &f->err), 0);
	assert_string_equal(report.path, GOOD);
	assert_string_equal(report.image, "web");
	assert_string_equal(report.tag, "v3.18.9-1.2");
	assert_string_equal(report.arch, "arm64");
	assert_string_equal(report.alpine, "3.18.9");
	assert_int_equal(report.epoch, 1725622581);
	assert_true(slice_starts(slice_of(report.diff_id), "sha256:dd97"));
	assert_string_equal(report.minirootfs.version, "3.18.9");
	assert_int_equal(report.npackages, 5);
	assert_string_equal(report.packages[1].step, "upgrade");
	assert_int_equal(report.nscripts, 2);
	assert_string_equal(report.scripts[0].outcome, "emulated");
	assert_string_equal(report.scripts[0].note, "made /etc/runlevels");
	assert_false(report.scripts[0].acknowledged);
	assert_true(report.scripts[1].acknowledged);
	assert_string_equal(report.scripts[1].note, "");
	assert_int_equal(report.removed.n, 2);
	assert_string_equal(report.removed.items[1], "dev/shm");
}

static void origins_have_their_paths(void **state)
{
	struct fixture *f = *state;
	struct report report;

	assert_int_equal(report_read(&report, GOOD, &f->arena, &f->err), 0);
	assert_int_equal(report.norigins, 4);
	assert_string_equal(report.origins[0].origin, "minirootfs");
	assert_int_equal(report.origins[0].paths.n, 2);
	assert_string_equal(report.origins[0].paths.items[1], "etc/shadow");
	assert_string_equal(
		report.origins[3].origin, "script openrc.post-install");
}

static void print(const struct report *report, struct buf *out)
{
	buf_init(out, REPORT_MAX);
	report_print(report, out);
	assert_false(out->overflow);
}

static void printing_what_was_read_gives_the_same_bytes(void **state)
{
	struct fixture *f = *state;
	struct buf file, out;
	struct report report;

	assert_int_equal(file_read(GOOD, REPORT_MAX, &file, &f->err), 0);
	assert_int_equal(report_parse(&report, "good", buf_slice(&file),
				 &f->arena, &f->err),
		0);
	print(&report, &out);
	assert_string_equal(out.data, file.data);
	buf_release(&out);
	buf_release(&file);
}

static void order_of_origins_does_not_reach_the_document(void **state)
{
	struct fixture *f = *state;
	struct report_origin first;
	struct report report;
	struct buf a, b;

	assert_int_equal(report_read(&report, GOOD, &f->arena, &f->err), 0);
	print(&report, &a);
	first = report.origins[0];
	report.origins[0] = report.origins[3];
	report.origins[3] = first;
	print(&report, &b);
	assert_string_equal(a.data, b.data);
	buf_release(&a);
	buf_release(&b);
}

static void report_without_packages_is_read_back(void **state)
{
	struct fixture *f = *state;
	struct report report, again;
	struct buf out;

	assert_int_equal(report_read(&report, GOOD, &f->arena, &f->err), 0);
	report.npackages = report.nscripts = report.norigins = 0;
	report.removed.n = 0;
	print(&report, &out);
	assert_int_equal(report_parse(&again, "small", buf_slice(&out),
				 &f->arena, &f->err),
		0);
	assert_int_equal(again.npackages + again.nscripts + again.norigins +
				 again.removed.n,
		0);
	buf_release(&out);
}

static void very_many_paths_are_read_quickly(void **state)
{
	const size_t n = 200000;
	struct fixture *f = *state;
	struct report report, again;
	struct string_list *paths;
	struct buf out;

	assert_int_equal(report_read(&report, GOOD, &f->arena, &f->err), 0);
	paths = &report.origins[0].paths;
	paths->n = paths->cap = 0;
	for (size_t i = 0; i < n; i++)
		string_list_add(paths, "usr/share/some/file", &f->arena);
	print(&report, &out);
	assert_int_equal(report_parse(&again, "many", buf_slice(&out),
				 &f->arena, &f->err),
		0);
	assert_int_equal(again.origins[0].paths.n, n);
	buf_release(&out);
}

static void missing_report_is_not_found(void **state)
{
	struct fixture *f = *state;
	struct report report;

	assert_int_equal(
		report_read(&report, "none.report.json", &f->arena, &f->err),
		-1);
	assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(report_with_every_key_is_read),
		FIXTURE_TEST(origins_have_their_paths),
		FIXTURE_TEST(printing_what_was_read_gives_the_same_bytes),
		FIXTURE_TEST(order_of_origins_does_not_reach_the_document),
		FIXTURE_TEST(report_without_packages_is_read_back),
		FIXTURE_TEST(very_many_paths_are_read_quickly),
		FIXTURE_TEST(missing_report_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
