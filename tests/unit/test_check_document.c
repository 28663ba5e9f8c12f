/* SPDX-License-Identifier: MIT
 *
 * Documents of checks, of which tests/integration/check_formats.sh has the
 * forms as a whole.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cmd/check_document.h"
#include "unit/scratch.h"

#define DOCUMENT_MAX ((size_t)1 << 20)

struct scene {
	struct arena arena;
	struct request request;
	struct check check;
	struct check_document document;
	struct error err;
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	arena_init(&s->arena);
	request_init(&s->request, &s->arena);
	s->check.path = "./a b.tar";
	s->check.size = 10240;
	findings_init(&s->check.findings, &s->arena);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	check_document_release(&s->document);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static void begin(struct scene *s, enum check_format format)
{
	s->request.check_format = format;
	assert_int_equal(
		check_document_init(&s->document, &s->request, &s->err), 0);
}

static const char *text_at(const json_t *json, const char *path)
{
	struct slice rest = slice_of(path), key;

	while (json && slice_cut(&rest, '.', &key)) {
		SCOPED_FREE char *name = slice_dup(key);

		json = json_is_array(json)
			       ? json_array_get(json, strtoul(name, NULL, 10))
			       : json_object_get(json, name);
	}
	return json_string_value(json);
}

static void severities_follow_level_and_effect(void **state)
{
	static const struct {
		enum check_rule_id rule;
		const char *severity;
	} cases[] = {
		{ RULE_ARCHIVE_GZIP, "blocker" },
		{ RULE_COMMAND_PROGRAM, "critical" },
		{ RULE_PRIVATE_KEY, "critical" },
		{ RULE_XATTR, "major" },
		{ RULE_OPENRC_GETTY, "major" },
		{ RULE_PASSWORD_EMPTY, "minor" },
		{ RULE_SETUID, "info" },
	};
	struct scene *s = *state;

	begin(s, CHECK_CODECLIMATE);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const json_t *issue;

		findings_init(&s->check.findings, &s->arena);
		findings_add_place(&s->check.findings, cases[i].rule, "etc/x");
		check_document_add(&s->document, &s->check);
		issue = json_array_get(s->document.items, i);
		assert_string_equal(text_at(issue, "check_name"),
			check_rules[cases[i].rule].id);
		assert_string_equal(
			text_at(issue, "severity"), cases[i].severity);
		assert_string_equal(text_at(issue, "location.path"), "a b.tar");
	}
	assert_int_equal(s->document.nerrors, 5);
}

static void links_are_there_where_the_pages_are_known(void **state)
{
	const char *rule = "runs.0.tool.driver.rules.0.helpUri";
	struct scene *s = *state;
	SCOPED_FREE char *want = memory_printf(
		"https://x.example/docs/checks.md#%s", check_rules[0].id);
	json_t *json;

	begin(s, CHECK_SARIF);
	json = check_sarif(&s->document, "https://x.example/docs");
	assert_string_equal(text_at(json, "runs.0.tool.driver.informationUri"),
		"https://x.example/docs/checks.md");
	assert_string_equal(text_at(json, rule), want);
	json_decref(json);
	json = check_sarif(&s->document, NULL);
	assert_non_null(json);
	assert_null(text_at(json, "runs.0.tool.driver.informationUri"));
	assert_null(text_at(json, rule));
	json_decref(json);
}

static void a_result_of_sarif_points_at_its_rule_and_file(void **state)
{
	struct scene *s = *state;
	json_t *json;
	const char *rule;

	begin(s, CHECK_SARIF);
	findings_add_place(&s->check.findings, RULE_PRIVATE_KEY, "etc/ssh/key");
	check_document_add(&s->document, &s->check);
	json = check_sarif(&s->document, NULL);
	rule = check_rules[RULE_PRIVATE_KEY].id;
	assert_string_equal(text_at(json, "runs.0.results.0.ruleId"), rule);
	assert_string_equal(text_at(json, "runs.0.results.0.level"), "error");
	assert_string_equal(text_at(json, "runs.0.results.0.locations.0."
					  "physicalLocation.artifactLocation."
					  "uri"),
		"a%20b.tar");
	assert_string_equal(text_at(json, "runs.0.results.0.locations.0."
					  "logicalLocations.0."
					  "fullyQualifiedName"),
		"etc/ssh/key");
	assert_string_equal(
		text_at(json, "runs.0.artifacts.0.location.uri"), "a%20b.tar");
	json_decref(json);
}

/* SARIF reads placeholders and links in messages. */
static void names_are_no_markup(void **state)
{
	struct scene *s = *state;
	json_t *json;
	const char *text;

	begin(s, CHECK_SARIF);
	findings_add_place(
		&s->check.findings, RULE_SETUID, "{0}[x](https://evil)");
	check_document_add(&s->document, &s->check);
	json = check_sarif(&s->document, NULL);
	text = text_at(json, "runs.0.results.0.message.text");
	assert_non_null(text);
	assert_non_null(strstr(text, "({{0}}[x] (https://evil))"));
	json_decref(json);
}

static void a_file_is_written_whole(void **state)
{
	static const enum check_format formats[] = { CHECK_TEXT, CHECK_JSON,
		CHECK_SARIF, CHECK_CODECLIMATE };
	static const char *const starts[] = { "./a b.tar: no image",
		"{\n  \"files\": [", "{\n  \"$schema\": \"https://", "[]\n" };
	struct scene *s = *state;
	void *folder;

	assert_int_equal(scratch_setup(&folder), 0);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		SCOPED_FREE char *path = path_join(folder, "out");
		struct buf text = { 0 };

		s->request.check_file = path;
		begin(s, formats[i]);
		check_document_add(&s->document, &s->check);
		assert_int_equal(
			check_document_write(&s->document, &s->err), 0);
		check_document_release(&s->document);
		assert_int_equal(
			file_read(path, DOCUMENT_MAX, &text, &s->err), 0);
		assert_true(slice_starts(buf_slice(&text), starts[i]));
		assert_true(slice_ends(buf_slice(&text), "\n"));
		buf_release(&text);
	}
	memset(&s->document, 0, sizeof(s->document));
	begin(s, CHECK_JSON);
	assert_int_equal(scratch_teardown(&folder), 0);
}

static void json_and_another_format_contradict(void **state)
{
	struct scene *s = *state;

	s->request.json = true;
	s->request.check_format = CHECK_SARIF;
	assert_int_equal(
		check_document_init(&s->document, &s->request, &s->err), -1);
	assert_int_equal(s->err.kind, ERROR_USAGE);
	begin(s, CHECK_UNASKED);
	assert_int_equal(s->document.format, CHECK_JSON);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(severities_follow_level_and_effect),
		TEST(links_are_there_where_the_pages_are_known),
		TEST(a_result_of_sarif_points_at_its_rule_and_file),
		TEST(names_are_no_markup),
		TEST(a_file_is_written_whole),
		TEST(json_and_another_format_contradict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
