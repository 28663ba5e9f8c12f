/* SPDX-License-Identifier: MIT */
#include "rootfs/script_line.h"

#include <string.h>

#include "rootfs/script_word.h"

struct parser {
	struct script_lexer lexer;
	struct script_variables variables;
	struct script_commands *out;
	struct arena *arena;
	size_t nitems;	       /* commands and assignments */
	bool stops_at_failure; /* `set -e` */
	bool has_ended;	       /* `exit 0` */
};

/* What a logical line consists of. */
struct line {
	const char *words[SCRIPT_WORDS_MAX];
	size_t nwords;
	bool ends_in_or; /* `||` follows */
};

static bool refuse(struct parser *p, const char *what)
{
	return script_lexer_refuse(&p->lexer, what);
}

/* Words that begin what is not a simple command. */
static bool is_keyword(const char *word)
{
	static const char *const keywords[] = { "if", "then", "else", "elif",
		"fi", "for", "while", "until", "do", "done", "case", "esac",
		"function", "export", "local", "readonly", "eval", "trap",
		"shift", "return", "break", "continue", "unset", "alias", ".",
		"source", "cd", "umask" };

	for (size_t i = 0; i < ARRAY_SIZE(keywords); i++) {
		if (!strcmp(word, keywords[i]))
			return true;
	}
	return false;
}

/* Words up to `||` or the end of the line. */
static bool read_words(struct parser *p, struct line *line)
{
	struct script_token token;

	line->nwords = 0;
	line->ends_in_or = false;
	for (;;) {
		if (!script_lexer_next(&p->lexer, &p->variables, &token))
			return false;
		if (token.kind == SCRIPT_END)
			return true;
		if (token.kind == SCRIPT_OR) {
			line->ends_in_or = true;
			return line->nwords ? true : refuse(p, "||");
		}
		if (token.kind == SCRIPT_REDIRECTION)
			continue;
		if (line->nwords == SCRIPT_WORDS_MAX)
			return refuse(p, "a command of that many words");
		if (!line->nwords && is_keyword(token.word))
			return refuse(p, token.word);
		line->words[line->nwords++] = token.word;
	}
}

static bool is_words(const struct line *line, const char *a, const char *b)
{
	return line->nwords == 2 && !strcmp(line->words[0], a) &&
	       !strcmp(line->words[1], b);
}

static bool is_nothing(const struct line *line)
{
	return line->nwords == 1 && (!strcmp(line->words[0], "true") ||
					    !strcmp(line->words[0], ":"));
}

static bool is_exit(const struct line *line)
{
	return line->nwords && line->nwords <= 2 &&
	       !strcmp(line->words[0], "exit") &&
	       (line->nwords == 1 ||
		       line->words[1][strspn(line->words[1], "0123456789")] ==
			       '\0');
}

static struct script_command *add_command(
	struct parser *p, const struct line *line, size_t number)
{
	struct script_commands *out = p->out;
	struct script_command *items, *c;

	if (out->n == out->cap) {
		out->cap = out->cap ? 2 * out->cap : 8;
		items = arena_alloc(p->arena, out->cap * sizeof(*items));
		if (out->n)
			memcpy(items, out->items, out->n * sizeof(*items));
		out->items = items;
	}
	c = &out->items[out->n++];
	*c = (struct script_command){ .line = number,
		.nwords = line->nwords,
		.on_failure =
			p->stops_at_failure ? SCRIPT_STOPS : SCRIPT_GOES_ON };
	c->words = arena_copy(
		p->arena, line->words, line->nwords * sizeof(line->words[0]));
	return c;
}

/* What follows must be understood, but is never reached. */
static void end_script(struct parser *p)
{
	if (!p->has_ended)
		p->out->nreached = p->out->n;
	p->has_ended = true;
}

/* What is executed in place of the shell is the last command. */
static void add_exec(struct parser *p, struct line *line, size_t number)
{
	line->nwords--;
	memmove(line->words, line->words + 1,
		line->nwords * sizeof(line->words[0]));
	add_command(p, line, number);
	end_script(p);
}

static bool is_getent(const struct line *line)
{
	return line->nwords == 3 && !strcmp(line->words[0], "getent") &&
	       (!strcmp(line->words[1], "passwd") ||
		       !strcmp(line->words[1], "group"));
}

static bool read_or(struct parser *p, const struct line *first, size_t number)
{
	struct script_command *c;
	struct line rest;

	if (is_getent(first)) {
		if (!read_words(p, &rest))
			return false;
		if (rest.ends_in_or)
			return refuse(p, "||");
		if (is_nothing(&rest))
			return true;
		if (!rest.nwords || is_exit(&rest))
			return refuse(p, "getent");
		c = add_command(p, &rest, number);
		c->unless_database = first->words[1];
		c->unless_name = first->words[2];
		return true;
	}
	if (!read_words(p, &rest))
		return false;
	if (rest.ends_in_or || (!is_nothing(&rest) && !is_exit(&rest)))
		return refuse(p, "||");
	c = add_command(p, first, number);
	c->on_failure = is_nothing(&rest) ? SCRIPT_IGNORES : SCRIPT_STOPS;
	return true;
}

static bool read_line(struct parser *p)
{
	size_t number = p->lexer.line;
	struct line line;

	if (!read_words(p, &line))
		return false;
	if (!line.nwords)
		return true;
	if (++p->nitems > SCRIPT_COMMANDS_MAX)
		return refuse(p, "a script of that many commands");
	if (line.ends_in_or)
		return read_or(p, &line, number);
	if (is_words(&line, "exit", "0"))
		end_script(p);
	else if (line.nwords > 1 && !strcmp(line.words[0], "exec"))
		add_exec(p, &line, number);
	else if (!strcmp(line.words[0], "exit"))
		return refuse(p, "exit");
	else if (is_words(&line, "set", "-e"))
		p->stops_at_failure = true;
	else if (!is_nothing(&line))
		add_command(p, &line, number);
	return true;
}

static bool is_shell(struct slice line)
{
	static const char *const shells[] = { "#!/bin/sh", "#!/bin/ash",
		"#!/bin/busybox sh", "#!/usr/bin/env sh", "#! /bin/sh",
		"#!/usr/bin/busybox sh", "#!/bin/sh -e" };

	for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
		if (slice_is(line, shells[i]))
			return true;
	}
	return false;
}

bool script_is_shell(struct slice text)
{
	struct slice line;

	return slice_cut(&text, '\n', &line) && is_shell(slice_trim(line));
}

/* The interpreter must be a shell without options but -e. */
static bool read_interpreter(struct parser *p)
{
	struct slice line = script_lexer_first(&p->lexer);

	p->stops_at_failure = slice_ends(line, " -e");
	if (is_shell(line))
		return true;
	return script_lexer_refuse(&p->lexer,
		slice_starts(line, "#!") ? "this interpreter"
					 : "a script without `#!/bin/sh`");
}

bool script_parse(struct script_commands *out, struct slice text,
	struct arena *arena, const char **why)
{
	struct parser p = { .out = out, .arena = arena };
	bool ok;

	*out = (struct script_commands){ .items = NULL };
	script_lexer_init(&p.lexer, text, arena);
	ok = script_lexer_check(&p.lexer) && read_interpreter(&p);
	while (ok && script_lexer_has_more(&p.lexer))
		ok = read_line(&p);
	end_script(&p);
	if (!ok)
		*why = p.lexer.why;
	return ok;
}
