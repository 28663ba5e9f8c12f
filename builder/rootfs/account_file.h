/* SPDX-License-Identifier: MIT
 *
 * account_file: the lines of etc/passwd, etc/group and etc/shadow (passwd(5),
 * group(5), shadow(5)) as slices of the file's text. Fields are separated by
 * colons; the first is the name, the third of passwd and group a number.
 * Lines without that shape (comments, NIS entries) are passed over.
 */
#ifndef ROOTFS_ACCOUNT_FILE_H
#define ROOTFS_ACCOUNT_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "tree/tree.h"

#define ACCOUNT_FILE_MAX ((size_t)1 << 20) /* bytes */

#define ACCOUNT_PASSWD "etc/passwd"
#define ACCOUNT_GROUP "etc/group"
#define ACCOUNT_SHADOW "etc/shadow"

/* One line of passwd or group. */
struct account {
	struct slice line; /* without its newline */
	struct slice name;
	uint32_t id;	   /* uid or gid */
	struct slice rest; /* what follows the number and its colon */
};

/*
 * Reads one of the three files of the tree into buf, which is initialised
 * here. *node gets the file's node. ERROR_TREE when it is not there.
 */
int account_file_read(const struct tree *tree, const char *path,
	struct node **node, struct buf *buf, struct error *err) MUST_CHECK;

/* The first account of that name or number; false: there is none. */
bool account_find(struct slice text, const char *name, struct account *out);
bool account_find_id(struct slice text, uint32_t id, struct account *out);
/* True when the file, of any of the three kinds, has a line of that name. */
bool account_has_line(struct slice text, const char *name);

/* The known name that is nearest, malloc'd; NULL: none is near. */
char *account_nearest(struct slice text, const char *name);

#endif
