/* SPDX-License-Identifier: MIT
 *
 * fetch_unpack: each .tar.gz becomes a data tar, a blob of the cache, in one
 * pass that uncompresses, hashes and writes. Several run in threads.
 */
#ifndef BUILD_FETCH_UNPACK_H
#define BUILD_FETCH_UNPACK_H

#include "io/cache.h"

struct unpacking {
	const char *name; /* for messages; borrowed */
	int fd;		  /* of the .tar.gz; borrowed */
	uint64_t max;	  /* bytes that may come out */
	/* filled in */
	struct digest digest;
	uint64_t size;
	int failed; /* -1: error tells why */
	struct error error;
};

/* At most `threads` at once; the error is the first failed one's. */
int fetch_unpack(struct unpacking *list, size_t n, unsigned threads,
	const struct cache *cache, struct error *err) MUST_CHECK;

#endif
