/* SPDX-License-Identifier: MIT */
#include "rootfs/script_scan.h"

#include <string.h>

bool scan_refuse(struct scan *s, const char *what)
{
	if (!s->why)
		s->why = arena_printf(s->arena,
			"line %zu: %s is not understood", s->line, what);
	return false;
}

char scan_peek(const struct scan *s, size_t ahead)
{
	return (size_t)(s->end - s->at) > ahead ? s->at[ahead] : '\0';
}

bool scan_is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* $(...), $((...)) is refused; `at` on the dollar sign. */
static bool read_substitution(struct scan *s, struct buf *out)
{
	bool ok;

	if (scan_peek(s, 2) == '(')
		return scan_refuse(s, "$((");
	if (s->depth == SCAN_DEPTH_MAX)
		return scan_refuse(s, "$( of that depth");
	s->at += 2;
	s->depth++;
	ok = scan_list(s, ')');
	s->depth--;
	buf_add_str(out, "$()");
	return ok;
}

static bool take(struct scan *s, struct buf *out)
{
	if (*s->at == '\n')
		s->line++;
	buf_add(out, s->at++, 1);
	return true;
}

/* ${...} without substitutions in it. */
static bool read_braces(struct scan *s, struct buf *out)
{
	while (s->at < s->end && *s->at != '}') {
		if (*s->at == '`' || (*s->at == '$' && scan_peek(s, 1) == '('))
			return scan_refuse(s, "a substitution in ${");
		if (*s->at == '\n')
			return scan_refuse(s, "${");
		take(s, out);
	}
	return s->at < s->end ? take(s, out) : scan_refuse(s, "${");
}

static bool read_dollar(struct scan *s, struct buf *out)
{
	if (scan_peek(s, 1) == '(')
		return read_substitution(s, out);
	if (scan_peek(s, 1) == '{')
		return read_braces(s, out);
	return take(s, out);
}

static bool read_quoted(struct scan *s, struct buf *out)
{
	char quote = *s->at;

	take(s, out);
	while (s->at < s->end && *s->at != quote) {
		if (quote == '"' && *s->at == '`')
			return scan_refuse(s, "`");
		if (quote == '"' && *s->at == '\\' && s->at + 1 < s->end)
			take(s, out);
		else if (quote == '"' && *s->at == '$') {
			if (!read_dollar(s, out))
				return false;
			continue;
		}
		take(s, out);
	}
	return s->at < s->end ? take(s, out) : scan_refuse(s, "an open quote");
}

bool scan_word(struct scan *s, struct buf *out)
{
	bool ok = true;

	while (ok && s->at < s->end &&
		!scan_is_one_of(*s->at, " \t\n|&;<>()")) {
		char c = *s->at;

		if (c == '`')
			return scan_refuse(s, "`");
		if (c == '\'' || c == '"')
			ok = read_quoted(s, out);
		else if (c == '$')
			ok = read_dollar(s, out);
		else if (c == '\\' && scan_peek(s, 1) == '\n') {
			s->at += 2;
			s->line++;
		} else {
			if (c == '\\' && s->at + 1 < s->end)
				take(s, out);
			take(s, out);
		}
	}
	return ok;
}

void scan_skip_blanks(struct scan *s)
{
	for (;;) {
		if (scan_is_one_of(scan_peek(s, 0), " \t")) {
			s->at++;
		} else if (scan_peek(s, 0) == '\\' && scan_peek(s, 1) == '\n') {
			s->at += 2;
			s->line++;
		} else {
			return;
		}
	}
}

void scan_skip_comment(struct scan *s)
{
	while (s->at < s->end && *s->at != '\n')
		s->at++;
}

static bool expands(struct slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\\')
			i++;
		else if (line.ptr[i] == '`' ||
			 (line.ptr[i] == '$' && i + 1 < line.len &&
				 line.ptr[i + 1] == '('))
			return true;
	}
	return false;
}

static bool skip_here(struct scan *s, const struct scan_here *here)
{
	struct slice rest, line, trimmed;

	while (s->at < s->end) {
		rest = slice_make(s->at, (size_t)(s->end - s->at));
		slice_cut(&rest, '\n', &line);
		s->at += line.len + (line.len < (size_t)(s->end - s->at));
		s->line++;
		trimmed = line;
		while (here->strips_tabs && slice_starts(trimmed, "\t"))
			trimmed = slice_make(trimmed.ptr + 1, trimmed.len - 1);
		if (slice_eq(trimmed, here->end))
			return true;
		if (!here->is_quoted && expands(line))
			return scan_refuse(
				s, "a substitution in a here-document");
	}
	return scan_refuse(s, "a here-document without end");
}

/* After the newline. */
bool scan_skip_heres(struct scan *s)
{
	for (size_t i = 0; i < s->nhere; i++) {
		if (!skip_here(s, &s->here[i]))
			return false;
	}
	s->nhere = 0;
	return true;
}

/* `at` behind "<<". */
bool scan_here(struct scan *s)
{
	SCOPED_BUF struct buf word;
	struct scan_here here = { .strips_tabs = scan_peek(s, 0) == '-' };
	struct slice end;

	buf_init(&word, SCAN_TEXT_MAX);
	if (here.strips_tabs)
		s->at++;
	scan_skip_blanks(s);
	if (!scan_word(s, &word) || !word.len || s->nhere == SCAN_HERE_MAX)
		return scan_refuse(s, "<<");
	end = buf_slice(&word);
	if (end.ptr[0] == '\'' || end.ptr[0] == '"') {
		here.is_quoted = true;
		end = slice_make(end.ptr + 1, end.len - 2);
	}
	if (memchr(end.ptr, '$', end.len) || memchr(end.ptr, '\\', end.len) ||
		memchr(end.ptr, '\'', end.len) || memchr(end.ptr, '"', end.len))
		return scan_refuse(s, "<<");
	here.end = slice_of(arena_slice(s->arena, end));
	s->here[s->nhere++] = here;
	return true;
}
