/* SPDX-License-Identifier: MIT
 *
 * repository: indexes by where they are, for who has no manifest and no
 * mirror. A place is "[@TAG=]WHERE" with one of
 *
 *	https://... http://...	a repository, below which are architectures
 *	file:///... or a path	the same on this host
 *	.../x86_64		the folder of the architecture itself
 *	.../APKINDEX.tar.gz	the index itself; any file on this host
 */
#ifndef BUILD_REPOSITORY_H
#define BUILD_REPOSITORY_H

#include "apk/index_file.h"
#include "apk/solve.h"
#include "build/fetch.h"

struct repository_options {
	const char *arch;	    /* Alpine's name */
	const struct keyring *ring; /* NULL: nothing is verified */
	/* its cache is used when a place is remote, its mirrors never */
	const struct fetch_options *fetch;
};

/* ERROR_USAGE: no WHERE, a bad tag or URL. */
int repository_check(const char *place, struct error *err) MUST_CHECK;
/* Whether it has to be downloaded. */
bool repository_is_remote(const char *place);

/*
 * Reads the indexes of all places into list[0..places->n-1], in this order.
 * One that is named twice is read once. All is in the arena. Errors as of
 * fetch_resolve() and index_file_read(), with the place.
 */
int repository_load(struct solve_repository *list,
	const struct string_list *places,
	const struct repository_options *options, struct arena *arena,
	struct error *err) MUST_CHECK;

#endif
