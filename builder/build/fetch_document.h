/* SPDX-License-Identifier: MIT
 *
 * fetch_document: small text files of a mirror. Online they are always
 * fetched anew, and the cache keeps a copy (ref "url") that is used only
 * offline: a copy never stands in silently for a mirror that fails.
 */
#ifndef BUILD_FETCH_DOCUMENT_H
#define BUILD_FETCH_DOCUMENT_H

#include "build/fetch.h"

enum fetch_need { FETCH_REQUIRED, FETCH_OPTIONAL };

struct fetch_document {
	const char *url_path; /* borrowed */
	enum fetch_need need;
	/* filled in */
	bool found;
	struct buf text; /* owned */
};

struct fetch_documents {
	struct fetch_document *items;
	size_t n, cap;
};

/*
 * Asks for a document, once; its index in the list. It is optional only if
 * all who ask for it say so.
 */
size_t fetch_documents_add(struct fetch_documents *list, const char *url_path,
	enum fetch_need need);
void fetch_documents_release(struct fetch_documents *list);

/*
 * Fetches all of them. Errors as of fetch_resolve(): for one that is not
 * optional also ERROR_NOT_FOUND.
 */
int fetch_documents_get(struct fetch_documents *list,
	const struct fetch_options *options, struct error *err) MUST_CHECK;

#endif
