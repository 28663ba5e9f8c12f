/* SPDX-License-Identifier: MIT */
#include "tree/content_windows.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

#define SMALL_MAX ((uint64_t)8 * 1024)	/* bytes of an extent */
#define ALIGNMENT ((uint64_t)16 * 1024) /* of windows: a look back, too */

void content_windows_release(struct content_windows *windows)
{
	for (size_t i = 0; i < CONTENT_WINDOWS; i++)
		free(windows->items[i].bytes);
	memset(windows, 0, sizeof(*windows));
}

static bool is_suitable(const struct content *extent)
{
	const struct content_file *file = extent->file;

	return extent->kind == CONTENT_EXTENT && extent->size <= SMALL_MAX &&
	       file->fd >= 0 && file->mtime_ns == CONTENT_TIME_ANY &&
	       extent->offset <= file->size &&
	       extent->size <= file->size - extent->offset;
}

static const char *find(
	const struct content_windows *windows, const struct content *extent)
{
	for (size_t i = 0; i < CONTENT_WINDOWS; i++) {
		const struct content_window *w = &windows->items[i];

		if (w->file == extent->file && extent->offset >= w->at &&
			extent->offset + extent->size <= w->at + w->n)
			return w->bytes + (extent->offset - w->at);
	}
	return NULL;
}

/* The one that was filled first makes room. */
static int fill(struct content_windows *windows, const struct content *extent,
	struct error *err)
{
	struct content_window *w = &windows->items[windows->next];
	const struct content_file *file = extent->file;
	uint64_t at = extent->offset - extent->offset % ALIGNMENT;
	uint64_t left = file->size - at;

	windows->next = (windows->next + 1) % CONTENT_WINDOWS;
	if (!w->bytes)
		w->bytes = memory_alloc(CONTENT_WINDOW_SIZE);
	w->file = NULL;
	w->at = at;
	w->n = left < CONTENT_WINDOW_SIZE ? (size_t)left : CONTENT_WINDOW_SIZE;
	if (file_pread_all(file->fd, w->bytes, w->n, (long long)w->at, err))
		return error_wrap(err, "%s", file->path);
	w->file = file;
	return 0;
}

int content_windows_find(struct content_windows *windows,
	const struct content *extent, const char **bytes, struct error *err)
{
	*bytes = NULL;
	if (!is_suitable(extent))
		return 0;
	*bytes = find(windows, extent);
	if (*bytes)
		return 0;
	if (fill(windows, extent, err))
		return -1;
	*bytes = find(windows, extent);
	return 0;
}
