/* SPDX-License-Identifier: MIT
 *
 * http_header: the few fields of an answer's header that resuming depends on
 * (RFC 9110): Content-Range (14.4), ETag (8.8.3) and Last-Modified (8.8.2).
 */
#ifndef IO_HTTP_HEADER_H
#define IO_HTTP_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "io/http_part.h"

struct http_header {
	bool has_range;	      /* a well-formed Content-Range was there */
	uint64_t range_start; /* offset of the answer's first byte */
	bool has_etag;	      /* validator is a strong ETag */
	char validator[HTTP_VALIDATOR_MAX + 1]; /* "" : none fit for If-Range */
};

/*
 * Takes in one line as it came, with its line end. A status line starts over:
 * what an interim answer or a redirect said does not count.
 */
void http_header_add(struct http_header *header, struct slice line);

#endif
