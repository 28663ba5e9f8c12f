/* SPDX-License-Identifier: MIT
 *
 * package_keep: solving so that what was locked stays, as far as the wants
 * allow: the locked packages count as installed, which apk's choice prefers;
 * then the transaction from the minirootfs to that result is put in order.
 */
#ifndef BUILD_PACKAGE_KEEP_H
#define BUILD_PACKAGE_KEEP_H

#include "apk/solve.h"
#include "build/package_set.h"

struct package_keep {
	const struct package_set *locked; /* fetched: its records are known */
	const struct string_list *move;	  /* names that may change anyway */
};

/*
 * Carries out the locked steps on the records of a database (which is
 * changed), without the packages that may move.
 */
int package_keep_apply(const struct package_keep *keep, struct installed *db,
	struct error *err) MUST_CHECK;

/* What solving on top of the locked packages gave. */
struct package_kept {
	struct solution solution;
	struct installed *db; /* with the locked packages */
};

/*
 * The same final packages as one transaction from what `request` has
 * installed; its repositories are set: one for each tag.
 */
int package_keep_order(const struct package_kept *kept,
	struct solve_request *request, struct arena *arena,
	struct solution *out, struct error *err) MUST_CHECK;

/* The locked item of that very package; NULL: it is new. */
const struct package_input *package_keep_find(
	const struct package_keep *keep, const struct package *pkg);

#endif
