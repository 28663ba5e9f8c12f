/* SPDX-License-Identifier: MIT */
#include "build/image_check.h"

#include "base/log.h"
#include "base/mask.h"
#include "routeros/check_subject.h"

#define RULE_TEXT_MAX ((size_t)1024)

/* "etc/inittab: no line starts boot, and 3 more: ...; ADVICE (RULE)" */
static void describe(const struct check_findings *findings,
	enum check_rule_id id, struct buf *text)
{
	const struct check_finding *first = findings_first(findings, id);
	const struct check_rule *rule = &check_rules[id];

	buf_add_str(text, rule->title);
	if (first->place || first->text)
		buf_printf(text, " (%s%s%s", first->place ? first->place : "",
			first->place && first->text ? ": " : "",
			first->text ? first->text : "");
	if (findings->counts[id] > 1)
		buf_printf(text, ", and %zu more", findings->counts[id] - 1);
	buf_printf(text, "%s: %s; see %s in docs/checks.md",
		first->place || first->text ? ")" : "", rule->advice, rule->id);
	/* Places and texts are foreign. */
	mask_controls(text->data);
}

/*
 * A new architecture is a file in arch/: who adds one may know of a router
 * that the table of platforms has not heard of.
 */
static bool is_fatal(enum check_rule_id id)
{
	const struct check_rule *rule = &check_rules[id];

	return rule->level == CHECK_ERROR && id != RULE_CONFIG_ARCHITECTURE &&
	       (rule->effect == EFFECT_IMPORT || rule->effect == EFFECT_RUN);
}

static int tell(const struct check_findings *findings, const char *where,
	enum check_rule_id id, enum check_policy policy, struct error *err)
{
	const struct check_rule *rule = &check_rules[id];
	SCOPED_BUF struct buf text = { 0 };

	if (rule->level == CHECK_NOTE || !findings->counts[id])
		return 0;
	buf_init(&text, RULE_TEXT_MAX);
	describe(findings, id, &text);
	if (policy == CHECK_REFUSE && is_fatal(id))
		return error_set(err, ERROR_CHECK, "%s", text.data);
	log_warn("%s: %s", where, text.data);
	return 0;
}

int image_check_tell(const struct check_findings *findings, const char *where,
	enum check_policy policy, struct error *err)
{
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		if (tell(findings, where, i, policy, err))
			return -1;
	}
	return 0;
}

int image_check(const struct image_plan *image, const struct arch_plan *plan,
	struct assembly *assembly, const struct image_config *config,
	struct error *err)
{
	struct check_findings findings;
	struct check_subject subject = { .os = "linux",
		.architecture = config->architecture,
		.variant = config->variant,
		.config = config,
		.tree = &assembly->tree,
		.findings = &findings };
	const char *where = arena_printf(
		&assembly->arena, "image %s/%s", image->name, plan->arch->name);

	if (!(image->formats & FORMAT_ROUTEROS))
		return 0;
	findings_init(&findings, &assembly->arena);
	if (check_subject(&subject, err))
		return -1;
	return image_check_tell(&findings, where, CHECK_REFUSE, err);
}
