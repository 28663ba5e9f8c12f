/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/path.h"

static void clean(const char *text, enum path_origin origin, const char *want)
{
	struct error err;
	char *path = NULL;

	if (path_clean(text, origin, &path, &err))
		fail_msg("%s", err.text);
	assert_string_equal(path, want);
	free(path);
}

static void refuse(const char *text, enum path_origin origin, const char *want)
{
	struct error err;
	char *path = NULL;

	assert_int_equal(path_clean(text, origin, &path, &err), -1);
	assert_null(path);
	assert_string_equal(err.text, want);
	assert_int_equal(
		err.kind, origin == PATH_FROM_SPEC ? ERROR_SPEC : ERROR_INPUT);
}

static void archive_names_come_out_clean(void **state)
{
	clean("a/b", PATH_FROM_ARCHIVE, "a/b");
	clean("./a/b/", PATH_FROM_ARCHIVE, "a/b");
	clean("a//b/./c", PATH_FROM_ARCHIVE, "a/b/c");
	clean("./", PATH_FROM_ARCHIVE, "");
	clean(".", PATH_FROM_ARCHIVE, "");
	clean("", PATH_FROM_ARCHIVE, "");
	clean("...", PATH_FROM_ARCHIVE, "...");
	clean("..a/b..", PATH_FROM_ARCHIVE, "..a/b..");
	clean("a b\xc3\xa9", PATH_FROM_ARCHIVE, "a b\xc3\xa9");
	clean("\xc2\xa0", PATH_FROM_ARCHIVE, "\xc2\xa0");
}

static void spec_names_are_absolute(void **state)
{
	clean("/", PATH_FROM_SPEC, "");
	clean("//etc//x/", PATH_FROM_SPEC, "etc/x");
	refuse("etc", PATH_FROM_SPEC,
		"path \"etc\" is relative, expected \"/etc\"");
	refuse("", PATH_FROM_SPEC, "path \"\" is relative, expected \"/\"");
	refuse("/a/../b", PATH_FROM_SPEC,
		"path \"/a/../b\" has a \"..\" component");
}

static void escapes_are_refused(void **state)
{
	refuse("/etc", PATH_FROM_ARCHIVE,
		"path \"/etc\" is absolute, expected a relative one");
	refuse("..", PATH_FROM_ARCHIVE, "path \"..\" has a \"..\" component");
	refuse("../x", PATH_FROM_ARCHIVE,
		"path \"../x\" has a \"..\" component");
	refuse("a/../../x", PATH_FROM_ARCHIVE,
		"path \"a/../../x\" has a \"..\" component");
	refuse("a/..", PATH_FROM_ARCHIVE,
		"path \"a/..\" has a \"..\" component");
}

static void odd_bytes_are_refused_and_not_quoted(void **state)
{
	refuse("a\nb", PATH_FROM_ARCHIVE,
		"path has a control character (U+000A)");
	refuse("../\x1b[2J", PATH_FROM_ARCHIVE,
		"path has a control character (U+001B)");
	refuse("/a\x7f", PATH_FROM_ARCHIVE,
		"path has a control character (U+007F)");
	refuse("a\xc2\x9bm", PATH_FROM_ARCHIVE,
		"path has a control character (U+009B)");
	refuse("a\xff", PATH_FROM_ARCHIVE, "path is not valid UTF-8");
	refuse("a/b\xc3", PATH_FROM_SPEC, "path is not valid UTF-8");
}

static void lengths_are_limited(void **state)
{
	char text[PATH_TEXT_MAX + 1];
	struct error err;
	char *path;

	memset(text, 'x', sizeof(text));
	text[PATH_NAME_MAX] = '\0';
	clean(text, PATH_FROM_ARCHIVE, text);
	text[PATH_NAME_MAX] = 'x';
	text[PATH_NAME_MAX + 1] = '\0';
	assert_int_equal(path_clean(text, PATH_FROM_ARCHIVE, &path, &err), -1);
	assert_non_null(strstr(err.text, "component of 256 bytes"));
	for (size_t i = 1; i < sizeof(text); i += 2)
		text[i] = '/';
	text[PATH_NAME_MAX + 1] = 'x';
	text[PATH_TEXT_MAX - 1] = '\0';
	assert_int_equal(path_clean(text, PATH_FROM_ARCHIVE, &path, &err), 0);
	free(path);
	text[PATH_TEXT_MAX - 1] = '/';
	text[PATH_TEXT_MAX] = '\0';
	assert_int_equal(path_clean(text, PATH_FROM_ARCHIVE, &path, &err), -1);
	assert_non_null(strstr(err.text, "4096 bytes (at most 4095)"));
}

