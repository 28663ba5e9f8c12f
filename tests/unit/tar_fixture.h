/* SPDX-License-Identifier: MIT
 *
 * tar_fixture: tar archives for tests, well-formed and not, byte by byte. It
 * shares nothing with the project's writer or reader, so that they check each
 * other. Every function appends to a buf.
 */
#ifndef TESTS_UNIT_TAR_FIXTURE_H
#define TESTS_UNIT_TAR_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"

#define FIXTURE_BLOCK 512

/* Fields of a header that tests set; what is zero has a usual value. */
struct fixture {
	const char *name;
	size_t name_len; /* 0: strlen(name) */
	char type;	 /* 0: '0' */
	const char *content;
	size_t size;	       /* bytes of content */
	const char *size_text; /* 12 bytes instead of the size in octal */
	const char *link;
	unsigned mode; /* 0: 0644 */
	unsigned uid, gid;
	const char *uid_text; /* 8 bytes instead of uid */
	const char *uname, *gname;
	const char *mtime_text; /* 12 bytes instead of 1000000000 */
	const char *prefix;
	unsigned checksum_off; /* added to the right checksum */
	const char *magic;     /* NULL: "ustar\00000"; 8 bytes */
	const char *after;     /* bytes from offset 345 on (GNU fields) */
	size_t after_len;
};

static inline void fixture_octal(char *field, size_t n, unsigned long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%0*lo", (int)n - 1, value);
	memcpy(field, text, n);
}

static inline void fixture_text(char *field, size_t max, const char *text)
{
	if (text)
		memcpy(field, text, strlen(text) < max ? strlen(text) : max);
}

static inline void fixture_pad(struct buf *out)
{
	static const char zeros[FIXTURE_BLOCK];

	buf_add(out, zeros,
		(FIXTURE_BLOCK - out->len % FIXTURE_BLOCK) % FIXTURE_BLOCK);
}

static inline void fixture_checksum(char *h, unsigned off)
{
	unsigned sum = off;

	memset(h + 148, ' ', 8);
	for (int i = 0; i < FIXTURE_BLOCK; i++)
		sum += (unsigned char)h[i];
	fixture_octal(h + 148, 7, sum);
}

static inline void fixture_header(struct buf *out, const struct fixture *f)
{
	char h[FIXTURE_BLOCK] = "";
	size_t len = f->name_len ? f->name_len : strlen(f->name);

	memcpy(h, f->name, len < 100 ? len : 100);
	fixture_octal(h + 100, 8, f->mode ? f->mode : 0644);
	fixture_octal(h + 108, 8, f->uid);
	fixture_octal(h + 116, 8, f->gid);
	fixture_octal(h + 124, 12, f->size);
	fixture_octal(h + 136, 12, 1000000000);
	if (f->uid_text)
		memcpy(h + 108, f->uid_text, 8);
	if (f->size_text)
		memcpy(h + 124, f->size_text, 12);
	if (f->mtime_text)
		memcpy(h + 136, f->mtime_text, 12);
	h[156] = f->type ? f->type : '0';
	fixture_text(h + 157, 100, f->link);
	memcpy(h + 257, f->magic ? f->magic : "ustar\00000", 8);
	fixture_text(h + 265, 32, f->uname);
	fixture_text(h + 297, 32, f->gname);
	fixture_text(h + 345, 155, f->prefix);
	if (f->after)
		memcpy(h + 345, f->after, f->after_len);
	fixture_checksum(h, f->checksum_off);
	buf_add(out, h, sizeof(h));
}

/* Header and content. */
static inline void fixture_add(struct buf *out, struct fixture f)
{
	if (f.content && !f.size)
		f.size = strlen(f.content);
	fixture_header(out, &f);
	buf_add(out, f.content, f.content ? f.size : 0);
	fixture_pad(out);
}

static inline void fixture_file(
	struct buf *out, const char *name, const char *content)
{
	fixture_add(out, (struct fixture){ .name = name, .content = content });
}

/* One PAX record, "len key=value\n"; value may hold any byte. */
static inline void fixture_record(
	struct buf *out, const char *key, struct slice value)
{
	size_t rest = strlen(key) + value.len + 3, len = rest + 1;

	while (len != rest + (size_t)snprintf(NULL, 0, "%zu", len))
		len = rest + (size_t)snprintf(NULL, 0, "%zu", len);
	buf_printf(out, "%zu %s=", len, key);
	buf_add_slice(out, value);
	buf_add_str(out, "\n");
}

/* A special header ('x', 'g', 'L', 'K') with its body. */
static inline void fixture_special(
	struct buf *out, char type, const void *body, size_t n)
{
	fixture_header(
		out, &(struct fixture){
			     .name = "special", .type = type, .size = n });
	buf_add(out, body, n);
	fixture_pad(out);
}

static inline void fixture_pax(
	struct buf *out, const char *key, struct slice value)
{
	SCOPED_BUF struct buf body;

	buf_init(&body, out->max);
	fixture_record(&body, key, value);
	fixture_special(out, 'x', body.data, body.len);
}

/* The bytes as an open file without name; the caller closes it. */
static inline int fixture_fd(const void *p, size_t n)
{
	int fd = memfd_create("fixture", MFD_CLOEXEC);

	for (size_t at = 0; fd >= 0 && at < n;) {
		ssize_t put =
			pwrite(fd, (const char *)p + at, n - at, (off_t)at);

		if (put <= 0)
			abort();
		at += (size_t)put;
	}
	return fd;
}

/* The two blocks at the end. */
static inline void fixture_end(struct buf *out)
{
	static const char zeros[2 * FIXTURE_BLOCK];

	buf_add(out, zeros, sizeof(zeros));
}

#endif
