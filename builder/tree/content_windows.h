/* SPDX-License-Identifier: MIT
 *
 * content_windows: a few pieces of files that are read at once, for who reads
 * many small extents that lie close together, as the files of etc in a data
 * tar do. Only of files that are open and never change under their name.
 */
#ifndef TREE_CONTENT_WINDOWS_H
#define TREE_CONTENT_WINDOWS_H

#include "tree/content.h"

#define CONTENT_WINDOWS 4
#define CONTENT_WINDOW_SIZE ((size_t)64 * 1024)

struct content_window {
	const struct content_file *file; /* NULL: empty */
	uint64_t at;			 /* offset in the file */
	size_t n;			 /* bytes */
	char *bytes;			 /* owned */
};

/* All zeros is an empty one. */
struct content_windows {
	struct content_window items[CONTENT_WINDOWS];
	size_t next; /* the one to fill next */
};

void content_windows_release(struct content_windows *windows);

/* The bytes of an extent, until the next call; *bytes is NULL for what is not
 * small or not such a file. */
int content_windows_find(struct content_windows *windows,
	const struct content *extent, const char **bytes,
	struct error *err) MUST_CHECK;

#endif
