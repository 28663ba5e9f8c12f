/* SPDX-License-Identifier: MIT
 *
 * Places and lines. jansson keeps no positions, so the text, which jansson
 * has found valid, is walked again when a complaint needs a line.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "spec/json.h"
#include "spec/syntax.h"

struct scan {
	const char *p, *end;
	unsigned line;
};

static bool is_plain_key(const char *key)
{
	return *key && !key[strspn(key, "abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789_$-")];
}

/* jansson escapes all control characters but DEL. */
static char *escape_delete(const char *text)
{
	struct buf buf;

	buf_init(&buf, 6 * JSON_MAX); /* an escape has six bytes */
	for (; *text; text++) {
		if (*text == 0x7f)
			buf_add_str(&buf, "\\u007F");
		else
			buf_add(&buf, text, 1);
	}
	return buf_take(&buf);
}

char *json_quote(const json_t *scalar)
{
	SCOPED_FREE char *text = json_dumps(scalar, JSON_ENCODE_ANY);

	if (!text)
		return memory_strdup("?");
	if (syntax_is_printable(text, ""))
		return scope_take(text);
	free(text);
	text = json_dumps(scalar, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	return text ? escape_delete(text) : memory_strdup("?");
}

const char *json_place_key(
	const char *place, const char *key, struct arena *arena)
{
	const char *dot = *place ? "." : "";
	SCOPED_FREE char *quoted = NULL;
	json_t *string;

	if (is_plain_key(key))
		return arena_printf(arena, "%s%s%s", place, dot, key);
	string = json_string(key);
	quoted = json_quote(string);
	json_decref(string);
	return arena_printf(arena, "%s%s%s", place, dot, quoted);
}

const char *json_place_index(
	const char *place, size_t index, struct arena *arena)
{
	return arena_printf(arena, "%s[%zu]", place, index);
}

static void skip_blank(struct scan *s)
{
	for (; s->p < s->end && strchr(" \t\r\n", *s->p) && *s->p; s->p++)
		s->line += *s->p == '\n';
}

static bool skip_char(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* A string with its quotes; empty when there is none. */
static struct slice cut_string(struct scan *s)
{
	const char *start = s->p;

	if (!skip_char(s, '"'))
		return slice_make(start, 0);
	while (s->p < s->end && *s->p != '"')
		s->p += *s->p == '\\' && s->p + 1 < s->end ? 2 : 1;
	skip_char(s, '"');
	return slice_make(start, (size_t)(s->p - start));
}

static void skip_value(struct scan *s)
{
	unsigned depth = 0;

	do {
		skip_blank(s);
		if (s->p == s->end)
			return;
		if (*s->p == '"') {
			cut_string(s);
			continue;
		}
		if (*s->p == '{' || *s->p == '[')
			depth++;
		else if (*s->p == '}' || *s->p == ']')
			depth--;
		else if (!strchr(",:", *s->p))
			while (s->p + 1 < s->end &&
				!strchr(",:]} \t\r\n", s->p[1]))
				s->p++;
		s->p++;
	} while (depth);
}

/* What a key in quotes says; malloc'd. */
static char *unquote(struct slice quoted)
{
	json_t *string;
	char *text;

	if (!memchr(quoted.ptr, '\\', quoted.len))
		return slice_dup(slice_make(quoted.ptr + 1, quoted.len - 2));
	string = json_loadb(quoted.ptr, quoted.len, JSON_DECODE_ANY, NULL);
	text = memory_strdup(string ? json_string_value(string) : "");
	json_decref(string);
	return text;
}

/* Stands at an object; goes to the value of its member `key`. */
static bool enter_member(struct scan *s, const char *key)
{
	if (!skip_char(s, '{'))
		return false;
	skip_blank(s);
	while (s->p < s->end && *s->p == '"') {
		SCOPED_FREE char *name = unquote(cut_string(s));

		skip_blank(s);
		skip_char(s, ':');
		skip_blank(s);
		if (!strcmp(name, key))
			return true;
		skip_value(s);
		skip_blank(s);
		skip_char(s, ',');
		skip_blank(s);
	}
	return false;
}

/* Stands at a list; goes to item `index`. */
static bool enter_item(struct scan *s, uint64_t index)
{
	if (!skip_char(s, '['))
		return false;
	skip_blank(s);
	while (index-- && s->p < s->end && *s->p != ']') {
		skip_value(s);
		skip_blank(s);
		skip_char(s, ',');
		skip_blank(s);
	}
	return s->p < s->end && *s->p != ']';
}

static bool enter_index(struct scan *s, struct scan *place)
{
	const char *end =
		memchr(place->p, ']', (size_t)(place->end - place->p));
	uint64_t index;

	if (!end || slice_to_u64(slice_make(place->p, (size_t)(end - place->p)),
			    10, JSON_MAX, &index))
		return false;
	place->p = end + 1;
	return enter_item(s, index);
}

static bool enter_key(struct scan *s, struct scan *place)
{
	SCOPED_FREE char *key = NULL;
	struct slice raw = cut_string(place);

	if (raw.len == 1)
		return false;
	if (raw.len) {
		key = unquote(raw);
	} else {
		size_t n = strcspn(place->p, ".[");

		key = slice_dup(slice_make(place->p, n));
		place->p += n;
	}
	return enter_member(s, key);
}

unsigned json_doc_line(const struct json_doc *doc, const char *place)
{
	struct scan s = { doc->text, doc->text + doc->len, 1 };
	struct scan way = { place, place + strlen(place), 1 };

	skip_blank(&s);
	while (way.p < way.end) {
		bool found = skip_char(&way, '[') ? enter_index(&s, &way)
						  : enter_key(&s, &way);

		if (!found)
			return 0;
		skip_char(&way, '.');
	}
	return s.line;
}
