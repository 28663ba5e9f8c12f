/* SPDX-License-Identifier: MIT */
#include "oci/layout.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "io/outfile.h"
#include "oci/layout_blobs.h"
#include "oci/tar_write.h"

/* A larger index.json is not one of ours. */
#define LAYOUT_INDEX_MAX ((size_t)1 << 20)

static void put_header(struct sink *out, const struct layout *layout,
	const char *name, uint64_t size)
{
	struct tar_header header = {
		.path = name,
		.type = TAR_TYPE_FILE,
		.mode = 0644,
		.mtime = layout->mtime,
		.size = size,
	};

	tar_write_header(out, &header);
}

static void put_folder(
	struct sink *out, const struct layout *layout, const char *name)
{
	struct tar_header header = {
		.path = name,
		.type = TAR_TYPE_DIRECTORY,
		.mode = 0755,
		.mtime = layout->mtime,
	};

	tar_write_header(out, &header);
}

static void put_text(struct sink *out, const struct layout *layout,
	const char *name, const char *text)
{
	size_t len = strlen(text);

	put_header(out, layout, name, len);
	sink_write(out, text, len);
	tar_write_padding(out, len);
}

static int put_blob(struct sink *out, const struct layout *layout,
	const struct layout_blob *blob, struct error *err)
{
	char hex[DIGEST_HEX_SIZE], name[DIGEST_HEX_SIZE + 16];

	snprintf(name, sizeof(name), "blobs/sha256/%s",
		digest_hex(&blob->digest, hex));
	put_header(out, layout, name, blob->size);
	if (layout_blob_copy(blob, out, err))
		return -1;
	tar_write_padding(out, blob->size);
	return sink_check(out, err);
}

static int put_members(struct sink *out, const struct layout *layout,
	const struct layout_blobs *blobs, struct error *err)
{
	put_text(out, layout, LAYOUT_MARK, LAYOUT_MARK_TEXT);
	put_text(out, layout, LAYOUT_INDEX, blobs->index);
	put_folder(out, layout, "blobs");
	put_folder(out, layout, "blobs/sha256");
	for (size_t i = 0; i < blobs->n; i++) {
		if (put_blob(out, layout, &blobs->items[i], err))
			return -1;
	}
	tar_write_end(out);
	return sink_check(out, err);
}

uint64_t layout_describe(struct layout *layout)
{
	struct layout_blobs blobs;
	uint64_t size = 0;

	layout_blobs_init(&blobs, layout);
	for (size_t i = 0; i < blobs.n; i++)
		size += blobs.items[i].size;
	layout_blobs_release(&blobs);
	return size;
}

int layout_write(struct layout *layout, struct sink *out, struct error *err)
{
	struct layout_blobs blobs;
	int failed;

	layout_blobs_init(&blobs, layout);
	failed = put_members(out, layout, &blobs, err);
	layout_blobs_release(&blobs);
	return failed;
}

static bool has_blob(const char *path, const struct layout_blob *blob)
{
	char hex[DIGEST_HEX_SIZE];
	SCOPED_FREE char *file = memory_printf(
		"%s/blobs/sha256/%s", path, digest_hex(&blob->digest, hex));
	struct stat st;

	return !lstat(file, &st) && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size == blob->size;
}

bool layout_dir_is(struct layout *layout, const char *path)
{
	SCOPED_FREE char *index = path_join(path, LAYOUT_INDEX);
	SCOPED_BUF struct buf text = { .max = 1 };
	struct layout_blobs blobs;
	struct error ignored;
	bool same;

	if (file_read(index, LAYOUT_INDEX_MAX, &text, &ignored))
		return false;
	layout_blobs_init(&blobs, layout);
	same = slice_is(buf_slice(&text), blobs.index);
	for (size_t i = 0; same && i < blobs.n; i++)
		same = has_blob(path, &blobs.items[i]);
	layout_blobs_release(&blobs);
	return same;
}

int layout_write_tar(struct layout *layout, const char *path, struct error *err)
{
	struct outfile out;
	int failed = outfile_open(&out, path, err);

	if (!failed)
		failed = layout_write(layout, &out.sink, err);
	if (!failed)
		failed = outfile_commit(&out, err);
	outfile_release(&out);
	return failed;
}
