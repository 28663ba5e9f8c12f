/* SPDX-License-Identifier: MIT
 *
 * fetch_document: small text files of a mirror. Online they are always
 * fetched anew, and the cache keeps a copy (ref "url") that is used only
 * offline: a copy never stands in silently for a mirror that fails.
 */
#ifndef BUILD_FETCH_DOCUMENT_H
#define BUILD_FETCH_DOCUMENT_H

#include "build/fetch.h"

enum document_need { DOCUMENT_REQUIRED, DOCUMENT_OPTIONAL };

struct document {
	const char *url_path; /* borrowed */
	enum document_need need;
	/* filled in */
	bool found;
	struct buf text; /* owned */
};

struct document_list {
	struct document *items;
	size_t n, cap;
};

/*
 * Asks for a document, once; its index in the list. It is optional only if
 * all who ask for it say so.
 */
size_t document_list_add(struct document_list *list, const char *url_path,
	enum document_need need);
void document_list_release(struct document_list *list);

/*
 * Fetches all of them. Errors as of fetch_resolve(): for one that is not
 * optional also ERROR_NOT_FOUND.
 */
int document_list_fetch(struct document_list *list,
	const struct fetch_options *options, struct error *err) MUST_CHECK;

#endif
