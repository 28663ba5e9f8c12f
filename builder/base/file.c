/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/path.h"

#define READ_CHUNK 65536

static int read_into(int fd, struct buf *buf, struct error *err)
{
	SCOPED_FREE char *chunk = memory_alloc(READ_CHUNK);

	for (;;) {
		ssize_t n = read(fd, chunk, READ_CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, "read");
		if (!n)
			return 0;
		buf_add(buf, chunk, (size_t)n);
		if (buf->overflow)
			return error_set(err, ERROR_INPUT,
				"larger than the limit of %zu bytes", buf->max);
	}
}

int file_read(const char *path, size_t max, struct buf *buf, struct error *err)
{
	/* Not to wait for the other end of a fifo. */
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	buf_init(buf, max);
	if (fd < 0 || fstat(fd, &st))
		return error_errno(err, "%s", path);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return error_set(
			err, ERROR_INPUT, "%s is not a regular file", path);
	buf_add(buf, "", 0);
	if (read_into(fd, buf, err)) {
		buf_release(buf);
		return error_wrap(err, "%s", path);
	}
	return 0;
}

bool file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool file_is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int file_mkdirs(const char *path, struct error *err)
{
	SCOPED_FREE char *text = memory_strdup(path);

	/* Mostly it is there, or its parent is. */
	if (file_is_directory(path) || !mkdir(path, 0777))
		return 0;
	for (char *p = text + 1; *text; p++) {
		char end = *p;

		if (end != '/' && end != '\0')
			continue;
		*p = '\0';
		if (mkdir(text, 0777) && errno != EEXIST)
			return error_errno(err, "create folder %s", text);
		*p = end;
		if (!end)
			break;
	}
	if (*text && !file_is_directory(text))
		return error_set(
			err, ERROR_IO, "create folder %s: not a folder", text);
	return 0;
}

int file_mkdirs_for(const char *path, struct error *err)
{
	struct slice parent = path_parent(path);
	SCOPED_FREE char *dir = NULL;

	if (!parent.len)
		return 0;
	dir = slice_dup(parent);
	return file_mkdirs(dir, err);
}

int file_pread_all(
	int fd, void *p, size_t n, long long offset, struct error *err)
{
	char *to = p;

	while (n) {
		ssize_t got = pread(fd, to, n, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_errno(err, "read");
		if (!got)
			return error_set(err, ERROR_INPUT,
				"file ends at byte %lld, %zu more expected",
				offset, n);
		to += got;
		n -= (size_t)got;
		offset += got;
	}
	return 0;
}

int file_write_all(int fd, const void *p, size_t n, struct error *err)
{
	const char *from = p;

	while (n) {
		ssize_t put = write(fd, from, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return error_errno(err, "write");
		from += put;
		n -= (size_t)put;
	}
	return 0;
}
