/* SPDX-License-Identifier: MIT
 *
 * report_why: what `alpbuild why` found, as text or as JSON.
 */
#ifndef CMD_REPORT_WHY_H
#define CMD_REPORT_WHY_H

#include "apk/why.h"
#include "build/plan.h"
#include "cmd/request.h"

/* For one architecture. Nothing is set where the subject is not there. */
struct why_answer {
	const struct arch_plan *plan;
	struct arena *arena;
	/* a package */
	const struct package *package;
	struct requirement_list chain, direct;
	/* a path */
	const char *origin; /* what put it there last */
	const char *owner;  /* "name-version" that the database names */
	uint32_t mode, uid, gid;
};

void report_why(const struct request *request, const struct image_plan *image,
	const char *subject, const struct why_answer *answers);

#endif
