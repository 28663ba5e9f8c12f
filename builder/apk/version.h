/* SPDX-License-Identifier: MIT
 *
 * version: apk's version numbers and their order (apk-tools 3 version.c;
 * apk-package(5)): digits(.digits)*[a-z]?(_suffix digits?)*(~hex+)?(-r digits)?
 *
 * A missing version (of an unversioned provide) is the empty slice: invalid,
 * smaller than every real version, equal to another missing one.
 */
#ifndef APK_VERSION_H
#define APK_VERSION_H

#include <stdbool.h>

#include "base/slice.h"

/* Bits: the result of a comparison and the operators of a dependency. */
#define VERSION_EQUAL 1u
#define VERSION_LESS 2u
#define VERSION_GREATER 4u
#define VERSION_FUZZY 8u /* "~": equal as far as the right one goes */

bool version_is_valid(struct slice version);
/* One of EQUAL, LESS, GREATER: what `a` is to `b`. */
unsigned version_compare(struct slice a, struct slice b);
/* Whether "a op b" holds; op is a set of the bits above. */
bool version_matches(struct slice a, unsigned op, struct slice b);

/*
 * Cuts "name-1.2-r3" at the last '-' that a digit follows; false (and nothing
 * is set) when there is none or no name before it. "-r3" belongs to the
 * version.
 */
bool version_split(
	struct slice text, struct slice *name, struct slice *version);

#endif
