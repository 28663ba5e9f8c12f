/* SPDX-License-Identifier: MIT */
#include "oci/rootfs_tar.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "oci/archive_temp.h"

static int open_file(const char *path, struct error *err)
{
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return error_errno(err, "%s", path);
	if (S_ISDIR(st.st_mode))
		return error_set(err, ERROR_INPUT,
			"%s is a folder, expected a tar: pack it as root, with "
			"tar --numeric-owner -C FOLDER -cf FILE.tar .",
			path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_INPUT,
			"%s is no regular file, expected a tar", path);
	return scope_take_fd(fd);
}

static int size_of(int fd, uint64_t *size, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return error_errno(err, "stat");
	*size = (uint64_t)st.st_size;
	return 0;
}

int rootfs_tar_open(const char *path, uint64_t *size, struct error *err)
{
	struct digest digest = { .kind = DIGEST_SHA256 };
	SCOPED_FD int file = open_file(path, err);
	SCOPED_FD int plain = -1;

	if (file < 0)
		return -1;
	if (archive_temp_check(file, err))
		return error_wrap(err, "%s", path);
	plain = archive_temp_is_gzip(file)
			? archive_temp_gunzip(file, &digest, err)
			: scope_take_fd(file);
	if (plain < 0 || size_of(plain, size, err))
		return error_wrap(err, "%s", path);
	return scope_take_fd(plain);
}
