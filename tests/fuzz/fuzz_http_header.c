/* SPDX-License-Identifier: MIT
 *
 * The lines of an answer's header, and what of it may go into a request.
 */
#include <assert.h>
#include <string.h>

#include "io/http_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_make(data, size), line;
	struct http_header header;
	size_t len;

	memset(&header, 0, sizeof(header));
	while (slice_cut(&rest, '\n', &line))
		http_header_add(&header, line);
	/* It is sent back in If-Range: no line end may be in it. */
	len = strnlen(header.validator, sizeof(header.validator));
	assert(len < sizeof(header.validator));
	for (size_t i = 0; i < len; i++)
		assert((unsigned char)header.validator[i] >= 0x20);
	assert(!header.has_etag || header.validator[0] == '"');
	assert(header.range_start <= INT64_MAX);
	return 0;
}
