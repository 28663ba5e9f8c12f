/* SPDX-License-Identifier: MIT */
#include "io/gzip.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <zlib.h>

#include "base/memory.h"

#define INPUT_SIZE ((size_t)64 * 1024)
#define OUTPUT_SIZE ((size_t)256 * 1024)
/* zlib: the largest window, and a gzip header and trailer are expected. */
#define WINDOW_BITS_GZIP (15 + 16)

struct gzip_reader {
	int fd;
	uint64_t offset; /* of the next byte to read from fd */
	z_stream z;
	uint64_t members; /* complete ones */
	int at_member;	  /* in one: 1; between two: 0 */
	unsigned char input[INPUT_SIZE];
};

struct gzip_reader *gzip_reader_new(int fd, uint64_t offset)
{
	struct gzip_reader *reader = memory_zero(1, sizeof(*reader));

	reader->fd = fd;
	reader->offset = offset;
	if (inflateInit2(&reader->z, WINDOW_BITS_GZIP) != Z_OK)
		memory_fail();
	return reader;
}

void gzip_reader_free(struct gzip_reader *reader)
{
	if (!reader)
		return;
	inflateEnd(&reader->z);
	free(reader);
}

/* 1: there is input, 0: the file has ended, -1: error. */
static int fill(struct gzip_reader *reader, struct error *err)
{
	ssize_t n;

	if (reader->z.avail_in)
		return 1;
	do {
		n = pread(reader->fd, reader->input, INPUT_SIZE,
			(off_t)reader->offset);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_errno(err, "read");
	reader->z.next_in = reader->input;
	reader->z.avail_in = (uInt)n;
	reader->offset += (uint64_t)n;
	return n > 0;
}

/* A further member is to come, and nothing came out of it yet. */
static int is_tail(const struct gzip_reader *reader)
{
	return reader->members && !reader->z.total_out;
}

static int bad_tail(struct gzip_reader *reader, struct error *err)
{
	return error_set(err, ERROR_INPUT,
		"data that is not gzip after the end of the gzip stream, near "
		"byte %" PRIu64,
		reader->offset - reader->z.avail_in);
}

static int truncated(struct gzip_reader *reader, struct error *err)
{
	if (is_tail(reader))
		return bad_tail(reader, err);
	return error_set(err, ERROR_INPUT,
		"truncated gzip stream: it ends at byte %" PRIu64,
		reader->offset);
}

static int bad_data(struct gzip_reader *reader, int code, struct error *err)
{
	if (is_tail(reader))
		return bad_tail(reader, err);
	if (code == Z_MEM_ERROR)
		memory_fail();
	return error_set(err, ERROR_INPUT,
		"damaged gzip stream near byte %" PRIu64 ": %s",
		reader->offset - reader->z.avail_in,
		reader->z.msg ? reader->z.msg : "wrong format");
}

/* One step of inflating; -1 on error, else what inflate() said. */
static int step(struct gzip_reader *reader, struct error *err)
{
	int code;

	if (!reader->at_member) {
		inflateReset(&reader->z);
		reader->at_member = 1;
	}
	code = inflate(&reader->z, Z_NO_FLUSH);
	if (code == Z_STREAM_END) {
		reader->members++;
		reader->at_member = 0;
		return 0;
	}
	/* Z_BUF_ERROR: it wants more input or more room, that is all. */
	if (code == Z_OK || code == Z_BUF_ERROR)
		return 0;
	return bad_data(reader, code, err);
}

int gzip_reader_read(struct gzip_reader *reader, void *p, size_t n, size_t *got,
	struct error *err)
{
	assert(n <= UINT_MAX);
	reader->z.next_out = p;
	reader->z.avail_out = (uInt)n;
	while (reader->z.avail_out) {
		int more = fill(reader, err);

		if (more < 0)
			return -1;
		if (!more && reader->members && !reader->at_member)
			break;
		if (!more)
			return truncated(reader, err);
		if (step(reader, err))
			return -1;
	}
	*got = n - reader->z.avail_out;
	return 0;
}

static int copy_all(struct gzip_reader *reader, uint64_t max, struct sink *out,
	struct error *err)
{
	SCOPED_FREE unsigned char *chunk = memory_alloc(OUTPUT_SIZE);
	uint64_t total = 0;
	size_t got = 0;

	do {
		if (gzip_reader_read(reader, chunk, OUTPUT_SIZE, &got, err))
			return -1;
		if (got > max - total)
			return error_set(err, ERROR_INPUT,
				"uncompressed data is larger than the limit "
				"of %" PRIu64 " bytes",
				max);
		total += got;
		sink_write(out, chunk, got);
		if (sink_check(out, err))
			return -1;
	} while (got == OUTPUT_SIZE);
	return 0;
}

int gunzip_fd(int fd, uint64_t max, struct sink *out, struct error *err)
{
	struct gzip_reader *reader = gzip_reader_new(fd, 0);
	int failed = copy_all(reader, max, out, err);

	gzip_reader_free(reader);
	return failed;
}
