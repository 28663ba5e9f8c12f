/* SPDX-License-Identifier: MIT
 *
 * GitLab's Code Quality report: a list of issues in the form of Code Climate,
 * of which GitLab reads these keys.
 */
#include "cmd/check_document.h"
#include "cmd/file_uri.h"

static const char *severity(const struct check_rule *rule)
{
	if (rule->level == CHECK_NOTE)
		return "info";
	if (rule->level == CHECK_WARNING)
		return "minor";
	switch (rule->effect) {
	case EFFECT_IMPORT:
		return "blocker";
	case EFFECT_RUN:
	case EFFECT_SAFETY:
		return "critical";
	default:
		return "major";
	}
}

void check_codeclimate_add(
	struct check_document *document, const struct check *check)
{
	struct check_results *results = &document->results;
	const char *path = file_uri_path(check->path, &results->arena);

	for (size_t i = 0; i < results->n; i++) {
		const struct check_result *result = &results->items[i];
		const struct check_rule *rule = &check_rules[result->rule];

		json_array_append_new(document->items,
			json_pack("{s:s,s:s,s:s,s:s,s:{s:o,s:{s:i}}}",
				"description", result->text, "check_name",
				rule->id, "fingerprint", result->fingerprint,
				"severity", severity(rule), "location", "path",
				report_text_json(path), "lines", "begin", 1));
	}
}
