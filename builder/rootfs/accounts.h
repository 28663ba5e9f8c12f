/* SPDX-License-Identifier: MIT
 *
 * accounts: a manifest's users and groups, added to etc/passwd, etc/group and
 * etc/shadow of the tree as adduser and addgroup of busybox would write them:
 * lines at the end, the user locked ("!" in shadow, last change 0). An entry
 * that is there already must agree in its numbers. Mode and owner of the
 * three files stay as they are. A home that does not exist is not made.
 */
#ifndef ROOTFS_ACCOUNTS_H
#define ROOTFS_ACCOUNTS_H

#include "base/error.h"
#include "spec/manifest.h"
#include "tree/tree.h"

int accounts_apply(struct tree *tree, const struct manifest *manifest,
	int64_t mtime, struct error *err) MUST_CHECK;

#endif
