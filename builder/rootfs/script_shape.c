/* SPDX-License-Identifier: MIT */
#include "rootfs/script_shape.h"

#include <string.h>

#include "apk/shown.h"
#include "base/path.h"
#include "rootfs/script_scan.h"

#define FUNCTIONS_MAX 32

/* What a `case` waits for. */
enum case_state { IN_PATTERN, IN_BODY };

/* A list of commands: the script, or what a $(...) holds. */
struct list {
	struct buf text; /* of the command that is being read */
	size_t nwords, line;
	bool is_case; /* `case WORD in` is being read */
	enum case_state cases[SCAN_DEPTH_MAX];
	size_t ncases;
};

/* Only writing to a real file stays in the text. */
static bool read_redirection(struct scan *s, struct list *list)
{
	SCOPED_BUF struct buf target;
	bool writes = *s->at == '>' || *s->at == '&', duplicates;

	buf_init(&target, SCAN_TEXT_MAX);
	if (s->at[0] == '<' && scan_peek(s, 1) == '<') {
		s->at += 2;
		return scan_here(s);
	}
	while (scan_is_one_of(scan_peek(s, 0), "<>&|")) {
		writes = writes || *s->at == '>';
		s->at++;
	}
	duplicates = s->at[-1] == '&' && scan_is_one_of(scan_peek(s, 0), "12");
	scan_skip_blanks(s);
	if (!scan_word(s, &target) || !target.len)
		return scan_refuse(s, "a redirection");
	if (writes && !duplicates && strcmp(target.data, "/dev/null"))
		buf_printf(&list->text, " > %s", target.data);
	return true;
}

/* Cuts the first word off. */
static struct slice first_word(struct slice *rest)
{
	struct slice word = { .ptr = NULL };

	slice_cut(rest, ' ', &word);
	return word;
}

static bool is_in(struct slice word, const char *const *words)
{
	for (; *words; words++) {
		if (slice_is(word, *words))
			return true;
	}
	return false;
}

/* What may stand before a command, or in its place. */
static const char *const keywords[] = { "if", "then", "else", "elif", "while",
	"until", "do", "!", "{", "time", "fi", "done", "}", NULL };

/* NAME=value, but not of names that change what commands mean. */
static bool is_assignment(struct slice word)
{
	struct slice name, rest = word;
	static const char more[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	if (!memchr(word.ptr ? word.ptr : "", '=', word.len) ||
		!slice_cut(&rest, '=', &name) || !name.len)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (!scan_is_one_of(name.ptr[i], more))
			return false;
	}
	return !slice_is(name, "PATH") && !slice_is(name, "IFS") &&
	       !slice_is(name, "ENV") && !slice_starts(name, "LD_");
}

static bool add_command(struct scan *s, struct slice text, size_t line)
{
	struct script_shape *shape = s->shape;

	if (shape->n == SCRIPT_SHAPE_MAX)
		return scan_refuse(s, "a script of that many commands");
	shape->items[shape->n++] = (struct script_shape_command){ .line = line,
		.text = arena_slice(s->arena, text) };
	return true;
}

/* The command that was read, without keywords and assignments before it. */
static bool emit(struct scan *s, struct list *list)
{
	struct slice rest = buf_slice(&list->text), text, word;
	bool is_for = false;

	for (;;) {
		text = rest;
		word = first_word(&rest);
		if (!is_in(word, keywords) && !is_assignment(word))
			break;
	}
	is_for = slice_is(word, "for");
	if (!text.len || is_for)
		return true;
	return add_command(s, text, list->line);
}

static bool finish(struct scan *s, struct list *list)
{
	struct slice rest = buf_slice(&list->text);
	bool ok = true;

	if (list->text.overflow)
		return scan_refuse(s, "a command of that many bytes");
	if (list->ncases && slice_is(rest, "esac"))
		list->ncases--;
	else if (list->nwords)
		ok = emit(s, list);
	buf_truncate(&list->text, 0);
	list->nwords = 0;
	list->is_case = false;
	return ok;
}

