/* SPDX-License-Identifier: MIT
 *
 * tar_read: entries of a tar archive (POSIX.1-1988 ustar, PAX, old GNU), by
 * libarchive, with the strictness that hostile input wants: a warning is an
 * error, paths come out clean (base/path.h), sparse files, unknown types,
 * checksum errors, a missing end, anything but zeros after it and oversized
 * headers are refused, whether the contents are read or skipped. Reads plain
 * tar; gzip only when asked for.
 */
#ifndef IO_TAR_READ_H
#define IO_TAR_READ_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/sink.h"

enum tar_kind {
	TAR_FILE,
	TAR_DIRECTORY,
	TAR_SYMLINK,
	TAR_HARDLINK,
	TAR_CHARACTER, /* device nodes and fifos are told, not judged */
	TAR_BLOCK,
	TAR_FIFO,
};

struct tar_entry {
	enum tar_kind kind;
	const char *path;   /* clean; "" is the root itself */
	const char *target; /* symlink: as written; hard link: clean path;
			       else NULL */
	uint32_t mode;	    /* permission bits, 07777 */
	uint64_t uid, gid;  /* numeric */
	const char *uname, *gname; /* NULL when empty */
	int64_t mtime;		   /* seconds */
	uint64_t size;		   /* bytes of content, 0 unless TAR_FILE */
	uint64_t offset; /* of the content, from the start of the archive;
			    where to find it in a plain tar */
	uint64_t header; /* of the entry's first header, an extended one if
			    it has any: [header, offset) are its headers */
	bool has_xattrs; /* extended attributes, ACLs or file flags */
};

struct tar_limits {
	uint64_t entries; /* 0: TAR_ENTRIES_MAX */
	uint64_t size;	  /* sum of the contents; 0: TAR_SIZE_MAX */
	uint64_t length;  /* no content ends behind it; 0: anywhere */
};
#define TAR_ENTRIES_MAX UINT64_C(1000000)
#define TAR_SIZE_MAX (UINT64_C(16) << 30)

enum tar_form { TAR_PLAIN, TAR_PLAIN_OR_GZIP };

struct tar_reader;

/* What readers need of the C library, loaded for as long as it is held: not
 * by each of them. Only for speed: it may be missing. */
locale_t tar_locale_new(void);
void tar_locale_free(locale_t locale);

/*
 * Reads an open regular file from its current position, which stays where it
 * is; the fd is borrowed and must outlive the reader. `name` is used in error
 * messages ("name: entry usr/bin/x: ..."). NULL on failure.
 */
struct tar_reader *tar_reader_new(int fd, const char *name, enum tar_form form,
	const struct tar_limits *limits, struct error *err) MUST_CHECK;
/*
 * The same for a plain tar in memory, which is borrowed as long as the reader
 * lives. TAR_END_ABSENT is for a fragment, whose entries must not be followed
 * by the blocks that end an archive.
 */
enum tar_end { TAR_END_REQUIRED, TAR_END_ABSENT };
struct tar_reader *tar_reader_new_bytes(struct slice bytes, const char *name,
	enum tar_end end, const struct tar_limits *limits,
	struct error *err) MUST_CHECK;
void tar_reader_free(struct tar_reader *reader);

/*
 * 1: *entry is the next one, valid until the next call; 0: end; -1: error.
 * A truncated or damaged archive is noticed at the latest where 0 would be
 * returned: nothing is to be trusted before.
 */
int tar_reader_next(struct tar_reader *reader, struct tar_entry *entry,
	struct error *err) MUST_CHECK;
/* The current entry's raw headers, until the next call of anything; empty when
 * they are not in memory any more, [header, offset) tells where they are. */
struct slice tar_reader_headers(const struct tar_reader *reader);
/*
 * Sends the current entry's content to the sink (whose error is ours too); at
 * most once an entry. What is no file has none.
 */
int tar_reader_copy(struct tar_reader *reader, struct sink *to,
	struct error *err) MUST_CHECK;

#endif
