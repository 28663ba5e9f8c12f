/* SPDX-License-Identifier: MIT
 *
 * layer: the image's one layer: an uncompressed tar of the tree (OCI image
 * spec, "Image Layer Filesystem Changeset"), a function of tree and epoch.
 * The root itself has no entry; directories come before what is in them;
 * a hard link's first name carries the content; times are clamped to the
 * epoch; numeric owners only.
 */
#ifndef OCI_LAYER_H
#define OCI_LAYER_H

#include "base/error.h"
#include "io/digest.h"
#include "io/sink.h"
#include "tree/tree.h"

/* Streams the layer; the sink is not closed. */
int layer_write(const struct tree *tree, int64_t epoch, struct sink *out,
	struct error *err) MUST_CHECK;

/* Exact size of what layer_write() will write, in bytes. */
uint64_t layer_size(const struct tree *tree);

/* A finished layer. */
struct layer {
	struct digest diff_id; /* SHA-256 of the uncompressed tar */
	uint64_t tar_size;     /* bytes of it */
	struct digest digest;  /* SHA-256 of the blob (= diff_id when raw) */
	uint64_t size;	       /* bytes of the blob */
	const char *media_type;
	const char *blob_path; /* where the blob's bytes are; NULL: not kept */
	uint64_t blob_offset;  /* in that file */
};

#define LAYER_MEDIA_TAR "application/vnd.oci.image.layer.v1.tar"
#define LAYER_MEDIA_GZIP "application/vnd.oci.image.layer.v1.tar+gzip"

#endif
