/* SPDX-License-Identifier: MIT
 *
 * config: a manifest's settings as an OCI image config, with the labels
 * org.opencontainers.image.{title,description,version,revision,source,
 * licenses,created}. A label of the manifest's own replaces ours.
 */
#ifndef BUILD_CONFIG_H
#define BUILD_CONFIG_H

#include "build/plan.h"
#include "oci/image_config.h"

/* The result borrows from plan and arena. */
void config_make(struct image_config *config, const struct image_plan *image,
	const struct arch_plan *plan, int64_t epoch, struct arena *arena);

/* The labels that are the same for all architectures, as annotations. */
size_t config_annotations(const struct image_plan *image, int64_t epoch,
	const struct oci_label **annotations, struct arena *arena);

#endif
