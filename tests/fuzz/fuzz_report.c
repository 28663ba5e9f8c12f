/* SPDX-License-Identifier: MIT
 *
 * A report: no bytes may crash the reader, what it complains of is printable,
 * and what it accepts is printed as something that reads and prints the same.
 */
#include <stdlib.h>

#include "spec/report.h"
#include "spec/syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_print(const struct report *report, struct arena *arena)
{
	struct buf first, second;
	struct error err;
	struct report again;

	buf_init(&first, REPORT_MAX);
	buf_init(&second, REPORT_MAX);
	report_print(report, &first);
	if (report_parse(&again, "print", buf_slice(&first), arena, &err))
		abort();
	report_print(&again, &second);
	if (!slice_eq(buf_slice(&first), buf_slice(&second)))
		abort();
	buf_release(&first);
	buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct arena arena;
	struct report report;

	arena_init(&arena);
	if (!report_parse(
		    &report, "fuzz", slice_make(data, size), &arena, &err))
		check_print(&report, &arena);
	else if (err.kind != ERROR_SPEC || !err.text[0] ||
		 !syntax_is_printable(err.text, ""))
		abort();
	arena_release(&arena);
	return 0;
}
