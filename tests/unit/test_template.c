/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "rootfs/template.h"

static struct pair pairs[] = {
	{ "name", "alp_rc" },
	{ "alpine.version", "3.18.9" },
	{ "empty", "" },
	{ "nested", "${{name}} $${{" },
};
static const struct pair_list variables = { pairs, ARRAY_SIZE(pairs),
	ARRAY_SIZE(pairs) };

static void assert_expands(const char *text, const char *expected)
{
	struct error err = { .kind = ERROR_NONE };
	struct buf out;

	if (template_expand("motd", slice_of(text), &variables, &out, &err))
		fail_msg("%s", err.text);
	assert_string_equal(out.data ? out.data : "", expected);
	buf_release(&out);
}

static void assert_refuses(struct slice text, const char *expected)
{
	struct error err = { .kind = ERROR_NONE };
	struct buf out;

	assert_int_equal(
		template_expand("motd", text, &variables, &out, &err), -1);
	assert_int_equal(err.kind, ERROR_SPEC);
	assert_string_equal(err.text, expected);
}

static void variables_are_filled_in(void **state)
{
	assert_expands("Welcome to ${{name}}!\n", "Welcome to alp_rc!\n");
	assert_expands("${{name}}${{alpine.version}}", "alp_rc3.18.9");
	assert_expands("[${{empty}}]", "[]");
}

static void blanks_inside_the_braces_are_allowed(void **state)
{
	assert_expands("${{ name }}|${{\tname  }}", "alp_rc|alp_rc");
}

static void other_dollars_and_braces_are_plain_text(void **state)
{
	assert_expands("", "");
	assert_expands("$ $$ ${x} {{name}} }} $", "$ $$ ${x} {{name}} }} $");
	assert_expands("${HOME} $(id) $1", "${HOME} $(id) $1");
}

static void a_doubled_dollar_stands_for_the_characters(void **state)
{
	assert_expands("$${{name}}", "${{name}}");
	assert_expands("$$${{name}}", "$${{name}}");
	assert_expands("$${{", "${{");
}

static void values_are_not_looked_at_again(void **state)
{
	assert_expands("${{nested}}", "${{name}} $${{");
}

static void an_unknown_name_is_told_with_its_line_and_the_nearest(void **state)
{
	assert_refuses(slice_of("a\nb\n${{nmae}}\n"),
		"motd:3: unknown variable \"nmae\", did you mean \"name\", "
		"define it under \"variables\" in the manifest");
	assert_refuses(slice_of("${{}}"),
		"motd:1: unknown variable \"\", define it under \"variables\" "
		"in the manifest");
}

static void unclosed_braces_are_told_with_their_line(void **state)
{
	static const char *const texts[] = { "\n${{name", "\n${{name}",
		"\n${{name\n}}", "\n${{" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_refuses(slice_of(texts[i]),
			"motd:2: \"${{\" without \"}}\" on the same line, "
			"write \"$${{\" for the characters themselves");
}

static void a_file_that_is_no_text_is_told_with_its_line(void **state)
{
	static const char expected[] =
		"motd:2: a template must be UTF-8 text without NUL, leave it "
		"out of \"templates\" or convert it";

	assert_refuses(slice_of("fine\ncaf\xe9\n"), expected);
	assert_refuses(slice_make("fine\n\0\n", 7), expected);
	assert_expands("caf\xc3\xa9 ${{name}}", "caf\xc3\xa9 alp_rc");
}

static void a_template_has_a_limit_before_and_after(void **state)
{
	static const char variable[] = "${{nested}}";
	size_t size = TEMPLATE_MAX + 1;
	SCOPED_FREE char *text = memory_alloc(size);
	struct error err;
	struct buf out;

	memset(text, 'x', size);
	assert_refuses(slice_make(text, size),
		"motd: a template may have 1048576 bytes, found 1048577");
	assert_int_equal(template_expand("motd", slice_make(text, size - 1),
				 &variables, &out, &err),
		0);
	assert_int_equal(out.len, TEMPLATE_MAX);
	buf_release(&out);
	/* Three bytes more than the text that stands for it. */
	for (size_t i = 0; i < strlen(variable); i++)
		text[i] = variable[i];
	assert_refuses(slice_make(text, size - 1),
		"motd: a template may have 1048576 bytes when it is filled in");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables_are_filled_in),
		cmocka_unit_test(blanks_inside_the_braces_are_allowed),
		cmocka_unit_test(other_dollars_and_braces_are_plain_text),
		cmocka_unit_test(a_doubled_dollar_stands_for_the_characters),
		cmocka_unit_test(values_are_not_looked_at_again),
		cmocka_unit_test(
			an_unknown_name_is_told_with_its_line_and_the_nearest),
		cmocka_unit_test(unclosed_braces_are_told_with_their_line),
		cmocka_unit_test(a_file_that_is_no_text_is_told_with_its_line),
		cmocka_unit_test(a_template_has_a_limit_before_and_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
