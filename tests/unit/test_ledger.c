/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/log.h"
#include "rootfs/ledger.h"

/* SHA-256 of "abc" (FIPS 180-4, appendix B.1) and of nothing. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define NOTHING                                                                \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

struct scene {
	struct arena arena;
	struct ledger ledger;
	struct error err;
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	log_set_level(LOG_QUIET);
	arena_init(&s->arena);
	ledger_init(&s->ledger, &s->arena);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	arena_release(&s->arena);
	free(s);
	return 0;
}

static void add(struct scene *s, const char *package, enum script_kind kind,
	enum script_outcome outcome, const char *text)
{
	const struct script script = { .kind = kind,
		.package = slice_of(package),
		.version = slice_of("1-r0"),
		.text = slice_of(text) };

	ledger_add(&s->ledger, &script, outcome, "line 7: if x");
}

static void an_entry_holds_copies(void **state)
{
	struct scene *s = *state;
	char name[] = "openrc", note[] = "line 3";
	const struct script script = { .kind = SCRIPT_TRIGGER,
		.package = slice_of(name),
		.version = slice_of("1-r0"),
		.text = slice_of("abc") };
	const struct ledger_entry *entry;
	char hex[DIGEST_HEX_SIZE];

	ledger_add(&s->ledger, &script, SCRIPT_EMULATED, note);
	name[0] = note[0] = 'x';
	entry = &s->ledger.items[0];
	assert_string_equal(entry->package, "openrc");
	assert_string_equal(entry->version, "1-r0");
	assert_string_equal(entry->note, "line 3");
	assert_int_equal(entry->kind, SCRIPT_TRIGGER);
	assert_string_equal(digest_hex(&entry->sha256, hex), ABC);
	assert_false(entry->acknowledged);
}

static void entries_keep_their_order(void **state)
{
	struct scene *s = *state;

	for (int i = 0; i < 100; i++)
		add(s, i % 2 ? "b" : "a", SCRIPT_TRIGGER, SCRIPT_EMULATED, "");
	assert_int_equal(s->ledger.n, 100);
	assert_string_equal(s->ledger.items[0].package, "a");
	assert_string_equal(s->ledger.items[99].package, "b");
}

static void what_is_emulated_or_not_needed_passes(void **state)
{
	struct scene *s = *state;

	add(s, "a", SCRIPT_POST_INSTALL, SCRIPT_EMULATED, "abc");
	add(s, "b", SCRIPT_POST_INSTALL, SCRIPT_NOT_NEEDED, "abc");
	assert_int_equal(ledger_check(&s->ledger, NULL, 0, &s->err), 0);
}

static void what_is_not_run_must_be_acknowledged(void **state)
{
	struct scene *s = *state;

	add(s, "a", SCRIPT_PRE_INSTALL, SCRIPT_EMULATED, "x");
	add(s, "a", SCRIPT_POST_INSTALL, SCRIPT_NOT_RUN, "abc");
	add(s, "a", SCRIPT_POST_UPGRADE, SCRIPT_NOT_RUN, "abc");
	add(s, "b", SCRIPT_TRIGGER, SCRIPT_NOT_RUN, "");
	assert_int_equal(ledger_check(&s->ledger, NULL, 0, &s->err), -1);
	assert_int_equal(s->err.kind, ERROR_SCRIPTS);
	assert_string_equal(s->err.text,
		"package scripts that alpbuild cannot carry out:\n"
		"  a-1-r0.post-install: line 7: if x\n"
		"  b-1-r0.trigger: line 7: if x\n"
		"if the image can do without them, put into the manifest:\n"
		"\"scripts\": { \"acknowledge\": [\n"
		"  { \"package\": \"a\", \"sha256\": \"" ABC "\" },\n"
		"  { \"package\": \"b\", \"sha256\": \"" NOTHING "\" }\n"
		"] }");
}

static void an_acknowledgement_is_for_a_package_and_its_bytes(void **state)
{
	const struct acknowledged_script list[] = {
		{ "a", ABC, "scripts.acknowledge[0]" },
		{ "b", NOTHING, "scripts.acknowledge[1]" },
	};
	struct scene *s = *state;

	add(s, "a", SCRIPT_POST_INSTALL, SCRIPT_NOT_RUN, "abc");
	add(s, "a", SCRIPT_POST_UPGRADE, SCRIPT_NOT_RUN, "abc");
	add(s, "b", SCRIPT_TRIGGER, SCRIPT_NOT_RUN, "");
	assert_int_equal(ledger_check(&s->ledger, list, 1, &s->err), -1);
	assert_null(strstr(s->err.text, ABC));
	assert_non_null(strstr(s->err.text, NOTHING));
	assert_true(s->ledger.items[1].acknowledged);
	assert_int_equal(ledger_check(&s->ledger, list, 2, &s->err), 0);
	assert_true(s->ledger.items[2].acknowledged);
	add(s, "c", SCRIPT_TRIGGER, SCRIPT_NOT_RUN, "abc");
	add(s, "b", SCRIPT_TRIGGER, SCRIPT_NOT_RUN, "abc");
	assert_int_equal(ledger_check(&s->ledger, list, 2, &s->err), -1);
}

static void an_acknowledgement_of_nothing_is_no_error(void **state)
{
	const struct acknowledged_script list[] = {
		{ "a", ABC, "scripts.acknowledge[0]" },
	};
	struct scene *s = *state;

	add(s, "a", SCRIPT_POST_INSTALL, SCRIPT_EMULATED, "abc");
	assert_int_equal(ledger_check(&s->ledger, list, 1, &s->err), 0);
	assert_false(s->ledger.items[0].acknowledged);
}

static void many_are_told_a_few_at_a_time(void **state)
{
	struct scene *s = *state;
	const char *text;

	for (int i = 0; i < 20; i++) {
		text = arena_printf(&s->arena, "package-number-%d", i);
		add(s, text, SCRIPT_POST_INSTALL, SCRIPT_NOT_RUN, "abc");
	}
	assert_int_equal(ledger_check(&s->ledger, NULL, 0, &s->err), -1);
	assert_non_null(strstr(s->err.text, "and 14 more, not listed here"));
	assert_non_null(strstr(s->err.text, "package-number-5\""));
	assert_null(strstr(s->err.text, "package-number-6"));
	assert_string_equal(s->err.text + strlen(s->err.text) - 3, "] }");
}

static void a_note_cannot_command_a_terminal(void **state)
{
	struct scene *s = *state;
	const struct script script = { .package = slice_of("a") };

	ledger_add(&s->ledger, &script, SCRIPT_NOT_RUN, "line 1: \x1b[2J");
	assert_int_equal(ledger_check(&s->ledger, NULL, 0, &s->err), -1);
	assert_null(strchr(s->err.text, '\x1b'));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_entry_holds_copies),
		TEST(entries_keep_their_order),
		TEST(what_is_emulated_or_not_needed_passes),
		TEST(what_is_not_run_must_be_acknowledged),
		TEST(an_acknowledgement_is_for_a_package_and_its_bytes),
		TEST(an_acknowledgement_of_nothing_is_no_error),
		TEST(many_are_told_a_few_at_a_time),
		TEST(a_note_cannot_command_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
