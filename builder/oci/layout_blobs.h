/* SPDX-License-Identifier: MIT
 *
 * layout_blobs: what an OCI image layout consists of, before it is known
 * whether it becomes a tar or a folder: index.json and the blobs, each once,
 * in order of their digests. Documents are held as text, layers stay in the
 * file where they are.
 */
#ifndef OCI_LAYOUT_BLOBS_H
#define OCI_LAYOUT_BLOBS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/digest.h"
#include "io/sink.h"
#include "oci/layout.h"

#define LAYOUT_MARK "oci-layout"
#define LAYOUT_MARK_TEXT "{\"imageLayoutVersion\":\"1.0.0\"}"
#define LAYOUT_INDEX "index.json"

struct layout_blob {
	struct digest digest;
	uint64_t size;	  /* bytes */
	char *text;	  /* owned; NULL: the bytes are in a file */
	const char *path; /* borrowed */
	uint64_t offset;  /* in that file */
};

struct layout_blobs {
	struct layout_blob *items; /* owned; sorted by digest */
	size_t n, cap;
	char *index; /* text of index.json; owned */
};

/* Makes all documents and fills in the digests of the layout. */
void layout_blobs_init(struct layout_blobs *blobs, struct layout *layout);
void layout_blobs_release(struct layout_blobs *blobs);

/*
 * Sends the blob's bytes to the sink. What comes out of a file is hashed on
 * its way: ERROR_VERIFY when it is not what the digest says any more.
 */
int layout_blob_copy(const struct layout_blob *blob, struct sink *to,
	struct error *err) MUST_CHECK;

#endif
