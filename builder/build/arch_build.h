/* SPDX-License-Identifier: MIT
 *
 * arch_build: one architecture of an image: its tree, its RouterOS archives
 * (one per tag, in temporaries that are not named yet) and, for OCI formats,
 * the blob of its layer. Architectures do not know of each other, so they
 * run side by side; each struct belongs to one thread at a time.
 */
#ifndef BUILD_ARCH_BUILD_H
#define BUILD_ARCH_BUILD_H

#include "build/assemble.h"
#include "build/base_digests.h"
#include "build/image.h"
#include "io/outfile.h"
#include "oci/image_config.h"
#include "oci/layer.h"
#include "spec/report.h"

struct archive_build {
	struct outfile file;
	const struct tag *tag;
	struct digest sha256; /* of the whole file */
	uint64_t size;
	uint64_t layer_offset;
};

struct arch_build {
	const struct image_plan *image;
	struct arch_plan *plan;
	const struct build_options *options;
	unsigned threads; /* of its own, at least 1 */
	struct base_tar base;
	struct base_digests digests;
	struct package_tars packages;
	struct assembly assembly;
	struct image_config config;
	struct digest config_digest;
	struct layer layer; /* what OCI formats refer to */
	struct archive_build archives[PLAN_TAGS_MAX];
	size_t narchives;
	struct report report; /* see build/build_report.h */
};

/* arch_build_release() is due after success and failure alike. */
int arch_build_run(struct arch_build *build, struct error *err) MUST_CHECK;
/* Drops what was not committed. */
void arch_build_release(struct arch_build *build);

#endif
