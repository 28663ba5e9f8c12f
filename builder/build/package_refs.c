/* SPDX-License-Identifier: MIT */
#include "build/package_refs.h"

#include "base/memory.h"
#include "build/fetch.h"

#define REF_PACKAGE "package"
#define REF_TAR "tar"

char *package_refs_key(const struct package_input *item)
{
	char text[IDENTITY_TEXT_SIZE];

	return memory_printf("%s %llu", identity_text(&item->identity, text),
		(unsigned long long)item->size);
}

/* "sha256:hex" and, for a data tar, its size. -1: something else. */
static int parse_ref(struct slice text, struct digest *digest, uint64_t *size)
{
	struct slice rest = slice_trim(text), name;
	struct error ignored;

	if (!slice_cut(&rest, ' ', &name) ||
		digest_parse(name, digest, &ignored) ||
		digest->kind != DIGEST_SHA256)
		return -1;
	return size ? slice_to_u64(rest, 10, FETCH_TAR_MAX, size) : 0;
}

/* 1: the SHA-256 of the .apk is known; 0: not; -1. */
static int find_sha256(const struct cache *cache, struct package_input *item,
	struct error *err)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	SCOPED_FREE char *key = NULL;
	int found;

	if (item->sha256.kind != DIGEST_NONE)
		return 1;
	key = package_refs_key(item);
	found = cache_get_ref(cache, REF_PACKAGE, key, &text, err);
	if (found != 1)
		return found;
	return !parse_ref(buf_slice(&text), &item->sha256, NULL);
}

int package_refs_find(const struct cache *cache, struct package_input *item,
	struct error *err)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	char hex[DIGEST_HEX_SIZE];
	int found = find_sha256(cache, item, err);

	if (found == 1)
		found = cache_get_ref(cache, REF_TAR,
			digest_hex(&item->sha256, hex), &text, err);
	if (found != 1)
		return found;
	return !parse_ref(
		       buf_slice(&text), &item->tar_digest, &item->tar_size) &&
	       cache_has_blob(cache, &item->tar_digest, item->tar_size) &&
	       cache_has_blob(cache, &item->sha256, item->size);
}

int package_refs_put(const struct package_input *item,
	const struct cache *cache, struct error *err)
{
	char hex[DIGEST_HEX_SIZE], text[DIGEST_TEXT_SIZE];
	SCOPED_FREE char *key = package_refs_key(item);
	SCOPED_FREE char *tar =
		memory_printf("%s %llu\n", digest_text(&item->tar_digest, text),
			(unsigned long long)item->tar_size);
	SCOPED_FREE char *file =
		memory_printf("%s \n", digest_text(&item->sha256, text));

	if (cache_put_ref(cache, REF_TAR, digest_hex(&item->sha256, hex),
		    slice_of(tar), err))
		return -1;
	return cache_put_ref(cache, REF_PACKAGE, key, slice_of(file), err);
}
