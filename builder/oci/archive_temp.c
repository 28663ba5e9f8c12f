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
