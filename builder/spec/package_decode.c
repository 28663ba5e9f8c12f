/* SPDX-License-Identifier: MIT */
#include "spec/package_decode.h"

#include <string.h>

#include "spec/manifest.h"
#include "spec/syntax.h"

static int decode_package(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_package, out, err);
}

static int decode_package_name(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_package_name, out, err);
}

static int decode_repository(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_repository, out, err);
}

static int decode_sha256(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_sha256, out, err);
}

/* What was inherited already stays where it is. */
int decode_packages(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_package,
		.add = decode_add_new };
	struct string_list own = { 0 };

	if (decode_list(d, v, &type, &own, err))
		return -1;
	string_list_merge(out, &own, d->arena);
	return 0;
}

/* Repeating one is harmless, and an order is worth keeping. */
int decode_repositories(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_repository,
		.add = decode_add_any };

	return decode_list(d, v, &type, out, err);
}

static const struct field acknowledged_fields[] = {
	{ .key = "package",
		.decode = decode_package_name,
		.offset = offsetof(struct acknowledged_script, package),
		.required = true },
	{ .key = "sha256",
		.decode = decode_sha256,
		.offset = offsetof(struct acknowledged_script, sha256),
		.required = true },
};

const struct table acknowledged_table = { acknowledged_fields,
	ARRAY_SIZE(acknowledged_fields) };

struct acknowledged_list {
	struct acknowledged_script *items;
	size_t n, cap;
};

static bool is_acknowledged(const struct acknowledged_list *list,
	const struct acknowledged_script *script)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->items[i].package, script->package) &&
			!strcmp(list->items[i].sha256, script->sha256))
			return true;
	}
	return false;
}

static void acknowledge(struct acknowledged_list *list,
	const struct acknowledged_script *script, struct arena *arena)
{
	if (list->n == list->cap)
		list->items = list_grow(list->items, list->n, &list->cap,
			sizeof(*list->items), arena);
	list->items[list->n++] = *script;
}

static int decode_script(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct acknowledged_script *script = out;

	if (decode_object(d, v, &acknowledged_table, script, err))
		return -1;
	script->place = value_origin(d, v);
	return 0;
}

static int add_script(const struct decoder *d, const struct value *v,
	void *list, const void *item, struct error *err)
{
	const struct acknowledged_script *script = item;

	if (is_acknowledged(list, script))
		return decode_complain(d, v, err,
			"this script of \"%s\" is listed twice",
			script->package);
	acknowledge(list, script, d->arena);
	return 0;
}

/* out: the manifest. */
static int decode_acknowledged(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = {
		.size = sizeof(struct acknowledged_script),
		.item = decode_script,
		.add = add_script,
		.table = &acknowledged_table
	};
	struct manifest *m = out;
	struct acknowledged_list all = { m->acknowledged, m->nacknowledged,
		m->nacknowledged };
	struct acknowledged_list own = { 0 };

	if (decode_list(d, v, &type, &own, err))
		return -1;
	for (size_t i = 0; i < own.n; i++) {
		if (!is_acknowledged(&all, &own.items[i]))
			acknowledge(&all, &own.items[i], d->arena);
	}
	m->acknowledged = all.items;
	m->nacknowledged = all.n;
	return 0;
}

static const struct field scripts_fields[] = {
	{ .key = "acknowledge",
		.decode = decode_acknowledged,
		.table = &acknowledged_table },
};

const struct table scripts_table = { scripts_fields,
	ARRAY_SIZE(scripts_fields) };

int decode_arch_skew(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const char *const words[] = { [ARCH_SKEW_WARN] = "warn",
		[ARCH_SKEW_ALLOW] = "allow",
		[ARCH_SKEW_ERROR] = "error",
		[ARCH_SKEW_ERROR + 1] = NULL };
	static const struct word_list list = { "word", words };
	size_t i;

	if (decode_word(d, v, &list, &i, err))
		return -1;
	*(enum arch_skew *)out = (enum arch_skew)i;
	return 0;
}
