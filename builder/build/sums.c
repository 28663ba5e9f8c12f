/* SPDX-License-Identifier: MIT */
#include "build/sums.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "base/file.h"
#include "base/path.h"
#include "io/outfile.h"

struct line {
	struct slice name;
	char hex[DIGEST_HEX_SIZE];
};

struct lines {
	struct line *items;
	size_t n, cap;
};

static void put(struct lines *lines, struct slice name, struct slice hex)
{
	struct line *line = NULL;

	for (size_t i = 0; i < lines->n; i++) {
		if (slice_eq(lines->items[i].name, name))
			line = &lines->items[i];
	}
	if (!line) {
		lines->items = memory_grow(lines->items, lines->n, &lines->cap,
			sizeof(*lines->items));
		line = &lines->items[lines->n++];
		line->name = name;
	}
	memcpy(line->hex, hex.ptr, hex.len);
	line->hex[hex.len] = '\0';
}

/* Lines that are not ours to understand are dropped. */
static void parse(struct lines *lines, struct slice text, const char *dir)
{
	struct slice line, hex;

	while (slice_cut(&text, '\n', &line)) {
		SCOPED_FREE char *name = NULL, *path = NULL;

		if (!slice_cut(&line, ' ', &hex) || hex.len != 64 ||
			line.len < 2)
			continue;
		line.ptr++;
		line.len--;
		name = slice_dup(line);
		path = path_join(dir, name);
		if (!strchr(name, '/') && file_exists(path))
			put(lines, line, hex);
	}
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *la = a, *lb = b;

	return slice_cmp(la->name, lb->name);
}

static void format(struct lines *lines, struct buf *out)
{
	if (lines->n)
		qsort(lines->items, lines->n, sizeof(*lines->items),
			compare_lines);
	for (size_t i = 0; i < lines->n; i++)
		buf_printf(out, "%s  %.*s\n", lines->items[i].hex,
			SLICE_ARGS(lines->items[i].name));
}

static int update_locked(const char *dir, const char *path,
	const struct image_result *result, struct error *err)
{
	SCOPED_BUF struct buf old = { .max = SUMS_MAX };
	SCOPED_BUF struct buf new = { .max = SUMS_MAX };
	struct lines lines = { 0 };
	char hex[DIGEST_HEX_SIZE];

	if (file_exists(path) && file_read(path, SUMS_MAX, &old, err))
		return -1;
	parse(&lines, buf_slice(&old), dir);
	for (size_t i = 0; i < result->n; i++) {
		const struct output *output = &result->items[i];

		if (output->sha256.kind == DIGEST_SHA256)
			put(&lines, slice_of(output->file),
				slice_of(digest_hex(&output->sha256, hex)));
	}
	format(&lines, &new);
	free(lines.items);
	if (new.overflow)
		return error_set(err, ERROR_IO, "%s: more than %zu bytes", path,
			SUMS_MAX);
	if (slice_eq(buf_slice(&old), buf_slice(&new)))
		return 0;
	return outfile_write(path, new.data, new.len, err);
}

int sums_update(
	const char *dir, const struct image_result *result, struct error *err)
{
	SCOPED_FREE char *path = path_join(dir, SUMS_NAME);
	SCOPED_FD int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, "%s", dir);
	/* Where folders cannot be locked, the last writer wins. */
	(void)flock(fd, LOCK_EX);
	return update_locked(dir, path, result, err);
}
