/* SPDX-License-Identifier: MIT
 *
 * check_layers: the layers of an image stacked into one tree, as overlayfs
 * would: later ones win, whiteouts remove. What a router may not cope with
 * becomes a finding on the way. Contents stay in the layers, which are kept
 * open. Part of routeros/check.
 */
#ifndef ROUTEROS_CHECK_LAYERS_H
#define ROUTEROS_CHECK_LAYERS_H

#include "oci/archive.h"
#include "routeros/finding.h"
#include "tree/tree.h"

struct check_layers {
	struct tree tree;
	struct content_file files[ARCHIVE_LAYERS_MAX]; /* with their fds */
	size_t nfiles;
	uint64_t size;	     /* bytes of all files of the tree */
	struct arena *arena; /* borrowed */
};

/*
 * 1: the tree is whole; 0: a finding tells why it is not; -1: error. To be
 * released in any case.
 */
int check_layers_read(struct check_layers *layers, struct archive *archive,
	const struct archive_image *image, struct check_findings *findings,
	struct error *err) MUST_CHECK;
void check_layers_release(struct check_layers *layers);

#endif