/* Found by fuzzing: a message that ended in half a character. */
static void long_paths_are_quoted_by_whole_characters(void **state)
{
	char text[302];
	struct error err;
	char *path;

	text[0] = 'x';
	for (size_t i = 1; i < 301; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	text[301] = '\0';
	assert_int_equal(path_clean(text, PATH_FROM_ARCHIVE, &path, &err), -1);
	assert_true(slice_is_utf8(slice_of(err.text)));
	assert_non_null(strstr(err.text, "component of 301 bytes"));
}

static void base_and_parent_split_at_the_last_slash(void **state)
{
	assert_string_equal(path_base("a/b/c"), "c");
	assert_string_equal(path_base("c"), "c");
	assert_string_equal(path_base(""), "");
	assert_true(slice_is(path_parent("a/b/c"), "a/b"));
	assert_int_equal(path_parent("c").len, 0);
	assert_int_equal(path_parent("").len, 0);
}

static void a_link_leaves_when_it_climbs_above_the_root(void **state)
{
	static const struct {
		const char *path, *target;
		bool leaves;
	} cases[] = {
		{ "a/b/c", "../../x", false },
		{ "a/b/c", "../../../x", true },
		{ "c", "..", true },
		{ "c", "./a/../b", false },
		{ "a/c", "x/../../../y", true },
		{ "a/b/c", "/x", false },
		{ "a/b/c", "/../x", true },
		{ "a/c", "..//./../x", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (path_link_leaves(cases[i].path, cases[i].target) !=
			cases[i].leaves)
			fail_msg("%s -> %s", cases[i].path, cases[i].target);
	}
}

static void join_keeps_absolute_names(void **state)
{
	static const char *const cases[][3] = {
		{ "a", "b", "a/b" },
		{ "a/", "b", "a/b" },
		{ "", "b", "b" },
		{ "a", "/b", "/b" },
		{ "/", "b", "/b" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *path = path_join(cases[i][0], cases[i][1]);

		assert_string_equal(path, cases[i][2]);
		free(path);
	}
}

static void cut_passes_empty_components(void **state)
{
	struct slice rest = slice_of("//a///bc/"), part;

	assert_true(path_cut(&rest, &part));
	assert_true(slice_is(part, "a"));
	assert_true(path_cut(&rest, &part));
	assert_true(slice_is(part, "bc"));
	assert_false(path_cut(&rest, &part));
	assert_false(path_cut(&rest, &part));
}

static void patterns_stop_at_slashes_but_for_two_stars(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} cases[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "a", "a", true },
		{ "a", "ab", false },
		{ "*", "", true },
		{ "*", "abc", true },
		{ "*", "a/b", false },
		{ "?", "/", false },
		{ "?", "", false },
		{ "a?c", "abc", true },
		{ "etc/*.conf", "etc/x.conf", true },
		{ "etc/*.conf", "etc/d/x.conf", false },
		{ "etc/**.conf", "etc/d/x.conf", true },
		{ "**", "a/b/c", true },
		{ "**/x", "a/b/x", true },
		{ "**/x", "x", false },
		{ "*/*/x", "a/b/x", true },
		{ "*/x", "a/b/x", false },
		{ "a*b*c", "aXbYbZc", true },
		{ "a**b*c", "a/b/bc", true },
		{ "[a]", "[a]", true },
		{ "\\*", "\\x", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (path_glob(cases[i].pattern, cases[i].path) !=
			cases[i].matches)
			fail_msg("%s against %s", cases[i].pattern,
				cases[i].path);
	}
	assert_true(path_is_pattern("a*"));
	assert_true(path_is_pattern("?"));
	assert_false(path_is_pattern("a[b]"));
}

/* The definition, slow and obvious. */
static bool glob_by_definition(const char *pattern, const char *path)
{
	if (pattern[0] == '*' && pattern[1] == '*') {
		for (; *path; path++) {
			if (glob_by_definition(pattern + 2, path))
				return true;
		}
		return glob_by_definition(pattern + 2, path);
	}
	if (pattern[0] == '*') {
		for (; *path && *path != '/'; path++) {
			if (glob_by_definition(pattern + 1, path))
				return true;
		}
		return glob_by_definition(pattern + 1, path);
	}
	if (!*pattern || !*path)
		return *pattern == *path;
	if (*pattern != *path && (*pattern != '?' || *path == '/'))
		return false;
	return glob_by_definition(pattern + 1, path + 1);
}

/* The number'th text over the alphabet, of at most 7 letters. */
static void make_text(const char *alphabet, unsigned number, char text[8])
{
	size_t n = strlen(alphabet), len = 0;

	for (; number && len < 7; number /= (unsigned)n + 1) {
		unsigned digit = number % ((unsigned)n + 1);

		if (digit)
			text[len++] = alphabet[digit - 1];
	}
	text[len] = '\0';
}

static void the_matcher_agrees_with_the_definition(void **state)
{
	char pattern[8], path[8];

	for (unsigned i = 0; i < 5 * 5 * 5 * 5 * 5; i++) {
		make_text("*a/?", i, pattern);
		for (unsigned j = 0; j < 4 * 4 * 4 * 4 * 4; j++) {
			make_text("ab/", j, path);
			if (path_glob(pattern, path) !=
				glob_by_definition(pattern, path))
				fail_msg("%s against %s", pattern, path);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archive_names_come_out_clean),
		cmocka_unit_test(spec_names_are_absolute),
		cmocka_unit_test(escapes_are_refused),
		cmocka_unit_test(odd_bytes_are_refused_and_not_quoted),
		cmocka_unit_test(lengths_are_limited),
		cmocka_unit_test(long_paths_are_quoted_by_whole_characters),
		cmocka_unit_test(base_and_parent_split_at_the_last_slash),
		cmocka_unit_test(a_link_leaves_when_it_climbs_above_the_root),
		cmocka_unit_test(join_keeps_absolute_names),
		cmocka_unit_test(cut_passes_empty_components),
		cmocka_unit_test(patterns_stop_at_slashes_but_for_two_stars),
		cmocka_unit_test(the_matcher_agrees_with_the_definition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
