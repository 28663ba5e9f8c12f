/* SPDX-License-Identifier: MIT */
#include "spec/releases.h"

#include <string.h>

#include "spec/release_decode.h"
#include "spec/syntax.h"

#define RELEASE_SIZE_MAX ((uint64_t)1 << 32) /* bytes of a minirootfs */

/* What is decoded into: the pins, and room for more. */
struct pin_list {
	struct release_pins pins;
	size_t cap;
};

static int decode_pin_size(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct release_pin *pin = out;

	return decode_number(d, v, RELEASE_SIZE_MAX, &pin->size, err);
}

static int decode_pin_sha256(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct release_pin *pin = out;

	return decode_string_as(d, v, &syntax_sha256, &pin->sha256, err);
}

static const struct field pin_fields[] = {
	{ .key = "size", .decode = decode_pin_size },
	{ .key = "sha256", .decode = decode_pin_sha256, .required = true },
};

static const struct table pin_table = { pin_fields, ARRAY_SIZE(pin_fields) };

static int decode_pin(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	struct pin_list *list = out;
	struct release_pin pin = { 0 };

	if (!syntax_arch.accepts(v->key))
		return decode_complain(d, v, err,
			"expected Alpine's name of an architecture: %s",
			syntax_arch.expected);
	if (decode_object(d, v, &pin_table, &pin, err))
		return -1;
	pin.version = arena_strdup(d->arena, v->up->key);
	pin.arch = arena_strdup(d->arena, v->key);
	if (list->pins.n == list->cap)
		list->pins.items = list_grow(list->pins.items, list->pins.n,
			&list->cap, sizeof(pin), d->arena);
	list->pins.items[list->pins.n++] = pin;
	return 0;
}

static int decode_version(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	if (!syntax_release.accepts(v->key))
		return decode_complain(
			d, v, err, "expected %s", syntax_release.expected);
	return decode_members(d, v, decode_pin, out, err);
}

static int decode_minirootfs(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_members(d, v, decode_version, out, err);
}

static const struct field release_fields[] = {
	{ .key = "minirootfs",
		.decode = decode_minirootfs,
		.required = true,
		.table = &pin_table },
};

const struct table release_table = { release_fields,
	ARRAY_SIZE(release_fields) };

int release_pins_decode(
	const struct decoder *d, struct release_pins *pins, struct error *err)
{
	struct value root = value_root(d);
	struct pin_list list = { 0 };

	if (decode_object(d, &root, &release_table, &list, err))
		return -1;
	*pins = list.pins;
	return 0;
}

int release_pins_read(struct release_pins *pins, const char *path,
	struct arena *arena, struct error *err)
{
	struct decoder d = { .arena = arena };
	struct json_doc doc;
	int ret;

	if (json_doc_read(&doc, path, arena, err))
		return -1;
	d.doc = &doc;
	ret = release_pins_decode(&d, pins, err);
	json_doc_release(&doc);
	return ret;
}

const struct release_pin *release_pins_find(
	const struct release_pins *pins, const char *version, const char *arch)
{
	for (size_t i = 0; i < pins->n; i++) {
		if (!strcmp(pins->items[i].version, version) &&
			!strcmp(pins->items[i].arch, arch))
			return &pins->items[i];
	}
	return NULL;
}

const char *release_branch(const char *alpine, struct arena *arena)
{
	struct slice rest = slice_of(alpine), major, minor;

	if (!syntax_alpine.accepts(alpine))
		return NULL;
	slice_cut(&rest, '.', &major);
	slice_cut(&rest, '.', &minor);
	return arena_printf(
		arena, "v%.*s.%.*s", SLICE_ARGS(major), SLICE_ARGS(minor));
}

bool release_is_exact(const char *alpine)
{
	const char *dot = strchr(alpine, '.');

	return dot && strchr(dot + 1, '.') != NULL;
}