static bool in_pattern(const struct list *list)
{
	return list->ncases && list->cases[list->ncases - 1] == IN_PATTERN;
}

/* `case WORD in` ends with `in`. */
static bool start_case(struct scan *s, struct list *list)
{
	if (list->ncases == SCAN_DEPTH_MAX)
		return scan_refuse(s, "case of that depth");
	buf_truncate(&list->text, 0);
	list->nwords = 0;
	list->is_case = false;
	list->cases[list->ncases++] = IN_PATTERN;
	return true;
}

/* True when the words up to now are keywords and `case`. */
static bool ends_in_case(struct slice text)
{
	struct slice word = first_word(&text);

	while (is_in(word, keywords))
		word = first_word(&text);
	return slice_is(word, "case") && !text.ptr;
}

static bool add_word(struct scan *s, struct list *list)
{
	size_t before;

	if (in_pattern(list)) {
		SCOPED_BUF struct buf pattern;

		buf_init(&pattern, SCAN_TEXT_MAX);
		if (!scan_word(s, &pattern))
			return false;
		if (slice_is(buf_slice(&pattern), "esac"))
			list->ncases--;
		return true;
	}
	if (!list->nwords)
		list->line = s->line;
	if (list->text.len)
		buf_add(&list->text, " ", 1);
	before = list->text.len;
	if (!scan_word(s, &list->text))
		return false;
	list->nwords++;
	if (list->is_case && list->text.len - before == 2 &&
		slice_ends(buf_slice(&list->text), " in"))
		return start_case(s, list);
	if (ends_in_case(buf_slice(&list->text)))
		list->is_case = true;
	return true;
}

/* `name()`; `at` on the bracket. */
static bool add_function(struct scan *s, struct list *list)
{
	struct script_shape *shape = s->shape;

	if (list->nwords != 1 || scan_peek(s, 1) != ')' ||
		shape->nfunctions == FUNCTIONS_MAX)
		return scan_refuse(s, "(");
	shape->functions[shape->nfunctions++] =
		arena_slice(s->arena, buf_slice(&list->text));
	s->at += 2;
	buf_truncate(&list->text, 0);
	list->nwords = 0;
	return true;
}

static bool close_bracket(struct scan *s, struct list *list)
{
	s->at++;
	if (!in_pattern(list))
		return finish(s, list); /* of a subshell */
	list->cases[list->ncases - 1] = IN_BODY;
	return true;
}

static bool read_operator(struct scan *s, struct list *list)
{
	if (*s->at == '(' && !in_pattern(list) && list->nwords)
		return add_function(s, list);
	if (*s->at == ')')
		return close_bracket(s, list);
	if (in_pattern(list)) { /* "|" between patterns, or "(" before */
		s->at++;
		return true;
	}
	if (s->at[0] == ';' && scan_peek(s, 1) == ';') {
		if (!finish(s, list))
			return false;
		if (!list->ncases)
			return scan_refuse(s, ";;");
		list->cases[list->ncases - 1] = IN_PATTERN;
		s->at += 2;
		return true;
	}
	s->at++;
	return finish(s, list);
}

static bool read_newline(struct scan *s, struct list *list)
{
	s->at++;
	s->line++;
	if (!in_pattern(list) && !finish(s, list))
		return false;
	return scan_skip_heres(s);
}

/* 2>, &> and the like; `at` on the first byte. */
static bool is_redirection(struct scan *s)
{
	const char *p = s->at;

	while (p < s->end && *p >= '0' && *p <= '9')
		p++;
	if (p < s->end && (*p == '<' || *p == '>')) {
		s->at = p;
		return true;
	}
	return scan_peek(s, 0) == '&' && scan_peek(s, 1) == '>';
}

