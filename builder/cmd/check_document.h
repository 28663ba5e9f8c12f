/* SPDX-License-Identifier: MIT
 *
 * check_document: what `alpbuild check` found in all its files, as text or as
 * one document for machines. docs/checks.md describes the formats.
 */
#ifndef CMD_CHECK_DOCUMENT_H
#define CMD_CHECK_DOCUMENT_H

#include "cmd/check_result.h"
#include "cmd/request.h"

struct check_document {
	enum check_format format;
	const struct routeros_version *asked; /* NULL: all; borrowed */
	const char *path; /* of the file to write; NULL: stdout; borrowed */
	size_t nfiles, nerrors; /* errors: rules of this level, of each file */
	FILE *out;		/* of text: stdout, or what fills `text` */
	char *text;
	size_t size;		      /* bytes of text */
	json_t *items;		      /* files, results or issues; owned */
	json_t *artifacts;	      /* of SARIF: the files; owned */
	struct check_results results; /* of the file that is being added */
};

/* Format, version and file are those of the request; ERROR_USAGE when --json
 * and --format contradict each other. */
int check_document_init(struct check_document *document,
	const struct request *request, struct error *err) MUST_CHECK;
void check_document_release(struct check_document *document);
/* Text goes to stdout at once where it goes there at all. */
void check_document_add(
	struct check_document *document, const struct check *check);
/* The rest of it; a file appears complete or not at all. */
int check_document_write(
	struct check_document *document, struct error *err) MUST_CHECK;

/* One file's part in each format, of the results that were made. */
void check_sarif_add(
	struct check_document *document, const struct check *check);
void check_codeclimate_add(
	struct check_document *document, const struct check *check);
/* docs: where the pages of docs/ are; NULL: not known. */
json_t *check_sarif(const struct check_document *document, const char *docs);

#endif
