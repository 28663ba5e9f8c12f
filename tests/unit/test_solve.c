/* SPDX-License-Identifier: MIT
 *
 * Each tests/golden/solve/NAME.test is a request and what it gives: a step a
 * line, or the text of the error (see unit/solve_case.h). UPDATE_GOLDEN=1
 * writes the results anew.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "io/outfile.h"
#include "unit/solve_case.h"

#define CASES "tests/golden/solve"

static void print_package(const struct package *p, struct buf *out)
{
	buf_printf(
		out, " %.*s-%.*s", SLICE_ARGS(p->name), SLICE_ARGS(p->version));
}

static void print_step(const struct solve_case *c,
	const struct solution_step *step, struct buf *out)
{
	buf_add_str(out, step_names[step->kind]);
	if (step->old)
		print_package(step->old, out);
	if (step->old && step->new)
		buf_add_str(out, " ->");
	if (step->new)
		print_package(step->new, out);
	if (step->tag.len)
		buf_printf(out, " @%.*s", SLICE_ARGS(step->tag));
	if (step->new && step->repository && step->repository != SIZE_MAX)
		buf_printf(out, " from %s",
			c->repositories[step->repository].name);
	buf_add_str(out, "\n");
}

static void print_result(struct solve_case *c, struct buf *out)
{
	struct solution solution;
	struct error err = { 0 };

	if (solve_case_solve(c, &solution, &err)) {
		buf_printf(out, "error %s: %s\n", error_kinds[err.kind].name,
			err.text);
		return;
	}
	for (size_t i = 0; i < solution.n; i++)
		print_step(c, &solution.steps[i], out);
	if (!solution.n)
		buf_add_str(out, "nothing\n");
}

static int check_case(const char *path)
{
	SCOPED_BUF struct buf text = { 0 }, got;
	struct solve_case c;
	struct error err;
	int ret = 0;

	buf_init(&got, SOLVE_CASE_MAX);
	if (file_read(path, SOLVE_CASE_MAX, &text, &err) ||
		solve_case_read(&c, buf_slice(&text), &err)) {
		print_error("%s: %s\n", path, err.text);
		return 1;
	}
	print_result(&c, &got);
	if (!slice_eq(buf_slice(&got), c.result)) {
		print_error("%s:\n got:\n%swant:\n%.*s", path, got.data,
			SLICE_ARGS(c.result));
		ret = 1;
	}
	if (ret && getenv("UPDATE_GOLDEN")) {
		SCOPED_BUF struct buf whole;

		buf_init(&whole, SOLVE_CASE_MAX);
		buf_add_slice(&whole, c.head);
		buf_add_slice(&whole, buf_slice(&got));
		ret = outfile_write(path, whole.data, whole.len, &err);
	}
	solve_case_release(&c);
	return ret;
}

static int is_test(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".test");
}

static void every_case_gives_its_result(void **state)
{
	struct dirent **cases;
	int n = scandir(CASES, &cases, is_test, alphasort), failed = 0;

	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		SCOPED_FREE char *path = path_join(CASES, cases[i]->d_name);

		failed += check_case(path);
		free(cases[i]);
	}
	free(cases);
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_gives_its_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
