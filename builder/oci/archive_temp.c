/* SPDX-License-Identifier: MIT */
#include "oci/archive_temp.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/path.h"
#include "io/gzip.h"
#include "oci/archive.h"
#include "oci/fd_sink.h"

#define BLOCK 512
#define END_SIZE ((size_t)2 * BLOCK) /* zeros that end a tar */

int archive_temp_new(struct error *err)
{
	const char *dir = getenv("TMPDIR");
	SCOPED_FREE char *path = NULL;
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	path = path_join(dir, "alpbuild-XXXXXX");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return error_errno(
			err, "create a temporary file in %s (TMPDIR)", dir);
	unlink(path);
	return fd;
}

struct magic {
	const char *name;
	size_t size;
	unsigned char bytes[6];
};

static const struct magic foreign[] = {
	{ "zstd", 4, { 0x28, 0xb5, 0x2f, 0xfd } },
	{ "xz", 6, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
	{ "bzip2", 3, { 'B', 'Z', 'h' } },
	{ "lz4", 4, { 0x04, 0x22, 0x4d, 0x18 } },
};

int archive_temp_check(int fd, struct error *err)
{
	unsigned char start[6] = { 0 };

	if (pread(fd, start, sizeof(start), 0) < 0)
		return error_errno(err, "read");
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
		if (!memcmp(start, foreign[i].bytes, foreign[i].size))
			return error_set(err, ERROR_INPUT,
				"compressed with %s, expected a tar, raw or "
				"with gzip",
				foreign[i].name);
	}
	return 0;
}

bool archive_temp_is_gzip(int fd)
{
	unsigned char magic[2];

	return pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	       magic[0] == 0x1f && magic[1] == 0x8b;
}

static int output_limit(int fd, uint64_t *max, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return error_errno(err, "stat");
	*max = ARCHIVE_GUNZIP_MAX;
	if ((uint64_t)st.st_size < ARCHIVE_GUNZIP_MAX / ARCHIVE_GUNZIP_RATIO)
		*max = ARCHIVE_GUNZIP_BASE +
		       (uint64_t)st.st_size * ARCHIVE_GUNZIP_RATIO;
	return 0;
}

static int gunzip_hashed(
	int from, int to, struct digest *digest, struct error *err)
{
	struct digest_sink hash;
	struct fd_sink file;
	uint64_t max = 0;
	int failed;

	if (output_limit(from, &max, err))
		return -1;
	fd_sink_init(&file, to);
	digest_sink_init(&hash, digest->kind, &file.sink);
	failed = gunzip_fd(from, max, &hash.sink, err);
	if (!failed)
		failed = sink_close(&hash.sink, err);
	*digest = hash.digest;
	digest_sink_release(&hash);
	return failed;
}

int archive_temp_gunzip(int fd, struct digest *digest, struct error *err)
{
	SCOPED_FD int to = archive_temp_new(err);

	if (to < 0 || gunzip_hashed(fd, to, digest, err))
		return -1;
	if (lseek(to, 0, SEEK_SET))
		return error_errno(err, "rewind");
	return scope_take_fd(to);
}

/* Nothing is left to add to what ends in zeros, or is no tar at all. */
static int has_end(int fd, uint64_t length, bool *has, struct error *err)
{
	static const char zeros[END_SIZE];
	char end[END_SIZE];

	*has = length < BLOCK;
	if (length < END_SIZE)
		return 0;
	if (pread(fd, end, END_SIZE, (off_t)(length - END_SIZE)) !=
		(ssize_t)END_SIZE)
		return error_errno(err, "read");
	*has = !memcmp(end, zeros, END_SIZE);
	return 0;
}

/* The last entry's content is filled up, too. */
static int copy_with_end(int from, uint64_t length, struct error *err)
{
	const uint64_t whole = (length + BLOCK - 1) / BLOCK * BLOCK + END_SIZE;
	SCOPED_FD int to = archive_temp_new(err);
	struct fd_sink file;

	if (to < 0)
		return -1;
	fd_sink_init(&file, to);
	sink_copy_fd(&file.sink, from, 0, length);
	if (sink_close(&file.sink, err))
		return -1;
	if (ftruncate(to, (off_t)whole))
		return error_errno(err, "write");
	return scope_take_fd(to);
}

int archive_temp_end_tar(int *fd, uint64_t *length, struct error *err)
{
	struct stat st;
	bool has;
	int whole;

	if (fstat(*fd, &st))
		return error_errno(err, "stat");
	*length = (uint64_t)st.st_size;
	if (has_end(*fd, *length, &has, err))
		return -1;
	if (has)
		return 0;
	whole = copy_with_end(*fd, *length, err);
	if (whole < 0)
		return -1;
	close(*fd);
	*fd = whole;
	return 0;
}
