/* SPDX-License-Identifier: MIT */
#include "routeros/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 1024

void findings_init(struct check_findings *findings, struct arena *arena)
{
	memset(findings, 0, sizeof(*findings));
	findings->arena = arena;
}

static void add(struct check_findings *findings, enum check_rule_id rule,
	const char *place, const char *text)
{
	struct arena *arena = findings->arena;

	if (findings->counts[rule]++ >= FINDINGS_KEPT)
		return;
	findings->items = arena_grow(arena, findings->items, findings->n,
		&findings->cap, sizeof(*findings->items));
	findings->items[findings->n++] = (struct check_finding){
		.rule = rule,
		.platform = findings->platform,
		.place = place ? arena_strdup(arena, place) : NULL,
		.text = text ? arena_strdup(arena, text) : NULL,
	};
}

void findings_add(struct check_findings *findings, enum check_rule_id rule,
	const char *place, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	add(findings, rule, place, text);
}

void findings_add_place(struct check_findings *findings,
	enum check_rule_id rule, const char *place)
{
	add(findings, rule, place, NULL);
}

bool findings_apply(const struct check_findings *findings,
	enum check_rule_id rule, const struct routeros_version *version)
{
	return findings->counts[rule] &&
	       (!version ||
		       routeros_range_has(&check_rules[rule].range, version));
}

size_t findings_rules(const struct check_findings *findings,
	enum check_level level, const struct routeros_version *version)
{
	size_t n = 0;

	for (enum check_rule_id i = 0; i < RULE_COUNT; i++)
		n += check_rules[i].level == level &&
		     findings_apply(findings, i, version);
	return n;
}

const struct check_finding *findings_first(
	const struct check_findings *findings, enum check_rule_id rule)
{
	for (size_t i = 0; i < findings->n; i++) {
		if (findings->items[i].rule == rule)
			return &findings->items[i];
	}
	return NULL;
}
