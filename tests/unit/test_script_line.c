/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "rootfs/script_line.h"

#define SH "#!/bin/sh\n"

/* Words in brackets, commands by their lines: "2[a][b] 3[c]". */
static char *parse(struct slice text)
{
	static const char *const marks[] = { "", "|", "!" };
	struct script_commands commands;
	const char *why = NULL;
	struct arena arena;
	struct buf buf;

	arena_init(&arena);
	buf_init(&buf, 1 << 20);
	buf_add(&buf, "", 0);
	if (!script_parse(&commands, text, &arena, &why)) {
		buf_add_str(&buf, why);
		commands.nreached = 0;
	}
	for (size_t i = 0; i < commands.nreached; i++) {
		const struct script_command *c = &commands.items[i];

		buf_printf(&buf, "%s%zu", i ? " " : "", c->line);
		if (c->unless_database)
			buf_printf(&buf, "unless %s %s", c->unless_database,
				c->unless_name);
		for (size_t j = 0; j < c->nwords; j++)
			buf_printf(&buf, "[%s]", c->words[j]);
		buf_add_str(&buf, marks[c->on_failure]);
	}
	arena_release(&arena);
	return buf_take(&buf);
}

static void assert_parsed(const char *lines, const char *expected)
{
	SCOPED_FREE char *text = memory_printf(SH "%s", lines);
	SCOPED_FREE char *found = parse(slice_of(text));

	assert_string_equal(found ? found : "", expected);
}

static void assert_refused(const char *lines, const char *part)
{
	SCOPED_FREE char *text = memory_printf(SH "%s", lines);
	SCOPED_FREE char *found = parse(slice_of(text));

	if (!found || !strstr(found, part) || !strstr(found, "line "))
		fail_msg("%s: \"%s\" is not in \"%s\"", lines, part,
			found ? found : "");
}

static void simple_commands_are_lists_of_words(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "\n\n# comment\n\t# another\n", "" },
		{ "a b c\n", "2[a][b][c]" },
		{ "a b c", "2[a][b][c]" },
		{ "\ta  b\t c # d\n\ne", "2[a][b][c] 4[e]" },
		{ "a#b c", "2[a#b][c]" },
		{ "a 'b c' \"d e\"'f'g ''", "2[a][b c][d efg][]" },
		{ "a '$b' '`' \"\\$x \\\" \\\\ \\n\"",
			"2[a][$b][`][$x \" \\ \\n]" },
		{ "a \\$b \\' \\\\", "2[a][$b]['][\\]" },
		{ "a \\\n b\\\nc\nd", "2[a][bc] 5[d]" },
		{ "a --b=c -d,e:f @g %h", "2[a][--b=c][-d,e:f][@g][%h]" },
		{ "a 2>/dev/null b > /dev/null 2>&1", "2[a][b]" },
		{ "a >&2 &>/dev/null 1>&2", "2[a]" },
		{ "a || true\nb || :\nc || exit 1", "2[a]| 3[b]| 4[c]!" },
		{ "set -e\na", "3[a]!" },
		{ "true\n:\na\nexit 0\nb", "4[a]" },
		{ "exec a b\nc", "2[a][b]" },
		{ "getent passwd x >/dev/null || a b",
			"2unless passwd x[a][b]" },
		{ "getent group x || true", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_parsed(cases[i][0], cases[i][1]);
}

