/* SPDX-License-Identifier: MIT
 *
 * package_fetch: the .apk files of sets into the cache. Each is verified as a
 * whole (apk/package_file.h, apk/package_data.h) before it or anything of it
 * gets there; its data tar is kept uncompressed.
 */
#ifndef BUILD_PACKAGE_FETCH_H
#define BUILD_PACKAGE_FETCH_H

#include "build/fetch.h"
#include "build/package_set.h"

/* All packages of several sets, in one go. */
int package_sets_fetch(struct package_set *const *sets, size_t n,
	const struct fetch_options *options, struct error *err) MUST_CHECK;

/* The same, but the records of a set that need not be remembered are left to
 * package_sets_read(): they are not needed where nothing changed. */
int package_sets_find(struct package_set *const *sets, size_t n,
	const struct fetch_options *options, struct error *err) MUST_CHECK;

/* Reads the records of those that have none yet. What turns out to be damaged
 * is fetched again. */
int package_sets_read(struct package_set *const *sets, size_t n,
	const struct fetch_options *options, struct error *err) MUST_CHECK;

#endif
