/* SPDX-License-Identifier: MIT
 *
 * accounts: a manifest's users and groups, added to etc/passwd, etc/group and
 * etc/shadow of the tree as adduser and addgroup of busybox would write them:
 * lines at the end, the user locked ("!" in shadow, last changed on the day
 * of the mtime). Groups come first, then users, then the groups' members.
 *
 * A user whose primary group exists (adduser -G) is named among its members
 * too; without one a group of the user's name and number is made. An entry
 * that is there already stays as it is and must agree in its numbers, a
 * number belongs to one name, a member must be a user (ERROR_SPEC). Mode and
 * owner of the three files stay as they are; a changed one is of
 * ACCOUNTS_ORIGIN. A home that does not exist is not made.
 */
#ifndef ROOTFS_ACCOUNTS_H
#define ROOTFS_ACCOUNTS_H

#include "base/error.h"
#include "spec/manifest.h"
#include "tree/tree.h"

#define ACCOUNTS_ORIGIN "manifest users"

int accounts_apply(struct tree *tree, const struct manifest *manifest,
	int64_t mtime, struct error *err) MUST_CHECK;

#endif
