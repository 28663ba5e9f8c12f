/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "routeros/verdict.h"

struct world {
	struct arena arena;
	struct check_findings findings;
};

static int setup(void **state)
{
	struct world *w = memory_zero(1, sizeof(*w));

	arena_init(&w->arena);
	findings_init(&w->findings, &w->arena);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	arena_release(&w->arena);
	free(w);
	return 0;
}

/* "7.5-7.16 no: does not import; ..." of all ranges. */
static void assert_verdicts(
	struct world *w, const char *asked, const char *want)
{
	struct routeros_version version;
	struct check_verdicts verdicts;
	struct error err = { 0 };
	SCOPED_BUF struct buf got;

	if (asked)
		assert_int_equal(
			routeros_version_parse(&version, asked, &err), 0);
	verdicts_make(&verdicts, &w->findings, asked ? &version : NULL);
	buf_init(&got, 4096);
	for (size_t i = 0; i < verdicts.n; i++) {
		const struct check_verdict *v = &verdicts.items[i];
		char from[ROUTEROS_VERSION_TEXT], to[ROUTEROS_VERSION_TEXT];

		buf_printf(&got, "%s%s-%s %s", i ? "; " : "",
			routeros_version_text(&v->from, from),
			routeros_version_text(&v->to, to),
			check_outcome_text(v->outcome));
	}
	assert_string_equal(got.data, want);
}

static void an_image_without_findings_runs(void **state)
{
	assert_verdicts(*state, NULL, "7.5-7.24 yes");
}

static void rules_split_the_versions(void **state)
{
	struct world *w = *state;

	findings_add_place(&w->findings, RULE_ARCHIVE_GZIP, NULL);
	assert_verdicts(w, NULL, "7.5-7.16 no: does not import; 7.17-7.24 yes");
	findings_add_place(&w->findings, RULE_ARCHIVE_OCI, NULL);
	assert_verdicts(w, NULL,
		"7.5-7.16 no: does not import; 7.17-7.20 no: does not import; "
		"7.21-7.24 yes");
}

static void the_worst_outcome_decides(void **state)
{
	struct world *w = *state;

	findings_add_place(&w->findings, RULE_XATTR, "x");
	assert_verdicts(w, NULL, "7.5-7.24 unproven");
	findings_add_place(&w->findings, RULE_ELF_MACHINE, "x");
	assert_verdicts(w, NULL, "7.5-7.24 no: does not run");
	findings_add_place(&w->findings, RULE_ARCHIVE_OCI, NULL);
	assert_verdicts(w, NULL,
		"7.5-7.20 no: does not import; 7.21-7.24 no: does not run");
}

static void one_version_can_be_asked_for(void **state)
{
	struct world *w = *state;

	findings_add_place(&w->findings, RULE_ARCHIVE_OCI, NULL);
	assert_verdicts(w, "7.20.8", "7.20.8-7.20.8 no: does not import");
	assert_verdicts(w, "7.21rc1", "7.21rc1-7.21rc1 no: does not import");
	assert_verdicts(w, "7.21", "7.21-7.21 yes");
	assert_verdicts(w, "7.30", "7.30-7.30 yes");
}

/* Keys and passwords are errors, but no router minds them. */
static void what_runs_is_said_to_run(void **state)
{
	struct world *w = *state;

	findings_add_place(&w->findings, RULE_PRIVATE_KEY, "x");
	findings_add_place(&w->findings, RULE_HIDDEN_FILE, "run/x");
	assert_verdicts(w, NULL, "7.5-7.24 yes");
	assert_int_equal(findings_rules(&w->findings, CHECK_ERROR, NULL), 1);
	assert_int_equal(findings_rules(&w->findings, CHECK_WARNING, NULL), 1);
}

static void findings_of_other_versions_do_not_count(void **state)
{
	struct world *w = *state;
	const struct routeros_version old = { .major = 7, .minor = 16 };
	const struct routeros_version new = { .major = 7, .minor = 17 };

	findings_add_place(&w->findings, RULE_ARCHIVE_GZIP, NULL);
	assert_int_equal(findings_rules(&w->findings, CHECK_ERROR, &old), 1);
	assert_int_equal(findings_rules(&w->findings, CHECK_ERROR, &new), 0);
}

/* Every change of every rule at once fits. */
static void there_is_room_for_all_changes(void **state)
{
	struct world *w = *state;
	struct check_verdicts verdicts;

	for (enum check_rule_id i = 0; i < RULE_COUNT; i++)
		findings_add_place(&w->findings, i, NULL);
	verdicts_make(&verdicts, &w->findings, NULL);
	assert_true(verdicts.n > 1 && verdicts.n < VERDICTS_MAX);
	assert_int_equal(
		routeros_version_cmp(
			&verdicts.items[verdicts.n - 1].to, &routeros_newest),
		0);
}

static void many_findings_are_counted_and_some_kept(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < FINDINGS_KEPT + 5; i++)
		findings_add(&w->findings, RULE_SETUID, "x", "%d", i);
	assert_int_equal(w->findings.n, FINDINGS_KEPT);
	assert_int_equal(w->findings.counts[RULE_SETUID], FINDINGS_KEPT + 5);
	assert_string_equal(
		findings_first(&w->findings, RULE_SETUID)->text, "0");
	assert_null(findings_first(&w->findings, RULE_XATTR));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_image_without_findings_runs),
		TEST(rules_split_the_versions),
		TEST(the_worst_outcome_decides),
		TEST(one_version_can_be_asked_for),
		TEST(what_runs_is_said_to_run),
		TEST(findings_of_other_versions_do_not_count),
		TEST(there_is_room_for_all_changes),
		TEST(many_findings_are_counted_and_some_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
