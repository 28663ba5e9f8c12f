/* SPDX-License-Identifier: MIT */
#include "io/outfile.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/slice.h"

/* Small writes (tar headers, JSON) are gathered to this many bytes. */
#define BUFFER_SIZE ((size_t)128 * 1024)
#define RANDOM_BYTES 6
#define RANDOM_DIGITS (2 * RANDOM_BYTES)
/* Of the destination's name in the temporary's, to stay below NAME_MAX. */
#define STEM_MAX 200
#define OPEN_TRIES 100
#define SUFFIX ".tmp"

/* errno as an error; a full disk comes with the remedy. */
static int io_error(const char *what, const char *path, struct error *err)
{
	if (errno == ENOSPC || errno == EDQUOT)
		return error_set(err, ERROR_IO,
			"%s %s: %s: free some space or choose another "
			"--output or --cache",
			what, path, strerror(errno));
	return error_errno(err, "%s %s", what, path);
}

/* Folder of a path as text that open() understands; the caller frees. */
static char *folder_of(const char *path)
{
	struct slice parent = path_parent(path);

	if (!parent.len)
		return memory_strdup(path[0] == '/' ? "/" : ".");
	return slice_dup(parent);
}

static int tmp_name(const char *path, char **out, struct error *err)
{
	SCOPED_FREE char *dir = folder_of(path);
	SCOPED_FREE char *name = NULL;
	uint8_t r[RANDOM_BYTES];

	if (getentropy(r, sizeof(r)))
		return error_errno(err, "get random bytes");
	name = memory_printf(".%.*s.%02x%02x%02x%02x%02x%02x" SUFFIX, STEM_MAX,
		path_base(path), r[0], r[1], r[2], r[3], r[4], r[5]);
	*out = path_join(dir, name);
	return 0;
}

/*
 * 1: the temporary is ours and locked; 0: it was swept between its creation
 * and the lock, another try is needed; -1: error.
 */
