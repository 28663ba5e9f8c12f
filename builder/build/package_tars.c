/* SPDX-License-Identifier: MIT */
#include "build/package_tars.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "build/package_fetch.h"

/* 1: good; 0: corrupt; -1. */
static int check_one(struct package_tars *tars, size_t i)
{
	const struct content_file *file = &tars->files[i];
	uint64_t size;

	if (file->fd < 0)
		return 1;
	return cache_check_blob(tars->cache, &tars->set->items[i].tar_digest,
		file->fd, &size, &tars->error);
}

static void *check(void *arg)
{
	struct package_tars *tars = arg;

	/* All of them: each corrupt one is removed, to be made again. */
	for (size_t i = 0; i < tars->set->n && tars->outcome >= 0; i++) {
		int good = 1;

		/* What this process has just written was hashed then. */
		if (tars->set->items[i].from_cache)
			good = check_one(tars, i);
		if (good != 1)
			tars->outcome = good;
	}
	return NULL;
}

static int find_file(struct package_tars *tars, size_t i, struct error *err)
{
	const struct package_input *item = &tars->set->items[i];
	struct content_file *file = &tars->files[i];
	SCOPED_FD int fd = -1;
	char *path;
	int found;

	if (!package_input_has_file(item))
		return 1;
	found = cache_open_unchecked(tars->cache, &item->tar_digest, &fd, err);
	if (found != 1)
		return found;
	path = cache_blob_path(tars->cache, &item->tar_digest);
	if (content_file_init(file, path, fd, err)) {
		free(path);
		return -1;
	}
	file->mtime_ns = CONTENT_TIME_ANY;
	file->ctime_ns = CONTENT_TIME_ANY;
	file->fd = scope_take_fd(fd);
	return 1;
}

static void forget_files(struct package_tars *tars)
{
	for (size_t i = 0; tars->files && i < tars->set->n; i++) {
		/* Ours: content_file only borrows them. */
		free((void *)(uintptr_t)tars->files[i].path);
		tars->files[i].path = NULL;
		if (tars->files[i].fd >= 0)
			close(tars->files[i].fd);
		tars->files[i].fd = -1;
	}
}

static int find_files(struct package_tars *tars, struct error *err)
{
	for (size_t i = 0; i < tars->set->n; i++) {
		int found = find_file(tars, i, err);

		if (found != 1)
			return found;
	}
	return 1;
}

int package_tars_open(struct package_tars *tars, struct package_set *set,
	const struct fetch_options *options, struct error *err)
{
	int found;

	memset(tars, 0, sizeof(*tars));
	tars->outcome = 1;
	if (!set)
		return 0;
	tars->set = set;
	tars->cache = options->cache;
	tars->files = memory_zero(set->n + 1, sizeof(*tars->files));
	for (size_t i = 0; i < set->n; i++)
		tars->files[i].fd = -1;
	found = find_files(tars, err);
	if (!found) {
		forget_files(tars);
		if (package_sets_fetch(&set, 1, options, err))
			return -1;
		found = find_files(tars, err);
	}
	if (!found)
		return error_set(err, ERROR_IO,
			"data tars of packages vanish from the cache again and "
			"again: choose another --cache");
	if (found < 0)
		return -1;
	tars->is_running = !pthread_create(&tars->thread, NULL, check, tars);
	if (!tars->is_running)
		check(tars);
	return 0;
}

int package_tars_check(struct package_tars *tars, struct error *err)
{
	if (tars->is_running)
		pthread_join(tars->thread, NULL);
	tars->is_running = false;
	if (tars->outcome < 0)
		*err = tars->error;
	return tars->outcome;
}

void package_tars_release(struct package_tars *tars)
{
	if (tars->is_running)
		pthread_join(tars->thread, NULL);
	tars->is_running = false;
	forget_files(tars);
	free(tars->files);
	tars->files = NULL;
}
