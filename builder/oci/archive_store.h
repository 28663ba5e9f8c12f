/* SPDX-License-Identifier: MIT
 *
 * archive_store: the members of an image archive by name, whether it is a
 * tar (whose table of contents is read once) or a folder. Links between
 * members, which podman's docker-archives have, are followed inside the
 * archive only. Private to archive.
 */
#ifndef OCI_ARCHIVE_STORE_H
#define OCI_ARCHIVE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

struct archive_store;

/* NULL on failure. */
struct archive_store *archive_store_open(
	const char *path, struct error *err) MUST_CHECK;
void archive_store_free(struct archive_store *store);

bool archive_store_is_folder(const struct archive_store *store);
/* The whole file was compressed. */
bool archive_store_is_gzipped(const struct archive_store *store);

/* True when there is a member or file of this clean path, of any kind. */
bool archive_store_has(const struct archive_store *store, const char *name);
/* True when there is a member of a tar below this clean path. */
bool archive_store_holds(const struct archive_store *store, const char *name);
/* True when it is a link to another member. */
bool archive_store_is_link(const struct archive_store *store, const char *name);
/* True when the archive calls it "./name". */
bool archive_store_is_dotted(
	const struct archive_store *store, const char *name);
/* Size of a regular file, links followed; missing ones are ERROR_INPUT. */
int archive_store_size(const struct archive_store *store, const char *name,
	uint64_t *size, struct error *err) MUST_CHECK;
/* A JSON document into buf, which is initialised here. */
int archive_store_read(const struct archive_store *store, const char *name,
	struct buf *buf, struct error *err) MUST_CHECK;
/* The first n bytes of a regular file, zeros where it is shorter. */
int archive_store_peek(const struct archive_store *store, const char *name,
	void *p, size_t n, struct error *err) MUST_CHECK;
/*
 * A file descriptor with exactly the member's bytes from its start; the
 * caller closes it. -1 on failure.
 */
int archive_store_extract(const struct archive_store *store, const char *name,
	struct error *err) MUST_CHECK;

#endif
