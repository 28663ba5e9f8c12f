/* SPDX-License-Identifier: MIT
 *
 * report_audit: what `alpbuild audit` found, as text or JSON.
 */
#ifndef CMD_REPORT_AUDIT_H
#define CMD_REPORT_AUDIT_H

#include "cmd/report.h"
#include "oci/archive.h"
#include "rootfs/audit.h"

/* One image that was looked at. */
struct audited {
	const char *file;
	const struct archive_image *image;
	const char *prefix; /* before findings, where there are several */
	const struct report *report; /* NULL: none */
	bool has_database;
	struct audit audit;
};

void audited_print(const struct audited *audited);
/* Appends to the two arrays. */
void audited_json(
	const struct audited *audited, json_t *images, json_t *findings);

#endif
