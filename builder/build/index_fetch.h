/* SPDX-License-Identifier: MIT
 *
 * index_fetch: the indexes of repositories, each once, in locked partial
 * files until somebody has verified them. Online they are always fetched
 * anew; offline the copy of an earlier run is taken.
 */
#ifndef BUILD_INDEX_FETCH_H
#define BUILD_INDEX_FETCH_H

#include "build/fetch_document.h"
#include "build/fetch_download.h"

struct index_source {
	const char *path; /* below a mirror, or a URL; borrowed */
	bool may_lack;	  /* all who want it can do without */
	/* filled in */
	bool is_missing;
	int fd;		      /* of the file; -1: missing */
	struct digest sha256; /* of the file */
	bool is_kept;	      /* is a blob of the cache: was verified before */
	struct fetch_download download;
};

struct index_sources {
	struct index_source *items;
	size_t n, cap;
};

/* Asks for an index; its number. need: as of fetch_documents_add(). */
size_t index_sources_add(
	struct index_sources *list, const char *path, enum fetch_need need);
int index_sources_fetch(struct index_sources *list,
	const struct fetch_options *options, struct error *err) MUST_CHECK;
/* All were verified: keeps them in the cache. */
int index_sources_keep(struct index_sources *list, const struct cache *cache,
	struct error *err) MUST_CHECK;
/* Drops what was not kept. */
void index_sources_release(struct index_sources *list);

#endif
