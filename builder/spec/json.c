/* SPDX-License-Identifier: MIT */
#include "spec/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* Depth is checked before parsing: jansson recurses. */
static int check_depth(const struct json_doc *doc, struct error *err)
{
	unsigned line = 1;
	int depth = 0;
	bool quoted = false;

	for (const char *p = doc->text; p < doc->text + doc->len; p++) {
		line += *p == '\n';
		if (quoted && *p == '\\')
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (!quoted && (*p == '{' || *p == '['))
			depth++;
		else if (!quoted && (*p == '}' || *p == ']'))
			depth--;
		if (depth > JSON_DEPTH_MAX)
			return error_set(err, ERROR_SPEC,
				"%s:%u: nested more than %d deep", doc->name,
				line, JSON_DEPTH_MAX);
	}
	return 0;
}

static int check_keys(
	const struct json_doc *doc, json_t *value, struct error *err)
{
	const char *key;

	for (size_t i = 0; i < json_array_size(value); i++) {
		if (check_keys(doc, json_array_get(value, i), err))
			return -1;
	}
	for (void *iter = json_object_iter(value); iter;
		iter = json_object_iter_next(value, iter)) {
		key = json_object_iter_key(iter);
		if (strlen(key) > JSON_KEY_MAX)
			return error_set(err, ERROR_SPEC,
				"%s: key of %zu bytes (at most %d)", doc->name,
				strlen(key), JSON_KEY_MAX);
		if (check_keys(doc, json_object_iter_value(iter), err))
			return -1;
	}
	return 0;
}

/*
 * jansson quotes the text around the error, which may hold anything and be
 * cut anywhere: only ASCII is kept.
 */
static void make_printable(char *text)
{
	for (; *text; text++) {
		if (*text < 0x20 || *text > 0x7e)
			*text = '?';
	}
}

static int syntax_error(
	const struct json_doc *doc, json_error_t *json_err, struct error *err)
{
	static const char duplicate[] = "duplicate object key near '";
	const size_t n = sizeof(duplicate) - 1;
	char *text = json_err->text;

	make_printable(text);
	if (!strncmp(text, duplicate, n)) {
		text[strcspn(text + n, "'") + n] = '\0';
		return error_set(err, ERROR_SPEC, "%s:%d: duplicate key %s",
			doc->name, json_err->line, text + n);
	}
	return error_set(err, ERROR_SPEC, "%s:%d: not valid JSON: %s",
		doc->name, json_err->line > 0 ? json_err->line : 1, text);
}

int json_doc_parse(struct json_doc *doc, const char *name, struct slice text,
	struct arena *arena, struct error *err)
{
	doc->root = NULL;
	if (text.len > JSON_MAX)
		return error_set(err, ERROR_SPEC, "%s: %zu bytes (at most %zu)",
			name, text.len, JSON_MAX);
	return json_doc_parse_large(doc, name, text, arena, err);
}

int json_doc_parse_large(struct json_doc *doc, const char *name,
	struct slice text, struct arena *arena, struct error *err)
{
	json_error_t json_err;

	doc->root = NULL;
	if (text.len > JSON_LARGE_MAX)
		return error_set(err, ERROR_SPEC, "%s: %zu bytes (at most %zu)",
			name, text.len, JSON_LARGE_MAX);
	doc->name = arena_strdup(arena, name);
	doc->text = arena_slice(arena, text);
	doc->len = text.len;
	if (check_depth(doc, err))
		return -1;
	doc->root = json_loadb(
		doc->text, doc->len, JSON_REJECT_DUPLICATES, &json_err);
	if (!doc->root)
		return syntax_error(doc, &json_err, err);
	if (check_keys(doc, doc->root, err)) {
		json_doc_release(doc);
		return -1;
	}
	return 0;
}

int json_doc_read(struct json_doc *doc, const char *path, struct arena *arena,
	struct error *err)
{
	struct buf buf;
	int ret;

	memset(doc, 0, sizeof(*doc));
	if (file_read(path, JSON_MAX, &buf, err))
		return -1;
	ret = json_doc_parse(doc, path, buf_slice(&buf), arena, err);
	buf_release(&buf);
	return ret;
}

void json_doc_release(struct json_doc *doc)
{
	json_decref(doc->root);
	doc->root = NULL;
}

int json_complain(const struct json_doc *doc, const char *place,
	struct error *err, const char *fmt, ...)
{
	unsigned line = json_doc_line(doc, place);
	SCOPED_FREE char *text = NULL;
	SCOPED_FREE char *where = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	where = line ? memory_printf("%s:%u", doc->name, line)
		     : memory_strdup(doc->name);
	return error_set(err, ERROR_SPEC, "%s: %s%s%s", where, place,
		*place ? ": " : "", text ? text : fmt);
}
