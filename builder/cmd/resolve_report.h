/* SPDX-License-Identifier: MIT
 *
 * resolve_report: a transaction as text, a line a step, or as JSON with the
 * reasons.
 */
#ifndef CMD_RESOLVE_REPORT_H
#define CMD_RESOLVE_REPORT_H

#include "apk/solve.h"
#include "cmd/request.h"

void resolve_report(const struct request *request,
	const struct solve_request *asked, const struct solution *solution);

#endif
