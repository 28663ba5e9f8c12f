/* SPDX-License-Identifier: MIT */
#include "cmd/file_uri.h"

#include <string.h>

#include "base/buf.h"

#define URI_MAX ((size_t)1 << 20)
#define UNRESERVED                                                             \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"

const char *file_uri_path(const char *path, struct arena *arena)
{
	SCOPED_BUF struct buf out;
	struct slice rest = slice_of(path), part;

	buf_init(&out, URI_MAX);
	if (*path == '/')
		buf_add_str(&out, "/");
	while (slice_cut(&rest, '/', &part)) {
		if (!part.len || slice_is(part, "."))
			continue;
		if (out.len && out.data[out.len - 1] != '/')
			buf_add_str(&out, "/");
		buf_add_slice(&out, part);
	}
	return out.len ? arena_slice(arena, buf_slice(&out)) : ".";
}

const char *file_uri(const char *path, struct arena *arena)
{
	SCOPED_BUF struct buf out;
	const char *p = file_uri_path(path, arena);

	buf_init(&out, URI_MAX);
	if (*p == '/')
		buf_add_str(&out, "file://");
	for (; *p; p++) {
		if (strchr(UNRESERVED "/", *p))
			buf_add(&out, p, 1);
		else
			buf_printf(&out, "%%%02X", (unsigned char)*p);
	}
	return arena_slice(arena, buf_slice(&out));
}
