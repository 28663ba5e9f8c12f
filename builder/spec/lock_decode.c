/* SPDX-License-Identifier: MIT */
#include "spec/lock_decode.h"

#include <stdlib.h>
#include <string.h>

#include "spec/lock_package.h"
#include "spec/syntax.h"

static int decode_image(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_image_name, out, err);
}

static int decode_alpine(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_alpine, out, err);
}

static int decode_release(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_release, out, err);
}

static bool is_key_name(const char *text)
{
	struct slice s = slice_of(text);

	return slice_ends(s, ".pub") && s.len > 4 && s.len <= 255 &&
	       text[0] != '.' && syntax_word.accepts(text) &&
	       !strchr(text, '/');
}

static int decode_key_name(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct string_rule rule = { is_key_name,
		"the name of a key's file, ending in \".pub\"" };

	return decode_string_as(d, v, &rule, out, err);
}

static bool is_pem(const char *text)
{
	return slice_starts(slice_of(text), "-----BEGIN ") &&
	       syntax_is_printable(text, "\r\n\t");
}

static int decode_pem(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct string_rule rule = { is_pem, "a key in PEM form" };

	return decode_string_as(d, v, &rule, out, err);
}

static const struct field key_fields[] = {
	{ .key = "name",
		.decode = decode_key_name,
		.offset = offsetof(struct lock_key, name),
		.required = true },
	{ .key = "sha256",
		.decode = lock_decode_sha256,
		.offset = offsetof(struct lock_key, sha256),
		.required = true },
	{ .key = "pem",
		.decode = decode_pem,
		.offset = offsetof(struct lock_key, pem) },
};

static const struct table key_table = { key_fields, ARRAY_SIZE(key_fields) };

static int decode_key(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	return decode_object(d, v, &key_table, out, err);
}

struct key_list {
	struct lock_key *items;
	size_t n, cap;
};

static int add_key(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err)
{
	const struct lock_key *key = item;
	struct key_list *keys = list;

	for (size_t i = 0; i < keys->n; i++) {
		if (!strcmp(keys->items[i].name, key->name))
			return decode_complain(d, v, err,
				"key \"%s\" is listed twice", key->name);
	}
	if (keys->n == keys->cap)
		keys->items = list_grow(keys->items, keys->n, &keys->cap,
			sizeof(*key), d->arena);
	keys->items[keys->n++] = *key;
	return 0;
}

/* out: the lock. */
static int decode_keys(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(struct lock_key),
		.item = decode_key,
		.add = add_key,
		.table = &key_table };
	struct key_list keys = { 0 };
	struct lock *lock = out;

	if (decode_list(d, v, &type, &keys, err))
		return -1;
	lock->keys = keys.items;
	lock->nkeys = keys.n;
	return 0;
}

static const struct field minirootfs_fields[] = {
	{ .key = "version",
		.decode = decode_release,
		.offset = offsetof(struct lock_minirootfs, version),
		.required = true },
	{ .key = "path",
		.decode = lock_decode_path,
		.offset = offsetof(struct lock_minirootfs, path),
		.required = true },
	{ .key = "size",
		.decode = lock_decode_size,
		.offset = offsetof(struct lock_minirootfs, size),
		.required = true },
	{ .key = "sha256",
		.decode = lock_decode_sha256,
		.offset = offsetof(struct lock_minirootfs, sha256),
		.required = true },
};

static const struct table minirootfs_table = { minirootfs_fields,
	ARRAY_SIZE(minirootfs_fields) };

static int decode_wanted(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_package, out, err);
}

static int decode_wanted_packages(const struct decoder *d,
	const struct value *v, void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_wanted,
		.add = decode_add_any };

	return decode_list(d, v, &type, out, err);
}

static int decode_repository(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_repository, out, err);
}

static int decode_repositories(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_repository,
		.add = decode_add_any };

	return decode_list(d, v, &type, out, err);
}

