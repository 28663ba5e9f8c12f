/* SPDX-License-Identifier: MIT
 *
 * vendor: a lock with everything that it names in one archive, so that an
 * image can be built when mirrors and old package revisions are gone:
 *
 *	<image>.lock.json
 *	keys/<name>		public keys that verified the indexes
 *	blobs/sha256/<hex>	each minirootfs and .apk, named by its bytes
 *
 * A plain ustar archive whose bytes depend on the lock only. Reading is
 * strict: what the lock does not name, or is not what its name says, is
 * refused, and so is an archive that lacks something.
 */
#ifndef BUILD_VENDOR_H
#define BUILD_VENDOR_H

#include "build/plan.h"
#include "io/cache.h"
#include "spec/lock.h"

struct vendor_result {
	const char *file; /* path; in the arena */
	uint64_t size;	  /* bytes */
	struct digest sha256;
	size_t nblobs;
};

/*
 * Packs a lock whose files are all in the cache into `path`, which appears
 * complete or not at all.
 */
int vendor_write(const struct lock *lock, const struct cache *cache,
	const char *path, struct vendor_result *result,
	struct error *err) MUST_CHECK;

/*
 * Takes the blobs that the cache lacks out of an archive, each verified as it
 * enters, and reads the lock. ERROR_INPUT, ERROR_VERIFY name the entry.
 */
int vendor_read(struct lock *lock, const char *path, const struct cache *cache,
	struct arena *arena, struct error *err) MUST_CHECK;

#endif
