/* SPDX-License-Identifier: MIT */
#include "deploy/rest_answer.h"

#include <jansson.h>
#include <string.h>

#include "base/mask.h"

/* A list of items of values: one more is allowed, to say what is wrong. */
#define DEPTH_MAX 4

const char *rest_value(const struct rest_item *item, const char *name)
{
	for (size_t i = 0; i < item->n; i++) {
		if (!strcmp(item->values[i].name, name))
			return item->values[i].value;
	}
	return NULL;
}

bool rest_is_true(const char *value)
{
	return value && (!strcmp(value, "true") || !strcmp(value, "yes"));
}

static bool is_false(const char *value)
{
	return !strcmp(value, "false") || !strcmp(value, "no");
}

static bool is_same(const char *have, const char *want)
{
	if (!have)
		return !*want;
	return !strcmp(have, want) ||
	       (rest_is_true(have) && rest_is_true(want)) ||
	       (is_false(have) && is_false(want));
}

bool rest_item_has(
	const struct rest_item *item, const struct rest_value *where, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_same(rest_value(item, where[i].name), where[i].value))
			return false;
	}
	return true;
}

static void mend_utf8(char *text, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		len = slice_character(slice_make(text + i, n - i));
		if (!len && text[i])
			text[i] = '?';
		len += !len;
	}
}

/* jansson takes UTF-8 only, see the header. */
static char *make_utf8(struct slice json, struct arena *arena)
{
	char *text = arena_slice(arena, json);

	mend_utf8(text, json.len);
	return text;
}

/* Depth is checked before parsing: jansson recurses. */
static int check_depth(struct slice json, struct error *err)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < json.len; i++) {
		char c = json.ptr[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted)
			depth +=
				(c == '{' || c == '[') - (c == '}' || c == ']');
		if (depth > DEPTH_MAX)
			return error_set(err, ERROR_INPUT,
				"nested more than %d deep", DEPTH_MAX);
	}
	return 0;
}

static void make_printable(char *text)
{
	mend_utf8(text, strlen(text));
	mask_controls(text);
}

static json_t *parse(struct slice json, struct arena *arena, struct error *err)
{
	json_error_t where;
	json_t *root;

	if (check_depth(json, err))
		return NULL;
	root = json_loadb(make_utf8(json, arena), json.len,
		JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &where);
	if (root)
		return root;
	make_printable(where.text);
	error_set(err, ERROR_INPUT, "not valid JSON, line %d: %s",
		where.line > 0 ? where.line : 1, where.text);
	return NULL;
}

static const char *copy_string(const json_t *value, struct arena *arena)
{
	size_t len = json_string_length(value);
	char *copy =
		arena_slice(arena, slice_make(json_string_value(value), len));

	for (size_t i = 0; i < len; i++) {
		if (!copy[i])
			copy[i] = '?';
	}
	return copy;
}

/* NULL: it is no scalar. */
static const char *value_text(const json_t *value, struct arena *arena)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return copy_string(value, arena);
	case JSON_INTEGER:
		return arena_printf(arena, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
	case JSON_REAL:
		return arena_printf(arena, "%.15g", json_real_value(value));
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	case JSON_NULL:
		return "";
	case JSON_OBJECT:
	case JSON_ARRAY:
		break;
	}
	return NULL;
}

static int check_length(const char *what, const char *text, struct error *err)
{
	size_t len = strlen(text);

	if (len > REST_TEXT_MAX)
		return error_set(err, ERROR_INPUT,
			"%s of %zu bytes (at most %d)", what, len,
			REST_TEXT_MAX);
	return 0;
}

static int take_value(const char *name, const json_t *value,
	struct rest_value *out, struct arena *arena, struct error *err)
{
	if (check_length("name", name, err))
		return -1;
	out->name = arena_strdup(arena, name);
	out->value = value_text(value, arena);
	if (!out->value) {
		char *shown = arena_printf(arena, "%.100s", name);

		make_printable(shown);
		return error_set(err, ERROR_INPUT,
			"\"%s\": expected a text, got a list or an object",
			shown);
	}
	return check_length("value", out->value, err);
}

static int take_item(json_t *object, struct rest_item *item,
	struct arena *arena, struct error *err)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object))
		return error_set(err, ERROR_INPUT,
			"expected an object or a list of objects");
	if (json_object_size(object) > REST_VALUES_MAX)
		return error_set(err, ERROR_INPUT,
			"an item has %zu values (at most %d)",
			json_object_size(object), REST_VALUES_MAX);
	item->values = arena_alloc(
		arena, json_object_size(object) * sizeof(*item->values));
	json_object_foreach(object, name, value) {
		if (take_value(name, value, &item->values[item->n], arena, err))
			return -1;
		item->n++;
	}
	item->id = rest_value(item, ".id");
	return 0;
}

static int take_items(json_t *root, struct rest_items *items,
	struct arena *arena, struct error *err)
{
	size_t n = json_is_array(root) ? json_array_size(root) : 1;

	if (n > REST_ITEMS_MAX)
		return error_set(err, ERROR_INPUT, "%zu items (at most %d)", n,
			REST_ITEMS_MAX);
	items->items = arena_alloc(arena, n * sizeof(*items->items));
	for (; items->n < n; items->n++) {
		json_t *object = json_is_array(root)
					 ? json_array_get(root, items->n)
					 : root;

		if (take_item(object, &items->items[items->n], arena, err))
			return -1;
	}
	return 0;
}

int rest_parse_items(struct slice json, struct rest_items *items,
	struct arena *arena, struct error *err)
{
	json_t *root = parse(json, arena, err);
	int ret;

	*items = (struct rest_items){ 0 };
	if (!root)
		return -1;
	ret = take_items(root, items, arena, err);
	json_decref(root);
	return ret;
}

/* The first line, and of that no more than fits a message. */
static const char *one_line(const char *text, struct arena *arena)
{
	struct slice line = slice_trim(slice_of(text));
	char *copy;

	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\n' || line.ptr[i] == '\r')
			line.len = i;
	}
	line = slice_trim(line);
	if (line.len > REST_REFUSAL_MAX)
		line.len = REST_REFUSAL_MAX;
	copy = arena_slice(arena, line);
	make_printable(copy);
	return copy;
}

const char *rest_parse_refusal(struct slice json, struct arena *arena)
{
	struct error unused = { 0 };
	struct rest_items items;
	const char *text = NULL;

	if (!rest_parse_items(json, &items, arena, &unused) && items.n) {
		text = rest_value(&items.items[0], "detail");
		if (!text || !*text)
			text = rest_value(&items.items[0], "message");
	}
	return one_line(text && *text ? text : arena_slice(arena, json), arena);
}
