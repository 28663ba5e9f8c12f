/* SPDX-License-Identifier: MIT
 *
 * content: what a regular file holds, as a value: nothing, bytes in memory,
 * or an extent of a file of the host (a cached data tar, an overlay file).
 * No handle stays open in it. A content_reader opens the files behind
 * extents when they are wanted and keeps the last one open.
 */
#ifndef TREE_CONTENT_H
#define TREE_CONTENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"
#include "io/sink.h"

enum content_kind { CONTENT_EMPTY, CONTENT_BYTES, CONTENT_EXTENT };

#define CONTENT_TIME_ANY INT64_MIN

/*
 * A file that extents point into, with what fstat said when it was planned:
 * reading fails (ERROR_IO, "changed since it was looked at") when the opened
 * file is another one, so that what was checked is what is used. Times that
 * are CONTENT_TIME_ANY are not compared: a blob of the cache never changes
 * under its name, but every build that uses it touches it. An open file is
 * the one that was checked even when another takes its name meanwhile.
 */
struct content_file {
	const char *path; /* of the host; borrowed */
	int fd;		  /* read instead of opening path; -1: none; borrowed */
	uint64_t size;	  /* bytes */
	uint64_t device, inode;
	int64_t mtime_ns, ctime_ns; /* nanoseconds UTC or CONTENT_TIME_ANY */
};

struct content {
	enum content_kind kind;
	uint64_t size;			 /* bytes */
	const void *bytes;		 /* CONTENT_BYTES; borrowed */
	const struct content_file *file; /* CONTENT_EXTENT; borrowed */
	uint64_t offset;		 /* in file */
};

struct content content_empty(void);
struct content content_bytes(const void *p, uint64_t size);
struct content content_extent(
	const struct content_file *file, uint64_t offset, uint64_t size);
/* The bytes from offset on, at most size of them, as far as there are any. */
struct content content_part(
	const struct content *content, uint64_t offset, uint64_t size);

/* Fills in everything from fstat, fd with -1; path is borrowed. */
int content_file_init(struct content_file *file, const char *path, int fd,
	struct error *err) MUST_CHECK;
/* The same from what fstat or lstat gave already. */
int content_file_from_stat(struct content_file *file, const char *path,
	const struct stat *st, struct error *err) MUST_CHECK;

struct content_reader {
	const struct content_file *file; /* the one that is open */
	int fd;	      /* the file's own one where it has one */
	int owned_fd; /* -1: none */
};

void content_reader_init(struct content_reader *reader);
void content_reader_release(struct content_reader *reader);
/* Sends the whole content to the sink. */
int content_copy(struct content_reader *reader, const struct content *content,
	struct sink *to, struct error *err) MUST_CHECK;
/* Reads up to n bytes from the start of it and tells how many; -1: error. */
ssize_t content_peek(struct content_reader *reader,
	const struct content *content, void *p, size_t n,
	struct error *err) MUST_CHECK;
/*
 * The whole content into buf, which is initialised here with max as its
 * limit; ERROR_INPUT when there is more. On failure there is nothing to
 * release.
 */
int content_read(struct content_reader *reader, const struct content *content,
	size_t max, struct buf *buf, struct error *err) MUST_CHECK;

#endif
