/* SPDX-License-Identifier: MIT
 *
 * SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format): one run,
 * all rules, a result for each place.
 */
#include <string.h>

#include "build/version.h"
#include "cmd/check_document.h"
#include "cmd/file_uri.h"

#define TEXT_MAX ((size_t)128 << 10)
#define NAME_MAX_BYTES 4096 /* of a place */
#define SCHEMA                                                                 \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"  \
	"sarif-schema-2.1.0.json"

/* ---- rules ------------------------------------------------------------- */

static json_t *message_json(const char *text)
{
	return json_pack("{s:s}", "text", text);
}

static json_t *version_json(const struct routeros_version *version)
{
	char text[ROUTEROS_VERSION_TEXT];

	return routeros_version_is_set(version)
		       ? json_string(routeros_version_text(version, text))
		       : json_null();
}

/* The same of rules and results: for which versions, and what it does. */
static json_t *properties_json(const struct check_rule *rule)
{
	char range[ROUTEROS_RANGE_TEXT];

	return json_pack("{s:s,s:o,s:o,s:s}", "routeros",
		routeros_range_text(&rule->range, range), "since",
		version_json(&rule->range.since), "until",
		version_json(&rule->range.until), "effect",
		check_effect_word(rule->effect));
}

static json_t *rule_properties(const struct check_rule *rule)
{
	json_t *properties = properties_json(rule);

	json_object_set_new(properties, "tags",
		json_pack(
			"[s,s]", "routeros", check_effect_word(rule->effect)));
	return properties;
}

static json_t *short_json(const struct check_rule *rule)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, TEXT_MAX);
	check_result_sentence(&text, rule->title);
	buf_add_str(&text, ".");
	return message_json(text.data);
}

static json_t *full_json(const struct check_rule *rule)
{
	char range[ROUTEROS_RANGE_TEXT];
	SCOPED_BUF struct buf text;

	buf_init(&text, TEXT_MAX);
	check_result_sentence(&text, rule->title);
	buf_printf(&text, ". RouterOS, %s: %s.",
		routeros_range_text(&rule->range, range),
		check_effect_name(rule->effect));
	if (rule->message)
		buf_printf(&text, " The router says: %s.", rule->message);
	return message_json(text.data);
}

static json_t *help_json(const struct check_rule *rule, const char *uri)
{
	char range[ROUTEROS_RANGE_TEXT];
	SCOPED_BUF struct buf text, markdown;

	buf_init(&text, TEXT_MAX);
	buf_init(&markdown, TEXT_MAX);
	check_result_sentence(&text, rule->advice);
	buf_add_str(&text, ".");
	buf_printf(&markdown, "**Remedy:** %s\n\n**RouterOS, %s:** %s.",
		text.data, routeros_range_text(&rule->range, range),
		check_effect_name(rule->effect));
	if (rule->message)
		buf_printf(&markdown, "\n\n**The router says:** `%s`",
			rule->message);
	if (uri) {
		buf_printf(&text, " More: %s", uri);
		buf_printf(&markdown, "\n\n[More](%s)", uri);
	} else {
		buf_printf(&text, " More: docs/checks.md, %s.", rule->id);
		buf_printf(
			&markdown, "\n\nMore: `docs/checks.md`, %s.", rule->id);
	}
	return json_pack(
		"{s:s,s:s}", "text", text.data, "markdown", markdown.data);
}

static json_t *rule_json(const struct check_rule *rule, const char *docs)
{
	SCOPED_FREE char *uri = NULL;
	json_t *json;

	if (docs)
		uri = memory_printf("%s/checks.md#%s", docs, rule->id);
	json = json_pack("{s:s,s:o,s:o,s:o,s:{s:s},s:o}", "id", rule->id,
		"shortDescription", short_json(rule), "fullDescription",
		full_json(rule), "help", help_json(rule, uri),
		"defaultConfiguration", "level", check_level_name(rule->level),
		"properties", rule_properties(rule));
	if (uri)
		json_object_set_new(json, "helpUri", json_string(uri));
	return json;
}

static json_t *driver_json(const char *docs)
{
	json_t *rules = json_array();
	json_t *driver = json_pack("{s:s,s:s,s:s}", "name", "alpbuild",
		"version", alpbuild_version(), "semanticVersion",
		alpbuild_version());

	if (docs) {
		SCOPED_FREE char *uri = memory_printf("%s/checks.md", docs);

		json_object_set_new(driver, "informationUri", json_string(uri));
	}
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++)
		json_array_append_new(rules, rule_json(&check_rules[i], docs));
	json_object_set_new(driver, "rules", rules);
	return driver;
}

