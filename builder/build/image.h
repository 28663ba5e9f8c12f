/* SPDX-License-Identifier: MIT
 *
 * image: one image from its plan to its files in the output folder.
 *
 * Architectures are built side by side, each into temporaries; only when all
 * of them succeeded do the files take their names. A release that is there
 * with other content is not overwritten unless forced; with the same content
 * it stays untouched.
 */
#ifndef BUILD_IMAGE_H
#define BUILD_IMAGE_H

#include "build/plan.h"
#include "io/digest.h"

struct build_options {
	const char *output; /* folder, created when missing */
	int gzip_level;	    /* of OCI layers: 1..9; 0: not compressed */
	unsigned jobs;	    /* threads, at least 1 */
	enum overwrite { OVERWRITE_REFUSE, OVERWRITE_FORCE } overwrite;
	struct fetch_options fetch;
	const volatile int *cancel; /* non-zero: stop (ERROR_INTERRUPTED) */
};

/* One file (or folder) that a build stands for. */
struct output {
	enum format format;
	const char *file; /* name in the output folder */
	const char *arch; /* NULL: several */
	const char *tag;
	uint64_t size;	      /* bytes of the file; of all blobs for oci-dir */
	struct digest sha256; /* of the file; DIGEST_NONE for oci-dir */
	struct digest id; /* image id (config) or OCI index/manifest digest */
	bool written;	  /* false: was there already with these bytes */
};

struct image_result {
	struct arena *arena; /* set by the caller: owns all that is here */
	struct output *items;
	size_t n, cap;
	bool fresh; /* inputs did not change: nothing was built */
};

int image_build(struct image_plan *image, const struct build_options *options,
	struct image_result *result, struct error *err) MUST_CHECK;

/* A zeroed output at the end of the result. */
struct output *image_result_add(struct image_result *result);

#endif
