/* SPDX-License-Identifier: MIT */
#include "deploy/rest_request.h"

#include <string.h>

#include "base/buf.h"

#define BODY_MAX ((size_t)1 << 20) /* bytes of a request */

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-._~/*", c));
}

static void add_path(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (is_plain(*text))
			buf_add(out, text, 1);
		else
			buf_printf(out, "%%%02X", (unsigned char)*text);
	}
}

const char *rest_request_path(
	const char *menu, const char *tail, struct arena *arena)
{
	SCOPED_BUF struct buf path;

	buf_init(&path, BODY_MAX);
	buf_add_str(&path, "/rest");
	add_path(&path, menu);
	if (tail) {
		buf_add_str(&path, "/");
		add_path(&path, tail);
	}
	return arena_slice(arena, buf_slice(&path));
}

/* The inside of a JSON string (RFC 8259, section 7). */
static void add_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_printf(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20)
			buf_printf(out, "\\u%04x", (unsigned)*text);
		else
			buf_add(out, text, 1);
	}
}

static void add_member(
	struct buf *out, const char *name, const char *value, const char *comma)
{
	buf_printf(out, "%s\"", comma);
	add_text(out, name);
	buf_add_str(out, "\":\"");
	add_text(out, value);
	buf_add_str(out, "\"");
}

static int check(const struct rest_value *values, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (!slice_is_utf8(slice_of(values[i].value)))
			return error_set(err, ERROR_USAGE,
				"the value of %s is not UTF-8", values[i].name);
	}
	return 0;
}

static const char *finish(
	const struct buf *body, struct arena *arena, struct error *err)
{
	if (!body->overflow)
		return arena_slice(arena, buf_slice(body));
	error_set(err, ERROR_USAGE,
		"the values are larger than %zu bytes together", BODY_MAX);
	return NULL;
}

const char *rest_request_values(const char *id, const struct rest_value *values,
	size_t n, struct arena *arena, struct error *err)
{
	SCOPED_BUF struct buf body;

	buf_init(&body, BODY_MAX);
	if (check(values, n, err))
		return NULL;
	buf_add_str(&body, "{");
	if (id)
		add_member(&body, ".id", id, "");
	for (size_t i = 0; i < n; i++)
		add_member(&body, values[i].name, values[i].value,
			i || id ? "," : "");
	buf_add_str(&body, "}");
	return finish(&body, arena, err);
}

/* Which a router may say in one way only. */
static bool is_word(const struct rest_value *value)
{
	const char *text = value->value;

	return *text && !rest_is_true(text) && strcmp(text, "false") &&
	       strcmp(text, "no");
}

static void add_word(
	struct buf *out, const struct rest_value *value, const char *comma)
{
	buf_printf(out, "%s\"", comma);
	add_text(out, value->name);
	buf_add_str(out, "=");
	add_text(out, value->value);
	buf_add_str(out, "\"");
}

int rest_request_query(const struct rest_value *where, size_t n,
	const char **body, struct arena *arena, struct error *err)
{
	SCOPED_BUF struct buf text;
	size_t nwords = 0;

	*body = NULL;
	buf_init(&text, BODY_MAX);
	if (check(where, n, err))
		return -1;
	buf_add_str(&text, "{\".query\":[");
	for (size_t i = 0; i < n; i++) {
		if (is_word(&where[i]))
			add_word(&text, &where[i], nwords++ ? "," : "");
	}
	buf_add_str(&text, "]}");
	if (!nwords)
		return 0;
	*body = finish(&text, arena, err);
	return *body ? 0 : -1;
}
