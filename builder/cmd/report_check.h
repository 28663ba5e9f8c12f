/* SPDX-License-Identifier: MIT
 *
 * report_check: what `alpbuild check` found, as text or as JSON.
 */
#ifndef CMD_REPORT_CHECK_H
#define CMD_REPORT_CHECK_H

#include "cmd/report.h"
#include "routeros/check.h"

/* asked: the version of --routeros; NULL: all that are known. */
void check_print(FILE *out, const struct check *check,
	const struct routeros_version *asked);
json_t *check_json(
	const struct check *check, const struct routeros_version *asked);

/* The name of the form in both: "docker-archive", "hybrid", ... */
const char *check_form_name(const struct check *check);

#endif
