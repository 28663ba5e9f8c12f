/* SPDX-License-Identifier: MIT
 *
 * package_tars: the data tars of a set's packages, checked by a thread of
 * their own while the image is made of them, as build/base_tar.h does with
 * the minirootfs: package_tars_check() must be asked before anything that was
 * made of them is published. They stay open until package_tars_release(), so
 * that what is checked is what is used even when another process repairs the
 * cache meanwhile.
 */
#ifndef BUILD_PACKAGE_TARS_H
#define BUILD_PACKAGE_TARS_H

#include <pthread.h>

#include "build/fetch.h"
#include "build/package_set.h"
#include "tree/content.h"

struct package_tars {
	/* One for each item of the set, owned; steps without a file have none
	   (no path, fd -1). */
	struct content_file *files;
	/* private */
	const struct package_set *set;
	const struct cache *cache;
	pthread_t thread;
	bool is_running; /* the thread has to be joined */
	int outcome;	 /* of cache_check_blob() */
	struct error error;
};

/*
 * Finds the files, which are fetched again when they vanished, and starts the
 * check. package_tars_release() is due in any case. A NULL set has none.
 */
int package_tars_open(struct package_tars *tars, struct package_set *set,
	const struct fetch_options *options, struct error *err) MUST_CHECK;
/* Waits for the check. 1: good; 0: one was corrupt: said and removed; -1. */
int package_tars_check(struct package_tars *tars, struct error *err) MUST_CHECK;
void package_tars_release(struct package_tars *tars);

#endif
