/* SPDX-License-Identifier: MIT
 *
 * lock: between lock documents (spec/lock.h) and plans. A lock holds, for
 * each architecture, the transaction with every file's digests; a plan that
 * takes its steps from one reads no index and asks no solver. The same form
 * remembers in the cache what was chosen from which indexes.
 */
#ifndef BUILD_LOCK_H
#define BUILD_LOCK_H

#include "build/packages.h"

/* Where the lock of a manifest is: "manifests/alp_rc.lock.json". */
const char *lock_path(const char *manifest_path, struct arena *arena);

/*
 * The lock of an image whose sets are fetched: it has all that
 * fetch_inputs() and packages_fetch() found out.
 */
int lock_make(struct lock *lock, const struct image_plan *image,
	const struct cache *cache, struct arena *arena,
	struct error *err) MUST_CHECK;

/*
 * Whether the lock answers what the manifest asks now. ERROR_LOCK with the
 * differences, a line each, and the remedy (`alpbuild lock --update`).
 */
int lock_check(const struct lock *lock, const struct image_plan *image,
	struct error *err) MUST_CHECK;

/*
 * Takes minirootfs and packages of every architecture in the plan from the
 * lock: nothing is left to resolve. The lock must outlive the plan.
 */
int lock_apply(const struct lock *lock, struct image_plan *image,
	struct arena *arena, struct error *err) MUST_CHECK;

/* One architecture; strings are shared, not copied. */
int lock_apply_input(struct input *input, const struct lock_arch *from,
	struct arena *arena, struct error *err) MUST_CHECK;
int package_set_from_lock(struct package_set *set, const struct lock_arch *from,
	struct error *err) MUST_CHECK;
void lock_arch_from_set(struct lock_arch *to, const struct package_set *set,
	struct arena *arena);

/*
 * What was chosen before for that key (package_choice_key()). 1: the set is
 * resolved; 0: nothing is known.
 */
int choice_recall(const struct cache *cache, const char *key,
	struct package_set *set, struct error *err) MUST_CHECK;
/* Remembers the choice of a fetched set, if it was made here. */
int choice_remember(const struct cache *cache, struct package_set *set,
	struct error *err) MUST_CHECK;

#endif
