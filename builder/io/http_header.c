/* SPDX-License-Identifier: MIT */
#include "io/http_header.h"

#include <string.h>
#include <strings.h>

static bool is_field(struct slice name, const char *want)
{
	return name.len == strlen(want) &&
	       !strncasecmp(name.ptr, want, name.len);
}

static void keep_validator(struct http_header *header, struct slice value)
{
	if (!value.len || value.len > HTTP_VALIDATOR_MAX)
		return;
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];

		if (c < 0x20 || c == 0x7f)
			return;
	}
	memcpy(header->validator, value.ptr, value.len);
	header->validator[value.len] = '\0';
}

/* A weak one ("W/...") must not be used with If-Range (RFC 9110, 13.1.5). */
static void take_etag(struct http_header *header, struct slice value)
{
	if (value.len < 2 || value.ptr[0] != '"')
		return;
	keep_validator(header, value);
	header->has_etag = header->validator[0] == '"';
}

/* "bytes 100-199/200" or "bytes 100-199/ *" */
static void take_range(struct http_header *header, struct slice value)
{
	struct slice unit, first, last;
	uint64_t start, end;

	if (!slice_cut(&value, ' ', &unit) || !is_field(unit, "bytes") ||
		!slice_cut(&value, '-', &first) ||
		!slice_cut(&value, '/', &last) || !value.ptr)
		return;
	if (slice_to_u64(first, 10, INT64_MAX, &start) ||
		slice_to_u64(last, 10, INT64_MAX, &end) || end < start)
		return;
	header->has_range = true;
	header->range_start = start;
}

void http_header_add(struct http_header *header, struct slice line)
{
	struct slice name, value = slice_trim(line);

	if (slice_starts(value, "HTTP/")) {
		memset(header, 0, sizeof(*header));
		return;
	}
	if (!slice_cut(&value, ':', &name) || !value.ptr)
		return;
	value = slice_trim(value);
	if (is_field(name, "content-range"))
		take_range(header, value);
	else if (is_field(name, "etag"))
		take_etag(header, value);
	else if (is_field(name, "last-modified") && !header->has_etag)
		keep_validator(header, value);
}
