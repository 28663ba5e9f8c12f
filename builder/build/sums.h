/* SPDX-License-Identifier: MIT
 *
 * sums: SHA256SUMS of the output folder, in the form of sha256sum(1): one
 * line per file that is there, sorted bytewise by name.
 */
#ifndef BUILD_SUMS_H
#define BUILD_SUMS_H

#include "build/image.h"

#define SUMS_NAME "SHA256SUMS"
#define SUMS_MAX ((size_t)1 << 20) /* bytes of the file */

/*
 * Puts the result's files in: lines of other files stay as long as those
 * files exist. Processes take turns by a lock on the folder. Nothing is
 * written when nothing would change.
 */
int sums_update(const char *dir, const struct image_result *result,
	struct error *err) MUST_CHECK;

#endif
