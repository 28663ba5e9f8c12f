/* SPDX-License-Identifier: MIT
 *
 * tar_source: the bytes of a tar archive, plain or out of gzip, in blocks
 * that start at multiples of 512. Private to io/tar_read.c, which hands them
 * to libarchive; it keeps what libarchive does not tell: the raw header of an
 * entry, whether the end-of-archive blocks are there, and what follows them.
 * Offsets count uncompressed bytes from the start of the archive.
 */
#ifndef IO_TAR_SOURCE_H
#define IO_TAR_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/gzip.h"
#include "io/tar_read.h"

#define TAR_SOURCE_BLOCK 512

struct tar_source {
	int fd;			  /* borrowed; -1: `bytes` */
	const char *bytes;	  /* of an archive in memory; borrowed */
	struct gzip_reader *gzip; /* NULL: plain; owned */
	uint64_t start;		  /* of the archive in a plain file */
	uint64_t length;       /* of the archive, in a plain file or memory */
	unsigned char *buffer; /* the last bytes read; owned */
	uint64_t offset;       /* of the buffer's first byte */
	size_t n;	       /* bytes in the buffer */
	size_t chunk;	       /* bytes to read next time */
	uint64_t mark;	       /* a block that is watched for ... */
	bool mark_is_zero;     /* ... being all zeros, when it was seen */
	bool failed;
	struct error error; /* why */
};

/* Reads from the file's current position, which stays where it is. */
int tar_source_init(struct tar_source *source, int fd, enum tar_form form,
	struct error *err) MUST_CHECK;
/* A plain archive in memory. */
void tar_source_init_bytes(struct tar_source *source, struct slice bytes);
void tar_source_release(struct tar_source *source);

/* True when the file or memory itself starts like gzip. */
bool tar_source_is_gzip(const struct tar_source *source);

/* Fills the buffer with what follows it; n is 0 at the end; -1: failed. */
int tar_source_fill(struct tar_source *source) MUST_CHECK;
/* Leaves out up to n bytes after the buffer; tells how many it could. */
uint64_t tar_source_skip(struct tar_source *source, uint64_t n);

/* Watches the block at `offset`, which is in the buffer or comes later. */
void tar_source_mark(struct tar_source *source, uint64_t offset);
/* The whole block at `offset` when it is in the buffer, else NULL. */
const unsigned char *tar_source_block(
	const struct tar_source *source, uint64_t offset);
/* The same for n bytes. */
const unsigned char *tar_source_bytes(
	const struct tar_source *source, uint64_t offset, uint64_t n);

/* Reads to the end: ERROR_INPUT unless all from `offset` on are zeros. */
int tar_source_finish(struct tar_source *source, uint64_t offset,
	struct error *err) MUST_CHECK;

#endif
