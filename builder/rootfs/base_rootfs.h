/* SPDX-License-Identifier: MIT
 *
 * base_rootfs: puts Alpine's minirootfs (an uncompressed tar in the cache)
 * into an empty tree: names and metadata; contents stay extents of that file.
 * It must be what it says: its etc/apk/arch and its loader are checked
 * against the architecture. Device nodes, xattrs, duplicate names, ids above
 * TREE_ID_MAX and links that leave the tree are refused (ERROR_INPUT).
 */
#ifndef ROOTFS_BASE_ROOTFS_H
#define ROOTFS_BASE_ROOTFS_H

#include "base/error.h"
#include "spec/arch.h"
#include "tree/tree.h"

#define BASE_ROOTFS_ORIGIN "minirootfs"
/* Entries and bytes; the real ones have 530 and 9 MB. */
#define BASE_ROOTFS_ENTRIES_MAX UINT64_C(100000)
#define BASE_ROOTFS_SIZE_MAX (UINT64_C(1) << 30)

/*
 * fd: the data tar, borrowed: contents are read from it later, so it must stay
 * open as long as the tree is used; path: its name, for messages.
 */
int base_rootfs_read(struct tree *tree, int fd, const char *path,
	const struct arch *arch, struct error *err) MUST_CHECK;

#endif
