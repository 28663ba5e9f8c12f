/* SPDX-License-Identifier: MIT
 *
 * check_layers: the layers of an image stacked into one tree by oci/flatten.
 * What a router may not cope with becomes a finding on the way. Contents stay
 * in the layers, which are kept open. Part of routeros/check.
 */
#ifndef ROUTEROS_CHECK_LAYERS_H
#define ROUTEROS_CHECK_LAYERS_H

#include "oci/flatten.h"
#include "routeros/finding.h"

struct check_layers {
	struct flatten flatten; /* and in it the tree */
	uint64_t size;		/* bytes of all files of the tree */
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
