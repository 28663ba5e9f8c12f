/* SPDX-License-Identifier: MIT
 *
 * buf: a growing byte buffer with a stated maximum. Bytes beyond `max` are
 * not stored: `overflow` is set and the caller asks for it once, at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/slice.h"

struct buf {
	char *data; /* NUL-terminated once anything was added */
	size_t len; /* bytes, without the NUL */
	size_t cap;
	size_t max; /* bytes that may be held */
	bool overflow;
};

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);
void buf_add(struct buf *buf, const void *p, size_t n);
void buf_add_str(struct buf *buf, const char *s);
void buf_add_slice(struct buf *buf, struct slice s);
void buf_printf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Cuts the content to len bytes (at most what is there). */
void buf_truncate(struct buf *buf, size_t len);
struct slice buf_slice(const struct buf *buf);
/* The bytes as a C string the caller frees; buf is empty afterwards. */
char *buf_take(struct buf *buf);

#define SCOPED_BUF CLEANUP(buf_release)

#endif
