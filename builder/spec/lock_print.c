/* SPDX-License-Identifier: MIT
 *
 * Locks as text: jansson sorts the keys, everything else has the order of
 * the lock.
 */
#include "spec/lock_print.h"

#include <assert.h>
#include <stdlib.h>

#include "spec/lock_package.h"

#define INDENT 2

/* Takes the value over. */
void lock_put(json_t *object, const char *key, json_t *owned_value)
{
	/* What is no UTF-8 was refused where it was read. */
	assert(owned_value);
	if (json_object_set_new(object, key, owned_value))
		memory_fail();
}

/* Left out when there is none. */
void lock_put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		lock_put(object, key, json_string(text));
}

static void put_size(json_t *object, uint64_t size)
{
	if (size)
		lock_put(object, "size", json_integer((json_int_t)size));
}

/* Indexes come from outside, and a description may hold any bytes. */
static void put_record(json_t *object, const char *record)
{
	static const char digits[] = "0123456789abcdef";
	SCOPED_BUF struct buf hex;

	buf_init(&hex, LOCK_MAX);
	if (record && !lock_record_is_text(record)) {
		buf_add_str(&hex, LOCK_RECORD_HEX);
		for (; *record; record++) {
			unsigned char byte = (unsigned char)*record;

			buf_add(&hex, &digits[byte >> 4], 1);
			buf_add(&hex, &digits[byte & 15], 1);
		}
		record = hex.data;
	}
	lock_put_text(object, "record", record);
}

void lock_append(json_t *array, json_t *owned_value)
{
	assert(owned_value);
	if (json_array_append_new(array, owned_value))
		memory_fail();
}

void lock_put_strings(
	json_t *object, const char *key, const struct string_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		lock_append(array, json_string(list->items[i]));
	lock_put(object, key, array);
}

static json_t *keys_json(const struct lock *lock)
{
	json_t *array = json_array();

	for (size_t i = 0; i < lock->nkeys; i++) {
		json_t *key = json_object();

		lock_put_text(key, "name", lock->keys[i].name);
		lock_put_text(key, "sha256", lock->keys[i].sha256);
		lock_put_text(key, "pem", lock->keys[i].pem);
		lock_append(array, key);
	}
	return array;
}

json_t *lock_package_json(const struct lock_package *pkg)
{
	json_t *object = json_object();

	lock_put_text(object, "step", pkg->step);
	lock_put_text(object, "name", pkg->name);
	lock_put_text(object, "version", pkg->version);
	lock_put_text(object, "old_version", pkg->old_version);
	lock_put_text(object, "arch", pkg->arch);
	lock_put_text(object, "path", pkg->path);
	lock_put_text(object, "tag", pkg->tag);
	put_size(object, pkg->size);
	lock_put_text(object, "sha256", pkg->sha256);
	lock_put_text(object, "identity", pkg->identity);
	put_record(object, pkg->record);
	/* A purge has no path, and nothing requires what is gone. */
	if (pkg->path)
		lock_put_strings(object, "required_by", &pkg->required_by);
	return object;
}

json_t *lock_minirootfs_json(const struct lock_minirootfs *minirootfs)
{
	json_t *object = json_object();

	lock_put_text(object, "version", minirootfs->version);
	lock_put_text(object, "path", minirootfs->path);
	put_size(object, minirootfs->size);
	lock_put_text(object, "sha256", minirootfs->sha256);
	return object;
}

static json_t *arch_json(const struct lock_arch *arch)
{
	json_t *object = json_object(), *wants = json_object();
	json_t *packages = json_array();

	lock_put_strings(wants, "packages", &arch->wants.packages);
	lock_put_strings(wants, "repositories", &arch->wants.repositories);
	lock_put(object, "wants", wants);
	lock_put(object, "minirootfs", lock_minirootfs_json(&arch->minirootfs));
	for (size_t i = 0; i < arch->npackages; i++)
		lock_append(packages, lock_package_json(&arch->packages[i]));
	lock_put(object, "packages", packages);
	return object;
}

void lock_dump(json_t *owned_object, struct buf *out)
{
	SCOPED_FREE char *text =
		json_dumps(owned_object, JSON_INDENT(INDENT) | JSON_SORT_KEYS);

	json_decref(owned_object);
	if (!text)
		memory_fail();
	buf_add_str(out, text);
	buf_add_str(out, "\n");
}

void lock_print(const struct lock *lock, struct buf *out)
{
	json_t *object = json_object(), *archs = json_object();

	lock_put(object, "version", json_integer(LOCK_VERSION));
	lock_put_text(object, "image", lock->image);
	lock_put_text(object, "alpine", lock->alpine);
	lock_put_text(object, "manifest_sha256", lock->manifest_sha256);
	lock_put(object, "keys", keys_json(lock));
	for (size_t i = 0; i < lock->narchs; i++)
		lock_put(
			archs, lock->archs[i].name, arch_json(&lock->archs[i]));
	lock_put(object, "architectures", archs);
	lock_dump(object, out);
}
