/* SPDX-License-Identifier: MIT
 *
 * What the reader tells of any archive must hold: clean paths, contents that
 * are in the file where it says, and the same of the archive in memory.
 */
#include <assert.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "io/tar_read.h"
#include "tar_script.h"

#define MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

/* How many entries it has; -1: refused. Frees the reader. */
static int verdict(struct tar_reader *reader)
{
	struct tar_entry entry;
	struct error err;
	int n = 0, found = -1;

	while (reader && (found = tar_reader_next(reader, &entry, &err)) > 0)
		n++;
	tar_reader_free(reader);
	return found < 0 ? -1 : n;
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
	tar_script(&tar, data, size);
	fd = fixture_fd(tar.data, tar.len);
	reader = tar_reader_new(fd, "fuzz", TAR_PLAIN_OR_GZIP, &limits, &err);
	if (reader)
		read_all(reader, &tar);
	tar_reader_free(reader);
	assert(verdict(tar_reader_new(fd, "fuzz", TAR_PLAIN, &limits, &err)) ==
		verdict(tar_reader_new_bytes(buf_slice(&tar), "fuzz",
			TAR_END_REQUIRED, &limits, &err)));
	verdict(tar_reader_new_bytes(
		buf_slice(&tar), "fuzz", TAR_END_ABSENT, &limits, &err));
	return 0;
}
