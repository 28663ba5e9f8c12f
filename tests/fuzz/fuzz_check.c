/* SPDX-License-Identifier: MIT
 *
 * fuzz_check: what `alpbuild check` makes of image archives, see
 * archive_script.h; the remedies are written, too.
 */
#include "archive_script.h"
#include "routeros/remedy.h"
#include "routeros/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_archive_at(const char *path)
{
	struct check check = { .path = path };
	struct check_verdicts verdicts;
	struct error err;

	if (check_file(&check, &err))
		return;
	verdicts_make(&verdicts, &check.findings, NULL);
	for (enum remedy_kind i = 0; i < REMEDY_COUNT; i++)
		(void)remedy_commands(i, &check, &check.arena);
	check_release(&check);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	archive_script_run(data, size, check_archive_at);
	return 0;
}
