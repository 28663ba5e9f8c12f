/* SPDX-License-Identifier: MIT
 *
 * tar_write: POSIX.1-1988 ustar headers, byte for byte our own. A path that
 * does not fit is split into prefix and name at a slash; only what ustar
 * cannot hold (path, link target, size of 8 GiB and more) gets a PAX `x`
 * header, with just that record. No user names, no GNU extensions, no xattrs.
 */
#ifndef OCI_TAR_WRITE_H
#define OCI_TAR_WRITE_H

#include <stdint.h>

#include "io/sink.h"

#define TAR_BLOCK_SIZE 512

enum tar_type {
	TAR_TYPE_FILE = '0',
	TAR_TYPE_HARDLINK = '1',
	TAR_TYPE_SYMLINK = '2',
	TAR_TYPE_DIRECTORY = '5',
};

struct tar_header {
	const char *path;   /* clean; a directory's trailing slash is added */
	const char *target; /* hard link: clean path; symlink: as it is */
	enum tar_type type;
	uint32_t mode;	    /* 07777 */
	uint32_t uid, gid;  /* at most 2097151 (07777777) */
	int64_t mtime;	    /* seconds, 0 and up */
	uint64_t size;	    /* of the content that follows */
};

/* Writes header and content separately: the caller sends the content. */
void tar_write_header(struct sink *out, const struct tar_header *header);
/* Zeros up to the block boundary after `size` bytes of content. */
void tar_write_padding(struct sink *out, uint64_t size);
/* The two zero blocks of the end; no padding to a record. */
void tar_write_end(struct sink *out);

/*
 * One ustar header block in memory, for what is patched later. The header
 * must fit ustar (asserted).
 */
void tar_header_block(
	const struct tar_header *header, char block[TAR_BLOCK_SIZE]);

#endif
