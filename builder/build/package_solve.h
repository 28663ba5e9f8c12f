/* SPDX-License-Identifier: MIT
 *
 * package_solve: the steps of one set, from the minirootfs, the indexes and
 * the manifest's words.
 */
#ifndef BUILD_PACKAGE_SOLVE_H
#define BUILD_PACKAGE_SOLVE_H

#include "build/index_fetch.h"
#include "build/package_keep.h"
#include "build/packages.h"

/* What a choice depends on. */
struct package_choice {
	struct package_set *set;
	const struct arch *arch;
	const struct input *input; /* the minirootfs; its data tar is there */
	const char *branch;	   /* "v3.18" */
	const struct index_sources *sources;
	const size_t *numbers; /* of the set's repositories in the sources */
	const struct packages_options *options;
};

/* Reads minirootfs, keys and indexes, solves, fills in the set. */
int package_choose(
	const struct package_choice *choice, struct error *err) MUST_CHECK;
/* Names all that the choice depends on. malloc'd hex. */
char *package_choice_key(
	const struct package_choice *choice, struct error *err) MUST_CHECK;

/* Where a package of a repository is: below a mirror, or its URL. */
const char *package_path(const struct repository *repository,
	const char *branch, const struct package *pkg, struct arena *arena);

#endif
