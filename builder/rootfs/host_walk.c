/* SPDX-License-Identifier: MIT */
#include "rootfs/host_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/path.h"
#include "tree/tree.h"

struct walk {
	host_walk_fn *fn;
	void *ctx;
	const char *dir;
	struct buf path; /* below dir */
	unsigned depth;
};

struct names {
	char **items; /* owned, and each name too */
	size_t n, cap;
};

static void names_release(struct names *names)
{
	while (names->n)
		free(names->items[--names->n]);
	free(names->items);
}

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int cmp_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *where(const struct walk *walk)
{
	return walk->path.len ? walk->path.data : "its top folder";
}

static int read_names(
	struct walk *walk, DIR *dir, struct names *names, struct error *err)
{
	const struct dirent *entry;

	while ((errno = 0, entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		names->items = memory_grow(names->items, names->n, &names->cap,
			sizeof(*names->items));
		names->items[names->n++] = memory_strdup(name);
	}
	if (errno)
		return error_errno(
			err, "%s: cannot list %s", walk->dir, where(walk));
	if (names->n)
		qsort(names->items, names->n, sizeof(*names->items), cmp_names);
	return 0;
}

static int walk_folder(struct walk *walk, int fd, struct error *err);

static int enter(
	struct walk *walk, int dirfd, const char *name, struct error *err)
{
	int fd, rc;

	if (walk->depth == TREE_DEPTH_MAX)
		return error_set(err, ERROR_INPUT,
			"%s: %s lies deeper than %d folders", walk->dir,
			where(walk), TREE_DEPTH_MAX);
	fd = openat(
		dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_errno(
			err, "%s: cannot open %s", walk->dir, where(walk));
	walk->depth++;
	rc = walk_folder(walk, fd, err);
	walk->depth--;
	return rc;
}

static int visit(
	struct walk *walk, int dirfd, const char *name, struct error *err)
{
	struct host_entry entry = {
		.path = walk->path.data, .name = name, .dirfd = dirfd
	};
	enum host_walk_next next;

	if (walk->path.overflow)
		return error_set(err, ERROR_INPUT,
			"%s: %s: a path below it has %d bytes or more",
			walk->dir, where(walk), PATH_TEXT_MAX);
	if (fstatat(dirfd, name, &entry.st, AT_SYMLINK_NOFOLLOW))
		return error_errno(
			err, "%s: cannot stat %s", walk->dir, where(walk));
	next = walk->fn(&entry, walk->ctx, err);
	if (next == HOST_WALK_FAIL)
		return -1;
	if (next == HOST_WALK_SKIP || !S_ISDIR(entry.st.st_mode))
		return 0;
	return enter(walk, dirfd, name, err);
}

/* Takes the descriptor over. */
static int walk_folder(struct walk *walk, int fd, struct error *err)
{
	CLEANUP(names_release) struct names names = { .n = 0 };
	CLEANUP(close_dir) DIR *dir = fdopendir(fd);
	size_t len = walk->path.len;

	if (!dir) {
		close(fd);
		return error_errno(
			err, "%s: cannot open %s", walk->dir, where(walk));
	}
	if (read_names(walk, dir, &names, err))
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		if (len)
			buf_add(&walk->path, "/", 1);
		buf_add_str(&walk->path, names.items[i]);
		if (visit(walk, fd, names.items[i], err))
			return -1;
		buf_truncate(&walk->path, len);
	}
	return 0;
}

int host_walk(const char *dir, host_walk_fn *fn, void *ctx, struct error *err)
{
	struct walk walk = { .fn = fn, .ctx = ctx, .dir = dir };
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return error_set(
			err, ERROR_NOT_FOUND, "there is no folder %s", dir);
	if (fd < 0)
		return error_errno(err, "cannot open %s", dir);
	buf_init(&walk.path, PATH_TEXT_MAX);
	rc = walk_folder(&walk, fd, err);
	buf_release(&walk.path);
	return rc;
}
