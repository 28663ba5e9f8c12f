/* SPDX-License-Identifier: MIT */
#include "rootfs/init_script.h"

#include <string.h>

#include "base/compiler.h"
#include "rootfs/init_token.h"

const char *const init_word_names[INIT_NKINDS] = {
	[INIT_NEED] = "need",
	[INIT_USE] = "use",
	[INIT_WANT] = "want",
	[INIT_BEFORE] = "before",
	[INIT_AFTER] = "after",
	[INIT_PROVIDE] = "provide",
	[INIT_KEYWORD] = "keyword",
};

/* Keywords of the shell that open a block, and what closes it. */
static const struct block {
	const char *open, *close;
	char sign; /* on the stack */
} blocks[] = {
	{ "if", "fi", 'i' },
	{ "case", "esac", 'c' },
	{ "for", "done", 'f' },
	{ "while", "done", 'f' },
	{ "until", "done", 'f' },
	{ "{", "}", '{' },
};

struct reading {
	struct init_lexer lexer;
	struct init_token token;
	struct init_script *out;
	struct arena *arena;
	char stack[INIT_SCRIPT_NESTING_MAX]; /* signs of what is open */
	size_t depth;
	size_t body;	  /* depth in depend()'s body; 0: outside of it */
	unsigned ndepend; /* definitions of it */
	bool is_chained;  /* behind && or || */
	bool has_returned;
	bool expects_pattern; /* of a case */
};

static void next(struct reading *r)
{
	init_token_next(&r->lexer, &r->token);
}

static bool is_word(const struct reading *r)
{
	return r->token.kind == INIT_TOKEN_WORD;
}

static bool is_keyword(const struct reading *r, const char *word)
{
	return is_word(r) && r->token.is_literal && !r->token.is_quoted &&
	       !strcmp(r->token.text, word);
}

static bool is_operator(const struct reading *r, char op)
{
	return r->token.kind == INIT_TOKEN_OPERATOR && r->token.op == op;
}

static void note(struct reading *r, const char *what)
{
	if (!r->out->note)
		r->out->note = arena_printf(
			r->arena, "line %zu: %s", r->lexer.line, what);
}

static void stop(struct reading *r, const char *why)
{
	note(r, why);
	r->lexer.at = r->lexer.end;
}

static void push(struct reading *r, char sign)
{
	if (r->depth == sizeof(r->stack))
		stop(r, "blocks are nested too deep");
	else
		r->stack[r->depth++] = sign;
}

static void pop(struct reading *r, char sign)
{
	if (!r->depth || r->stack[r->depth - 1] != sign) {
		stop(r, "a block is closed that was not opened");
		return;
	}
	r->depth--;
	if (r->depth < r->body)
		r->body = 0;
	r->expects_pattern = false;
}

/* word: with its text in the arena already. */
static void add(struct init_words *words, const struct init_word *word,
	struct arena *arena)
{
	if (words->n == INIT_SCRIPT_WORDS_MAX)
		return;
	if (words->n == words->cap)
		words->items = arena_grow(arena, words->items, words->n,
			&words->cap, sizeof(*words->items));
	words->items[words->n++] = *word;
}

/* Words of text between blanks, as the shell splits what it expands. */
void init_script_add(struct init_script *script, enum init_word_kind kind,
	struct slice text, struct arena *arena)
{
	while (text.len) {
		struct slice part = slice_make(text.ptr, 0);
		struct init_word word = { .is_certain = true };
		size_t next;

		while (part.len < text.len &&
			!memchr(" \t\n", text.ptr[part.len], 3))
			part.len++;
		if (part.len && !memchr(part.ptr, '$', part.len) &&
			!memchr(part.ptr, '`', part.len)) {
			word.text = arena_slice(arena, part);
			add(&script->words[kind], &word, arena);
		}
		next = part.len + (part.len < text.len);
		text = slice_make(text.ptr + next, text.len - next);
	}
}

/* The arguments of a command of depend(). */
static void read_arguments(struct reading *r, enum init_word_kind kind)
{
	struct init_word word = {
		.is_certain = r->depth == r->body && !r->is_chained &&
			      !r->has_returned && r->ndepend == 1 &&
			      r->body == 1,
	};

	for (next(r); is_word(r); next(r)) {
		if (!r->token.is_literal) {
			note(r, "depend() says what only a run could tell");
			continue;
		}
		if (r->out->words[kind].n == INIT_SCRIPT_WORDS_MAX)
			note(r, "depend() has too many words");
		word.text = arena_strdup(r->arena, r->token.text);
		add(&r->out->words[kind], &word, r->arena);
	}
}

static bool find_kind(const struct reading *r, enum init_word_kind *kind)
{
	for (size_t i = 0; i < INIT_NKINDS; i++) {
		if (is_keyword(r, init_word_names[i])) {
			*kind = (enum init_word_kind)i;
			return true;
		}
	}
	return false;
}

