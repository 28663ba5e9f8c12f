/* SPDX-License-Identifier: MIT
 *
 * fetch_download: files from the mirrors into locked partial files of the
 * cache: what documents and minirootfs have in common.
 */
#ifndef BUILD_FETCH_DOWNLOAD_H
#define BUILD_FETCH_DOWNLOAD_H

#include "build/fetch.h"

struct fetch_download {
	char *key;	  /* of the partial file; owned */
	const char *name; /* for people: the url_path or shorter; borrowed */
	struct cache_partial partial;
	char **urls; /* one for each mirror, owned */
	size_t nurls;
	struct transfer transfer; /* limits and digest: set by the caller */
};

/* url_path: below each mirror, or a URL, which is no mirror's. owned_key:
 * unique among the downloads. */
void fetch_download_init(struct fetch_download *d,
	const struct fetch_options *options, const char *url_path,
	char *owned_key);
/* Unlocks the partial file too. */
void fetch_download_release(struct fetch_download *d);

/* Locks the partial files of all, in the order that avoids deadlocks. */
int fetch_downloads_lock(struct fetch_download *const *list, size_t n,
	const struct fetch_options *options, struct error *err) MUST_CHECK;

/*
 * Downloads all of them. On failure (the first one's error, with the
 * remedies) each transfer's own result still tells what became of it.
 */
int fetch_downloads_run(struct fetch_download *const *list, size_t n,
	const struct fetch_options *options, struct error *err) MUST_CHECK;

/*
 * Adds a line "  text" to an error, or what the user can do about a failed
 * fetch of its kind. Where the text is full, lines before go, not the new one.
 */
void fetch_add_line(struct error *err, const char *text);
void fetch_add_remedy(struct error *err);

#endif
