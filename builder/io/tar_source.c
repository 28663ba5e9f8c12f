/* SPDX-License-Identifier: MIT */
#include "io/tar_source.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

/*
 * Where headers are far apart little is read at once; where they, or the
 * contents, are wanted one after the other, reads grow.
 */
#define CHUNK_MIN ((size_t)4 * 1024)
#define CHUNK_MAX ((size_t)128 * 1024)
/* Zeros that may follow the end: the largest blocking factor of GNU tar. */
#define PADDING_MAX ((uint64_t)2048 * TAR_SOURCE_BLOCK)

static int open_plain(
	struct tar_source *source, const struct stat *st, struct error *err)
{
	off_t at = lseek(source->fd, 0, SEEK_CUR);

	if (at < 0)
		return error_errno(err, "seek");
	source->start = (uint64_t)at;
	if (st->st_size > at)
		source->length = (uint64_t)(st->st_size - at);
	return 0;
}

/* Bytes of a plain archive, which are known to be there. */
static int read_at(const struct tar_source *source, void *p, size_t n,
	uint64_t offset, struct error *err)
{
	if (source->fd >= 0)
		return file_pread_all(source->fd, p, n,
			(long long)(source->start + offset), err);
	if (n)
		memcpy(p, source->bytes + offset, n);
	return 0;
}

bool tar_source_is_gzip(const struct tar_source *source)
{
	unsigned char magic[2] = { 0, 0 };
	struct error ignored;

	return source->length >= sizeof(magic) &&
	       !read_at(source, magic, sizeof(magic), 0, &ignored) &&
	       magic[0] == 0x1f && magic[1] == 0x8b;
}

int tar_source_init(struct tar_source *source, int fd, enum tar_form form,
	struct error *err)
{
	struct stat st;

	memset(source, 0, sizeof(*source));
	source->fd = fd;
	if (fstat(fd, &st))
		return error_errno(err, "fstat");
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_INPUT, "not a regular file");
	if (open_plain(source, &st, err))
		return -1;
	source->chunk = CHUNK_MIN;
	if (form == TAR_PLAIN_OR_GZIP && tar_source_is_gzip(source)) {
		source->gzip = gzip_reader_new(fd, source->start);
		source->chunk = CHUNK_MAX;
	}
	source->buffer = memory_alloc(CHUNK_MAX);
	return 0;
}

void tar_source_init_bytes(struct tar_source *source, struct slice bytes)
{
	memset(source, 0, sizeof(*source));
	source->fd = -1;
	source->bytes = bytes.ptr;
	source->length = bytes.len;
	source->chunk = CHUNK_MIN;
	source->buffer = memory_alloc(CHUNK_MAX);
}

void tar_source_release(struct tar_source *source)
{
	gzip_reader_free(source->gzip);
	free(source->buffer);
	source->gzip = NULL;
	source->buffer = NULL;
}

static int read_plain(struct tar_source *source, struct error *err)
{
	uint64_t left = source->length - source->offset;

	source->n = left < source->chunk ? (size_t)left : source->chunk;
	return read_at(source, source->buffer, source->n, source->offset, err);
}

static bool is_zero(const unsigned char *p, size_t n)
{
	return !n || (!p[0] && !memcmp(p, p + 1, n - 1));
}

static void look_for_mark(struct tar_source *source)
{
	const unsigned char *block = tar_source_block(source, source->mark);

	if (block)
		source->mark_is_zero = is_zero(block, TAR_SOURCE_BLOCK);
}

int tar_source_fill(struct tar_source *source)
{
	int failed;

	source->offset += source->n;
	source->n = 0;
	failed = source->gzip
			 ? gzip_reader_read(source->gzip, source->buffer,
				   source->chunk, &source->n, &source->error)
			 : read_plain(source, &source->error);
	if (failed) {
		source->failed = true;
		source->n = 0;
		return -1;
	}
	if (source->chunk < CHUNK_MAX)
		source->chunk *= 2;
	look_for_mark(source);
	return 0;
}

/* Not beyond the end of the file, so that a truncated one is noticed. */
uint64_t tar_source_skip(struct tar_source *source, uint64_t n)
{
	uint64_t left;

	if (source->gzip)
		return 0;
	left = source->length - source->offset - source->n;
	if (n > left)
		n = left;
	n -= n % TAR_SOURCE_BLOCK;
	if (!n)
		return 0;
	source->offset += source->n + n;
	source->n = 0;
	source->chunk = CHUNK_MIN;
	return n;
}

void tar_source_mark(struct tar_source *source, uint64_t offset)
{
	source->mark = offset;
	source->mark_is_zero = false;
	look_for_mark(source);
}

const unsigned char *tar_source_block(
	const struct tar_source *source, uint64_t offset)
{
	return tar_source_bytes(source, offset, TAR_SOURCE_BLOCK);
}

const unsigned char *tar_source_bytes(
	const struct tar_source *source, uint64_t offset, uint64_t n)
{
	if (offset < source->offset || source->n < n ||
		offset - source->offset > source->n - n)
		return NULL;
	return source->buffer + (offset - source->offset);
}

int tar_source_finish(
	struct tar_source *source, uint64_t offset, struct error *err)
{
	uint64_t at = offset;

	do {
		size_t from = (size_t)(at - source->offset);

		if (!is_zero(source->buffer + from, source->n - from))
			return error_set(err, ERROR_INPUT,
				"data after the end of the archive (at byte "
				"%" PRIu64 "), expected nothing or zeros",
				offset);
		at = source->offset + source->n;
		if (at - offset > PADDING_MAX)
			return error_set(err, ERROR_INPUT,
				"more than %" PRIu64
				" bytes of padding after the end of the "
				"archive",
				PADDING_MAX);
		if (tar_source_fill(source)) {
			*err = source->error;
			return -1;
		}
	} while (source->n);
	return 0;
}
