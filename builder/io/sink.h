/* SPDX-License-Identifier: MIT
 *
 * sink: where bytes go. Sinks form chains (hash, compress, store); a writer
 * writes without checking and asks once, when it closes: the first error
 * stays in the sink and later writes do nothing.
 *
 * A concrete sink embeds `struct sink` as its first member and is owned by
 * whoever initialised it; closing flushes, it does not free. Closing a sink
 * does NOT close the sinks after it in the chain.
 */
#ifndef IO_SINK_H
#define IO_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

struct sink;

struct sink_ops {
	int (*write)(
		struct sink *sink, const void *p, size_t n, struct error *err);
	/* May be NULL: nothing to flush. Not called after a failed write. */
	int (*close)(struct sink *sink, struct error *err);
};

struct sink {
	const struct sink_ops *ops;
	uint64_t size; /* bytes written so far */
	bool failed;
	struct error error; /* the first one */
};

void sink_init(struct sink *sink, const struct sink_ops *ops);
void sink_write(struct sink *sink, const void *p, size_t n);
void sink_write_str(struct sink *sink, const char *s);
/* n zero bytes. */
void sink_write_zeros(struct sink *sink, uint64_t n);
/* Flushes and tells the first error; to be called exactly once. */
int sink_close(struct sink *sink, struct error *err) MUST_CHECK;
/* The first error so far, without closing: lets a long writer stop early. */
int sink_check(const struct sink *sink, struct error *err) MUST_CHECK;

/* Appends to a buf (whose max is the limit: ERROR_LIMIT). */
struct buf_sink {
	struct sink sink;
	struct buf *buf; /* borrowed */
};
void buf_sink_init(struct buf_sink *bs, struct buf *buf);

/* Writes the same bytes to several sinks; the first error of any is its own. */
#define TEE_MAX 8
struct tee_sink {
	struct sink sink;
	struct sink *to[TEE_MAX]; /* borrowed */
	size_t n;
};
void tee_sink_init(struct tee_sink *tee);
void tee_sink_add(struct tee_sink *tee, struct sink *to);

/* Drops everything; sink.size counts. */
void null_sink_init(struct sink *sink);

/*
 * Copies bytes [offset, offset + size) of an open file into the sink, in
 * chunks. A file that ends early is an error of the sink (ERROR_INPUT).
 */
void sink_copy_fd(struct sink *sink, int fd, uint64_t offset, uint64_t size);

#endif