static void forget_certainty(struct init_script *out)
{
	for (size_t k = 0; k < INIT_NKINDS; k++) {
		for (size_t i = 0; i < out->words[k].n; i++)
			out->words[k].items[i].is_certain = false;
	}
}

/* Behind "name ()": the bracket, and newlines before the body. */
static void read_brackets(struct reading *r)
{
	next(r);
	next(r);
	if (!is_operator(r, ')')) {
		stop(r, "a bracket is not understood");
		return;
	}
	do
		next(r);
	while (r->token.kind == INIT_TOKEN_NEWLINE);
}

/* Up to the brace that opens depend()'s body, a block like others. */
static void begin_depend(struct reading *r)
{
	read_brackets(r);
	if (r->body || ++r->ndepend > 1)
		forget_certainty(r->out);
	if (!is_keyword(r, "{")) {
		note(r, "depend() is no plain function");
		return;
	}
	r->has_returned = false;
	if (!r->body)
		r->body = r->depth + 1;
}

/* `case WORD in`: up to the first pattern. */
static void open_case(struct reading *r)
{
	push(r, 'c');
	next(r);
	do
		next(r);
	while (r->token.kind == INIT_TOKEN_NEWLINE);
	if (is_keyword(r, "in"))
		next(r);
	r->expects_pattern = true;
}

/* A block's keyword at the start of a command; true: it was one. */
static bool read_block(struct reading *r)
{
	static const char *const going_on[] = { "then", "else", "elif", "do",
		"!" };

	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
		if (is_keyword(r, blocks[i].open)) {
			if (blocks[i].sign == 'c') {
				open_case(r);
				return true;
			}
			push(r, blocks[i].sign);
			next(r);
			return true;
		}
		if (is_keyword(r, blocks[i].close)) {
			pop(r, blocks[i].sign);
			next(r);
			return true;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(going_on); i++) {
		if (is_keyword(r, going_on[i])) {
			next(r);
			return true;
		}
	}
	return false;
}

static bool is_assignment(const struct reading *r)
{
	size_t name = strspn(r->token.text,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_");

	return name && r->token.text[name] == '=';
}

/* A word at the start of a command. */
static void read_command(struct reading *r)
{
	enum init_word_kind kind;

	if (read_block(r))
		return;
	if (init_lexer_peek(&r->lexer) == '(' && !is_assignment(r)) {
		if (is_keyword(r, "depend"))
			begin_depend(r);
		else
			read_brackets(r);
		return;
	}
	if (is_assignment(r)) {
		next(r);
		return;
	}
	if (r->body && find_kind(r, &kind)) {
		read_arguments(r, kind);
		return;
	}
	if (r->body && (is_keyword(r, "return") || is_keyword(r, "exit")))
		r->has_returned = true;
	do
		next(r);
	while (is_word(r));
}

static void read_operator(struct reading *r)
{
	char op = r->token.op;

	if (op == '(')
		push(r, '(');
	else if (op == ')')
		pop(r, '(');
	else if (op == 'A' || op == 'O' || op == '|' || op == '&')
		r->is_chained = true;
	else if (op == 'C')
		r->expects_pattern = true;
	next(r);
	/* what a redirection names is no command */
	if ((op == '<' || op == '>') && is_word(r))
		next(r);
	else if (op == 'C')
		r->is_chained = false;
}

/* Up to the bracket behind the patterns of a case, or `esac`. */
static void read_pattern(struct reading *r)
{
	if (is_keyword(r, "esac")) {
		pop(r, 'c');
	} else if (is_operator(r, ')')) {
		r->expects_pattern = false;
		r->is_chained = false;
	}
	next(r);
}

static void read_step(struct reading *r)
{
	if (r->expects_pattern && r->depth && r->stack[r->depth - 1] == 'c') {
		read_pattern(r);
	} else if (is_word(r)) {
		read_command(r);
	} else if (r->token.kind == INIT_TOKEN_NEWLINE) {
		r->is_chained = false;
		next(r);
	} else {
		read_operator(r);
	}
}

void init_script_read(
	struct init_script *out, struct slice text, struct arena *arena)
{
	struct reading r = { .out = out, .arena = arena };

	memset(out, 0, sizeof(*out));
	if (text.len > INIT_SCRIPT_MAX)
		text.len = INIT_SCRIPT_MAX;
	init_lexer_init(&r.lexer, text);
	next(&r);
	while (r.token.kind != INIT_TOKEN_END)
		read_step(&r);
	if (r.lexer.trouble)
		note(&r, r.lexer.trouble);
}

bool init_script_is_openrc(struct slice text)
{
	static const char *const ends[] = { "/openrc-run", "/runscript" };
	struct slice line, first, rest;

	if (!slice_cut(&text, '\n', &line) || !slice_starts(line, "#"))
		return false;
	rest = slice_trim(line);
	slice_cut(&rest, ' ', &first);
	if (slice_is(first, "#!")) {
		rest = slice_trim(rest);
		slice_cut(&rest, ' ', &first);
	}
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (slice_ends(first, ends[i]))
			return true;
	}
	return false;
}
