/* SPDX-License-Identifier: MIT
 *
 * tar_entry: from libarchive's entry to struct tar_entry, with the checks
 * that depend on the entry alone. Private to io/tar_read.c.
 */
#ifndef IO_TAR_ENTRY_H
#define IO_TAR_ENTRY_H

#include "base/error.h"
#include "io/tar_read.h"

struct archive_entry;

/* The texts that an entry's `path` and `target` point to. */
struct tar_names {
	char *path, *target; /* owned; may be NULL */
};
void tar_names_release(struct tar_names *names);

/*
 * Fills in everything but the offset. names must be empty; after a failure
 * names->path is there when the path was not what was wrong. The thread's
 * locale must be a UTF-8 one.
 */
int tar_entry_read(struct archive_entry *e, struct tar_entry *entry,
	struct tar_names *names, struct error *err) MUST_CHECK;

/*
 * Checks the raw header of what libarchive told to be a regular file of that
 * size; block may be NULL when it is not where it should be. ERROR_INPUT when
 * it is no header (the map of a sparse file), of a type that POSIX leaves
 * open, or of another size, though that needs no extended header.
 */
int tar_entry_check_header(const unsigned char *block, uint64_t size,
	struct error *err) MUST_CHECK;

#endif