static void variables_of_the_script_itself_are_put_in(void **state)
{
	static const char *const cases[][2] = {
		{ "u=x\na $u ${u}y \"$u z\" '$u'", "3[a][x][xy][x z][$u]" },
		{ "u='a b' # c\nv=$u-1\nx \"$v\"", "4[x][a b-1]" },
		{ "u=1\nu=2\na $u", "4[a][2]" },
		{ "u=\na \"$u\"", "3[a][]" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_parsed(cases[i][0], cases[i][1]);
}

static void everything_else_is_refused_by_its_line(void **state)
{
	static const char *const cases[][2] = {
		{ "a\nb $(c)\n", "line 3: `$(`" },
		{ "b \"$(c)\"", "line 2: `$(`" },
		{ "b `c`", "line 2: ``" },
		{ "b \"`c`\"", "line 2: ``" },
		{ "b $((1))", "`$(`" },
		{ "b | c", "`|`" },
		{ "b ; c", "`;`" },
		{ "b & c", "`&`" },
		{ "b && c", "`&`" },
		{ "b || c", "`||`" },
		{ "b || true || true", "`||`" },
		{ "b ||", "`||`" },
		{ "|| b", "`||`" },
		{ "(b)", "`(`" },
		{ "b() {", "`(`" },
		{ "b <c", "`<`" },
		{ "cat <<EOF\nx\nEOF", "line 2: `<`" },
		{ "b > c", "`>`" },
		{ "b >> /dev/null", "`>`" },
		{ "b > /dev/nullx", "`>`" },
		{ "b 3>/dev/null", "`>`" },
		{ "b &>&1", "`&>`" },
		{ "b *", "`*`" },
		{ "b a?c", "`?`" },
		{ "[ -e x ]", "`[`" },
		{ "b ~/x", "`~`" },
		{ "b {x,y}", "`{`" },
		{ "! b", "`!`" },
		{ "b 'x", "`'`" },
		{ "b \"x", "`\"`" },
		{ "b 'x\ny'", "line 2: `'`" },
		{ "b x\\", "`\\`" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_refused(cases[i][0], cases[i][1]);
}

static void expansions_and_keywords_are_refused_too(void **state)
{
	static const char *const cases[][2] = {
		{ "b $1", "`$1`" },
		{ "b $@", "`$@`" },
		{ "b $", "`$`" },
		{ "b $nope", "`$nope`" },
		{ "b ${x%y}", "`${x`" },
		{ "x=1\nb ${x%y}", "line 3: `${x`" },
		{ "x='1 2'\nb $x", "line 3: `$x`" },
		{ "x='*'\nb $x", "`$x`" },
		{ "x=\nb $x", "`$x`" },
		{ "x=1 b", "`x=`" },
		{ "x=$(b)", "`$(`" },
		{ "PATH=/x", "`PATH=`" },
		{ "IFS=/", "`IFS=`" },
		{ "LD_PRELOAD=x", "`LD_PRELOAD=`" },
		{ "if b", "line 2: `if`" },
		{ "for i in b", "`for`" },
		{ "case x in", "`case`" },
		{ "while b", "`while`" },
		{ "eval b", "`eval`" },
		{ ". b", "`.`" },
		{ "cd /x", "`cd`" },
		{ "export x", "`export`" },
		{ "exit 1", "`exit`" },
		{ "exit", "`exit`" },
		{ "b\r\n", "control character (0x0d)" },
		{ "b \x1b[2J", "control character (0x1b)" },
		{ "b \xff", "not UTF-8" },
		{ "exit 0\nb $(c)", "line 3: `$(`" },
		{ "getent passwd x || exit 1", "getent" },
		{ "getent passwd x || b || c", "`||`" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_refused(cases[i][0], cases[i][1]);
}

static void the_interpreter_must_be_a_shell_without_options(void **state)
{
	static const char *const good[] = { "#!/bin/sh", "#!/bin/busybox sh\na",
		"#!/bin/sh -e\na", "#! /bin/sh\n" };
	static const char *const bad[] = { "", "\n#!/bin/sh\n", "a b\n",
		"#!/usr/bin/lua\n", "#!/bin/sh -x\n", "#!/bin/shell\n",
		"# !/bin/sh" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		SCOPED_FREE char *found = parse(slice_of(good[i]));

		assert_true(!found || !strstr(found, "understood"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		SCOPED_FREE char *found = parse(slice_of(bad[i]));

		assert_non_null(strstr(found, "line 1: "));
	}
}

static void a_nul_byte_is_refused(void **state)
{
	static const char text[] = SH "a\0b\n";
	SCOPED_FREE char *found = parse(slice_make(text, sizeof(text) - 1));

	(void)state;
	assert_string_equal(found, "line 2: a control character (0x00)");
}

/* lines times `line`, behind "#!/bin/sh". */
static char *repeat(const char *line, size_t n)
{
	struct buf buf;

	buf_init(&buf, 1 << 20);
	buf_add_str(&buf, SH);
	for (size_t i = 0; i < n; i++)
		buf_add_str(&buf, line);
	return buf_take(&buf);
}

static void assert_limited(const char *line, size_t n, const char *part)
{
	SCOPED_FREE char *text = repeat(line, n);
	SCOPED_FREE char *found = parse(slice_of(text));

	if (!found || !strstr(found, part))
		fail_msg("\"%s\" is not in \"%.99s\"", part, found);
}

static void commands_words_and_variables_are_limited(void **state)
{
	(void)state;
	assert_limited("a\n", SCRIPT_COMMANDS_MAX + 1, "that many commands");
	assert_limited("a ", SCRIPT_WORDS_MAX + 1, "that many words");
	assert_limited("a", SCRIPT_WORD_MAX + 1, "that many bytes");
	assert_limited("a=b\n", 65, "line 66: `a=`");
	/* doubling does not blow up */
	assert_limited("a=$a$a\n", 2, "`$a`");
	assert_refused("a=xxxxxxxx\nb=$a$a$a$a$a$a$a$a\nc=$b$b$b$b$b$b$b$b\n"
		       "d=$c$c$c$c$c$c$c$c\ne=$d$d",
		"line 5: `a word of that many bytes`");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(simple_commands_are_lists_of_words),
		cmocka_unit_test(variables_of_the_script_itself_are_put_in),
		cmocka_unit_test(everything_else_is_refused_by_its_line),
		cmocka_unit_test(expansions_and_keywords_are_refused_too),
		cmocka_unit_test(
			the_interpreter_must_be_a_shell_without_options),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(commands_words_and_variables_are_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
