/* SPDX-License-Identifier: MIT */
#include "apk/keyring.h"

#include <dirent.h>
#include <string.h>

#include "apk/key_rsa.h"
#include "base/file.h"
#include "base/path.h"

#define NAME_SHOWN 255 /* bytes of a name in a message */

static void key_free(struct key *key)
{
	if (!key)
		return;
	key_rsa_free(key->handle);
	free((void *)(uintptr_t)key->name);
	free((void *)(uintptr_t)key->origin);
	free((void *)(uintptr_t)key->pem.ptr);
	free(key);
}

void keyring_release(struct keyring *ring)
{
	for (size_t i = 0; i < ring->n; i++)
		key_free(ring->keys[i]);
	free(ring->keys);
	memset(ring, 0, sizeof(*ring));
}

static int check_name(const char *name, struct error *err)
{
	size_t len = strlen(name);

	if (strchr(name, '/'))
		return error_set(err, ERROR_INPUT,
			"the name of a key must not have \"/\"");
	if (len > PATH_NAME_MAX)
		return error_set(err, ERROR_INPUT,
			"a name of %zu bytes (at most %d)", len, PATH_NAME_MAX);
	for (const char *p = name; *p; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return error_set(err, ERROR_INPUT,
				"the name of a key must not have control "
				"characters");
	}
	if (!slice_ends(slice_of(name), ".pub") || len == strlen(".pub"))
		return error_set(err, ERROR_INPUT,
			"the name of a key must end in \".pub\"");
	return 0;
}

/* 1: it is there already, 0: it is not, -1: another one has its name. */
static int find_same(const struct keyring *ring, const char *name,
	const char *origin, struct slice pem, struct error *err)
{
	const struct key *key = keyring_find(ring, slice_of(name));

	if (!key)
		return 0;
	if (slice_eq(key->pem, pem))
		return 1;
	return error_set(err, ERROR_VERIFY,
		"another key of this name is known already (from %s, this one "
		"is from %s)",
		key->origin, origin);
}

static struct key *key_new(
	const char *name, const char *origin, struct slice pem)
{
	struct key *key = memory_zero(1, sizeof(*key));

	key->name = memory_strdup(name);
	key->origin = memory_strdup(origin);
	key->pem = slice_make(slice_dup(pem), pem.len);
	key->sha256 = digest_of(DIGEST_SHA256, pem.ptr, pem.len);
	return key;
}

static int add(struct keyring *ring, const char *name, const char *origin,
	struct slice pem, struct error *err)
{
	struct key *key;
	int same;

	if (check_name(name, err))
		return -1;
	same = find_same(ring, name, origin, pem, err);
	if (same)
		return same < 0 ? -1 : 0;
	if (ring->n == KEYS_MAX)
		return error_set(
			err, ERROR_INPUT, "more than %d keys", KEYS_MAX);
	if (pem.len > KEY_FILE_MAX)
		return error_set(err, ERROR_INPUT,
			"a file of %zu bytes (at most %zu)", pem.len,
			KEY_FILE_MAX);
	key = key_new(name, origin, pem);
	key->handle = key_rsa_read(key->pem, err);
	if (!key->handle) {
		key_free(key);
		return -1;
	}
	key->bits = key_rsa_bits(key->handle);
	ring->keys = memory_grow(
		ring->keys, ring->n, &ring->cap, sizeof(struct key *));
	ring->keys[ring->n++] = key;
	return 0;
}

int keyring_add(struct keyring *ring, const char *name, const char *origin,
	struct slice pem, struct error *err)
{
	if (add(ring, name, origin, pem, err))
		return error_wrap(
			err, "%s: key %.*s", origin, NAME_SHOWN, name);
	return 0;
}

static int is_key_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       slice_ends(slice_of(entry->d_name), ".pub");
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_file(struct keyring *ring, const char *dir, const char *name,
	struct error *err)
{
	SCOPED_FREE char *path = path_join(dir, name);
	SCOPED_BUF struct buf pem;

	if (file_is_directory(path))
		return 0;
	if (file_read(path, KEY_FILE_MAX, &pem, err))
		return -1;
	return keyring_add(ring, name, dir, buf_slice(&pem), err);
}

int keyring_add_folder(struct keyring *ring, const char *dir, struct error *err)
{
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, is_key_name, by_bytes);
	int failed = 0;

	if (n < 0)
		return error_errno(err, "%s", dir);
	for (int i = 0; i < n; i++) {
		if (!failed)
			failed = add_file(ring, dir, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	return failed;
}

const struct key *keyring_find(const struct keyring *ring, struct slice name)
{
	for (size_t i = 0; i < ring->n; i++) {
		if (slice_is(name, ring->keys[i]->name))
			return ring->keys[i];
	}
	return NULL;
}

bool key_verify(const struct key *key, const struct digest *digest,
	struct slice signature)
{
	return key_rsa_verify(key->handle, digest, signature);
}

char *keyring_names(const struct keyring *ring)
{
	SCOPED_BUF struct buf names;

	buf_init(&names, (size_t)KEYS_MAX * (PATH_NAME_MAX + 1));
	buf_add_str(&names, "");
	for (size_t i = 0; i < ring->n; i++) {
		if (i)
			buf_add_str(&names, " ");
		buf_add_str(&names, ring->keys[i]->name);
	}
	return buf_take(&names);
}
