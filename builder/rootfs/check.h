/* SPDX-License-Identifier: MIT
 *
 * check: what must hold of a finished tree before it becomes an image that
 * would otherwise fail late and cryptically on the router: every executable
 * ELF file is of the image's architecture, the entrypoint (or cmd) exists,
 * is executable and has its interpreter, the user and the working directory
 * exist, /bin/sh exists, the directories on
 * which RouterOS mounts, volumes of the manifest among them, are real
 * directories.
 */
#ifndef ROOTFS_CHECK_H
#define ROOTFS_CHECK_H

#include "base/error.h"
#include "spec/arch.h"
#include "spec/manifest.h"
#include "tree/tree.h"

int check_tree(const struct tree *tree, const struct arch *arch,
	const struct manifest *manifest, struct error *err) MUST_CHECK;

#endif
