/* SPDX-License-Identifier: MIT
 *
 * host_walk: a folder of the host, entry by entry in bytewise order, each
 * directory before what is in it. Symbolic links are never followed, so the
 * walk stays in the folder. Order and result do not depend on readdir.
 */
#ifndef ROOTFS_HOST_WALK_H
#define ROOTFS_HOST_WALK_H

#include <sys/stat.h>

#include "base/error.h"

struct host_entry {
	const char *path; /* relative to the folder, valid in the call */
	const char *name; /* its last component */
	int dirfd;	  /* open folder that it stands in */
	struct stat st;	  /* of itself, not of what it links to */
};

enum host_walk_next {
	HOST_WALK_FAIL = -1, /* err is set */
	HOST_WALK_ON,
	HOST_WALK_SKIP, /* do not go into this directory */
};
typedef enum host_walk_next host_walk_fn(
	const struct host_entry *entry, void *ctx, struct error *err);

/*
 * ERROR_NOT_FOUND when dir is no folder, ERROR_INPUT below TREE_DEPTH_MAX.
 * The folder itself is not told.
 */
int host_walk(const char *dir, host_walk_fn *fn, void *ctx,
	struct error *err) MUST_CHECK;

#endif
