/* SPDX-License-Identifier: MIT
 *
 * convert_rootfs: what a plain root file system lacks to be an image: its
 * platform, by the programs in it, and what is started. Part of build/convert.
 */
#ifndef BUILD_CONVERT_ROOTFS_H
#define BUILD_CONVERT_ROOTFS_H

#include <stdbool.h>

#include "oci/image_config.h"
#include "tree/tree.h"

/* What was asked for; all of it is borrowed. */
struct convert_rootfs {
	const char *platform; /* "arm64", "arm/v7"; NULL: the programs' own */
	bool any_program; /* those for other platforms than asked for, too */
	const char *const *entrypoint;
	size_t nentrypoint;
	const char *const *cmd;
	size_t ncmd;
};

/*
 * Fills in architecture, variant, entrypoint, cmd and created. Without words
 * /sbin/init is started where it is executable, else /bin/sh. ERROR_USAGE: a
 * program is for another platform than was asked for, or it cannot be known
 * what the platform is or what to start.
 */
int convert_rootfs_config(const struct tree *tree,
	const struct convert_rootfs *asked, struct image_config *config,
	struct arena *arena, struct error *err) MUST_CHECK;

#endif
