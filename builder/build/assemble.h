/* SPDX-License-Identifier: MIT
 *
 * assemble: the tree of one image for one architecture, from its plan: the
 * minirootfs, its packages, the manifest's users and groups, the overlays in
 * order, the users and groups again (an overlay may bring its own etc/passwd),
 * the manifest's services and path rules; then the checks of rootfs/check.h.
 */
#ifndef BUILD_ASSEMBLE_H
#define BUILD_ASSEMBLE_H

#include "build/base_tar.h"
#include "build/package_tars.h"
#include "build/plan.h"
#include "rootfs/ledger.h"
#include "tree/tree.h"

struct assembly {
	struct arena arena; /* owns the tree */
	struct tree tree;
	int64_t epoch; /* seconds UTC; times of the image are clamped to it */
	struct ledger ledger; /* of the packages' scripts */
};

/* The open inputs of one architecture. */
struct assembly_inputs {
	const struct base_tar *base;
	const struct package_tars *packages;
};

/* assembly_release() is due after success and failure alike. */
int assembly_make(struct assembly *assembly, const struct image_plan *image,
	const struct arch_plan *plan, const struct assembly_inputs *inputs,
	struct error *err) MUST_CHECK;
void assembly_release(struct assembly *assembly);

#endif
