/* SPDX-License-Identifier: MIT
 *
 * archive_temp: unlinked files in TMPDIR or /tmp that hold what was taken out
 * of an archive or uncompressed, within the limits of archive.h. They vanish
 * when they are closed. Private to archive.
 */
#ifndef OCI_ARCHIVE_TEMP_H
#define OCI_ARCHIVE_TEMP_H

#include <stdbool.h>

#include "base/error.h"
#include "io/digest.h"

/* A new empty file, open for reading and writing; the caller closes it; -1. */
int archive_temp_new(struct error *err) MUST_CHECK;

/* ERROR_INPUT when the file is compressed in a way that is not read here. */
int archive_temp_check(int fd, struct error *err) MUST_CHECK;
/* True when the file starts with gzip's magic. */
bool archive_temp_is_gzip(int fd);
/*
 * The uncompressed bytes of the file, and their digest in *digest, of the
 * kind that it has. The caller closes the result; -1 on failure.
 */
int archive_temp_gunzip(
	int fd, struct digest *digest, struct error *err) MUST_CHECK;
/*
 * Where *fd is a tar that lacks the zeros at its end, a file with them takes
 * its place; *length is what it had without.
 */
int archive_temp_end_tar(
	int *fd, uint64_t *length, struct error *err) MUST_CHECK;

#endif
