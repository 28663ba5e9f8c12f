/* SPDX-License-Identifier: MIT */
#include "build/vendor_blobs.h"

#include <string.h>

#include "base/path.h"

static int by_digest(const void *a, const void *b)
{
	const struct vendor_blob *x = a, *y = b;

	return memcmp(x->sha256.bytes, y->sha256.bytes, DIGEST_BYTES_MAX);
}

static int add(struct vendor_blobs *blobs, const char *sha256, uint64_t size,
	const char *path, struct error *err)
{
	struct vendor_blob *blob = &blobs->items[blobs->n];

	if (digest_parse(slice_of(sha256), &blob->sha256, err))
		return -1;
	blob->size = size;
	blob->name = path_base(path);
	blobs->n++;
	return 0;
}

static int add_arch(struct vendor_blobs *blobs, const struct lock_arch *arch,
	struct error *err)
{
	const struct lock_minirootfs *m = &arch->minirootfs;

	if (add(blobs, m->sha256, m->size, m->path, err))
		return -1;
	for (size_t i = 0; i < arch->npackages; i++) {
		const struct lock_package *p = &arch->packages[i];

		if (p->path && add(blobs, p->sha256, p->size, p->path, err))
			return -1;
	}
	return 0;
}

static void drop_doubles(struct vendor_blobs *blobs)
{
	size_t n = 0;

	for (size_t i = 0; i < blobs->n; i++) {
		if (!n || by_digest(&blobs->items[n - 1], &blobs->items[i]))
			blobs->items[n++] = blobs->items[i];
	}
	blobs->n = n;
}

int vendor_blobs_init(
	struct vendor_blobs *blobs, const struct lock *lock, struct error *err)
{
	size_t n = 0;

	for (size_t i = 0; i < lock->narchs; i++)
		n += 1 + lock->archs[i].npackages;
	blobs->n = 0;
	blobs->items = memory_zero(n + 1, sizeof(*blobs->items));
	for (size_t i = 0; i < lock->narchs; i++) {
		if (add_arch(blobs, &lock->archs[i], err))
			return -1;
	}
	qsort(blobs->items, blobs->n, sizeof(*blobs->items), by_digest);
	drop_doubles(blobs);
	return 0;
}

void vendor_blobs_release(struct vendor_blobs *blobs)
{
	free(blobs->items);
	blobs->items = NULL;
	blobs->n = 0;
}

struct vendor_blob *vendor_blobs_find(
	struct vendor_blobs *blobs, struct slice hex)
{
	struct vendor_blob key = { .size = 0 };
	struct error ignored;

	if (digest_parse(hex, &key.sha256, &ignored))
		return NULL;
	return bsearch(&key, blobs->items, blobs->n, sizeof(key), by_digest);
}
