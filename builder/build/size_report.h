/* SPDX-License-Identifier: MIT
 *
 * size_report: what makes an image large, for the error when it is larger
 * than its manifest allows: bytes in the tar (headers and padding too) by who
 * brought them and by folder. A file belongs to the package that the
 * database in the tree names, else to what put it there.
 */
#ifndef BUILD_SIZE_REPORT_H
#define BUILD_SIZE_REPORT_H

#include "base/buf.h"
#include "tree/tree.h"

#define SIZE_REPORT_SHOWN 8 /* of each kind in a message */

struct size_item {
	const char *name; /* "openrc", "overlay alp_rc"; "/usr/lib" */
	uint64_t bytes;
};

/* The largest first, by name where they are equal. */
struct size_list {
	struct size_item *items; /* in the arena */
	size_t n;
};

struct size_report {
	struct size_list owners;
	struct size_list folders; /* at most two deep */
};

/* The arena is the tree's. */
void size_report_make(struct size_report *report, const struct tree *tree);

/*
 * Two lines, each after a newline, of the SIZE_REPORT_SHOWN largest:
 * "  by package: openrc 1.2 MiB, ..." and "  by folder: ...".
 */
void size_report_print(const struct size_report *report, struct buf *text);

#endif
