/* SPDX-License-Identifier: MIT */
#include "spec/decode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "spec/syntax.h"

#define NAMES_MAX 64 /* that a hint chooses from */

struct value value_root(const struct decoder *d)
{
	struct value v = { .json = d->doc->root };

	return v;
}

struct value value_member(const struct value *up, const char *key, json_t *json)
{
	struct value v = { .json = json, .up = up, .key = key };

	return v;
}

const char *value_place(const struct decoder *d, const struct value *v)
{
	const char *up;

	if (!v->up)
		return "";
	up = value_place(d, v->up);
	return v->key ? json_place_key(up, v->key, d->arena)
		      : json_place_index(up, v->index, d->arena);
}

const char *value_origin(const struct decoder *d, const struct value *v)
{
	const char *place = value_place(d, v);

	return arena_printf(d->arena, "%s:%u: %s", d->doc->name,
		json_doc_line(d->doc, place), place);
}

int decode_complain(const struct decoder *d, const struct value *v,
	struct error *err, const char *fmt, ...)
{
	SCOPED_FREE char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	return json_complain(
		d->doc, value_place(d, v), err, "%s", text ? text : fmt);
}

static const char *type_name(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return "object";
	case JSON_ARRAY:
		return "list";
	case JSON_STRING:
		return "string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "number";
	case JSON_NULL:
		return "null";
	default:
		return "true or false";
	}
}

const char *value_show(const struct decoder *d, const struct value *v)
{
	const size_t max = 60;
	SCOPED_FREE char *text = NULL;

	if (json_is_object(v->json) || json_is_array(v->json))
		return type_name(json_typeof(v->json));
	text = json_quote(v->json);
	if (strlen(text) > max) {
		size_t n = max;

		while (((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
		text[n] = '\0';
		return arena_printf(d->arena, "%s...", text);
	}
	return arena_strdup(d->arena, text);
}

int decode_expect(const struct decoder *d, const struct value *v,
	json_type type, struct error *err)
{
	if (json_typeof(v->json) == type)
		return 0;
	return decode_complain(d, v, err, "expected %s, found %s",
		type_name(type), type_name(json_typeof(v->json)));
}

static const struct field *field_find(
	const struct table *table, const char *key)
{
	for (size_t i = 0; i < table->n; i++) {
		if (!strcmp(table->fields[i].key, key))
			return &table->fields[i];
	}
	return NULL;
}

/* What may have been meant by `word`: the nearest name, else all of them. */
static const char *hint(const struct decoder *d, const char *word,
	const char *const *names, size_t n)
{
	const char *nearest = nearest_find(word, names, n);
	const char *all = "";

	if (nearest)
		return arena_printf(
			d->arena, "(did you mean \"%s\"?)", nearest);
	for (size_t i = 0; i < n; i++)
		all = arena_printf(
			d->arena, "%s%s%s", all, i ? ", " : "", names[i]);
	return arena_printf(d->arena, "(known: %s)", all);
}

static int unknown_key(const struct decoder *d, const struct value *v,
	const struct table *table, struct error *err)
{
	const char *keys[NAMES_MAX];
	size_t n = 0;

	for (; n < table->n && n < NAMES_MAX; n++)
		keys[n] = table->fields[n].key;
	return decode_complain(
		d, v, err, "unknown key %s", hint(d, v->key, keys, n));
}

static int check_required(const struct decoder *d, const struct value *v,
	const struct table *table, struct error *err)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct field *field = &table->fields[i];

		if (field->required && !json_object_get(v->json, field->key))
			return decode_complain(
				d, v, err, "missing key \"%s\"", field->key);
	}
	return 0;
}

/* What decode_members() hands to its function for each member. */
struct object {
	const struct table *table;
	void *out;
};

static int decode_field(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	const struct object *object = out;
	const struct field *field = field_find(object->table, v->key);
	void *target;

	if (!field && v->up->is_conditional && !strcmp(v->key, "arch"))
		return 0;
	if (!field)
		return unknown_key(d, v, object->table, err);
	target = (char *)object->out + field->offset;
	if (!field->decode)
		return decode_object(d, v, field->table, target, err);
	return field->decode(d, v, target, err);
}

int decode_object(const struct decoder *d, const struct value *v,
	const struct table *table, void *out, struct error *err)
{
	struct object object = { table, out };

	if (decode_members(d, v, decode_field, &object, err))
		return -1;
	return check_required(d, v, table, err);
}

int decode_members(const struct decoder *d, const struct value *v,
	decode_fn *member, void *out, struct error *err)
{
	json_t *object = v->json;

	if (decode_expect(d, v, JSON_OBJECT, err))
		return -1;
	if (json_object_size(object) > DECODE_ITEMS_MAX)
		return decode_complain(d, v, err, "%zu members (at most %d)",
			json_object_size(object), DECODE_ITEMS_MAX);
	for (void *iter = json_object_iter(object); iter;
		iter = json_object_iter_next(object, iter)) {
		struct value item = value_member(v, json_object_iter_key(iter),
			json_object_iter_value(iter));

		if (member(d, &item, out, err))
			return -1;
	}
	return 0;
}

int decode_string_as(const struct decoder *d, const struct value *v,
	const struct string_rule *rule, const char **out, struct error *err)
{
	const char *text = json_string_value(v->json);

	if (decode_expect(d, v, JSON_STRING, err))
		return -1;
	if (json_string_length(v->json) > DECODE_STRING_MAX)
		return decode_complain(d, v, err, "%zu bytes (at most %d)",
			json_string_length(v->json), DECODE_STRING_MAX);
	if (!rule->accepts(text))
		return decode_complain(d, v, err, "expected %s, found %s",
			rule->expected, value_show(d, v));
	*out = arena_strdup(d->arena, text);
	return 0;
}

static bool is_string(const char *text)
{
	return syntax_is_printable(text, "");
}

static bool is_text(const char *text)
{
	return syntax_is_printable(text, "\n\t");
}

int decode_string(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct string_rule rule = { is_string,
		"a string without control characters" };

	return decode_string_as(d, v, &rule, out, err);
}

int decode_text(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct string_rule rule = { is_text,
		"text without control characters but newline and tab" };

	return decode_string_as(d, v, &rule, out, err);
}

int decode_number(const struct decoder *d, const struct value *v, uint64_t max,
	uint64_t *out, struct error *err)
{
	json_int_t number = json_integer_value(v->json);

	if (!json_is_integer(v->json) || number < 0 || (uint64_t)number > max)
		return decode_complain(d, v, err,
			"expected a number from 0 to %llu, found %s",
			(unsigned long long)max, value_show(d, v));
	*out = (uint64_t)number;
	return 0;
}

int decode_unknown(const struct decoder *d, const struct value *v,
	const char *what, const char *const *words, struct error *err)
{
	size_t n = 0;

	while (words[n])
		n++;
	return decode_complain(d, v, err, "unknown %s %s %s", what,
		value_show(d, v),
		hint(d, json_string_value(v->json), words, n));
}

int decode_word(const struct decoder *d, const struct value *v,
	const struct word_list *list, size_t *out, struct error *err)
{
	if (decode_expect(d, v, JSON_STRING, err))
		return -1;
	for (size_t i = 0; list->words[i]; i++) {
		if (!strcmp(list->words[i], json_string_value(v->json))) {
			*out = i;
			return 0;
		}
	}
	return decode_unknown(d, v, list->what, list->words, err);
}
