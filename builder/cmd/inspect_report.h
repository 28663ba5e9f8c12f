/* SPDX-License-Identifier: MIT
 *
 * inspect_report: what `alpbuild inspect` shows of an archive, as text in
 * the manner of ls(1), or as JSON.
 */
#ifndef CMD_INSPECT_REPORT_H
#define CMD_INSPECT_REPORT_H

#include "cmd/report.h"
#include "oci/archive.h"

int inspect_print(struct archive *archive, const char *path,
	const struct request *request, struct error *err) MUST_CHECK;
/* Appends one object to the array `documents`. */
int inspect_json(struct archive *archive, const char *path,
	const struct request *request, json_t *documents,
	struct error *err) MUST_CHECK;

#endif
