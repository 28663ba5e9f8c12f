/* SPDX-License-Identifier: MIT
 *
 * base_tar: the data tar that an image is built on, checked by a thread of
 * its own while the image is made of it: base_tar_check() must be asked
 * before anything that was made of it is published. One that this very
 * process has just unpacked was hashed then and is not hashed again.
 */
#ifndef BUILD_BASE_TAR_H
#define BUILD_BASE_TAR_H

#include <pthread.h>

#include "build/fetch.h"

struct base_tar {
	int fd;	    /* open until base_tar_release() */
	char *path; /* for content that is read later; owned */
	/* private */
	const struct input *input;
	const struct cache *cache;
	pthread_t thread;
	bool is_running; /* the thread has to be joined */
	int outcome;	 /* of cache_check_blob() */
	struct error error;
};

/* Opens it and starts the check. base_tar_release() is due in any case. */
int base_tar_open(struct base_tar *tar, const struct input *input,
	const struct fetch_options *options, struct error *err) MUST_CHECK;
/* Waits for the check. 1: good; 0: corrupt: said and removed; -1: error. */
int base_tar_check(struct base_tar *tar, struct error *err) MUST_CHECK;
void base_tar_release(struct base_tar *tar);

#endif
