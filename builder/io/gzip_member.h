/* SPDX-License-Identifier: MIT
 *
 * gzip_member: a file of concatenated gzip members (RFC 1952 section 2.2)
 * taken apart: each member's raw bytes and what they inflate to. For apk's
 * files, whose signatures and identities are over the raw bytes of a member.
 */
#ifndef IO_GZIP_MEMBER_H
#define IO_GZIP_MEMBER_H

#include <stdint.h>

#include "base/error.h"
#include "io/sink.h"

struct gzip_member_reader;

/* Reads an open regular file (borrowed) from the given offset. Never NULL. */
struct gzip_member_reader *gzip_member_reader_new(int fd, uint64_t offset);
void gzip_member_reader_free(struct gzip_member_reader *reader);
/* Where the next member starts in the file. */
uint64_t gzip_member_offset(const struct gzip_member_reader *reader);

/*
 * Reads one member: raw gets its compressed bytes with header and trailer,
 * plain what they inflate to, at most max bytes (ERROR_INPUT beyond, as for
 * everything malformed or truncated). Either sink may be NULL; neither is
 * closed. 1: a member was read; 0: the file ends here; -1: error, also one of
 * a sink.
 */
int gzip_member_next(struct gzip_member_reader *reader, struct sink *raw,
	struct sink *plain, uint64_t max, struct error *err) MUST_CHECK;

#endif
