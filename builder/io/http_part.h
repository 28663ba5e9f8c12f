/* SPDX-License-Identifier: MIT
 *
 * http_part: the partial file of one download. Its digests run along with
 * the bytes, so that a complete file needs no second reading, and what an
 * earlier try (of this process or of a killed one) left is hashed once when
 * it is opened. Beside it, "<path>.meta" remembers which URL the bytes came
 * from and the validator (RFC 9110, 8.8: ETag or Last-Modified) for If-Range.
 */
#ifndef IO_HTTP_PART_H
#define IO_HTTP_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "io/digest.h"

#define HTTP_VALIDATOR_MAX 512 /* bytes; a longer one is not kept */

struct http_part {
	const char *path; /* borrowed */
	char *meta;	  /* path of the sidecar; owned */
	int fd;
	uint64_t size;	  /* bytes in the file */
	uint64_t foreign; /* of them, not from the answer under way */
	enum digest_kind want;
	struct digester *sha256; /* owned, fed with all bytes so far */
	struct digester *sha512; /* owned; NULL unless want says so */
	char *url;		 /* the bytes' source; owned, NULL: not known */
	char *validator;	 /* for If-Range; owned, NULL: none */
};

/*
 * Opens or creates the file. want: the kind of digest that is expected (NONE
 * is allowed). A file larger than max is emptied.
 */
int http_part_open(struct http_part *part, const char *path,
	enum digest_kind want, uint64_t max, struct error *err) MUST_CHECK;
/* Closes; the files stay. Safe on a struct that was not opened. */
void http_part_release(struct http_part *part);

int http_part_write(struct http_part *part, const void *p, size_t n,
	struct error *err) MUST_CHECK;
/* Drops all bytes and what is known of their source. */
int http_part_restart(struct http_part *part, struct error *err) MUST_CHECK;
/*
 * A new answer starts: what is in the file counts as foreign. Into an empty
 * file, url and validator (may be NULL) are remembered as its source.
 */
void http_part_begin(
	struct http_part *part, const char *url, const char *validator);

/*
 * Whether the rest may be asked for at that URL. 1: yes, and *validator is
 * what If-Range must say (NULL: nothing, the digest will tell); 0: start anew.
 */
int http_part_can_resume(
	const struct http_part *part, const char *url, const char **validator);

/* Digests of the whole file; only restart and release may follow. */
void http_part_finish(
	struct http_part *part, struct digest *sha256, struct digest *sha512);
/* Removes the sidecar once the file is complete. */
void http_part_forget(struct http_part *part);

#endif
