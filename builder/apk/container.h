/* SPDX-License-Identifier: MIT
 *
 * container: what indexes and packages of apk v2 have in common: a file of
 * gzip members, each a piece of tar, the first one perhaps of signatures.
 * Private to apk/index_file.c and apk/package_file.c. Files of apk v3 begin
 * with "ADB" and are told here, so that both refuse them by name.
 */
#ifndef APK_CONTAINER_H
#define APK_CONTAINER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "io/digest.h"
#include "io/gzip_member.h"
#include "io/sink.h"

enum container_form {
	CONTAINER_GZIP,
	CONTAINER_ADB, /* apk v3 */
	CONTAINER_OTHER,
};

struct container {
	int fd; /* borrowed */
	enum container_form form;
	uint64_t size; /* bytes of the file */
	struct gzip_member_reader *reader;
};

/* An open file from its start, at most max bytes of it. */
int container_open(struct container *container, int fd, uint64_t max,
	struct error *err) MUST_CHECK;
void container_release(struct container *container);
/* Refuses what is not CONTAINER_GZIP; what: "package", "index". */
int container_expect_gzip(const struct container *container, const char *what,
	struct error *err) MUST_CHECK;
/* Bytes of the file that follow the members read so far. */
uint64_t container_left(const struct container *container);

/*
 * Reads a member: inflated, it goes to plain, at most max bytes; the digest,
 * whose kind the caller has set, is that of its raw bytes; NULL: none wanted.
 * 1: read; 0: the file ends; -1: error.
 */
int container_next(struct container *container, struct sink *plain,
	uint64_t max, struct digest *digest, struct error *err) MUST_CHECK;

/* Whether the inflated member is one of signatures, by its first entry; -1:
 * it is no tar. */
int container_is_signature(
	struct slice member, const char *name, struct error *err) MUST_CHECK;

#endif
