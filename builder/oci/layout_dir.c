/* SPDX-License-Identifier: MIT */
#include "oci/layout.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "oci/fd_sink.h"
#include "oci/layout_blobs.h"
#include "oci/outdir.h"

static int write_file(
	const char *path, const struct layout_blob *blob, struct error *err)
{
	SCOPED_FD int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	struct fd_sink to;

	if (fd < 0)
		return error_errno(err, "create %s", path);
	fd_sink_init(&to, fd);
	if (layout_blob_copy(blob, &to.sink, err) || sink_close(&to.sink, err))
		return error_wrap(err, "%s", path);
	if (fsync(fd))
		return error_errno(err, "sync %s", path);
	return 0;
}

static int put_file(const struct outdir *out, const char *name,
	const struct layout_blob *blob, struct error *err)
{
	SCOPED_FREE char *path = path_join(out->tmp, name);

	return write_file(path, blob, err);
}

static int put_text(const struct outdir *out, const char *name, char *text,
	struct error *err)
{
	struct layout_blob blob = { .text = text, .size = strlen(text) };

	return put_file(out, name, &blob, err);
}

static int put_blobs(const struct outdir *out, const struct layout_blobs *blobs,
	struct error *err)
{
	for (size_t i = 0; i < blobs->n; i++) {
		char hex[DIGEST_HEX_SIZE];
		SCOPED_FREE char *name = memory_printf("blobs/sha256/%s",
			digest_hex(&blobs->items[i].digest, hex));

		if (put_file(out, name, &blobs->items[i], err))
			return -1;
	}
	return 0;
}

static int fill(const struct outdir *out, const struct layout_blobs *blobs,
	struct error *err)
{
	char mark[] = LAYOUT_MARK_TEXT;
	SCOPED_FREE char *blobs_dir = path_join(out->tmp, "blobs");
	SCOPED_FREE char *sha256_dir = path_join(blobs_dir, "sha256");

	if (file_mkdirs(sha256_dir, err))
		return -1;
	if (put_text(out, LAYOUT_MARK, mark, err) ||
		put_text(out, LAYOUT_INDEX, blobs->index, err) ||
		put_blobs(out, blobs, err))
		return -1;
	if (outdir_sync(sha256_dir, err))
		return -1;
	return outdir_sync(blobs_dir, err);
}

static bool is_empty(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	if (!dir)
		return false;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n <= 2;
}

int layout_dir_check(const char *path, struct error *err)
{
	SCOPED_FREE char *mark = path_join(path, LAYOUT_MARK);
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : error_errno(err, "%s", path);
	if (S_ISDIR(st.st_mode) && (file_exists(mark) || is_empty(path)))
		return 0;
	return error_set(err, ERROR_EXISTS,
		"%s exists and is not an OCI image layout: remove it or "
		"choose another --output",
		path);
}

static int write_dir(
	struct layout *layout, struct outdir *out, struct error *err)
{
	struct layout_blobs blobs;
	int failed;

	if (layout_dir_check(out->path, err))
		return -1;
	layout_blobs_init(&blobs, layout);
	failed = fill(out, &blobs, err);
	layout_blobs_release(&blobs);
	return failed ? -1 : outdir_commit(out, err);
}

int layout_write_dir(struct layout *layout, const char *path, struct error *err)
{
	struct outdir out;
	int failed = outdir_open(&out, path, err);

	if (!failed)
		failed = write_dir(layout, &out, err);
	outdir_release(&out);
	return failed;
}
