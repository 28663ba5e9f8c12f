/* SPDX-License-Identifier: MIT
 *
 * Locks as text: jansson sorts the keys, everything else has the order of
 * the lock.
 */
#include <assert.h>
#include <stdlib.h>

#include "spec/json.h"
#include "spec/lock.h"

#define INDENT 2

/* Takes the value over. */
static void put(json_t *object, const char *key, json_t *owned_value)
{
	/* What is no UTF-8 was refused where it was read. */
	assert(owned_value);
	if (json_object_set_new(object, key, owned_value))
		memory_fail();
}

/* Left out when there is none. */
static void put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		put(object, key, json_string(text));
}

static void put_size(json_t *object, uint64_t size)
{
	if (size)
		put(object, "size", json_integer((json_int_t)size));
}

static void append(json_t *array, json_t *owned_value)
{
	assert(owned_value);
	if (json_array_append_new(array, owned_value))
		memory_fail();
}

static void put_strings(
	json_t *object, const char *key, const struct string_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		append(array, json_string(list->items[i]));
	put(object, key, array);
}

static json_t *keys_json(const struct lock *lock)
{
	json_t *array = json_array();

	for (size_t i = 0; i < lock->nkeys; i++) {
		json_t *key = json_object();

		put_text(key, "name", lock->keys[i].name);
		put_text(key, "sha256", lock->keys[i].sha256);
		put_text(key, "pem", lock->keys[i].pem);
		append(array, key);
	}
	return array;
}

static json_t *package_json(const struct lock_package *pkg)
{
	json_t *object = json_object();

	put_text(object, "step", pkg->step);
	put_text(object, "name", pkg->name);
	put_text(object, "version", pkg->version);
	put_text(object, "old_version", pkg->old_version);
	put_text(object, "arch", pkg->arch);
	put_text(object, "path", pkg->path);
	put_text(object, "tag", pkg->tag);
	put_size(object, pkg->size);
	put_text(object, "sha256", pkg->sha256);
	put_text(object, "identity", pkg->identity);
	put_text(object, "record", pkg->record);
	/* A purge has no path, and nothing requires what is gone. */
	if (pkg->path)
		put_strings(object, "required_by", &pkg->required_by);
	return object;
}

static json_t *minirootfs_json(const struct lock_minirootfs *minirootfs)
{
	json_t *object = json_object();

	put_text(object, "version", minirootfs->version);
	put_text(object, "path", minirootfs->path);
	put_size(object, minirootfs->size);
	put_text(object, "sha256", minirootfs->sha256);
	return object;
}

static json_t *arch_json(const struct lock_arch *arch)
{
	json_t *object = json_object(), *wants = json_object();
	json_t *packages = json_array();

	put_strings(wants, "packages", &arch->wants.packages);
	put_strings(wants, "repositories", &arch->wants.repositories);
	put(object, "wants", wants);
	put(object, "minirootfs", minirootfs_json(&arch->minirootfs));
	for (size_t i = 0; i < arch->npackages; i++)
		append(packages, package_json(&arch->packages[i]));
	put(object, "packages", packages);
	return object;
}

void lock_print(const struct lock *lock, struct buf *out)
{
	json_t *object = json_object(), *archs = json_object();
	SCOPED_FREE char *text = NULL;

	put(object, "version", json_integer(LOCK_VERSION));
	put_text(object, "image", lock->image);
	put_text(object, "alpine", lock->alpine);
	put_text(object, "manifest_sha256", lock->manifest_sha256);
	put(object, "keys", keys_json(lock));
	for (size_t i = 0; i < lock->narchs; i++)
		put(archs, lock->archs[i].name, arch_json(&lock->archs[i]));
	put(object, "architectures", archs);
	text = json_dumps(object, JSON_INDENT(INDENT) | JSON_SORT_KEYS);
	json_decref(object);
	if (!text)
		memory_fail();
	buf_add_str(out, text);
	buf_add_str(out, "\n");
}
