/* SPDX-License-Identifier: MIT
 *
 * package_refs: what the cache remembers of a package: the refs "package" and
 * "tar" of build/packages.h.
 */
#ifndef BUILD_PACKAGE_REFS_H
#define BUILD_PACKAGE_REFS_H

#include "build/package_set.h"
#include "io/cache.h"

/* Identity and size; the caller frees. */
char *package_refs_key(const struct package_input *item);
/* Fills in sha256 and the data tar. 1: all is in the cache; 0: not; -1. */
int package_refs_find(const struct cache *cache, struct package_input *item,
	struct error *err) MUST_CHECK;
int package_refs_put(const struct package_input *item,
	const struct cache *cache, struct error *err) MUST_CHECK;

#endif
