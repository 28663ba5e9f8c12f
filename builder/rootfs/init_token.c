/* SPDX-License-Identifier: MIT */
#include "rootfs/init_token.h"

#include <string.h>

/* The quotes and brackets of a word that are open. */
struct nesting {
	char open[INIT_TOKEN_DEPTH_MAX];
	size_t n;
};

void init_lexer_init(struct init_lexer *lexer, struct slice text)
{
	memset(lexer, 0, sizeof(*lexer));
	lexer->at = text.len ? text.ptr : "";
	lexer->end = lexer->at + text.len;
	lexer->line = 1;
}

static char peek(const struct init_lexer *lexer, size_t ahead)
{
	return (size_t)(lexer->end - lexer->at) > ahead ? lexer->at[ahead]
							: '\0';
}

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static void pass(struct init_lexer *lexer)
{
	if (*lexer->at == '\n')
		lexer->line++;
	lexer->at++;
}

static void give_up(struct init_lexer *lexer, const char *why)
{
	lexer->trouble = why;
	lexer->at = lexer->end;
}

static void pass_comment(struct init_lexer *lexer)
{
	while (lexer->at < lexer->end && *lexer->at != '\n')
		lexer->at++;
}

static void pass_blanks(struct init_lexer *lexer)
{
	for (;;) {
		if (is_one_of(peek(lexer, 0), " \t\r")) {
			lexer->at++;
		} else if (peek(lexer, 0) == '\\' && peek(lexer, 1) == '\n') {
			pass(lexer);
			pass(lexer);
		} else if (peek(lexer, 0) == '#') {
			pass_comment(lexer);
		} else {
			return;
		}
	}
}

char init_lexer_peek(struct init_lexer *lexer)
{
	pass_blanks(lexer);
	return peek(lexer, 0);
}

static void keep(struct init_token *token, char c)
{
	if (token->len + 1 < sizeof(token->text) && c)
		token->text[token->len++] = c;
	else
		token->is_literal = false;
}

static void open_nested(
	struct init_lexer *lexer, struct nesting *nesting, char bracket)
{
	if (nesting->n == sizeof(nesting->open))
		give_up(lexer, "quotes and brackets are nested too deep");
	else
		nesting->open[nesting->n++] = bracket;
}

static bool is_open(const struct nesting *nesting, char bracket)
{
	return nesting->n && memchr(nesting->open, bracket, nesting->n);
}

static void pass_single_quotes(
	struct init_lexer *lexer, struct init_token *token)
{
	pass(lexer);
	while (lexer->at < lexer->end && *lexer->at != '\'') {
		keep(token, *lexer->at);
		pass(lexer);
	}
	if (lexer->at == lexer->end)
		give_up(lexer, "a quote is not closed");
	else
		pass(lexer);
}

/* "$x", "$(", "${" or "`" at `at`. */
static void begin_expansion(struct init_lexer *lexer, struct nesting *nesting,
	struct init_token *token)
{
	char c = *lexer->at, bracket = peek(lexer, 1);

	token->is_literal = false;
	pass(lexer);
	if (c == '`') {
		open_nested(lexer, nesting, '`');
	} else if (bracket == '(' || bracket == '{') {
		pass(lexer);
		open_nested(lexer, nesting, bracket);
	}
}

static bool closes(char open, char c)
{
	static const char pairs[] = "\"\"``(){}";
	const char *pair = pairs;

	for (; *pair; pair += 2) {
		if (pair[0] == open)
			return pair[1] == c;
	}
	return false;
}

/* One step inside quotes or brackets. */
static void pass_nested(struct init_lexer *lexer, struct nesting *nesting,
	struct init_token *token)
{
	char c = *lexer->at, open = nesting->open[nesting->n - 1];
	bool in_quotes = is_open(nesting, '"');
	char before = lexer->at[-1]; /* the bracket, at the least */

	if (closes(open, c)) {
		nesting->n--;
		pass(lexer);
	} else if (c == '\\' && lexer->at + 1 < lexer->end) {
		pass(lexer);
		keep(token, *lexer->at);
		pass(lexer);
	} else if (c == '$' || c == '`') {
		begin_expansion(lexer, nesting, token);
	} else if (c == '\'' && (open == '(' || !in_quotes)) {
		pass_single_quotes(lexer, token);
	} else if (open == '(' && c == '#' && is_one_of(before, " \t\n(")) {
		pass_comment(lexer);
	} else {
		if (c == '"' || (open == '(' && c == '('))
			open_nested(lexer, nesting, c);
		else
			keep(token, c);
		if (lexer->at < lexer->end)
			pass(lexer);
	}
}

