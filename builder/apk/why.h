/* SPDX-License-Identifier: MIT
 *
 * why: who requires whom among the packages of a finished solution.
 */
#ifndef APK_WHY_H
#define APK_WHY_H

#include "apk/solve.h"

/* One reason why a package is there. */
struct requirement {
	const struct package *by;      /* NULL: the world */
	const struct dependency *word; /* the word of D:, i: or the world */
	bool is_install_if; /* `by` is one of those its own rule names */
};

struct requirement_list {
	struct requirement *items;
	size_t n;
};

/* All reasons for a package, world first, then by package name. */
void why_direct(const struct package *pkg, const struct solution *solution,
	const struct dependency_list *world, struct arena *arena,
	struct requirement_list *out);

/*
 * A shortest chain from the world down to the package: the first item is of
 * the world, each next one says why the package before it needs the next.
 * n is 0 when nothing requires it (it came with the minirootfs).
 */
void why_chain(const struct package *pkg, const struct solution *solution,
	const struct dependency_list *world, struct arena *arena,
	struct requirement_list *out);

#endif