static const struct field wants_fields[] = {
	{ .key = "packages",
		.decode = decode_wanted_packages,
		.offset = offsetof(struct lock_wants, packages),
		.required = true },
	{ .key = "repositories",
		.decode = decode_repositories,
		.offset = offsetof(struct lock_wants, repositories),
		.required = true },
};

static const struct table wants_table = { wants_fields,
	ARRAY_SIZE(wants_fields) };

static const struct field arch_fields[] = {
	{ .key = "wants",
		.table = &wants_table,
		.offset = offsetof(struct lock_arch, wants),
		.required = true },
	{ .key = "minirootfs",
		.table = &minirootfs_table,
		.offset = offsetof(struct lock_arch, minirootfs),
		.required = true },
	{ .key = "packages",
		.decode = lock_decode_packages,
		.required = true,
		.table = &lock_package_table },
};

static const struct table arch_table = { arch_fields, ARRAY_SIZE(arch_fields) };

struct arch_list {
	struct lock_arch *items;
	size_t n, cap;
};

static int decode_lock_arch(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct lock_arch arch = { 0 };
	struct arch_list *list = out;

	if (!syntax_arch.accepts(v->key))
		return decode_complain(
			d, v, err, "expected %s", syntax_arch.expected);
	if (decode_object(d, v, &arch_table, &arch, err))
		return -1;
	arch.name = arena_strdup(d->arena, v->key);
	if (list->n == list->cap)
		list->items = list_grow(list->items, list->n, &list->cap,
			sizeof(arch), d->arena);
	list->items[list->n++] = arch;
	return 0;
}

static int compare_archs(const void *a, const void *b)
{
	const struct lock_arch *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* out: the lock. */
static int decode_archs(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct arch_list list = { 0 };
	struct lock *lock = out;

	if (decode_members(d, v, decode_lock_arch, &list, err))
		return -1;
	if (!list.n)
		return decode_complain(
			d, v, err, "expected at least one architecture");
	qsort(list.items, list.n, sizeof(*list.items), compare_archs);
	lock->archs = list.items;
	lock->narchs = list.n;
	return 0;
}

/* Decides before all else: another version may have other keys. */
static int check_version(
	const struct decoder *d, const struct value *root, struct error *err)
{
	struct value v = value_member(
		root, "version", json_object_get(root->json, "version"));

	if (decode_expect(d, root, JSON_OBJECT, err))
		return -1;
	if (!v.json)
		return decode_complain(d, root, err, "missing key \"version\"");
	if (json_is_integer(v.json) &&
		json_integer_value(v.json) == LOCK_VERSION)
		return 0;
	return decode_complain(d, &v, err,
		"expected %d, the format of locks that this alpbuild knows, "
		"found %s (alpbuild lock makes a new one)",
		LOCK_VERSION, value_show(d, &v));
}

static int decode_checked(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return 0;
}

static const struct field lock_fields[] = {
	{ .key = "version", .decode = decode_checked },
	{ .key = "image",
		.decode = decode_image,
		.offset = offsetof(struct lock, image),
		.required = true },
	{ .key = "alpine",
		.decode = decode_alpine,
		.offset = offsetof(struct lock, alpine),
		.required = true },
	{ .key = "manifest_sha256",
		.decode = lock_decode_sha256,
		.offset = offsetof(struct lock, manifest_sha256),
		.required = true },
	{ .key = "keys",
		.decode = decode_keys,
		.required = true,
		.table = &key_table },
	{ .key = "architectures",
		.decode = decode_archs,
		.required = true,
		.table = &arch_table },
};

const struct table lock_table = { lock_fields, ARRAY_SIZE(lock_fields) };

int lock_decode(const struct decoder *d, struct lock *lock, struct error *err)
{
	struct value root = value_root(d);

	if (check_version(d, &root, err))
		return -1;
	return decode_object(d, &root, &lock_table, lock, err);
}