static bool scan_step(struct scan *s, struct list *list)
{
	if (*s->at == '#') {
		scan_skip_comment(s);
		return true;
	}
	if (*s->at == '\n')
		return read_newline(s, list);
	if (!in_pattern(list) && is_redirection(s))
		return read_redirection(s, list);
	if (scan_is_one_of(*s->at, "|&;()"))
		return read_operator(s, list);
	if (scan_is_one_of(*s->at, "<>"))
		return scan_refuse(s, "<");
	return add_word(s, list);
}

/* Recursion is no deeper than SCAN_DEPTH_MAX, by read_substitution(). */
bool scan_list(struct scan *s, char until)
{
	struct list list = { .line = s->line };
	unsigned open = 0;
	bool ok = true;

	buf_init(&list.text, SCAN_TEXT_MAX);
	for (scan_skip_blanks(s); ok && s->at < s->end; scan_skip_blanks(s)) {
		if (until && *s->at == until && !open && !in_pattern(&list))
			break;
		if (*s->at == '(' && !in_pattern(&list) && !list.nwords)
			open++;
		else if (*s->at == ')' && !in_pattern(&list) && open)
			open--;
		ok = scan_step(s, &list);
	}
	ok = ok && finish(s, &list);
	buf_release(&list.text);
	if (ok && (list.ncases || open))
		return scan_refuse(s, "the end");
	if (ok && until) {
		if (s->at == s->end)
			return scan_refuse(s, "$(");
		s->at++;
	}
	return ok;
}

bool script_shape_read(struct script_shape *shape, struct slice text,
	struct arena *arena, const char **why)
{
	struct scan s = { .at = text.ptr,
		.end = text.len ? text.ptr + text.len : text.ptr,
		.line = 1,
		.shape = shape,
		.arena = arena };

	*shape = (struct script_shape){ .items = arena_alloc(arena,
						SCRIPT_SHAPE_MAX *
							sizeof(*shape->items)),
		.functions = arena_alloc(
			arena, FUNCTIONS_MAX * sizeof(*shape->functions)) };
	if (text.len && memchr(text.ptr, '\0', text.len)) {
		*why = "a NUL byte is not understood";
		return false;
	}
	if (scan_list(&s, '\0') && !s.nhere)
		return true;
	*why = s.why ? s.why : "a here-document without end";
	return false;
}

/* What does nothing to files, as long as it is not redirected into one. */
static bool is_harmless(const struct script_shape *shape, struct slice text)
{
	static const char *const names[] = { "[", "test", ":", "true", "false",
		"echo", "printf", "exit", "return", "continue", "break",
		"local", "shift", "readlink", NULL };
	struct slice rest = text, name = first_word(&rest);

	if (is_in(name, names) || slice_is(text, "cat") ||
		slice_starts(text, "command -v "))
		return true;
	for (size_t i = 0; i < shape->nfunctions; i++) {
		if (slice_is(name, shape->functions[i]))
			return true;
	}
	return false;
}

static bool fits(const struct script_shape *shape, const char *text,
	const char *const *patterns)
{
	bool writes = strstr(text, " > ") != NULL;

	if (!writes && is_harmless(shape, slice_of(text)))
		return true;
	for (; *patterns; patterns++) {
		if ((!writes || strchr(*patterns, '>')) &&
			path_glob(*patterns, text))
			return true;
	}
	return false;
}

bool script_shape_fits(const struct script_shape *shape,
	const char *const *patterns, struct arena *arena, const char **why)
{
	for (size_t i = 0; i < shape->n; i++) {
		const struct script_shape_command *c = &shape->items[i];
		char what[SHOWN_SIZE];

		if (fits(shape, c->text, patterns))
			continue;
		*why = arena_printf(arena, "line %zu: `%s` is new in it",
			c->line, shown(slice_of(c->text), what));
		return false;
	}
	return true;
}

bool script_shape_is_harmless(
	const struct script_shape *shape, struct arena *arena)
{
	static const char *const none[] = { NULL };
	const char *why;

	return script_shape_fits(shape, none, arena, &why);
}
