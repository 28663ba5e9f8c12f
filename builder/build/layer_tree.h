/* SPDX-License-Identifier: MIT
 *
 * layer_tree: the layer of an image archive as a tree, for audits. Contents
 * stay where they are: while they stream by, their digests are taken, and the
 * text of the package database is kept, as it has to be read. So the memory
 * needed does not grow with the size of the files. The layer is foreign:
 * whatever a tree cannot hold is refused.
 */
#ifndef BUILD_LAYER_TREE_H
#define BUILD_LAYER_TREE_H

#include "apk/name_map.h"
#include "io/digest.h"
#include "oci/archive.h"
#include "tree/tree.h"

struct layer_tree {
	struct arena arena;   /* owns everything here */
	struct tree tree;     /* origin of all: AUDIT_ORIGIN; files are empty,
				 but for the database */
	struct name_map sums; /* by the address of the inode */
	size_t kept;	      /* bytes of contents */
};

/*
 * Reads the only layer of an image. ERROR_INPUT: the image has several, or
 * the layer holds devices, fifos, numbers above TREE_ID_MAX or what
 * archive_read_layer() refuses. On failure there is nothing to release.
 */
int layer_tree_read(struct layer_tree *layer, struct archive *archive,
	const struct archive_image *image, struct error *err) MUST_CHECK;
void layer_tree_release(struct layer_tree *layer);

/* The digest of a file of the tree (SHA-1 or SHA-256); an audit_digest_fn
 * whose ctx is the layer_tree. */
int layer_tree_digest(const struct node *node, enum digest_kind kind,
	struct digest *digest, void *ctx, struct error *err) MUST_CHECK;

#endif
