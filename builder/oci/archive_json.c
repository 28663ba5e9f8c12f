/* SPDX-License-Identifier: MIT */
#include "oci/archive_json.h"

#include <string.h>

/* How much of a foreign text is quoted in a message. */
#define QUOTE "\"%.100s\""

static const char *type_name(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	case JSON_NULL:
		break;
	}
	return "null";
}

json_t *archive_json_parse(struct slice text, struct error *err)
{
	json_error_t where;
	json_t *value =
		json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &where);

	if (!value)
		error_set(err, ERROR_INPUT, "line %d: %s", where.line,
			where.text);
	return value;
}

/* *out is NULL when the member is missing or null. */
static int get(const json_t *object, const char *key, json_type type,
	json_t **out, struct error *err)
{
	json_t *value;

	*out = NULL;
	if (!json_is_object(object))
		return error_set(err, ERROR_INPUT, "expected an object, got %s",
			type_name(json_typeof(object)));
	value = json_object_get(object, key);
	if (!value || json_is_null(value))
		return 0;
	if (json_typeof(value) != type)
		return error_set(err, ERROR_INPUT, "%s: expected %s, got %s",
			key, type_name(type), type_name(json_typeof(value)));
	*out = value;
	return 0;
}

int archive_json_object(
	const json_t *object, const char *key, json_t **out, struct error *err)
{
	return get(object, key, JSON_OBJECT, out, err);
}

int archive_json_array(
	const json_t *object, const char *key, json_t **out, struct error *err)
{
	return get(object, key, JSON_ARRAY, out, err);
}

int archive_json_text(const json_t *object, const char *key, const char **out,
	struct error *err)
{
	json_t *value;

	if (get(object, key, JSON_STRING, &value, err))
		return -1;
	*out = json_string_value(value);
	return 0;
}

int archive_json_need_text(const json_t *object, const char *key,
	const char **out, struct error *err)
{
	if (archive_json_text(object, key, out, err))
		return -1;
	if (!*out)
		return error_set(err, ERROR_INPUT, "%s is missing", key);
	return 0;
}

int archive_json_texts(const struct archive_list *list, struct arena *arena,
	struct archive_texts *out, struct error *err)
{
	const char **items;
	json_t *array;

	*out = (struct archive_texts){ 0 };
	if (archive_json_array(list->object, list->key, &array, err))
		return -1;
	if (json_array_size(array) > list->max)
		return error_set(err, ERROR_INPUT,
			"%s has %zu items (at most %zu)", list->key,
			json_array_size(array), list->max);
	items = arena_alloc(arena, json_array_size(array) * sizeof(*items));
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *item = json_array_get(array, i);

		if (!json_is_string(item))
			return error_set(err, ERROR_INPUT,
				"%s[%zu]: expected a string, got %s", list->key,
				i, type_name(json_typeof(item)));
		items[i] = arena_strdup(arena, json_string_value(item));
	}
	out->items = items;
	out->n = json_array_size(array);
	return 0;
}

int archive_json_digest(const char *text, struct digest *out, struct error *err)
{
	char again[DIGEST_TEXT_SIZE];
	struct error cause;

	if (!digest_parse(slice_of(text), out, &cause) &&
		!strcmp(text, digest_text(out, again)))
		return 0;
	return error_set(err, ERROR_INPUT,
		"digest " QUOTE ": expected \"sha256:\" or \"sha512:\" and "
		"lower-case hex",
		text);
}
