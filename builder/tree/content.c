/* SPDX-License-Identifier: MIT */
#include "tree/content.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

struct content content_empty(void)
{
	return (struct content){ .kind = CONTENT_EMPTY };
}

struct content content_bytes(const void *p, uint64_t size)
{
	if (!size)
		return content_empty();
	return (struct content){
		.kind = CONTENT_BYTES, .size = size, .bytes = p
	};
}

struct content content_extent(
	const struct content_file *file, uint64_t offset, uint64_t size)
{
	if (!size)
		return content_empty();
	return (struct content){ .kind = CONTENT_EXTENT,
		.size = size,
		.file = file,
		.offset = offset };
}

struct content content_part(
	const struct content *content, uint64_t offset, uint64_t size)
{
	if (offset >= content->size)
		return content_empty();
	if (size > content->size - offset)
		size = content->size - offset;
	if (content->kind == CONTENT_BYTES)
		return content_bytes(
			(const char *)content->bytes + offset, size);
	return content_extent(content->file, content->offset + offset, size);
}

static int64_t nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

int content_file_from_stat(struct content_file *file, const char *path,
	const struct stat *st, struct error *err)
{
	if (!S_ISREG(st->st_mode))
		return error_set(
			err, ERROR_IO, "%s is not a regular file", path);
	*file = (struct content_file){
		.path = path,
		.fd = -1,
		.size = (uint64_t)st->st_size,
		.device = (uint64_t)st->st_dev,
		.inode = (uint64_t)st->st_ino,
		.mtime_ns = nanoseconds(st->st_mtim),
		.ctime_ns = nanoseconds(st->st_ctim),
	};
	return 0;
}

int content_file_init(
	struct content_file *file, const char *path, int fd, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return error_errno(err, "cannot stat %s", path);
	return content_file_from_stat(file, path, &st, err);
}

void content_reader_init(struct content_reader *reader)
{
	reader->file = NULL;
	reader->fd = -1;
	reader->owned_fd = -1;
}

void content_reader_release(struct content_reader *reader)
{
	if (reader->owned_fd >= 0)
		close(reader->owned_fd);
	content_reader_init(reader);
}

static int times_agree(int64_t planned, int64_t now)
{
	return planned == CONTENT_TIME_ANY || planned == now;
}

static int check_identity(
	const struct content_file *planned, int fd, struct error *err)
{
	struct content_file now;

	if (content_file_init(&now, planned->path, fd, err))
		return -1;
	if (now.device == planned->device && now.inode == planned->inode &&
		now.size == planned->size &&
		times_agree(planned->mtime_ns, now.mtime_ns) &&
		times_agree(planned->ctime_ns, now.ctime_ns))
		return 0;
	return error_set(err, ERROR_IO,
		"%s changed since it was looked at, build again when nothing "
		"writes to it",
		planned->path);
}

/* O_NONBLOCK: a fifo that took the file's name must not hang the build. */
static int open_file(struct content_reader *reader,
	const struct content_file *file, struct error *err)
{
	SCOPED_FD int fd = -1;

	if (reader->file == file)
		return 0;
	content_reader_release(reader);
	if (file->fd < 0)
		fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
					      O_NONBLOCK | O_NOCTTY);
	if (file->fd < 0 && fd < 0)
		return error_errno(err, "cannot open %s", file->path);
	/* An open one is the one that was looked at. */
	if (file->fd < 0 && check_identity(file, fd, err))
		return -1;
	reader->file = file;
	reader->owned_fd = scope_take_fd(fd);
	reader->fd = file->fd < 0 ? reader->owned_fd : file->fd;
	return 0;
}

static int open_extent(struct content_reader *reader,
	const struct content *content, struct error *err)
{
	const struct content_file *file = content->file;

	if (content->offset > file->size ||
		content->size > file->size - content->offset)
		return error_set(err, ERROR_INPUT,
			"%s ends at byte %llu, expected %llu bytes at %llu",
			file->path, (unsigned long long)file->size,
			(unsigned long long)content->size,
			(unsigned long long)content->offset);
	return open_file(reader, file, err);
}

int content_copy(struct content_reader *reader, const struct content *content,
	struct sink *to, struct error *err)
{
	if (content->kind == CONTENT_BYTES)
		sink_write(to, content->bytes, content->size);
	if (content->kind != CONTENT_EXTENT)
		return sink_check(to, err);
	if (open_extent(reader, content, err))
		return -1;
	sink_copy_fd(to, reader->fd, content->offset, content->size);
	if (sink_check(to, err))
		return -1;
	/* A writer may have been at work between the open and the end. */
	if (content->file->mtime_ns == CONTENT_TIME_ANY)
		return 0;
	return check_identity(content->file, reader->fd, err);
}

ssize_t content_peek(struct content_reader *reader,
	const struct content *content, void *p, size_t n, struct error *err)
{
	if (n > content->size)
		n = (size_t)content->size;
	if (content->kind == CONTENT_BYTES)
		memcpy(p, content->bytes, n);
	if (content->kind != CONTENT_EXTENT)
		return (ssize_t)n;
	if (open_extent(reader, content, err))
		return -1;
	if (file_pread_all(reader->fd, p, n, (long long)content->offset, err))
		return error_wrap(err, "%s", content->file->path);
	return (ssize_t)n;
}

int content_read(struct content_reader *reader, const struct content *content,
	size_t max, struct buf *buf, struct error *err)
{
	struct buf_sink to;

	if (content->size > max)
		return error_set(err, ERROR_INPUT,
			"it has %llu bytes, expected at most %zu",
			(unsigned long long)content->size, max);
	buf_init(buf, max);
	buf_sink_init(&to, buf);
	if (content_copy(reader, content, &to.sink, err) ||
		sink_close(&to.sink, err)) {
		buf_release(buf);
		return -1;
	}
	return 0;
}
