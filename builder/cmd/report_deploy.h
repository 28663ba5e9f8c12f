/* SPDX-License-Identifier: MIT
 *
 * report_deploy: what `alpbuild deploy` did, as text or as JSON.
 */
#ifndef CMD_REPORT_DEPLOY_H
#define CMD_REPORT_DEPLOY_H

#include "cmd/report.h"
#include "deploy/deploy.h"

struct deploy_report {
	const struct request *request;
	const char *target; /* "admin@192.168.88.1" */
	const struct deploy_router *router;
	const char *file, *tag; /* NULL: of a rollback, not known */
	const struct deploy_outcome *outcome;
};

void report_deploy(const struct deploy_report *report);

#endif
