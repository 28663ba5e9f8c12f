/* SPDX-License-Identifier: MIT
 *
 * The table of rules against docs/checks.md, and against the tests.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "routeros/rule.h"

#define TEXT_MAX ((size_t)1 << 20)

/* The caller frees. */
static char *text_of(const char *path)
{
	struct error err = { 0 };
	struct buf text = { 0 };

	if (file_read(path, TEXT_MAX, &text, &err))
		fail_msg("%s", err.text);
	return buf_take(&text);
}

/* Its heading, and the line under it. */
static char *section_of(const struct check_rule *rule)
{
	char range[ROUTEROS_RANGE_TEXT];

	return memory_printf("\n### %s\n\n%s \xc2\xb7 %s \xc2\xb7 %s\n",
		rule->id, check_level_name(rule->level),
		routeros_range_text(&rule->range, range),
		check_effect_name(rule->effect));
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	for (const char *p = strstr(text, part); p; p = strstr(p + 1, part))
		n++;
	return n;
}

static void every_rule_has_its_section(void **state)
{
	SCOPED_FREE char *page = text_of("docs/checks.md");
	const char *at = page;

	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		SCOPED_FREE char *section = section_of(&check_rules[i]);

		/* In the order of the table. */
		at = strstr(at, section);
		if (!at) {
			fail_msg("docs/checks.md lacks, or has elsewhere:%s",
				section);
			return;
		}
	}
	assert_int_equal(count(page, "\n### "), RULE_COUNT);
}

static void every_message_is_on_the_page(void **state)
{
	SCOPED_FREE char *page = text_of("docs/checks.md");

	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		const char *message = check_rules[i].message;
		SCOPED_FREE char *first = NULL;
		struct slice rest = slice_of(message), part;

		if (!message)
			continue;
		slice_cut(&rest, ';', &part);
		first = slice_dup(part);
		if (!strstr(page, first))
			fail_msg("docs/checks.md lacks: %s", first);
	}
}

static bool is_id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* The id as a word of its own: "pax" is not in "pax-global". */
static bool names(const char *text, const char *id)
{
	for (const char *p = strstr(text, id); p; p = strstr(p + 1, id)) {
		if (p > text && !is_id_char(p[-1]) && p[-1] != '_' &&
			!is_id_char(p[strlen(id)]))
			return true;
	}
	return false;
}

/* By a file of tests that names it. */
static void every_rule_has_its_case(void **state)
{
	SCOPED_FREE char *all = memory_strdup("");
	glob_t files;

	assert_int_equal(glob("tests/unit/test_check_*.c", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		SCOPED_FREE char *text = text_of(files.gl_pathv[i]);
		char *longer = memory_printf("%s%s", all, text);

		free(all);
		all = longer;
	}
	globfree(&files);
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		if (!names(all, check_rules[i].id))
			fail_msg("no test breaks %s", check_rules[i].id);
	}
}

static void every_rule_is_in_the_table_of_cases(void **state)
{
	SCOPED_FREE char *page = text_of("tests/check-cases.md");

	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		if (!names(page, check_rules[i].id))
			fail_msg("tests/check-cases.md lacks %s",
				check_rules[i].id);
	}
}

static void every_row_is_filled_in(void **state)
{
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		const struct check_rule *rule = &check_rules[i];

		assert_non_null(rule->id);
		assert_non_null(rule->title);
		assert_non_null(rule->advice);
		for (enum check_rule_id k = 0; k < i; k++)
			assert_string_not_equal(rule->id, check_rules[k].id);
		/* An image that cannot be imported is no mere warning. */
		if (rule->effect == EFFECT_IMPORT || rule->effect == EFFECT_RUN)
			assert_int_equal(rule->level, CHECK_ERROR);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_has_its_section),
		cmocka_unit_test(every_message_is_on_the_page),
		cmocka_unit_test(every_rule_has_its_case),
		cmocka_unit_test(every_rule_is_in_the_table_of_cases),
		cmocka_unit_test(every_row_is_filled_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