/* One step outside of them. */
static void pass_plain(struct init_lexer *lexer, struct nesting *nesting,
	struct init_token *token)
{
	char c = *lexer->at;

	if (c == '\'') {
		token->is_quoted = true;
		pass_single_quotes(lexer, token);
	} else if (c == '"') {
		token->is_quoted = true;
		open_nested(lexer, nesting, c);
		pass(lexer);
	} else if (c == '$' || c == '`') {
		begin_expansion(lexer, nesting, token);
	} else if (c == '\\' && lexer->at + 1 < lexer->end) {
		token->is_quoted = true;
		pass(lexer);
		if (*lexer->at != '\n')
			keep(token, *lexer->at);
		pass(lexer);
	} else {
		keep(token, c);
		pass(lexer);
	}
}

static void read_word(struct init_lexer *lexer, struct init_token *token)
{
	struct nesting nesting = { .n = 0 };

	token->kind = INIT_TOKEN_WORD;
	token->is_literal = true;
	while (lexer->at < lexer->end) {
		if (nesting.n)
			pass_nested(lexer, &nesting, token);
		else if (is_one_of(*lexer->at, " \t\r\n|&;<>()"))
			break;
		else
			pass_plain(lexer, &nesting, token);
	}
	if (nesting.n && !lexer->trouble)
		give_up(lexer, "a quote or bracket is not closed");
}

/* "<<" was passed: the document itself starts behind the line. */
static void begin_here(struct init_lexer *lexer)
{
	struct init_here *here = &lexer->heres[lexer->nheres];
	struct init_token word = { .len = 0 };
	bool strips_tabs = peek(lexer, 0) == '-';

	if (strips_tabs)
		lexer->at++;
	pass_blanks(lexer);
	read_word(lexer, &word);
	if (lexer->nheres == INIT_TOKEN_HERE_MAX || !word.is_literal) {
		give_up(lexer, "a here-document is not understood");
		return;
	}
	memcpy(here->end, word.text, sizeof(here->end));
	here->strips_tabs = strips_tabs;
	lexer->nheres++;
}

static void pass_here(struct init_lexer *lexer, const struct init_here *here)
{
	while (lexer->at < lexer->end) {
		struct slice rest =
			slice_make(lexer->at, (size_t)(lexer->end - lexer->at));
		struct slice line;

		slice_cut(&rest, '\n', &line);
		lexer->at += line.len;
		if (lexer->at < lexer->end)
			pass(lexer);
		while (here->strips_tabs && slice_starts(line, "\t"))
			line = slice_make(line.ptr + 1, line.len - 1);
		if (slice_is(line, here->end))
			return;
	}
	give_up(lexer, "a here-document has no end");
}

static void read_newline(struct init_lexer *lexer, struct init_token *token)
{
	token->kind = INIT_TOKEN_NEWLINE;
	pass(lexer);
	for (size_t i = 0; i < lexer->nheres; i++)
		pass_here(lexer, &lexer->heres[i]);
	lexer->nheres = 0;
}

static char doubled(char c)
{
	return c == '|' ? 'O' : c == '&' ? 'A' : c == ';' ? 'C' : c;
}

static void read_operator(struct init_lexer *lexer, struct init_token *token)
{
	char c = *lexer->at;

	token->kind = INIT_TOKEN_OPERATOR;
	token->op = c;
	lexer->at++;
	if (peek(lexer, 0) == c && is_one_of(c, "|&;<>")) {
		lexer->at++;
		token->op = doubled(c);
		if (c == '<')
			begin_here(lexer);
	} else if (c == ';') {
		token->kind = INIT_TOKEN_NEWLINE;
	} else if (is_one_of(c, "<>") && is_one_of(peek(lexer, 0), "&|>")) {
		lexer->at++;
	}
}

void init_token_next(struct init_lexer *lexer, struct init_token *token)
{
	char c = init_lexer_peek(lexer);

	memset(token, 0, sizeof(*token));
	if (lexer->at == lexer->end)
		return;
	if (c == '\n')
		read_newline(lexer, token);
	else if (is_one_of(c, "|&;<>()"))
		read_operator(lexer, token);
	else
		read_word(lexer, token);
}
