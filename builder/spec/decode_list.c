/* SPDX-License-Identifier: MIT
 *
 * Lists, and the conditions on their items.
 */
#include <string.h>

#include "spec/decode.h"

#define ARCHS_MAX 64 /* that a message names */

int decode_arch(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	const char *names[ARCHS_MAX + 1] = { NULL };
	const struct arch *arch;
	size_t i;

	if (decode_expect(d, v, JSON_STRING, err))
		return -1;
	arch = arch_find(d->archs, json_string_value(v->json));
	if (arch) {
		*(const char **)out = arch->name;
		return 0;
	}
	for (i = 0; i < d->archs->n && i < ARCHS_MAX; i++)
		names[i] = d->archs->items[i].name;
	return decode_unknown(d, v, "architecture", names, err);
}

/* The list of a condition: does it hold the decoder's architecture? */
static int decode_arch_list(const struct decoder *d, const struct value *v,
	bool *is_wanted, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_arch,
		.add = decode_add_new,
		.is_unconditional = true };
	struct string_list names = { 0 };

	if (decode_list(d, v, &type, &names, err))
		return -1;
	if (!names.n)
		return decode_complain(
			d, v, err, "expected at least one architecture");
	*is_wanted = string_list_has(&names, d->arch->name);
	return 0;
}

/*
 * Looks for a condition on the item at *v. *v becomes the item itself, and
 * *wrapper what it stood in. 1: the item is wanted, 0: it is not, -1: error.
 */
static int decide(const struct decoder *d, const struct list_type *type,
	struct value *v, struct value *wrapper, struct error *err)
{
	json_t *arch = json_object_get(v->json, "arch");
	json_t *inner = json_object_get(v->json, "value");
	struct value list;
	bool is_wanted = true;

	*wrapper = *v;
	if (!d->archs || type->is_unconditional || !arch)
		return 1;
	list = value_member(wrapper, "arch", arch);
	if (decode_arch_list(d, &list, &is_wanted, err))
		return -1;
	if (inner && json_object_size(v->json) > 2)
		return decode_complain(
			d, v, err, "expected \"arch\" and \"value\" only");
	if (!inner && !type->table)
		return decode_complain(d, v, err, "missing key \"value\"");
	if (inner)
		*v = value_member(wrapper, "value", inner);
	else
		v->is_conditional = true;
	return is_wanted;
}

static int decode_item(const struct decoder *d, const struct list_type *type,
	struct value *v, void *list, struct error *err)
{
	void *item = arena_alloc(d->arena, type->size);
	struct value wrapper;
	int wanted = decide(d, type, v, &wrapper, err);

	if (wanted < 0 || type->item(d, v, item, err))
		return -1;
	return wanted ? type->add(d, v, list, item, err) : 0;
}

int decode_list(const struct decoder *d, const struct value *v,
	const struct list_type *type, void *list, struct error *err)
{
	size_t n = json_array_size(v->json);
	size_t max = type->max ? type->max : DECODE_ITEMS_MAX;

	if (decode_expect(d, v, JSON_ARRAY, err))
		return -1;
	if (n > max)
		return decode_complain(
			d, v, err, "%zu items (at most %zu)", n, max);
	for (size_t i = 0; i < n; i++) {
		struct value item = {
			.json = json_array_get(v->json, i), .up = v, .index = i
		};

		if (decode_item(d, type, &item, list, err))
			return -1;
	}
	return 0;
}

int decode_add_any(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err)
{
	string_list_add(list, *(const char *const *)item, d->arena);
	return 0;
}

int decode_add_new(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err)
{
	const char *text = *(const char *const *)item;

	if (string_list_has(list, text))
		return decode_complain(
			d, v, err, "\"%s\" is listed twice", text);
	return decode_add_any(d, v, list, item, err);
}
