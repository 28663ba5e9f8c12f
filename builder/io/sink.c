/* SPDX-License-Identifier: MIT */
#include "io/sink.h"

#include <assert.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

#define COPY_CHUNK ((size_t)256 * 1024)
#define ZEROS_SIZE 4096

void sink_init(struct sink *sink, const struct sink_ops *ops)
{
	sink->ops = ops;
	sink->size = 0;
	sink->failed = false;
	sink->error.kind = ERROR_NONE;
	sink->error.text[0] = '\0';
}

void sink_write(struct sink *sink, const void *p, size_t n)
{
	if (sink->failed || !n)
		return;
	if (sink->ops->write(sink, p, n, &sink->error))
		sink->failed = true;
	else
		sink->size += n;
}

void sink_write_str(struct sink *sink, const char *s)
{
	sink_write(sink, s, strlen(s));
}

void sink_write_zeros(struct sink *sink, uint64_t n)
{
	static const char zeros[ZEROS_SIZE];

	while (n && !sink->failed) {
		size_t part = n < ZEROS_SIZE ? (size_t)n : ZEROS_SIZE;

		sink_write(sink, zeros, part);
		n -= part;
	}
}

int sink_close(struct sink *sink, struct error *err)
{
	if (!sink->failed && sink->ops->close &&
		sink->ops->close(sink, &sink->error))
		sink->failed = true;
	return sink_check(sink, err);
}

int sink_check(const struct sink *sink, struct error *err)
{
	if (!sink->failed)
		return 0;
	*err = sink->error;
	return -1;
}

static int buf_sink_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	struct buf_sink *bs = (struct buf_sink *)sink;

	buf_add(bs->buf, p, n);
	if (bs->buf->overflow)
		return error_set(err, ERROR_LIMIT,
			"larger than the limit of %zu bytes", bs->buf->max);
	return 0;
}

void buf_sink_init(struct buf_sink *bs, struct buf *buf)
{
	static const struct sink_ops ops = { .write = buf_sink_write };

	sink_init(&bs->sink, &ops);
	bs->buf = buf;
}

/* All of them get the bytes, also when one before them failed. */
static int tee_sink_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	struct tee_sink *tee = (struct tee_sink *)sink;

	for (size_t i = 0; i < tee->n; i++)
		sink_write(tee->to[i], p, n);
	for (size_t i = 0; i < tee->n; i++) {
		if (sink_check(tee->to[i], err))
			return -1;
	}
	return 0;
}

void tee_sink_init(struct tee_sink *tee)
{
	static const struct sink_ops ops = { .write = tee_sink_write };

	sink_init(&tee->sink, &ops);
	tee->n = 0;
}

void tee_sink_add(struct tee_sink *tee, struct sink *to)
{
	assert(tee->n < TEE_MAX);
	tee->to[tee->n++] = to;
}

static int null_sink_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	return 0;
}

void null_sink_init(struct sink *sink)
{
	static const struct sink_ops ops = { .write = null_sink_write };

	sink_init(sink, &ops);
}

void sink_copy_fd(struct sink *sink, int fd, uint64_t offset, uint64_t size)
{
	size_t max = size < COPY_CHUNK ? (size_t)size : COPY_CHUNK;
	SCOPED_FREE char *chunk = memory_alloc(max);

	if (size > COPY_CHUNK)
		posix_fadvise(
			fd, (off_t)offset, (off_t)size, POSIX_FADV_SEQUENTIAL);
	while (size && !sink->failed) {
		size_t n = size < max ? (size_t)size : max;

		if (file_pread_all(
			    fd, chunk, n, (long long)offset, &sink->error)) {
			sink->failed = true;
			return;
		}
		sink_write(sink, chunk, n);
		offset += n;
		size -= n;
	}
}
