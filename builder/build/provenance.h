/* SPDX-License-Identifier: MIT
 *
 * provenance: the epoch and the revision of an image, never the clock.
 *
 * The epoch (seconds UTC) is SOURCE_DATE_EPOCH when set, else the time of
 * the last commit that touched what images are made of (manifests/,
 * rootfs-overlays/, arch/ and the manifest) in the git checkout that holds
 * the manifest, else unknown here: then the newest entry of the minirootfs
 * gives it. A commit that touches none of these leaves every image as it is.
 * The revision is that commit, with "-dirty" behind it when the checkout
 * differs from HEAD in these paths.
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
