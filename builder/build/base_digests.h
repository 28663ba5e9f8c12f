/* SPDX-License-Identifier: MIT
 *
 * base_digests: the SHA-1 of what the minirootfs' files hold, remembered for
 * the report of each build (rootfs/audit.h), which would have to read all of
 * them otherwise. The package database has SHA-1, nothing is trusted for it.
 *
 * Ref in the cache: "contents" (SHA-256 of a data tar -> a line "offset size
 * sha1" for each extent of it, in ascending order of the offset). One that is
 * damaged counts as not there. One that is forged spoils the report's list of
 * who changed what, never an image: those are not made of it.
 */
#ifndef BUILD_BASE_DIGESTS_H
#define BUILD_BASE_DIGESTS_H

#include "build/base_tar.h"
#include "tree/tree.h"

struct base_digest; /* of one extent */

/* All zeros is an empty one. */
struct base_digests {
	const struct base_tar *tar; /* borrowed */
	struct base_digest *items;  /* owned */
	size_t n, cap;
	size_t nknown; /* the first ones, sorted: those of the cache */
	struct content_reader reader;
};

/* With what the cache knows of the tar. base_digests_release() is due. */
void base_digests_init(
	struct base_digests *digests, const struct base_tar *tar);
void base_digests_release(struct base_digests *digests);

/* As an audit_digest_fn, with struct base_digests as ctx: looks the digest up
 * or reads the content and notes it. */
int base_digests_find(const struct node *node, enum digest_kind kind,
	struct digest *digest, void *ctx, struct error *err) MUST_CHECK;

/* Has the cache remember what was noted, once base_tar_check() said that the
 * tar is good. A cache that cannot be written is no error. */
void base_digests_keep(struct base_digests *digests);

#endif
