/* SPDX-License-Identifier: MIT */
#include "oci/outdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"

#define RANDOM_DIGITS 12
#define SUFFIX ".tmp"
#define STEM_MAX 200 /* of the name in the temporary's: below NAME_MAX */
#define CREATE_TRIES 100
#define REMOVE_FDS 16

static void outdir_init(struct outdir *out, const char *path)
{
	struct slice text = slice_of(path), parent;

	while (text.len > 1 && text.ptr[text.len - 1] == '/')
		text.len--;
	out->path = slice_dup(text);
	parent = path_parent(out->path);
	if (parent.len)
		out->folder = slice_dup(parent);
	else
		out->folder = memory_strdup(text.ptr[0] == '/' ? "/" : ".");
	out->tmp = NULL;
	out->lock = -1;
}

static int remove_one(
	const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	if (!remove(path) || errno == ENOENT)
		return 0;
	return -1;
}

static int remove_folder(const char *path, struct error *err)
{
	if (!nftw(path, remove_one, REMOVE_FDS, FTW_DEPTH | FTW_PHYS) ||
		errno == ENOENT)
		return 0;
	return error_errno(err, "remove %s", path);
}

void outdir_release(struct outdir *out)
{
	struct error ignored;

	if (out->tmp && remove_folder(out->tmp, &ignored))
		ignored.kind = ERROR_NONE;
	if (out->lock >= 0)
		close(out->lock);
	free(out->tmp);
	free(out->folder);
	free(out->path);
}

/* ".<name>." at the front of our temporaries; the caller frees. */
static char *tmp_prefix(const struct outdir *out)
{
	return memory_printf(".%.*s.", STEM_MAX, path_base(out->path));
}

static bool is_tmp_name(struct slice name, const char *prefix)
{
	size_t len = strlen(prefix);
	uint64_t value;

	if (name.len != len + RANDOM_DIGITS + strlen(SUFFIX) ||
		!slice_starts(name, prefix) || !slice_ends(name, SUFFIX))
		return false;
	return !slice_to_u64(slice_make(name.ptr + len, RANDOM_DIGITS), 16,
		UINT64_MAX, &value);
}

/* Removes it when nobody holds its lock; silent, as it is only tidying. */
static void sweep_one(const struct outdir *out, const char *name)
{
	SCOPED_FREE char *path = path_join(out->folder, name);
	SCOPED_FD int fd =
		open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct error ignored;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB))
		return;
	if (remove_folder(path, &ignored))
		return;
}

static void sweep(const struct outdir *out)
{
	SCOPED_FREE char *prefix = tmp_prefix(out);
	DIR *dir = opendir(out->folder);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (is_tmp_name(slice_of(entry->d_name), prefix))
			sweep_one(out, entry->d_name);
	}
	closedir(dir);
}

/* A new name that a sweep would know; the caller frees, NULL on failure. */
static char *tmp_path(const struct outdir *out, struct error *err)
{
	SCOPED_FREE char *prefix = tmp_prefix(out);
	SCOPED_FREE char *name = NULL;
	uint8_t r[RANDOM_DIGITS / 2];

	if (getentropy(r, sizeof(r))) {
		error_errno(err, "get random bytes");
		return NULL;
	}
	name = memory_printf("%s%02x%02x%02x%02x%02x%02x" SUFFIX, prefix, r[0],
		r[1], r[2], r[3], r[4], r[5]);
	return path_join(out->folder, name);
}

/* 1: ours and locked; 0: the name is taken or was swept: again; -1. */
static int try_create(struct outdir *out, struct error *err)
{
	struct stat st;

	free(out->tmp);
	out->tmp = tmp_path(out, err);
	if (!out->tmp)
		return -1;
	if (mkdir(out->tmp, 0777)) {
		int failed = errno == EEXIST
				     ? 0
				     : error_errno(err, "create %s", out->tmp);

		free(scope_take(out->tmp));
		return failed;
	}
	out->lock = open(out->tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->lock >= 0 && !flock(out->lock, LOCK_EX) &&
		!fstat(out->lock, &st) && st.st_nlink)
		return 1;
	if (out->lock >= 0)
		close(scope_take_fd(out->lock));
	return 0;
}

int outdir_open(struct outdir *out, const char *path, struct error *err)
{
	outdir_init(out, path);
	sweep(out);
	for (int i = 0; i < CREATE_TRIES; i++) {
		int created = try_create(out, err);

		if (created)
			return created < 0 ? -1 : 0;
	}
	return error_set(err, ERROR_IO,
		"create %s: its temporaries are removed again and again",
		out->path);
}

int outdir_sync(const char *path, struct error *err)
{
	SCOPED_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == EACCES ? 0 : error_errno(err, "open %s", path);
	/* EINVAL: the file system has no such thing. */
	if (fsync(fd) && errno != EINVAL)
		return error_errno(err, "sync %s", path);
	return 0;
}

static int rename_exchange(const char *a, const char *b)
{
#ifdef SYS_renameat2
	const unsigned exchange = 2;

	return (int)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, exchange);
#else
	errno = ENOSYS;
	return -1;
#endif
}

/* Where the file system cannot exchange: the old one steps aside first. */
static int replace_in_steps(const struct outdir *out, struct error *err)
{
	SCOPED_FREE char *aside = tmp_path(out, err);

	if (!aside)
		return -1;
	if (rename(out->path, aside))
		return error_errno(err, "rename %s", out->path);
	if (rename(out->tmp, out->path)) {
		error_errno(err, "rename to %s", out->path);
		if (rename(aside, out->path))
			return error_wrap(err, "the old one is %s", aside);
		return -1;
	}
	return remove_folder(aside, err);
}

static int replace(const struct outdir *out, struct error *err)
{
	if (!rename_exchange(out->tmp, out->path))
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return error_errno(err, "replace %s", out->path);
	return replace_in_steps(out, err);
}

int outdir_commit(struct outdir *out, struct error *err)
{
	struct stat st;

	if (outdir_sync(out->tmp, err))
		return -1;
	if (lstat(out->path, &st) && errno == ENOENT) {
		if (rename(out->tmp, out->path))
			return error_errno(err, "rename to %s", out->path);
	} else if (replace(out, err)) {
		return -1;
	}
	if (outdir_sync(out->folder, err))
		return -1;
	return remove_folder(out->tmp, err);
}
