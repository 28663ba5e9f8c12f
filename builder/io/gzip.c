/* SPDX-License-Identifier: MIT */
#include "io/gzip.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "io/gzip_pool.h"

struct gzip_writer {
	struct sink sink;
	struct sink *next;
	int level;
	struct gzip_pool *pool;
	struct gzip_job *job; /* being filled */
	uint32_t crc;	      /* of the blocks that were written */
};

static int write_header(struct gzip_writer *writer, struct error *err)
{
	/* XFL: 2 is "slowest, smallest", 4 is "fastest" (RFC 1952, 2.3.1). */
	unsigned char xfl = writer->level == 9 ? 2 : writer->level == 1 ? 4 : 0;
	const unsigned char header[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, xfl,
		255 };

	sink_write(writer->next, header, sizeof(header));
	return sink_check(writer->next, err);
}

static void put_le32(unsigned char *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(value >> (8 * i));
}

static int write_trailer(struct gzip_writer *writer, struct error *err)
{
	unsigned char trailer[8];

	put_le32(trailer, writer->crc);
	put_le32(trailer + 4, (uint32_t)writer->sink.size);
	sink_write(writer->next, trailer, sizeof(trailer));
	return sink_check(writer->next, err);
}

/* Writes the oldest block out. 1: done, 0: there was none, -1: error. */
static int write_oldest(struct gzip_writer *writer, struct error *err)
{
	struct gzip_job *job = gzip_pool_oldest(writer->pool);

	if (!job)
		return 0;
	sink_write(writer->next, job->out, job->nout);
	writer->crc = (uint32_t)crc32_combine(
		writer->crc, job->crc, (z_off_t)job->nin);
	gzip_pool_retire(writer->pool);
	return sink_check(writer->next, err) ? -1 : 1;
}

/* The next block starts with the last bytes of the one before it. */
static int begin_block(struct gzip_writer *writer, struct error *err)
{
	const struct gzip_job *last = writer->job;
	struct gzip_job *job = gzip_pool_idle(writer->pool);

	if (!job) {
		if (write_oldest(writer, err) < 0)
			return -1;
		job = gzip_pool_idle(writer->pool);
	}
	job->ndict = last ? GZIP_WINDOW : 0;
	job->nin = 0;
	if (last)
		memcpy(job->in,
			last->in + last->ndict + last->nin - GZIP_WINDOW,
			GZIP_WINDOW);
	writer->job = job;
	return 0;
}

static void end_block(struct gzip_writer *writer, int flush)
{
	writer->job->flush = flush;
	gzip_pool_submit(writer->pool);
}

/*
 * A full block is given away only when more bytes follow, so that the last
 * block is known to be the last whatever its size.
 */
static int gzip_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	struct gzip_writer *writer = (struct gzip_writer *)sink;
	const unsigned char *from = p;

	while (n) {
		struct gzip_job *job = writer->job;
		size_t room, part;

		if (job->nin == GZIP_BLOCK_SIZE) {
			end_block(writer, Z_SYNC_FLUSH);
			if (begin_block(writer, err))
				return -1;
			job = writer->job;
		}
		room = GZIP_BLOCK_SIZE - job->nin;
		part = n < room ? n : room;
		memcpy(job->in + job->ndict + job->nin, from, part);
		job->nin += part;
		from += part;
		n -= part;
	}
	return 0;
}

static int gzip_close(struct sink *sink, struct error *err)
{
	struct gzip_writer *writer = (struct gzip_writer *)sink;
	int more = 1;

	end_block(writer, Z_FINISH);
	while (more > 0)
		more = write_oldest(writer, err);
	return more < 0 ? -1 : write_trailer(writer, err);
}

struct gzip_writer *gzip_writer_new(
	struct sink *next, const struct gzip_options *options)
{
	static const struct sink_ops ops = {
		.write = gzip_write,
		.close = gzip_close,
	};
	struct gzip_writer *writer = memory_zero(1, sizeof(*writer));

	assert(options->level >= 1 && options->level <= 9);
	sink_init(&writer->sink, &ops);
	writer->next = next;
	writer->level = options->level;
	writer->pool = gzip_pool_new(options->level, options->threads);
	if (begin_block(writer, &writer->sink.error) ||
		write_header(writer, &writer->sink.error))
		writer->sink.failed = true;
	return writer;
}

struct sink *gzip_writer_sink(struct gzip_writer *writer)
{
	return &writer->sink;
}

void gzip_writer_free(struct gzip_writer *writer)
{
	if (!writer)
		return;
	gzip_pool_free(writer->pool);
	free(writer);
}
