/* SPDX-License-Identifier: MIT
 *
 * account_lines: changes to the text of etc/passwd, etc/group and etc/shadow
 * in memory. Lines go to the end; a last line without its newline is
 * completed first. Text that grows beyond the buffer's max shows in
 * buf.overflow.
 */
#ifndef ROOTFS_ACCOUNT_LINES_H
#define ROOTFS_ACCOUNT_LINES_H

#include <stdbool.h>

#include "base/buf.h"
#include "rootfs/account_file.h"

#define ACCOUNT_NAME_MAX 32 /* bytes, as busybox and shadow-utils */

/* Adds `line`, which has no newline. */
void account_append(struct buf *text, const char *line);
/* Adds a member to a group of this text; false: it is one already. */
bool account_add_member(
	struct buf *text, const struct account *group, const char *member);

/* [a-z_][a-z0-9_-]*[$]? of at most ACCOUNT_NAME_MAX bytes. */
bool account_name_is_valid(const char *name);
/* UTF-8 without what would end a field or a line. */
bool account_field_is_valid(const char *field);

#endif
