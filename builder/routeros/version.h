/* SPDX-License-Identifier: MIT
 *
 * version: versions of RouterOS 7, as `/system/resource/print` shows them:
 * 7.5, 7.20.8, 7.21rc3, 7.22beta1. Containers came with 7.5; what is known of
 * them ends with 7.24. Versions after that are judged as the newest known.
 */
#ifndef ROUTEROS_VERSION_H
#define ROUTEROS_VERSION_H

#include <stdbool.h>

#include "base/error.h"

enum routeros_stage { ROUTEROS_STABLE, ROUTEROS_BETA, ROUTEROS_RC };

struct routeros_version {
	unsigned major, minor, patch; /* all 0: no version */
	enum routeros_stage stage;
	unsigned number; /* of the beta or release candidate */
};

extern const struct routeros_version routeros_oldest, routeros_newest;

/* ERROR_USAGE: no version, or one that has no containers. */
int routeros_version_parse(struct routeros_version *version, const char *text,
	struct error *err) MUST_CHECK;
/* <0, 0, >0: a beta is older than its release. */
int routeros_version_cmp(
	const struct routeros_version *a, const struct routeros_version *b);
bool routeros_version_is_set(const struct routeros_version *version);
/* Newer than anything that is known. */
bool routeros_version_is_future(const struct routeros_version *version);

#define ROUTEROS_VERSION_TEXT 48
const char *routeros_version_text(const struct routeros_version *version,
	char text[ROUTEROS_VERSION_TEXT]);

/* From one version (not set: the oldest) until before another (not set: none
 * is known where it ends). */
struct routeros_range {
	struct routeros_version since, until;
};

bool routeros_range_has(const struct routeros_range *range,
	const struct routeros_version *version);
/* "all versions", "before 7.17", "7.22 and later", "7.7 to 7.21.1". */
#define ROUTEROS_RANGE_TEXT (2 * ROUTEROS_VERSION_TEXT + 16)
const char *routeros_range_text(
	const struct routeros_range *range, char text[ROUTEROS_RANGE_TEXT]);
/* The last one before: 7.16 of 7.17, which stands for all its patches, and
 * 7.21.1 of 7.21.2. */
struct routeros_version routeros_version_before(
	const struct routeros_version *version);

#endif
