/* SPDX-License-Identifier: MIT
 *
 * owner: names of users and groups to numbers by the image's own etc/passwd
 * and etc/group, never the host's. Decimal numbers stand for themselves.
 */
#ifndef ROOTFS_OWNER_H
#define ROOTFS_OWNER_H

#include <stdint.h>

#include "base/error.h"
#include "tree/tree.h"

/* ERROR_SPEC when unknown (with the nearest name) or above TREE_ID_MAX. */
int owner_uid(const struct tree *tree, const char *user, uint32_t *uid,
	struct error *err) MUST_CHECK;
int owner_gid(const struct tree *tree, const char *group, uint32_t *gid,
	struct error *err) MUST_CHECK;

#endif
