/* SPDX-License-Identifier: MIT
 *
 * Shell Command Language, POSIX.1-2017 XCU 2.2 (quoting), 2.3 (tokens) and
 * 2.6.2 (parameters), as far as script_line.h goes.
 */
#include "rootfs/script_word.h"

#include <string.h>

#include "apk/shown.h"
#include "base/buf.h"
#include "rootfs/script_line.h"

#define NAME_FIRST "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define NAME_MORE NAME_FIRST "0123456789"

/* Blanks in variables split a word, but not a value. */
enum reading_kind { READ_WORD, READ_VALUE };
enum quoting { UNQUOTED, QUOTED };

/* A word while it is read. */
struct reading {
	struct script_lexer *lexer;
	const struct script_variables *variables;
	struct buf text;
	enum reading_kind kind;
};

void script_lexer_init(
	struct script_lexer *lexer, struct slice text, struct arena *arena)
{
	*lexer = (struct script_lexer){ .at = text.ptr,
		.end = text.len ? text.ptr + text.len : text.ptr,
		.line = 1,
		.starts_line = true,
		.arena = arena };
}

bool script_lexer_refuse(struct script_lexer *lexer, const char *what)
{
	char text[SHOWN_SIZE];

	if (!lexer->why)
		lexer->why = arena_printf(lexer->arena,
			"line %zu: `%s` is not understood", lexer->line,
			shown(slice_of(what), text));
	return false;
}

bool script_lexer_check(struct script_lexer *lexer)
{
	size_t line = 1;

	for (const char *p = lexer->at; p < lexer->end; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '\n')
			line++;
		else if ((c < 0x20 && c != '\t') || c == 0x7f) {
			lexer->why = arena_printf(lexer->arena,
				"line %zu: a control character (0x%02x)", line,
				c);
			return false;
		}
	}
	return true;
}

bool script_lexer_has_more(const struct script_lexer *lexer)
{
	return lexer->at < lexer->end;
}

static struct slice rest_of(const struct script_lexer *lexer)
{
	return slice_make(lexer->at, (size_t)(lexer->end - lexer->at));
}

static bool starts(const struct script_lexer *lexer, const char *text)
{
	return slice_starts(rest_of(lexer), text);
}

/* The byte at `at`; 0 at the end: NUL was refused before. */
static char peek(const struct script_lexer *lexer)
{
	return script_lexer_has_more(lexer) ? *lexer->at : '\0';
}

struct slice script_lexer_first(struct script_lexer *lexer)
{
	struct slice rest = rest_of(lexer), line = rest;

	slice_cut(&rest, '\n', &line);
	lexer->at += line.len; /* its end is that of an empty line */
	return slice_trim(line);
}

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* The name of a variable at `at`; may be empty. */
static struct slice name_at(const struct script_lexer *lexer)
{
	const char *p = lexer->at;

	if (p < lexer->end && is_one_of(*p, NAME_FIRST)) {
		while (p < lexer->end && is_one_of(*p, NAME_MORE))
			p++;
	}
	return slice_make(lexer->at, (size_t)(p - lexer->at));
}

static void skip_blanks(struct script_lexer *lexer)
{
	for (;;) {
		if (starts(lexer, "\\\n")) {
			lexer->at += 2;
			lexer->line++;
		} else if (is_one_of(peek(lexer), " \t")) {
			lexer->at++;
		} else if (peek(lexer) == '#') {
			while (script_lexer_has_more(lexer) &&
				*lexer->at != '\n')
				lexer->at++;
		} else {
			return;
		}
	}
}

static bool refuse_char(struct script_lexer *lexer)
{
	char what[] = { *lexer->at, '\0' };

	return script_lexer_refuse(lexer, what);
}

enum redirected { ONE, BOTH };

