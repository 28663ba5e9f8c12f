/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void buf_init(struct buf *buf, size_t max)
{
	memset(buf, 0, sizeof(*buf));
	buf->max = max;
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	buf_init(buf, buf->max);
}

void buf_add(struct buf *buf, const void *p, size_t n)
{
	if (buf->overflow || n > buf->max - buf->len) {
		buf->overflow = true;
		return;
	}
	if (buf->len + n + 1 > buf->cap) {
		size_t cap = buf->cap ? buf->cap : 128;

		while (cap < buf->len + n + 1)
			cap *= 2;
		buf->data = memory_realloc(buf->data, cap, 1);
		buf->cap = cap;
	}
	if (n)
		memcpy(buf->data + buf->len, p, n);
	buf->len += n;
	buf->data[buf->len] = '\0';
}

void buf_add_str(struct buf *buf, const char *s)
{
	buf_add(buf, s, strlen(s));
}

void buf_add_slice(struct buf *buf, struct slice s)
{
	buf_add(buf, s.ptr, s.len);
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;
	int n;

	va_start(args, fmt);
	n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n >= 0)
		buf_add(buf, text, (size_t)n);
	else
		buf->overflow = true;
	free(text);
}

void buf_truncate(struct buf *buf, size_t len)
{
	if (len >= buf->len)
		return;
	buf->len = len;
	buf->data[len] = '\0';
}

struct slice buf_slice(const struct buf *buf)
{
	return slice_make(buf->data, buf->len);
}

char *buf_take(struct buf *buf)
{
	char *text = buf->data ? buf->data : memory_strdup("");

	buf->data = NULL;
	buf_release(buf);
	return text;
}
