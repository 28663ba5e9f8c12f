/* SPDX-License-Identifier: MIT
 *
 * tar_write: POSIX.1-1988 ustar headers, byte for byte our own. A path that
 * does not fit is split into prefix and name at a slash; only what ustar
 * cannot hold (path, link target, size of 8 GiB and more) gets a PAX `x`
 * header (POSIX.1-2001, "pax Extended Header"), with just that record. No
 * user names, no GNU extensions, no xattrs. Device numbers are written as
 * octal zeros, as GNU tar and Go's archive/tar do.
 */
#ifndef OCI_TAR_WRITE_H
#define OCI_TAR_WRITE_H

#include <stdint.h>

#include "io/sink.h"

#define TAR_BLOCK_SIZE 512
#define TAR_ID_MAX UINT32_C(07777777)		  /* seven octal digits */
#define TAR_USTAR_SIZE_MAX UINT64_C(077777777777) /* eleven: 8 GiB - 1 */
#define TAR_MTIME_MAX INT64_C(077777777777)	  /* 2242-03-16T12:56:31Z */

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
	uint32_t mode;	   /* 07777 */
	uint32_t uid, gid; /* at most TAR_ID_MAX */
	int64_t mtime;	   /* seconds, clamped to 0..TAR_MTIME_MAX */
	uint64_t size;	   /* of the content that follows */
};

/* Writes header and content separately: the caller sends the content. */
void tar_write_header(struct sink *out, const struct tar_header *header);
/* Zeros up to the block boundary after `size` bytes of content. */
void tar_write_padding(struct sink *out, uint64_t size);
/* The two zero blocks of the end; no padding to a record. */
void tar_write_end(struct sink *out);

/* Bytes that tar_write_header() writes: a block, more with a PAX header. */
uint64_t tar_header_size(const struct tar_header *header);
/* Bytes of content with its padding. */
uint64_t tar_padded_size(uint64_t size);

#endif
