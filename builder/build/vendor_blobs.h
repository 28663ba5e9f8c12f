/* SPDX-License-Identifier: MIT
 *
 * vendor_blobs: the files that a lock names, each once, by digest; and the
 * names of what a vendor archive holds. Private to build/vendor*.c.
 */
#ifndef BUILD_VENDOR_BLOBS_H
#define BUILD_VENDOR_BLOBS_H

#include <stdbool.h>

#include "io/digest.h"
#include "spec/lock.h"

#define VENDOR_LOCK_SUFFIX ".lock.json"
#define VENDOR_KEYS "keys/"
#define VENDOR_BLOBS "blobs/sha256/"

struct vendor_blob {
	struct digest sha256;
	uint64_t size;	  /* bytes */
	const char *name; /* last part of its path; borrowed from the lock */
	bool is_there;	  /* found in the archive */
};

struct vendor_blobs {
	struct vendor_blob *items; /* sorted by digest; owned */
	size_t n;
};

int vendor_blobs_init(struct vendor_blobs *blobs, const struct lock *lock,
	struct error *err) MUST_CHECK;
void vendor_blobs_release(struct vendor_blobs *blobs);
/* NULL: the lock names no such file. */
struct vendor_blob *vendor_blobs_find(
	struct vendor_blobs *blobs, struct slice hex);

#endif
