/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"

#define WORDS_MAX 16

struct fixture {
	struct arena arena;
	struct request request;
	struct error err;
};

static int setup(void **state)
{
	struct fixture *f = memory_zero(1, sizeof(*f));

	arena_init(&f->arena);
	request_init(&f->request, &f->arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	free(f);
	return 0;
}

/* Parses a command line of words separated by blanks. */
static int parse(
	struct fixture *f, const struct command *command, const char *line)
{
	char *argv[WORDS_MAX + 1] = { arena_strdup(&f->arena, "alpbuild") };
	struct slice rest = slice_of(line), word;
	int argc = 1;

	while (slice_cut(&rest, ' ', &word)) {
		assert_true(argc < WORDS_MAX);
		argv[argc++] = arena_slice(&f->arena, word);
	}
	return options_parse(command, argc, argv, &f->request, &f->err);
}

static void assert_parsed(struct fixture *f, const char *line)
{
	if (parse(f, &command_build, line))
		fail_msg("%s: %s", line, f->err.text);
}

static void assert_usage(struct fixture *f, const char *line, const char *part)
{
	assert_int_equal(parse(f, &command_build, line), -1);
	assert_int_equal(f->err.kind, ERROR_USAGE);
	if (!strstr(f->err.text, part))
		fail_msg("%s: %s", line, f->err.text);
}

static void options_and_operands_mix(void **state)
{
	struct fixture *f = *state;

	assert_parsed(f, "--arch arm64,arm a -j3 b --mirror http://x "
			 "--mirror file:///y --force -o out");
	assert_int_equal(f->request.operands.n, 2);
	assert_string_equal(f->request.operands.items[1], "b");
	assert_int_equal(f->request.archs.n, 2);
	assert_int_equal(f->request.mirrors.n, 2);
	assert_int_equal(f->request.jobs, 3);
	assert_int_equal(f->request.overwrite, OVERWRITE_FORCE);
	assert_string_equal(f->request.output, "out");
}

static void all_architectures_are_an_empty_list(void **state)
{
	struct fixture *f = *state;

	assert_parsed(f, "--arch all");
	assert_int_equal(f->request.archs.n, 0);
}

static void compression_is_none_or_a_level(void **state)
{
	struct fixture *f = *state;

	assert_parsed(f, "--compress gzip");
	assert_int_equal(f->request.gzip_level, 6);
	assert_parsed(f, "--compress gzip:9");
	assert_int_equal(f->request.gzip_level, 9);
	assert_parsed(f, "--compress none");
	assert_int_equal(f->request.gzip_level, 0);
	assert_usage(f, "--compress gzip:0", "gzip:0");
	assert_usage(f, "--compress gzip:99", "gzip:99");
	assert_usage(f, "--compress zstd", "zstd");
}

static void mistakes_are_named_with_the_nearest_option(void **state)
{
	struct fixture *f = *state;

	assert_usage(f, "--chanel release", "did you mean \"--channel\"");
	assert_usage(f, "--arch", "wants LIST");
	assert_usage(f, "-j", "wants N");
	assert_usage(f, "--force=yes", "takes no value");
	assert_usage(f, "-Z", "unknown option \"-Z\"");
	assert_usage(f, "--xyzzy=1", "alpbuild build --help");
	assert_usage(f, "--arch arm64,,arm", "empty item");
}

static void the_environment_names_several_mirrors(void **state)
{
	struct fixture *f = *state;

	setenv("ALPBUILD_MIRROR", " https://a,file:///b  http://c", 1);
	request_complete(&f->request);
	assert_int_equal(f->request.mirrors.n, 3);
	assert_string_equal(f->request.mirrors.items[2], "http://c");
	unsetenv("ALPBUILD_MIRROR");
}

static void a_mirror_option_replaces_the_environments(void **state)
{
	struct fixture *f = *state;

	setenv("ALPBUILD_MIRROR", "https://a", 1);
	assert_parsed(f, "--mirror https://b");
	request_complete(&f->request);
	assert_int_equal(f->request.mirrors.n, 1);
	assert_string_equal(f->request.mirrors.items[0], "https://b");
	unsetenv("ALPBUILD_MIRROR");
}

static void option_names_and_letters_are_unique(void **state)
{
	for (size_t c = 0; commands[c]; c++) {
		const struct option_row *rows[64];
		size_t n = 0;

		for (size_t g = 0; g < OPTION_GROUPS_MAX; g++) {
			const struct option_row *row = commands[c]->groups[g];

			for (; row && row->name; row++)
				rows[n++] = row;
		}
		for (size_t i = 0; i < n; i++) {
			for (size_t k = i + 1; k < n; k++) {
				assert_string_not_equal(
					rows[i]->name, rows[k]->name);
				assert_true(!rows[i]->letter ||
					    rows[i]->letter != rows[k]->letter);
			}
		}
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(options_and_operands_mix),
		TEST(all_architectures_are_an_empty_list),
		TEST(compression_is_none_or_a_level),
		TEST(mistakes_are_named_with_the_nearest_option),
		TEST(the_environment_names_several_mirrors),
		TEST(a_mirror_option_replaces_the_environments),
		TEST(option_names_and_letters_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
