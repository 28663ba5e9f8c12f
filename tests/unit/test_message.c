/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "routeros/message.h"
#include "routeros/rule.h"

#define TEXT_MAX ((size_t)1 << 20)
#define FOUND_MAX 64

static const char *first_of(const char *text)
{
	const struct router_message *found[FOUND_MAX];
	size_t n = router_messages_find(text, found, FOUND_MAX);

	return n ? found[0]->text : NULL;
}

static void messages_are_found_in_lines_of_logs(void **state)
{
	static const struct {
		const char *line, *text;
	} cases[] = {
		{ "12:01:07 container,info,debug download/extract error: could "
		  "not load next layer",
			"could not load next layer" },
		{ "no manifest.json in archive",
			"could not find image manifest in archive" },
		{ "exited with status 255: execvpe /sbin/init: No such file "
		  "or directory",
			"execvpe: No such file or directory" },
		{ "exec /bin/x: EXEC   FORMAT\n error", "Exec format error" },
		{ "layer abc/layer missing, need repull",
			"layer missing, need repull" },
		{ "exited with status 255", "exited with status 255" },
		{ "import error: fetch manifest failed: no manifest found for "
		  "this architecture",
			"no manifest found for this architecture" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(first_of(cases[i].line), cases[i].text);
}

static void other_texts_find_nothing(void **state)
{
	assert_null(first_of(""));
	assert_null(first_of("everything is fine"));
}

static void a_log_may_hold_several(void **state)
{
	const struct router_message *found[FOUND_MAX];

	assert_int_equal(router_messages_find(
				 "auth error\nbad parameter", found, FOUND_MAX),
		2);
	assert_int_equal(
		router_messages_find("auth error\nbad parameter", found, 1), 1);
}

/* What the table says is found by itself, and by what check quotes. */
static void every_message_is_found(void **state)
{
	for (const struct router_message *m = router_messages; m->text; m++)
		assert_non_null(first_of(m->text));
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		const char *message = check_rules[i].message;

		if (message && !first_of(message))
			fail_msg("%s: nothing explains \"%s\"",
				check_rules[i].id, message);
	}
}

static bool is_rule(const char *id)
{
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		if (!strcmp(check_rules[i].id, id))
			return true;
	}
	return false;
}

static void every_rule_that_is_named_exists(void **state)
{
	for (const struct router_message *m = router_messages; m->text; m++) {
		for (size_t i = 0; i < MESSAGE_RULES && m->rules[i]; i++)
			assert_true(is_rule(m->rules[i]));
	}
}

/* The page has its lines broken elsewhere. */
static void join_lines(char *text)
{
	for (; *text; text++) {
		if (text[0] == '\n' && text[1] != '\n')
			*text = ' ';
	}
}

static void every_message_is_on_the_page(void **state)
{
	struct error err = { 0 };
	struct buf buf = { 0 };
	SCOPED_FREE char *page = NULL;

	if (file_read("docs/messages.md", TEXT_MAX, &buf, &err))
		fail_msg("%s", err.text);
	page = buf_take(&buf);
	join_lines(page);
	for (const struct router_message *m = router_messages; m->text; m++) {
		SCOPED_FREE char *heading = memory_printf("## %s\n", m->text);

		if (!strstr(page, heading) || !strstr(page, m->cause) ||
			!strstr(page, m->remedy) || !strstr(page, m->versions))
			fail_msg("docs/messages.md is not as the table: %s",
				m->text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_found_in_lines_of_logs),
		cmocka_unit_test(other_texts_find_nothing),
		cmocka_unit_test(a_log_may_hold_several),
		cmocka_unit_test(every_message_is_found),
		cmocka_unit_test(every_rule_that_is_named_exists),
		cmocka_unit_test(every_message_is_on_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
