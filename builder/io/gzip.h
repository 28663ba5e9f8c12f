/* SPDX-License-Identifier: MIT
 *
 * gzip (RFC 1952) by zlib. Writing cuts the input into blocks of fixed size
 * that are deflated in parallel and joined into ONE gzip member: the bytes
 * depend on the input, the level and the library, never on the number of
 * threads or on how the writes were cut. Header: mtime 0, no name, OS 255.
 * Reading is strict: a bad CRC, a truncated stream, trailing garbage or more
 * output than allowed are errors; several members in a row are read as one.
 */
#ifndef IO_GZIP_H
#define IO_GZIP_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/sink.h"

#define GZIP_LEVEL_DEFAULT 6
#define GZIP_THREADS_MAX 16

struct gzip_options {
	int level;	  /* 1..9 */
	unsigned threads; /* compressing threads, the caller's among them;
			     1..GZIP_THREADS_MAX, clamped to that */
};

struct gzip_writer;

/* Compresses into next (borrowed). Never NULL. */
struct gzip_writer *gzip_writer_new(
	struct sink *next, const struct gzip_options *options);
struct sink *gzip_writer_sink(struct gzip_writer *writer);
/* Safe on NULL, and before sink_close() when the work is abandoned. */
void gzip_writer_free(struct gzip_writer *writer);

/* Pulls the uncompressed bytes of an open regular file (borrowed). */
struct gzip_reader;

/* Reads from the given offset of the file. Never NULL. */
struct gzip_reader *gzip_reader_new(int fd, uint64_t offset);
void gzip_reader_free(struct gzip_reader *reader);
/* Fills p with n bytes, fewer only at the end of the stream; *got tells. */
int gzip_reader_read(struct gzip_reader *reader, void *p, size_t n, size_t *got,
	struct error *err) MUST_CHECK;

/*
 * Uncompresses the open file from its start into out; at most max bytes.
 * ERROR_INPUT on anything malformed. Does not close out.
 */
int gunzip_fd(
	int fd, uint64_t max, struct sink *out, struct error *err) MUST_CHECK;

#endif
