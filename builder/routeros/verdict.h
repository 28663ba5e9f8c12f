/* SPDX-License-Identifier: MIT
 *
 * verdict: what findings come to for each version of RouterOS: ranges of
 * versions, from the oldest to the newest known, in which the same rules are
 * broken.
 */
#ifndef ROUTEROS_VERDICT_H
#define ROUTEROS_VERDICT_H

#include "routeros/finding.h"

enum check_outcome {
	OUTCOME_RUNS,
	OUTCOME_UNPROVEN, /* nobody has reported that it works */
	OUTCOME_NO_RUN,	  /* imports, but does not run */
	OUTCOME_NO_IMPORT,
};

struct check_verdict {
	struct routeros_version from; /* the first one */
	struct routeros_version to;   /* the last one, with all its patches */
	enum check_outcome outcome;
	enum check_rule_id rules[RULE_COUNT]; /* errors that decide it */
	size_t nrules;
};

/* No change of verdict that a rule knows is missed by so many. */
#define VERDICTS_MAX 16

struct check_verdicts {
	struct check_verdict items[VERDICTS_MAX];
	size_t n;
};

/* Of all versions that are known, or of the one that is asked for. */
void verdicts_make(struct check_verdicts *verdicts,
	const struct check_findings *findings,
	const struct routeros_version *asked);

/* "yes", "unproven", "no: does not run", "no: does not import" */
const char *check_outcome_text(enum check_outcome outcome);

#endif
