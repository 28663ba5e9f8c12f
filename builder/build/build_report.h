/* SPDX-License-Identifier: MIT
 *
 * build_report: what a build tells of one architecture of an image, as the
 * document of spec/report.h.
 */
#ifndef BUILD_BUILD_REPORT_H
#define BUILD_BUILD_REPORT_H

#include "build/arch_build.h"

/* Fills in build->report, but for its tag; the layer's diff_id is known. */
int build_report_make(struct arch_build *build, struct error *err) MUST_CHECK;

/* The document for one tag, appended to text. */
void build_report_print(const struct arch_build *build, const struct tag *tag,
	struct buf *text);

#endif