/* ---- results ----------------------------------------------------------- */

/* A message of SARIF has placeholders in braces, and links. */
static json_t *escaped_json(const char *text)
{
	SCOPED_BUF struct buf out;

	buf_init(&out, TEXT_MAX);
	for (const char *p = text; *p; p++) {
		buf_add(&out, p, 1);
		if (*p == '{' || *p == '}')
			buf_add(&out, p, 1);
		else if (*p == ']' && p[1] == '(')
			buf_add_str(&out, " ");
	}
	return message_json(out.data);
}

/* Where in the image: a path of it, or a member of the archive. */
static json_t *logical_json(const char *place)
{
	SCOPED_FREE char *full =
		slice_dup(slice_make(place, strnlen(place, NAME_MAX_BYTES)));
	const char *slash = strrchr(full, '/');

	return json_pack("[{s:o,s:o,s:s}]", "name",
		report_text_json(slash && slash[1] ? slash + 1 : full),
		"fullyQualifiedName", report_text_json(full), "kind",
		"resource");
}

static json_t *location_json(
	const struct check_result *result, const char *uri, size_t index)
{
	/* No archive has lines: forges want one to show the result at. */
	json_t *location = json_pack("{s:{s:{s:s,s:I},s:{s:i}}}",
		"physicalLocation", "artifactLocation", "uri", uri, "index",
		(json_int_t)index, "region", "startLine", 1);

	if (result->finding->place && *result->finding->place)
		json_object_set_new(location, "logicalLocations",
			logical_json(result->finding->place));
	return location;
}

static json_t *result_properties(const struct check_result *result)
{
	const struct check_rule *rule = &check_rules[result->rule];
	json_t *properties = properties_json(rule);

	json_object_set_new(properties, "platform",
		report_text_json(result->finding->platform));
	json_object_set_new(
		properties, "message", report_text_json(rule->message));
	json_object_set_new(
		properties, "commands", report_lines_json(result->commands));
	return properties;
}

static json_t *result_json(
	const struct check_result *result, const char *uri, size_t index)
{
	const struct check_rule *rule = &check_rules[result->rule];
	/* The name that GitHub looks for, else it takes a line of the file. */
	SCOPED_FREE char *line = memory_printf("%s:1", result->fingerprint);

	return json_pack("{s:s,s:i,s:s,s:o,s:[o],s:{s:s,s:s},s:o}", "ruleId",
		rule->id, "ruleIndex", (int)result->rule, "level",
		check_level_name(rule->level), "message",
		escaped_json(result->text), "locations",
		location_json(result, uri, index), "partialFingerprints",
		"alpbuildFinding/v1", result->fingerprint,
		"primaryLocationLineHash", line, "properties",
		result_properties(result));
}

/* No file may be there twice, though it was named twice. */
static size_t add_artifact(
	json_t *artifacts, const struct check *check, const char *uri)
{
	const size_t n = json_array_size(artifacts);
	json_t *artifact = json_pack("{s:{s:s},s:[s]}", "location", "uri", uri,
		"roles", "analysisTarget");
	size_t i = 0;

	if (!check->is_folder)
		json_object_set_new(artifact, "length",
			json_integer((json_int_t)check->size));
	while (i < n && !json_equal(json_array_get(artifacts, i), artifact))
		i++;
	if (i == n)
		json_array_append(artifacts, artifact);
	json_decref(artifact);
	return i;
}

void check_sarif_add(struct check_document *document, const struct check *check)
{
	struct check_results *results = &document->results;
	const char *uri = file_uri(check->path, &results->arena);
	const size_t index = add_artifact(document->artifacts, check, uri);

	for (size_t i = 0; i < results->n; i++)
		json_array_append_new(document->items,
			result_json(&results->items[i], uri, index));
}

json_t *check_sarif(const struct check_document *document, const char *docs)
{
	/* There is a document when all files could be read. */
	return json_pack("{s:s,s:s,s:[{s:{s:o},s:[{s:b}],s:O,s:O}]}", "$schema",
		SCHEMA, "version", "2.1.0", "runs", "tool", "driver",
		driver_json(docs), "invocations", "executionSuccessful", 1,
		"artifacts", document->artifacts, "results", document->items);
}
