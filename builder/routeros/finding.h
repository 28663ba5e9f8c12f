/* SPDX-License-Identifier: MIT
 *
 * finding: what a check found in an image: rule, place and a few words. A
 * hostile image can break a rule a million times: the first ones are kept and
 * the others counted.
 */
#ifndef ROUTEROS_FINDING_H
#define ROUTEROS_FINDING_H

#include "base/error.h"
#include "base/memory.h"
#include "routeros/rule.h"

#define FINDINGS_KEPT 100 /* of one rule */

struct check_finding {
	enum check_rule_id rule;
	const char *platform; /* "linux/arm64" of several; NULL: of all */
	const char *place;    /* path or member; NULL: the whole file */
	const char *text;     /* what is there; NULL: the rule says it all */
};

struct check_findings {
	struct check_finding *items; /* in the order in which they came */
	size_t n, cap;
	size_t counts[RULE_COUNT]; /* also those that were not kept */
	const char *platform;	   /* of the findings to come */
	struct arena *arena;	   /* borrowed: owns all here */
};

void findings_init(struct check_findings *findings, struct arena *arena);
/* place is copied; either may be NULL. */
void findings_add(struct check_findings *findings, enum check_rule_id rule,
	const char *place, const char *fmt, ...) PRINTF_LIKE(4, 5);
/* The same without words. */
void findings_add_place(struct check_findings *findings,
	enum check_rule_id rule, const char *place);

/* Whether a rule that was broken matters to a version (NULL: to any). */
bool findings_apply(const struct check_findings *findings,
	enum check_rule_id rule, const struct routeros_version *version);
/* How many rules of this level are broken, for a version (NULL: any). */
size_t findings_rules(const struct check_findings *findings,
	enum check_level level, const struct routeros_version *version);
/* The first finding of a rule; NULL: none. */
const struct check_finding *findings_first(
	const struct check_findings *findings, enum check_rule_id rule);

#endif
