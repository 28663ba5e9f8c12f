/* SPDX-License-Identifier: MIT */
#include "io/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/memory.h"
#include "base/path.h"

enum part { PART_BLOBS, PART_REFS, PART_PARTIALS };

/* What is done with the files of a cache. */
struct sweep {
	struct cache_usage *usage;
	bool prunes;
	time_t before; /* last used before it: removed */
};

static void count(
	struct cache_usage *usage, enum part part, const struct stat *st)
{
	uint64_t *const counters[] = {
		[PART_BLOBS] = &usage->blobs,
		[PART_REFS] = &usage->refs,
		[PART_PARTIALS] = &usage->partials,
	};

	(*counters[part])++;
	usage->bytes += (uint64_t)st->st_size;
}

/*
 * A download under way holds the lock of its partial file. Whoever waits for
 * the lock looks whether the file is still there, so that it may be removed
 * while *fd holds it.
 */
static bool is_under_way(enum part part, const char *path, int *fd)
{
	if (part != PART_PARTIALS)
		return false;
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return *fd >= 0 && flock(*fd, LOCK_EX | LOCK_NB) &&
	       errno == EWOULDBLOCK;
}

static int visit(const struct sweep *sweep, enum part part, const char *path,
	struct error *err)
{
	SCOPED_FD int fd = -1;
	struct stat st;

	/* Another process may have removed or renamed it meanwhile. */
	if (lstat(path, &st) || !S_ISREG(st.st_mode))
		return 0;
	if (!sweep->prunes || st.st_mtime >= sweep->before ||
		is_under_way(part, path, &fd)) {
		count(sweep->usage, part, &st);
		return 0;
	}
	if (unlink(path) && errno != ENOENT)
		return error_errno(err, "cache: remove %s", path);
	sweep->usage->removed++;
	sweep->usage->removed_bytes += (uint64_t)st.st_size;
	return 0;
}

static DIR *open_folder(const char *path, struct error *err)
{
	DIR *dir = opendir(path);

	if (!dir)
		error_errno(err, "cache: read %s", path);
	return dir;
}

static void close_folder(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int visit_folder(const struct sweep *sweep, enum part part,
	const char *path, struct error *err)
{
	DIR *dir CLEANUP(close_folder) = NULL;
	const struct dirent *entry;

	if (sweep->prunes)
		outfile_sweep(path);
	dir = open_folder(path, err);
	if (!dir)
		return err->kind == ERROR_NOT_FOUND ? 0 : -1;
	while ((entry = readdir(dir))) {
		SCOPED_FREE char *file = path_join(path, entry->d_name);

		/* A temporary that outfile_sweep() left is being written. */
		if (entry->d_name[0] != '.' && visit(sweep, part, file, err))
			return -1;
	}
	return 0;
}

/* refs/ has a folder for each kind. */
static int visit_refs(
	const struct sweep *sweep, const char *path, struct error *err)
{
	DIR *dir CLEANUP(close_folder) = open_folder(path, err);
	const struct dirent *entry;

	if (!dir)
		return err->kind == ERROR_NOT_FOUND ? 0 : -1;
	while ((entry = readdir(dir))) {
		SCOPED_FREE char *kind = path_join(path, entry->d_name);

		if (entry->d_name[0] != '.' &&
			visit_folder(sweep, PART_REFS, kind, err))
			return -1;
	}
	return 0;
}

static int visit_all(
	const struct cache *cache, const struct sweep *sweep, struct error *err)
{
	SCOPED_FREE char *blobs = path_join(cache->root, "blobs/sha256");
	SCOPED_FREE char *refs = path_join(cache->root, "refs");
	SCOPED_FREE char *partial = path_join(cache->root, "partial");

	if (visit_folder(sweep, PART_BLOBS, blobs, err) ||
		visit_refs(sweep, refs, err))
		return -1;
	return visit_folder(sweep, PART_PARTIALS, partial, err);
}

int cache_measure(
	const struct cache *cache, struct cache_usage *usage, struct error *err)
{
	struct sweep sweep = { .usage = usage };

	memset(usage, 0, sizeof(*usage));
	return visit_all(cache, &sweep, err);
}

int cache_prune(const struct cache *cache, int64_t max_age,
	struct cache_usage *usage, struct error *err)
{
	time_t now = time(NULL);
	struct sweep sweep = {
		.usage = usage,
		.prunes = true,
		/* Everything: also what seems to come from the future. */
		.before = max_age ? now - max_age : INT64_MAX,
	};

	memset(usage, 0, sizeof(*usage));
	return visit_all(cache, &sweep, err);
}