static int try_open(struct outfile *out, struct error *err)
{
	struct stat st;

	if (tmp_name(out->path, &out->tmp, err))
		return -1;
	out->fd = open(out->tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (out->fd < 0) {
		int failed =
			errno == EEXIST ? 0 : io_error("create", out->tmp, err);

		free(scope_take(out->tmp));
		return failed;
	}
	if (flock(out->fd, LOCK_EX) || fstat(out->fd, &st))
		return io_error("lock", out->tmp, err);
	if (st.st_nlink)
		return 1;
	close(scope_take_fd(out->fd));
	free(scope_take(out->tmp));
	return 0;
}

static int flush(struct outfile *out, struct error *err)
{
	size_t n = out->used;
	struct error cause;

	out->used = 0;
	if (!file_write_all(out->fd, out->buffer, n, &cause))
		return 0;
	return io_error("write", out->path, err);
}

static int outfile_write_sink(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	struct outfile *out = (struct outfile *)sink;
	struct error cause;

	if (n > BUFFER_SIZE - out->used && flush(out, err))
		return -1;
	if (n < BUFFER_SIZE) {
		memcpy(out->buffer + out->used, p, n);
		out->used += n;
		return 0;
	}
	if (!file_write_all(out->fd, p, n, &cause))
		return 0;
	return io_error("write", out->path, err);
}

static int outfile_close_sink(struct sink *sink, struct error *err)
{
	return flush((struct outfile *)sink, err);
}

int outfile_open(struct outfile *out, const char *path, struct error *err)
{
	static const struct sink_ops ops = {
		.write = outfile_write_sink,
		.close = outfile_close_sink,
	};

	memset(out, 0, sizeof(*out));
	out->fd = -1;
	sink_init(&out->sink, &ops);
	out->path = memory_strdup(path);
	out->buffer = memory_alloc(BUFFER_SIZE);
	for (int i = 0; i < OPEN_TRIES; i++) {
		int opened = try_open(out, err);

		if (opened)
			return opened < 0 ? -1 : 0;
	}
	return error_set(err, ERROR_IO,
		"create %s: its temporaries are removed again and again", path);
}

int outfile_patch(struct outfile *out, uint64_t offset, const void *p, size_t n,
	struct error *err)
{
	const char *from = p;

	assert(offset <= out->sink.size && n <= out->sink.size - offset);
	if (sink_check(&out->sink, err) || flush(out, err))
		return -1;
	while (n) {
		ssize_t put = pwrite(out->fd, from, n, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return io_error("write", out->path, err);
		from += put;
		offset += (uint64_t)put;
		n -= (size_t)put;
	}
	return 0;
}

int outfile_flush(struct outfile *out, struct error *err)
{
	return sink_check(&out->sink, err) || flush(out, err) ? -1 : 0;
}

static int sync_folder(const char *path, struct error *err)
{
	SCOPED_FREE char *dir = folder_of(path);
	SCOPED_FD int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* A folder that may be written but not read cannot be synced. */
	if (fd < 0)
		return errno == EACCES ? 0 : io_error("open", dir, err);
	/* EINVAL: the file system has no such thing. */
	if (fsync(fd) && errno != EINVAL)
		return io_error("sync", dir, err);
	return 0;
}

static int finish_bytes(struct outfile *out, struct error *err)
{
	if (sink_close(&out->sink, err))
		return -1;
	if (fsync(out->fd))
		return io_error("sync", out->path, err);
	return 0;
}

int outfile_commit_as(struct outfile *out, const char *path, struct error *err)
{
	if (finish_bytes(out, err))
		return -1;
	if (rename(out->tmp, path))
		return io_error("rename to", path, err);
	free(scope_take(out->tmp));
	return sync_folder(path, err);
}

int outfile_commit(struct outfile *out, struct error *err)
{
	return outfile_commit_as(out, out->path, err);
}

void outfile_release(struct outfile *out)
{
	if (out->tmp)
		unlink(out->tmp);
	if (out->fd >= 0)
		close(out->fd);
	free(out->tmp);
	free(out->path);
	free(out->buffer);
	out->tmp = out->path = out->buffer = NULL;
	out->fd = -1;
}

/* ".<name>.<12 hex digits>.tmp" */
static bool is_tmp_name(struct slice name)
{
	const size_t tail = 1 + RANDOM_DIGITS + strlen(SUFFIX);
	struct slice random;
	uint64_t value;

	if (name.len < tail + 2 || name.ptr[0] != '.' ||
		!slice_ends(name, SUFFIX) || name.ptr[name.len - tail] != '.')
		return false;
	random = slice_make(name.ptr + name.len - tail + 1, RANDOM_DIGITS);
	return slice_to_u64(random, 16, UINT64_MAX, &value) == 0;
}

static void sweep_file(int dir, const char *name)
{
	SCOPED_FD int fd =
		openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		unlinkat(dir, name, 0);
}

void outfile_sweep(const char *dir)
{
	DIR *handle = opendir(dir);
	struct dirent *entry;

	if (!handle)
		return;
	while ((entry = readdir(handle))) {
		if (is_tmp_name(slice_of(entry->d_name)))
			sweep_file(dirfd(handle), entry->d_name);
	}
	closedir(handle);
}

static int commit_unsynced(struct outfile *out, struct error *err)
{
	if (sink_close(&out->sink, err))
		return -1;
	if (rename(out->tmp, out->path))
		return io_error("rename to", out->path, err);
	free(scope_take(out->tmp));
	return 0;
}

typedef int commit_fn(struct outfile *out, struct error *err);

static int write_whole(const char *path, struct slice bytes, commit_fn *commit,
	struct error *err)
{
	struct outfile out;
	int failed = outfile_open(&out, path, err);

	if (!failed) {
		sink_write(&out.sink, bytes.ptr, bytes.len);
		failed = commit(&out, err);
	}
	outfile_release(&out);
	return failed;
}

int outfile_write(const char *path, const void *p, size_t n, struct error *err)
{
	return write_whole(path, slice_make(p, n), outfile_commit, err);
}

int outfile_replace(
	const char *path, const void *p, size_t n, struct error *err)
{
	return write_whole(path, slice_make(p, n), commit_unsynced, err);
}