/* After `>`: &1, &2 or /dev/null. */
static bool read_target(struct script_lexer *lexer, enum redirected from)
{
	static const char *const targets[] = { "&1", "&2", "/dev/null" };

	if (from == BOTH && peek(lexer) == '&')
		return script_lexer_refuse(lexer, "&>");
	if (peek(lexer) != '&')
		while (is_one_of(peek(lexer), " \t"))
			lexer->at++;
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		if (!starts(lexer, targets[i]))
			continue;
		lexer->at += strlen(targets[i]);
		if (script_lexer_has_more(lexer) &&
			!is_one_of(peek(lexer), " \t\n|"))
			break;
		return true;
	}
	return script_lexer_refuse(lexer, ">");
}

static const struct script_variable *find_variable(
	const struct script_variables *variables, struct slice name)
{
	for (size_t i = variables->n; i--;) {
		if (slice_eq(variables->items[i].name, name))
			return &variables->items[i];
	}
	return NULL;
}

/* $NAME or ${NAME}, `at` on the dollar sign. */
static bool read_variable(struct reading *r, enum quoting quoting)
{
	struct script_lexer *lexer = r->lexer;
	bool has_brace = starts(lexer, "${");
	const struct script_variable *variable;
	struct slice name;
	const char *what;

	lexer->at += has_brace ? 2 : 1;
	name = name_at(lexer);
	what = arena_printf(lexer->arena, "$%s%.*s", has_brace ? "{" : "",
		SLICE_ARGS(name.len ? name
				    : slice_make(lexer->at,
					      script_lexer_has_more(lexer) &&
						      *lexer->at > ' ')));
	lexer->at += name.len;
	variable = find_variable(r->variables, name);
	if (!variable || (has_brace && peek(lexer) != '}'))
		return script_lexer_refuse(lexer, what);
	if (has_brace)
		lexer->at++;
	if (quoting == UNQUOTED && r->kind == READ_WORD &&
		(!variable->value[0] || strpbrk(variable->value, " \t*?[\\")))
		return script_lexer_refuse(lexer, what);
	buf_add_str(&r->text, variable->value);
	return true;
}

static bool read_single(struct reading *r)
{
	struct script_lexer *lexer = r->lexer;

	for (lexer->at++; peek(lexer) != '\''; lexer->at++) {
		if (!peek(lexer) || *lexer->at == '\n')
			return script_lexer_refuse(lexer, "'");
		buf_add(&r->text, lexer->at, 1);
	}
	lexer->at++;
	return true;
}

static bool read_double(struct reading *r)
{
	struct script_lexer *lexer = r->lexer;

	lexer->at++;
	while (peek(lexer) != '"') {
		if (!peek(lexer) || is_one_of(*lexer->at, "\n"))
			return script_lexer_refuse(lexer, "\"");
		if (*lexer->at == '`')
			return refuse_char(lexer);
		if (*lexer->at == '$') {
			if (!read_variable(r, QUOTED))
				return false;
			continue;
		}
		if (*lexer->at == '\\' && lexer->at + 1 < lexer->end &&
			is_one_of(lexer->at[1], "$`\"\\"))
			lexer->at++;
		else if (starts(lexer, "\\\n"))
			return script_lexer_refuse(lexer, "\"");
		buf_add(&r->text, lexer->at++, 1);
	}
	lexer->at++;
	return true;
}

static bool read_backslash(struct reading *r)
{
	struct script_lexer *lexer = r->lexer;

	if (lexer->at + 1 == lexer->end)
		return refuse_char(lexer);
	if (lexer->at[1] == '\n')
		lexer->line++;
	else
		buf_add(&r->text, lexer->at + 1, 1);
	lexer->at += 2;
	return true;
}

static bool read_part(struct reading *r)
{
	char c = *r->lexer->at;

	if (c == '\'')
		return read_single(r);
	if (c == '"')
		return read_double(r);
	if (c == '\\')
		return read_backslash(r);
	if (c == '$')
		return read_variable(r, UNQUOTED);
	if (is_one_of(c, "`*?[~{}!"))
		return refuse_char(r->lexer);
	buf_add(&r->text, r->lexer->at++, 1);
	return true;
}

static bool is_number(struct slice s)
{
	uint64_t number;

	return !slice_to_u64(s, 10, UINT64_MAX, &number);
}

