/* SPDX-License-Identifier: MIT
 *
 * archive_script: image archives for fuzz targets out of any bytes. An input
 * that starts with "=== " is a text from which an archive is made, so that the
 * fuzzer works on the documents and not on checksums; any other is the file
 * itself. In the text,
 *
 *	=== NAME	starts a member: the lines that follow, without the
 *			last line end; "blob" is named by its digest
 *	=== NAME > TO	is a symbolic link
 *	$N %N		are digest and size of blob number N (one digit)
 *	@		stands for a small layer
 */
#ifndef TESTS_FUZZ_ARCHIVE_SCRIPT_H
#define TESTS_FUZZ_ARCHIVE_SCRIPT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/file.h"
#include "oci/archive.h"
#include "oci/tar_write.h"

#define MARK "=== "
#define INPUT_MAX ((size_t)1 << 16)
#define BLOBS_MAX 10

struct maker {
	struct buf bytes;
	struct buf_sink to;
	struct digest blobs[BLOBS_MAX];
	size_t sizes[BLOBS_MAX];
	size_t nblobs;
};

static inline void add_layer(struct buf *text)
{
	const struct tar_header header = {
		.path = "etc/x", .type = TAR_TYPE_FILE, .size = 1
	};
	struct buf_sink to;

	buf_sink_init(&to, text);
	tar_write_header(&to.sink, &header);
	sink_write_str(&to.sink, "x");
	tar_write_padding(&to.sink, 1);
	tar_write_end(&to.sink);
}

/* One character of the text, or what it stands for. */
static inline size_t expand(struct maker *m, struct slice s, struct buf *text)
{
	char digest[DIGEST_TEXT_SIZE];
	size_t n = s.len > 1 ? (size_t)(s.ptr[1] - '0') : BLOBS_MAX;

	if (s.ptr[0] == '@') {
		add_layer(text);
		return 1;
	}
	if (n >= m->nblobs || (s.ptr[0] != '$' && s.ptr[0] != '%')) {
		buf_add(text, s.ptr, 1);
		return 1;
	}
	if (s.ptr[0] == '$')
		buf_add_str(text, digest_text(&m->blobs[n], digest));
	else
		buf_printf(text, "%zu", m->sizes[n]);
	return 2;
}

static inline void put(struct maker *m, const char *name, const char *target,
	const struct buf *text)
{
	const struct tar_header header = { .path = name,
		.target = target,
		.type = target ? TAR_TYPE_SYMLINK : TAR_TYPE_FILE,
		.size = target ? 0 : text->len };

	tar_write_header(&m->to.sink, &header);
	if (target)
		return;
	sink_write(&m->to.sink, text->data, text->len);
	tar_write_padding(&m->to.sink, text->len);
}

static inline void put_blob(struct maker *m, const struct buf *text)
{
	char hex[DIGEST_HEX_SIZE], name[DIGEST_HEX_SIZE + 16];
	struct digest digest = digest_of(DIGEST_SHA256, text->data, text->len);

	snprintf(name, sizeof(name), "blobs/sha256/%s",
		digest_hex(&digest, hex));
	put(m, name, NULL, text);
	if (m->nblobs == BLOBS_MAX)
		return;
	m->blobs[m->nblobs] = digest;
	m->sizes[m->nblobs++] = text->len;
}

/* One member: its first line without the mark, and what follows. */
static inline void add_member(
	struct maker *m, struct slice title, struct slice body)
{
	SCOPED_FREE char *name = slice_dup(title);
	char *arrow = strstr(name, " > ");
	SCOPED_BUF struct buf text;

	buf_init(&text, INPUT_MAX * 8);
	buf_add(&text, "", 0);
	while (body.len) {
		size_t used = expand(m, body, &text);

		body.ptr += used;
		body.len -= used;
	}
	if (arrow)
		*arrow = '\0';
	if (!strcmp(name, "blob"))
		put_blob(m, &text);
	else
		put(m, name, arrow ? arrow + strlen(" > ") : NULL, &text);
}

/* Up to the line that starts the next member. */
static inline struct slice cut_body(struct slice *rest)
{
	const char *next = rest->len ? memmem(rest->ptr, rest->len, "\n" MARK,
					       strlen("\n" MARK))
				     : NULL;
	struct slice body = *rest;

	if (!next) {
		rest->len = 0;
		return slice_trim(body);
	}
	body.len = (size_t)(next - rest->ptr);
	rest->len -= body.len + 1;
	rest->ptr = next + 1;
	return body;
}

static inline void make(struct maker *m, struct slice rest)
{
	while (slice_starts(rest, MARK)) {
		struct slice title;

		slice_cut(&rest, '\n', &title);
		title.ptr += strlen(MARK);
		title.len -= strlen(MARK);
		add_member(m, title, cut_body(&rest));
	}
	tar_write_end(&m->to.sink);
}

/* Calls use() with the path of the file that the input stands for. */
static inline void archive_script_run(
	const uint8_t *data, size_t size, void (*use)(const char *path))
{
	struct slice input = slice_make(data, size);
	SCOPED_FD int fd = memfd_create("archive", MFD_CLOEXEC);
	struct maker m = { 0 };
	struct error err;
	char path[64];

	if (fd < 0 || size > INPUT_MAX)
		return;
	buf_init(&m.bytes, INPUT_MAX * 16);
	buf_sink_init(&m.to, &m.bytes);
	if (slice_starts(input, MARK))
		make(&m, input);
	else
		sink_write(&m.to.sink, data, size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!file_write_all(fd, m.bytes.data, m.bytes.len, &err))
		use(path);
	buf_release(&m.bytes);
}

#endif
