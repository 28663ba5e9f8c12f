/* SPDX-License-Identifier: MIT */
#include "cmd/report_check.h"
#include "routeros/remedy.h"
#include "routeros/verdict.h"

static json_t *version_json(const struct routeros_version *version)
{
	char text[ROUTEROS_VERSION_TEXT];

	return routeros_version_is_set(version)
		       ? json_string(routeros_version_text(version, text))
		       : json_null();
}

static json_t *image_json(const struct check_image *one)
{
	const struct archive_image *image = one->image;
	json_t *tags = json_array();

	for (size_t i = 0; i < image->ntags; i++)
		json_array_append_new(tags, json_string(image->tags[i]));
	return json_pack("{s:s,s:o,s:o,s:o,s:I,s:o}", "platform", one->platform,
		"architecture", report_text_json(image->architecture),
		"variant", report_text_json(image->variant), "tags", tags,
		"layers", (json_int_t)image->nlayers, "unpacked",
		one->is_read ? json_integer((json_int_t)one->unpacked)
			     : json_null());
}

static json_t *verdict_json(const struct check_verdict *verdict)
{
	static const char *const outcomes[] = {
		[OUTCOME_RUNS] = "runs",
		[OUTCOME_UNPROVEN] = "unproven",
		[OUTCOME_NO_RUN] = "imports",
		[OUTCOME_NO_IMPORT] = "fails",
	};
	json_t *rules = json_array();

	for (size_t i = 0; i < verdict->nrules; i++)
		json_array_append_new(
			rules, json_string(check_rules[verdict->rules[i]].id));
	return json_pack("{s:o,s:o,s:s,s:o}", "from",
		version_json(&verdict->from), "to", version_json(&verdict->to),
		"outcome", outcomes[verdict->outcome], "rules", rules);
}

static json_t *places_json(
	const struct check_findings *findings, enum check_rule_id rule)
{
	json_t *places = json_array();

	for (size_t i = 0; i < findings->n; i++) {
		const struct check_finding *finding = &findings->items[i];

		if (finding->rule == rule)
			json_array_append_new(places,
				json_pack("{s:o,s:o,s:o}", "platform",
					report_text_json(finding->platform),
					"path",
					report_text_json(finding->place),
					"text",
					report_text_json(finding->text)));
	}
	return places;
}

static json_t *commands_json(const struct check *check, enum remedy_kind remedy)
{
	struct arena arena;
	json_t *commands;

	arena_init(&arena);
	commands = report_lines_json(remedy_commands(remedy, check, &arena));
	arena_release(&arena);
	return commands;
}

static json_t *finding_json(const struct check *check, enum check_rule_id id)
{
	const struct check_rule *rule = &check_rules[id];
	const struct check_findings *findings = &check->findings;

	return json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:s,s:o,s:I,s:o}",
		"rule", rule->id, "level", check_level_name(rule->level),
		"effect", check_effect_word(rule->effect), "title", rule->title,
		"since", version_json(&rule->range.since), "until",
		version_json(&rule->range.until), "message",
		report_text_json(rule->message), "advice", rule->advice,
		"commands", commands_json(check, rule->remedy), "count",
		(json_int_t)findings->counts[id], "places",
		places_json(findings, id));
}

static json_t *findings_json(
	const struct check *check, const struct routeros_version *asked)
{
	json_t *findings = json_array();

	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		if (findings_apply(&check->findings, i, asked))
			json_array_append_new(findings, finding_json(check, i));
	}
	return findings;
}

json_t *check_json(
	const struct check *check, const struct routeros_version *asked)
{
	json_t *images = json_array(), *verdicts = json_array();
	struct check_verdicts all;

	for (size_t i = 0; i < check->nimages; i++)
		json_array_append_new(images, image_json(&check->images[i]));
	verdicts_make(&all, &check->findings, asked);
	for (size_t i = 0; i < all.n; i++)
		json_array_append_new(verdicts, verdict_json(&all.items[i]));
	return json_pack("{s:o,s:s,s:o,s:o,s:o,s:o,s:o}", "file",
		report_text_json(check->path), "form", check_form_name(check),
		"compression", report_text_json(check->compression), "size",
		check->is_folder ? json_null()
				 : json_integer((json_int_t)check->size),
		"images", images, "verdicts", verdicts, "findings",
		findings_json(check, asked));
}
