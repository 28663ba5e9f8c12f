/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cmd/check_result.h"

struct scene {
	struct arena arena;
	struct check check;
	struct check_results results;
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	arena_init(&s->arena);
	s->check.path = "dist/image.tar";
	findings_init(&s->check.findings, &s->arena);
	check_results_init(&s->results);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	check_results_release(&s->results);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static void broken(struct scene *s, enum check_rule_id rule, const char *place)
{
	findings_add_place(&s->check.findings, rule, place);
}

static void make(struct scene *s)
{
	check_results_make(&s->results, &s->check, NULL);
}

/* The fingerprint of the first result of what is there now. */
static char *print_of(struct scene *s)
{
	struct check_results results;
	char *print;

	check_results_init(&results);
	check_results_make(&results, &s->check, NULL);
	print = memory_strdup(results.items[0].fingerprint);
	check_results_release(&results);
	return print;
}

static void a_result_says_what_where_when_and_how_to_mend(void **state)
{
	struct scene *s = *state;

	s->check.compression = "zstd";
	broken(s, RULE_ARCHIVE_COMPRESSED, NULL);
	findings_add(&s->check.findings, RULE_HIDDEN_FILE, "run/x", "%s", "9");
	s->check.findings.platform = "linux/arm64";
	broken(s, RULE_ELF_MACHINE, "bin/x");
	make(s);
	assert_int_equal(s->results.n, 3);
	assert_string_equal(s->results.items[0].text,
		"The file is compressed by a program that no RouterOS has. "
		"RouterOS, all versions: does not import. Remedy: uncompress "
		"it before the upload. To mend it: zstd -dc <dist/image.tar "
		">dist/image.tar");
	assert_string_equal(s->results.items[0].commands,
		"zstd -dc <dist/image.tar >dist/image.tar\n");
	assert_string_equal(s->results.items[1].text,
		"A file below /run or /tmp, which RouterOS mounts over "
		"(run/x: 9). RouterOS, 7.7 to 7.21.1: runs, with a drawback. "
		"Remedy: make it when the container starts.");
	assert_null(s->results.items[1].commands);
	assert_string_equal(s->results.items[2].text,
		"A program or library for another processor than the image "
		"says (linux/arm64: bin/x). RouterOS, all versions: does not "
		"run. The router says: Exec format error. Remedy: the router "
		"does not look: build the image for its platform.");
}

static void only_what_matters_to_a_version_is_a_result(void **state)
{
	const struct routeros_version old = { .major = 7, .minor = 16 };
	const struct routeros_version new = { .major = 7, .minor = 17 };
	struct scene *s = *state;

	broken(s, RULE_ARCHIVE_GZIP, NULL);
	check_results_make(&s->results, &s->check, &old);
	assert_int_equal(s->results.n, 1);
	check_results_make(&s->results, &s->check, &new);
	assert_int_equal(s->results.n, 0);
}

static void names_of_files_stay_as_they_are(void **state)
{
	static const char *const cases[][2] = {
		{ "the file", "The file" },
		{ "docker-archive and", "Docker-archive and" },
		{ "whiteouts: layers", "Whiteouts: layers" },
		{ "User is not root", "User is not root" },
		{ "manifest.json is", "manifest.json is" },
		{ "etc/inittab does", "etc/inittab does" },
		{ "\xc3\xa4", "\xc3\xa4" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		SCOPED_BUF struct buf out;

		buf_init(&out, 100);
		buf_add_str(&out, "");
		check_result_sentence(&out, cases[i][0]);
		assert_string_equal(out.data, cases[i][1]);
	}
}

static void foreign_text_is_one_line_of_utf8(void **state)
{
	struct scene *s = *state;
	const char *text;

	findings_add(&s->check.findings, RULE_SETUID,
		"a\nb\x1b[31m\xff\xc3\xa4\xc2\x9b", "%s", "\xe2\x82");
	make(s);
	text = s->results.items[0].text;
	assert_non_null(strstr(text, "(a?b?[31m?\xc3\xa4?: ?"
				     "?)."));
	assert_true(slice_is_utf8(slice_of(text)));
}

static void marks_of_direction_and_lines_do_not_pass(void **state)
{
	struct scene *s = *state;

	broken(s, RULE_SETUID,
		"a\xe2\x80\xae"
		"b\xe2\x80\xa8"
		"c\xe2\x81\xa6"
		"d\xe2\x80\x8f"
		"e\xe2\x80\xa7\xe2\x82\xac");
	make(s);
	assert_non_null(strstr(s->results.items[0].text,
		"(a?b?c?d?e\xe2\x80\xa7\xe2\x82\xac)"));
}

static void a_long_name_is_cut_between_characters(void **state)
{
	struct scene *s = *state;
	char name[1001];
	const char *text, *end;

	for (size_t i = 0; i < 1000; i += 2)
		memcpy(name + i, "\xc3\xa4", 2);
	memmove(name + 1, name, 999);
	name[0] = 'x';
	name[999] = '\0';
	broken(s, RULE_SETUID, name);
	make(s);
	text = strchr(s->results.items[0].text, '(') + 1;
	end = strstr(text, "...)");
	assert_non_null(end);
	assert_int_equal(end - text, 255);
	assert_true(slice_is_utf8(slice_of(text)));
}

static void fingerprints_are_of_file_rule_platform_and_place(void **state)
{
	struct scene *s = *state;
	SCOPED_FREE char *first = NULL, *again = NULL, *other = NULL;

	findings_add(&s->check.findings, RULE_SETUID, "bin/x", "%s", "4755");
	first = print_of(s);
	assert_int_equal(strlen(first), 64);
	/* Words do not matter, nor how the file is spelled. */
	findings_init(&s->check.findings, &s->arena);
	findings_add(&s->check.findings, RULE_SETUID, "bin/x", "%s", "4711");
	s->check.path = "./dist//image.tar";
	again = print_of(s);
	assert_string_equal(first, again);
	s->check.findings.items[0].platform = "linux/amd64";
	other = print_of(s);
	assert_string_not_equal(first, other);
	free(other);
	s->check.findings.items[0].platform = NULL;
	s->check.findings.items[0].place = "bin/xx";
	other = print_of(s);
	assert_string_not_equal(first, other);
	free(other);
	s->check.findings.items[0].place = "bin/x";
	s->check.path = "dist/other.tar";
	other = print_of(s);
	assert_string_not_equal(first, other);
}

static void no_fingerprint_is_there_twice(void **state)
{
	char prints[8][DIGEST_HEX_SIZE];
	struct scene *s = *state;
	size_t n = 0;

	for (size_t i = 0; i < 3; i++)
		broken(s, RULE_DUPLICATE, "a");
	broken(s, RULE_SETUID, NULL);
	/* The same file, named twice. */
	for (size_t i = 0; i < 2; i++) {
		make(s);
		assert_int_equal(s->results.n, 4);
		for (size_t k = 0; k < 4; k++)
			memcpy(prints[n++], s->results.items[k].fingerprint,
				DIGEST_HEX_SIZE);
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(prints[i], prints[k]);
	}
}

static void what_was_not_kept_is_counted(void **state)
{
	struct scene *s = *state;

	for (size_t i = 0; i < FINDINGS_KEPT + 7; i++)
		broken(s, RULE_SETUID, "x");
	make(s);
	assert_int_equal(s->results.n, FINDINGS_KEPT);
	assert_null(strstr(s->results.items[0].text, "not listed"));
	assert_non_null(strstr(s->results.items[FINDINGS_KEPT - 1].text,
		" And 7 more that are not listed."));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_result_says_what_where_when_and_how_to_mend),
		TEST(only_what_matters_to_a_version_is_a_result),
		TEST(names_of_files_stay_as_they_are),
		TEST(foreign_text_is_one_line_of_utf8),
		TEST(marks_of_direction_and_lines_do_not_pass),
		TEST(a_long_name_is_cut_between_characters),
		TEST(fingerprints_are_of_file_rule_platform_and_place),
		TEST(no_fingerprint_is_there_twice),
		TEST(what_was_not_kept_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
