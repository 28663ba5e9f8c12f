/* SPDX-License-Identifier: MIT
 *
 * flatten: the layers of an image as one tree (OCI image spec v1.1, "Image
 * Layer Filesystem Changeset"). Whiteouts hide what layers below have, never
 * what their own layer adds, wherever in it they stand. Links among the
 * parents of an entry are followed inside the tree. Contents stay in the
 * layers, which are kept open. Layers are foreign: what a tree cannot hold is
 * refused, but for what routers have no use for, which is left out and told;
 * a watch sees each entry, and what would be refused is left out, too.
 */
#ifndef OCI_FLATTEN_H
#define OCI_FLATTEN_H

#include "io/tar_read.h"
#include "oci/archive.h"
#include "tree/tree.h"

#define FLATTEN_ENTRIES_MAX UINT64_C(2000000) /* of all layers */
#define FLATTEN_SIZE_MAX (UINT64_C(32) << 30) /* bytes of all contents */
#define FLATTEN_PATHS_KEPT 5

enum flatten_loss_kind {
	FLATTEN_DEVICES,   /* device nodes and fifos */
	FLATTEN_XATTRS,	   /* extended attributes, capabilities, ACLs */
	FLATTEN_WHITEOUTS, /* of the first layer, with nothing below */
	FLATTEN_NLOSSES,
};

/* What was left out: how many, and the first of them. */
struct flatten_loss {
	size_t n;
	const char *paths[FLATTEN_PATHS_KEPT];
};

/* An entry of a layer, before it comes into the tree. */
struct flatten_seen {
	const struct tar_entry *entry;
	const struct tar_reader *reader; /* for its headers */
	int fd;				 /* of the layer */
	const char *origin;		 /* that nodes of this layer have */
	bool is_whiteout;		 /* or a note of aufs: not put */
};

/*
 * For who wants to tell all that is wrong with layers instead of failing:
 * what cannot be put is told and left out, and numbers of owners that are too
 * high become TREE_ID_MAX. The root's own entry is not seen.
 */
struct flatten_watch {
	void (*see)(void *ctx, const struct flatten_seen *seen);
	void (*refuse)(void *ctx, const struct tar_entry *entry,
		const struct error *why);
	void *ctx;
};

struct flatten {
	struct tree tree;
	struct content_file files[ARCHIVE_LAYERS_MAX]; /* with their fds */
	size_t nfiles;
	uint64_t nentries, size; /* of all layers so far */
	struct flatten_loss losses[FLATTEN_NLOSSES];
	const struct flatten_watch *watch; /* borrowed; NULL: nobody looks */
	struct arena *arena;		   /* borrowed: owns all here */
};

void flatten_init(struct flatten *flatten, struct arena *arena);
void flatten_release(struct flatten *flatten);

/*
 * Puts the next layer on top: a plain tar, whose fd is taken over in any
 * case, and whose contents end before length (0: anywhere). name is for
 * messages. ERROR_INPUT: it cannot be unpacked.
 */
int flatten_add(struct flatten *flatten, const char *name, int owned_fd,
	uint64_t length, struct error *err) MUST_CHECK;
/* The same for a layer of an archive, whose digests are checked. */
int flatten_layer(struct flatten *flatten, struct archive *archive,
	const struct archive_layer *layer, struct error *err) MUST_CHECK;

#endif
