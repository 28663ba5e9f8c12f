/* SPDX-License-Identifier: MIT
 *
 * file: small files of the host, read whole within a limit, and folders.
 * Output that must appear complete or not at all is io/outfile's job.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Reads the whole file into buf, which is initialised here with max as its
 * limit; ERROR_INPUT when the file is larger, ERROR_NOT_FOUND when it does
 * not exist. On failure it is empty: releasing it is allowed, not needed.
 */
int file_read(const char *path, size_t max, struct buf *buf,
	struct error *err) MUST_CHECK;

bool file_exists(const char *path);
bool file_is_directory(const char *path);

/* mkdir -p with mode 0777 less the umask. */
int file_mkdirs(const char *path, struct error *err) MUST_CHECK;
/* mkdir -p of the folder that `path` stands in. */
int file_mkdirs_for(const char *path, struct error *err) MUST_CHECK;

/* Reads or writes exactly n bytes; a short file is ERROR_INPUT. */
int file_pread_all(int fd, void *p, size_t n, long long offset,
	struct error *err) MUST_CHECK;
int file_write_all(
	int fd, const void *p, size_t n, struct error *err) MUST_CHECK;

#endif
