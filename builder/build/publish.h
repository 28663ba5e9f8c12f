/* SPDX-License-Identifier: MIT
 *
 * publish: the last step of a build: every file is complete under a
 * temporary name; all are checked against what is there already, and only
 * then do they take their names.
 */
#ifndef BUILD_PUBLISH_H
#define BUILD_PUBLISH_H

#include "build/arch_build.h"

/* builds: one per architecture of the image, all done. */
int publish(const struct image_plan *image, const struct build_options *options,
	struct arch_build *builds, struct image_result *result,
	struct error *err) MUST_CHECK;

#endif
