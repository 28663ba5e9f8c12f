/* SPDX-License-Identifier: MIT */
#include "io/gzip_member.h"

#include <errno.h>
#include <inttypes.h>
#include <zlib.h>

#include "base/memory.h"

#define INPUT_SIZE ((size_t)64 * 1024)
#define OUTPUT_SIZE ((size_t)256 * 1024)
/* zlib: the largest window, and a gzip header and trailer are expected. */
#define WINDOW_BITS_GZIP (15 + 16)

struct gzip_member_reader {
	int fd;
	uint64_t offset;  /* of the next byte to read from fd */
	uint64_t members; /* complete ones */
	z_stream z;
	unsigned char input[INPUT_SIZE];
	unsigned char output[OUTPUT_SIZE];
};

/* Where one member goes, and how much came out of it. */
struct member {
	struct sink *raw, *plain; /* may be NULL */
	uint64_t max, size;
};

struct gzip_member_reader *gzip_member_reader_new(int fd, uint64_t offset)
{
	struct gzip_member_reader *reader = memory_zero(1, sizeof(*reader));

	reader->fd = fd;
	reader->offset = offset;
	if (inflateInit2(&reader->z, WINDOW_BITS_GZIP) != Z_OK)
		memory_fail();
	return reader;
}

void gzip_member_reader_free(struct gzip_member_reader *reader)
{
	if (!reader)
		return;
	inflateEnd(&reader->z);
	free(reader);
}

uint64_t gzip_member_offset(const struct gzip_member_reader *reader)
{
	return reader->offset - reader->z.avail_in;
}

/* 1: there is input, 0: the file has ended, -1: error. */
static int fill(struct gzip_member_reader *reader, struct error *err)
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

static int bad_data(
	struct gzip_member_reader *reader, int code, struct error *err)
{
	if (code == Z_MEM_ERROR)
		memory_fail();
	if (reader->members && !reader->z.total_out)
		return error_set(err, ERROR_INPUT,
			"data that is not gzip after %" PRIu64
			" gzip members, near byte %" PRIu64,
			reader->members, gzip_member_offset(reader));
	return error_set(err, ERROR_INPUT,
		"damaged gzip member near byte %" PRIu64 ": %s",
		gzip_member_offset(reader),
		reader->z.msg ? reader->z.msg : "wrong format");
}

/* Hands on what one inflate() took and gave; tells a sink's error early. */
static int hand_on(struct gzip_member_reader *reader, struct member *member,
	const unsigned char *from, struct error *err)
{
	size_t got = OUTPUT_SIZE - reader->z.avail_out;

	if (member->raw) {
		sink_write(
			member->raw, from, (size_t)(reader->z.next_in - from));
		if (sink_check(member->raw, err))
			return -1;
	}
	if (got > member->max - member->size)
		return error_set(err, ERROR_INPUT,
			"uncompressed data is larger than the limit of "
			"%" PRIu64 " bytes",
			member->max);
	member->size += got;
	if (!member->plain)
		return 0;
	sink_write(member->plain, reader->output, got);
	return sink_check(member->plain, err);
}

/* 1: the member goes on, 0: it is complete, -1: error. */
static int step(struct gzip_member_reader *reader, struct member *member,
	struct error *err)
{
	const unsigned char *from = reader->z.next_in;
	int code;

	reader->z.next_out = reader->output;
	reader->z.avail_out = OUTPUT_SIZE;
	code = inflate(&reader->z, Z_NO_FLUSH);
	/* Z_BUF_ERROR: it wants more input, that is all. */
	if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END)
		return bad_data(reader, code, err);
	if (hand_on(reader, member, from, err))
		return -1;
	return code != Z_STREAM_END;
}

int gzip_member_next(struct gzip_member_reader *reader, struct sink *raw,
	struct sink *plain, uint64_t max, struct error *err)
{
	struct member member = { .raw = raw, .plain = plain, .max = max };
	int more = fill(reader, err);

	if (more <= 0)
		return more;
	inflateReset(&reader->z);
	do {
		more = fill(reader, err);
		if (!more)
			return error_set(err, ERROR_INPUT,
				"truncated gzip member: the file ends at byte "
				"%" PRIu64,
				reader->offset);
		if (more > 0)
			more = step(reader, &member, err);
	} while (more > 0);
	if (more < 0)
		return -1;
	reader->members++;
	return 1;
}
