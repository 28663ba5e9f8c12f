/* SPDX-License-Identifier: MIT
 *
 * package_data: the entries of a package's data tar, with what apk keeps in
 * pax records: the SHA-1 of each file's content or link's target, and
 * extended attributes. Stricter than apk: names that it would pass over in
 * silence ("./x", "../x", ".hidden" at the top are such) and device nodes are
 * errors, except for the top-level dot files that abuild makes (".dummy").
 */
#ifndef APK_PACKAGE_DATA_H
#define APK_PACKAGE_DATA_H

#include "apk/identity.h"
#include "base/memory.h"
#include "io/tar_read.h"

struct package_entry {
	struct tar_entry tar;	  /* path, mode, uname, gname, offset, ... */
	struct identity checksum; /* NONE: directory; a hard link has that of
				     the file it names */
	struct identity xattrs;	  /* apk's identity of them; NONE: none */
	bool is_skipped; /* apk does not install it: a dot file at the top */
};

struct package_data;

/* Reads the plain data tar in fd (borrowed, rewound) from its start. name is
 * for messages. */
struct package_data *package_data_new(
	int fd, const char *name, struct error *err) MUST_CHECK;
void package_data_free(struct package_data *data);
/*
 * 1: *entry is the next one, valid until the next call; 0: end; -1: error
 * (ERROR_INPUT): a name that escapes, a regular file or symlink without
 * checksum, a parent that has no entry before it, a hard link to what is no
 * earlier file, a path twice, a device or fifo, a link that leaves the tree.
 */
int package_data_next(struct package_data *data, struct package_entry *entry,
	struct error *err) MUST_CHECK;

/* Reads all of it and compares every file's content and link's target with
 * its checksum. ERROR_VERIFY names the file. */
int package_data_check(int fd, const char *name, struct error *err) MUST_CHECK;

#endif
