/* SPDX-License-Identifier: MIT
 *
 * cache: the content-addressed store that processes share.
 *
 *	<root>/blobs/sha256/<hex>     any file, named by its bytes
 *	<root>/refs/<kind>/<key>      small text: what a key stands for
 *	<root>/partial/<name>         downloads under way, locked by flock
 *
 *	<root>/CACHEDIR.TAG           marks it as ours (bford.info/cachedir)
 *
 * A blob enters by rename, after its digest is known, and is verified again
 * when it is used: a corrupt one is told, removed and counts as missing.
 * A key is any text; it is stored under the SHA-256 of it. Entries in use
 * are touched (at most once an hour) so that pruning by age keeps them.
 * Reading works from a folder that cannot be written. A process that is
 * killed leaves only what the next one resumes or a prune removes.
 */
#ifndef IO_CACHE_H
#define IO_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "io/digest.h"
#include "io/outfile.h"

#define CACHE_REF_MAX ((size_t)1 << 20) /* bytes of a ref */

struct cache {
	char *root; /* owned */
};

/*
 * dir: the --cache option, may be NULL: then ALPBUILD_CACHE, XDG_CACHE_HOME
 * with /alpbuild, HOME with /.cache/alpbuild (ERROR_USAGE without any).
 * Creates the folders.
 * A folder that holds something else and no CACHEDIR.TAG is refused
 * (ERROR_USAGE): pruning must never reach files that are not the cache's.
 */
int cache_open(
	struct cache *cache, const char *dir, struct error *err) MUST_CHECK;
void cache_release(struct cache *cache);

/* Path of a blob, whether it is there or not; the caller frees. */
char *cache_blob_path(const struct cache *cache, const struct digest *sha256);

/*
 * Looks a blob up and opens it. 1: found, *fd (owned by the caller) is at the
 * start; 0: not there; -1: error. Its bytes are not looked at:
 * cache_check_blob() must be asked before what was made of them is used.
 */
int cache_open_unchecked(const struct cache *cache, const struct digest *sha256,
	int *fd, struct error *err) MUST_CHECK;

/*
 * Hashes an open blob, from any thread; the file's position is not used. 1:
 * its bytes are what the digest says; 0: corrupt: said and removed; -1: error.
 */
int cache_check_blob(const struct cache *cache, const struct digest *sha256,
	int fd, uint64_t *size, struct error *err) MUST_CHECK;

/* Both in one: a corrupt blob counts as not there. */
int cache_open_blob(const struct cache *cache, const struct digest *sha256,
	int *fd, uint64_t *size, struct error *err) MUST_CHECK;

/* Starts a new blob; write to out->sink, then cache_commit_blob(). */
int cache_new_blob(const struct cache *cache, struct outfile *out,
	struct error *err) MUST_CHECK;
int cache_commit_blob(const struct cache *cache, struct outfile *out,
	const struct digest *sha256, struct error *err) MUST_CHECK;

/* Whether there is a blob of that size, without verifying it. */
bool cache_has_blob(
	const struct cache *cache, const struct digest *sha256, uint64_t size);

/*
 * Reads a ref into buf, which is initialised here and released by the caller
 * whatever the result. 1: found, 0: not there, -1: error. kind: a short word.
 */
int cache_get_ref(const struct cache *cache, const char *kind, const char *key,
	struct buf *buf, struct error *err) MUST_CHECK;
/* text: at most CACHE_REF_MAX bytes. */
int cache_put_ref(const struct cache *cache, const char *kind, const char *key,
	struct slice text, struct error *err) MUST_CHECK;

/*
 * The partial file of a download, locked until cache_release_partial():
 * another process that wants the same one waits (and finds the blob when the
 * first is done, so look again afterwards). Who locks several must do so in
 * bytewise order of the keys, each once. *cancel (may be NULL) going non-zero
 * ends the waiting (ERROR_INTERRUPTED). The lock is on the file itself (flock):
 * it ends with the process.
 */
struct cache_partial {
	char *path; /* owned */
	int lock_fd;
};
int cache_lock_partial(const struct cache *cache, const char *key,
	struct cache_partial *partial, const volatile int *cancel,
	struct error *err) MUST_CHECK;
/* Moves the complete download in as the blob of that digest. */
int cache_adopt_partial(const struct cache *cache,
	struct cache_partial *partial, const struct digest *sha256,
	struct error *err) MUST_CHECK;
/* Unlocks; bytes that are there stay for the next one, an empty file goes. */
void cache_release_partial(struct cache_partial *partial);

struct cache_usage {
	uint64_t blobs, refs, partials;	 /* files that are there */
	uint64_t bytes;			 /* of all of them */
	uint64_t removed, removed_bytes; /* by a prune */
};
int cache_measure(const struct cache *cache, struct cache_usage *usage,
	struct error *err) MUST_CHECK;
/*
 * Removes what was not used for max_age seconds (0: everything) except for
 * downloads under way, and what killed processes left.
 */
int cache_prune(const struct cache *cache, int64_t max_age,
	struct cache_usage *usage, struct error *err) MUST_CHECK;

#endif
