/* SPDX-License-Identifier: MIT
 *
 * What the reader tells of any archive must hold: clean paths, contents that
 * are in the file where it says. Checksums are put right, as no mutation
 * would. Input that starts with "!" is a script, so that seeds are text; each
 * line is one of
 *	TYPE NAME [CONTENT]	an entry; for 1 and 2 the content is the target
 *	x|g|L|K BODY		a special header; x and g get "LEN " and "\n"
 *	.			the two blocks of zeros at the end
 */
#include <assert.h>
#include <string.h>

#include "../unit/tar_fixture.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "io/tar_read.h"

#define MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_special(struct buf *tar, char type, struct slice body)
{
	struct slice key;

	if (type == 'L' || type == 'K')
		fixture_special(tar, type, body.ptr, body.len);
	else if (slice_cut(&body, '=', &key)) {
		SCOPED_FREE char *text = slice_dup(key);

		fixture_pax(tar, text, body);
	}
}

static void run_entry(struct buf *tar, char type, struct slice rest)
{
	struct slice name = rest;
	SCOPED_FREE char *path = NULL;
	SCOPED_FREE char *content = NULL;

	slice_cut(&rest, ' ', &name);
	path = slice_dup(name);
	content = slice_dup(rest);
	fixture_add(tar,
		(struct fixture){ .name = path,
			.type = type,
			.content = type == '1' || type == '2' ? NULL : content,
			.link = content });
}

static void run_script(struct buf *tar, struct slice script)
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
			run_special(tar, type, rest);
		else if (rest.len)
			run_entry(tar, type, rest);
	}
}

static void repair_checksums(struct buf *tar)
{
	for (size_t at = 0; at + 512 <= tar->len; at += 512) {
		if (!memcmp(tar->data + at + 257, "ustar", 5))
			fixture_checksum(tar->data + at, 0);
	}
}

static void check_entry(const struct tar_entry *entry, const struct buf *tar,
	const struct buf *content)
{
	struct error err;
	char *path;

	assert(!path_clean(entry->path, PATH_FROM_ARCHIVE, &path, &err));
	assert(!strcmp(path, entry->path));
	free(path);
	assert((entry->target != NULL) ==
		(entry->kind == TAR_SYMLINK || entry->kind == TAR_HARDLINK));
	assert(entry->kind == TAR_FILE || !entry->size);
	assert(content->len == entry->size);
	if (entry->size && memcmp(tar->data, "\x1f\x8b", 2) != 0)
		assert(!memcmp(content->data, tar->data + entry->offset,
			content->len));
}

static void read_all(struct tar_reader *reader, const struct buf *tar)
{
	struct tar_entry entry;
	struct error err;

	for (int i = 0; tar_reader_next(reader, &entry, &err) > 0; i++) {
		SCOPED_BUF struct buf content;
		struct buf_sink bs;

		/* Both ways to pass an entry. */
		if (i % 4 == 3)
			continue;
		buf_init(&content, MAX);
		buf_sink_init(&bs, &content);
		if (tar_reader_copy(reader, &bs.sink, &err))
			return;
		check_entry(&entry, tar, &content);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tar_limits limits = { 1000, MAX };
	struct tar_reader *reader;
	SCOPED_BUF struct buf tar;
	SCOPED_FD int fd = -1;
	struct error err;

	buf_init(&tar, 4 * MAX);
	buf_add(&tar, "", 0);
	if (size && data[0] == '!')
		run_script(&tar, slice_make(data + 1, size - 1));
	else
		buf_add(&tar, data, size);
	repair_checksums(&tar);
	fd = fixture_fd(tar.data, tar.len);
	reader = tar_reader_new(fd, "fuzz", TAR_PLAIN_OR_GZIP, &limits, &err);
	if (reader)
		read_all(reader, &tar);
	tar_reader_free(reader);
	return 0;
}
