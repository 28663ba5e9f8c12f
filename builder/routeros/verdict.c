/* SPDX-License-Identifier: MIT */
#include "routeros/verdict.h"

#include <string.h>

static enum check_outcome outcome_of(enum check_effect effect)
{
	switch (effect) {
	case EFFECT_IMPORT:
		return OUTCOME_NO_IMPORT;
	case EFFECT_RUN:
		return OUTCOME_NO_RUN;
	case EFFECT_UNPROVEN:
		return OUTCOME_UNPROVEN;
	default:
		return OUTCOME_RUNS;
	}
}

static void verdict_make(struct check_verdict *verdict,
	const struct check_findings *findings,
	const struct routeros_version *version)
{
	memset(verdict, 0, sizeof(*verdict));
	verdict->from = verdict->to = *version;
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		const struct check_rule *rule = &check_rules[i];
		enum check_outcome outcome = outcome_of(rule->effect);

		if (rule->level != CHECK_ERROR || outcome == OUTCOME_RUNS ||
			!findings_apply(findings, i, version))
			continue;
		verdict->rules[verdict->nrules++] = i;
		if (outcome > verdict->outcome)
			verdict->outcome = outcome;
	}
}

static bool same(const struct check_verdict *a, const struct check_verdict *b)
{
	return a->nrules == b->nrules &&
	       !memcmp(a->rules, b->rules, a->nrules * sizeof(a->rules[0]));
}

/* The next version after this one at which a rule begins or ends. */
static bool next_change(
	const struct routeros_version *after, struct routeros_version *next)
{
	bool found = false;

	for (size_t i = 0; i < 2 * RULE_COUNT; i++) {
		const struct routeros_range *range = &check_rules[i / 2].range;
		const struct routeros_version *at =
			i % 2 ? &range->until : &range->since;

		if (!routeros_version_is_set(at) ||
			routeros_version_cmp(at, after) <= 0 ||
			(found && routeros_version_cmp(at, next) >= 0))
			continue;
		*next = *at;
		found = true;
	}
	return found;
}

void verdicts_make(struct check_verdicts *verdicts,
	const struct check_findings *findings,
	const struct routeros_version *asked)
{
	struct routeros_version at = asked ? *asked : routeros_oldest, next;
	struct check_verdict one;

	memset(verdicts, 0, sizeof(*verdicts));
	for (;;) {
		struct check_verdict *last =
			&verdicts->items[verdicts->n ? verdicts->n - 1 : 0];
		bool more = !asked && next_change(&at, &next);

		verdict_make(&one, findings, &at);
		if (!verdicts->n || !same(last, &one)) {
			/* A test counts the changes: there is room. */
			if (verdicts->n == VERDICTS_MAX)
				return;
			last = &verdicts->items[verdicts->n++];
			*last = one;
		}
		last->to = asked  ? *asked
			   : more ? routeros_version_before(&next)
				  : routeros_newest;
		if (!more)
			return;
		at = next;
	}
}

const char *check_outcome_text(enum check_outcome outcome)
{
	static const char *const texts[] = {
		[OUTCOME_RUNS] = "yes",
		[OUTCOME_UNPROVEN] = "unproven",
		[OUTCOME_NO_RUN] = "no: does not run",
		[OUTCOME_NO_IMPORT] = "no: does not import",
	};

	return texts[outcome];
}
