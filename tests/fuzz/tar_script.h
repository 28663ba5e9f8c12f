/* SPDX-License-Identifier: MIT
 *
 * tar_script: tars for fuzz targets out of any bytes. Checksums are put right,
 * as no mutation would. Input that starts with "!" is a script, so that seeds
 * are text; each line is one of
 *	TYPE NAME [CONTENT]	an entry; for 1 and 2 the content is the target;
 *				"\n" in it is a newline
 *	x|g|L|K BODY		a special header; x and g get "LEN " and "\n"
 *	.			the two blocks of zeros at the end
 */
#ifndef TESTS_FUZZ_TAR_SCRIPT_H
#define TESTS_FUZZ_TAR_SCRIPT_H

#include <string.h>

#include "../unit/tar_fixture.h"
#include "base/memory.h"

static inline void tar_script_special(
	struct buf *tar, char type, struct slice body)
{
	struct slice key;

	if (type == 'L' || type == 'K')
		fixture_special(tar, type, body.ptr, body.len);
	else if (slice_cut(&body, '=', &key)) {
		SCOPED_FREE char *text = slice_dup(key);

		fixture_pax(tar, text, body);
	}
}

static inline void tar_script_newlines(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		bool is_newline = p[0] == '\\' && p[1] == 'n';

		*to++ = is_newline ? '\n' : *p;
		p += is_newline;
	}
	*to = '\0';
}

static inline void tar_script_entry(
	struct buf *tar, char type, struct slice rest)
{
	struct slice name = rest;
	SCOPED_FREE char *path = NULL;
	SCOPED_FREE char *content = NULL;

	slice_cut(&rest, ' ', &name);
	path = slice_dup(name);
	content = slice_dup(rest);
	tar_script_newlines(content);
	fixture_add(tar,
		(struct fixture){ .name = path,
			.type = type,
			.content = type == '1' || type == '2' ? NULL : content,
			.link = content });
}

static inline void tar_script_run(struct buf *tar, struct slice script)
{
	struct slice line;

	while (slice_cut(&script, '\n', &line)) {
		char type = line.len ? line.ptr[0] : '\0';
		struct slice rest = slice_make(NULL, 0);

		if (line.len > 2)
			rest = slice_make(line.ptr + 2, line.len - 2);
		if (type == '.')
			fixture_end(tar);
		else if (type && strchr("xgLK", type))
			tar_script_special(tar, type, rest);
		else if (rest.len)
			tar_script_entry(tar, type, rest);
	}
}

static inline void tar_script_repair(struct buf *tar)
{
	for (size_t at = 0; at + 512 <= tar->len; at += 512) {
		if (!memcmp(tar->data + at + 257, "ustar", 5))
			fixture_checksum(tar->data + at, 0);
	}
}

/* Appends the tar that the input makes. */
static inline void tar_script(struct buf *tar, const void *data, size_t size)
{
	if (size && *(const char *)data == '!')
		tar_script_run(
			tar, slice_make((const char *)data + 1, size - 1));
	else
		buf_add(tar, data, size);
	tar_script_repair(tar);
}

#endif
