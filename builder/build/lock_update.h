/* SPDX-License-Identifier: MIT
 *
 * lock_update: a new lock that differs from the old one only where it must:
 * where the manifest asks for something else, and for packages that are named.
 */
#ifndef BUILD_LOCK_UPDATE_H
#define BUILD_LOCK_UPDATE_H

#include "build/lock.h"

/*
 * The minirootfs of the lock stays as long as it is of the Alpine that the
 * manifest names: sets it in the plan's inputs, before they are resolved.
 */
int lock_keep_minirootfs(const struct lock *lock, struct image_plan *image,
	struct arena *arena, struct error *err) MUST_CHECK;

/*
 * Resolves the sets of one image anew with the locked packages kept, but for
 * those named in `move`; the minirootfs is in the cache. The files of what is
 * locked are fetched, since their records are not in the indexes any more.
 */
int lock_update(const struct lock *lock, struct image_plan *image,
	const struct string_list *move, const struct packages_options *options,
	struct error *err) MUST_CHECK;

/* One package that is not the same in two locks. */
struct lock_change {
	const char *arch;      /* ours */
	const char *name;      /* of the package, or "minirootfs" */
	const char *from, *to; /* versions; NULL: not there */
};
struct lock_changes {
	struct lock_change *items;
	size_t n, cap;
};
/* By architecture, then name. old may be NULL: everything is new. */
void lock_compare(const struct lock *old, const struct lock *new,
	struct arena *arena, struct lock_changes *out);

#endif