/* The word at `at`, in the arena; NULL: refused. */
static const char *read_word(struct script_lexer *lexer,
	const struct script_variables *variables, enum reading_kind kind)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	struct reading r = {
		.lexer = lexer, .variables = variables, .kind = kind
	};
	const char *word = NULL;
	bool ok = true;

	buf_init(&r.text, SCRIPT_WORD_MAX);
	while (ok && script_lexer_has_more(lexer) &&
		!is_one_of(*lexer->at, " \t\n|&;<>()"))
		ok = read_part(&r);
	text = r.text; /* for its release */
	if (ok && is_one_of(peek(lexer), "<>") && is_number(buf_slice(&text)))
		ok = script_lexer_refuse(lexer, ">");
	if (ok && text.overflow)
		ok = script_lexer_refuse(lexer, "a word of that many bytes");
	if (ok && !slice_is_utf8(buf_slice(&text)))
		ok = script_lexer_refuse(lexer, "a word that is not UTF-8");
	if (ok)
		word = arena_slice(lexer->arena, buf_slice(&text));
	return word;
}

/* Variables that change what other lines mean. */
static bool is_special(struct slice name)
{
	return slice_is(name, "PATH") || slice_is(name, "IFS") ||
	       slice_is(name, "ENV") || slice_is(name, "SHELL") ||
	       slice_starts(name, "LD_");
}

static bool read_assignment(struct script_lexer *lexer,
	struct script_variables *variables, struct slice name)
{
	const char *value, *what;

	what = arena_printf(lexer->arena, "%.*s=", SLICE_ARGS(name));
	if (is_special(name) || variables->n == SCRIPT_VARIABLES_MAX)
		return script_lexer_refuse(lexer, what);
	lexer->at += name.len + 1;
	value = read_word(lexer, variables, READ_VALUE);
	if (!value)
		return false;
	skip_blanks(lexer);
	if (script_lexer_has_more(lexer) && *lexer->at != '\n')
		return script_lexer_refuse(lexer, what);
	variables->items[variables->n++] =
		(struct script_variable){ .name = name, .value = value };
	return true;
}

static bool end_line(struct script_lexer *lexer, struct script_token *token)
{
	if (script_lexer_has_more(lexer)) {
		lexer->at++;
		lexer->line++;
	}
	lexer->starts_line = true;
	token->kind = SCRIPT_END;
	return true;
}

/* True when one of the harmless ones was read; lexer->why: refused. */
static bool read_redirection(struct script_lexer *lexer)
{
	static const char *const starts_of[] = { ">", "1>", "2>", "&>" };

	for (size_t i = 0; i < ARRAY_SIZE(starts_of); i++) {
		if (!starts(lexer, starts_of[i]))
			continue;
		lexer->at += strlen(starts_of[i]);
		return read_target(lexer, *starts_of[i] == '&' ? BOTH : ONE);
	}
	return false;
}

static bool read_operator(
	struct script_lexer *lexer, struct script_token *token)
{
	if (starts(lexer, "||")) {
		lexer->at += 2;
		lexer->starts_line = false;
		token->kind = SCRIPT_OR;
		return true;
	}
	return refuse_char(lexer);
}

bool script_lexer_next(struct script_lexer *lexer,
	struct script_variables *variables, struct script_token *token)
{
	struct slice name;

	skip_blanks(lexer);
	if (!script_lexer_has_more(lexer) || *lexer->at == '\n')
		return end_line(lexer, token);
	token->kind = SCRIPT_REDIRECTION;
	if (read_redirection(lexer))
		return true;
	if (lexer->why)
		return false;
	if (is_one_of(*lexer->at, "|&;<>()"))
		return read_operator(lexer, token);
	name = name_at(lexer);
	if (lexer->starts_line && name.len &&
		name.ptr + name.len < lexer->end && name.ptr[name.len] == '=')
		return read_assignment(lexer, variables, name) &&
		       end_line(lexer, token);
	lexer->starts_line = false;
	token->kind = SCRIPT_WORD;
	token->word = read_word(lexer, variables, READ_WORD);
	return token->word != NULL;
}
