/* SPDX-License-Identifier: MIT
 *
 * provenance: the epoch and the revision of an image, never the clock.
 *
 * The epoch (seconds UTC) is SOURCE_DATE_EPOCH when set, else the commit time
 * of the git checkout that holds the manifest (its HEAD), else unknown here:
 * then the newest entry of the minirootfs gives it. The revision is HEAD's
 * commit, with "-dirty" behind it when the manifest's checkout differs from
 * it in manifests/, rootfs-overlays/ or arch/.
 */
#ifndef BUILD_PROVENANCE_H
#define BUILD_PROVENANCE_H

#include <stdint.h>

#include "base/error.h"

enum epoch_origin { EPOCH_ENVIRONMENT, EPOCH_COMMIT, EPOCH_NEWEST_INPUT };

#define REVISION_SIZE 80

struct provenance {
	enum epoch_origin origin;
	int64_t epoch;		      /* 0 with EPOCH_NEWEST_INPUT */
	char revision[REVISION_SIZE]; /* "" when there is no git checkout */
};

/*
 * Asks the environment and git. A malformed SOURCE_DATE_EPOCH is ERROR_USAGE;
 * no git, no checkout or no commit are no error.
 */
int provenance_find(struct provenance *provenance, const char *manifest_path,
	struct error *err) MUST_CHECK;

/* "SOURCE_DATE_EPOCH", "git commit", "newest input" */
const char *epoch_origin_name(enum epoch_origin origin);

#endif
