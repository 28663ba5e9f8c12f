/* SPDX-License-Identifier: MIT
 *
 * node: the parts of tree that only tree/ itself uses: where a name stands
 * among its siblings, and where a symbolic link leads. Invariant: children
 * are sorted bytewise, and no node lies deeper than TREE_DEPTH_MAX or has a
 * path of PATH_TEXT_MAX bytes or more.
 */
#ifndef TREE_NODE_H
#define TREE_NODE_H

#include "base/error.h"
#include "base/slice.h"
#include "tree/tree.h"

/*
 * Adds a child of that name, which must not be there yet, without inode. In
 * constant time when it is the last one in order. NULL (ERROR_INPUT) when the
 * name, its path or its depth exceeds a limit.
 */
struct node *node_add(struct tree *tree, struct node *dir, struct slice name,
	const char *origin, struct error *err) MUST_CHECK;
/* Takes the node out of its parent's children; its own stay. */
void node_detach(struct node *node);

/* Where the link leads in the end; *out is NULL when that is not there. */
int node_follow(const struct tree *tree, const struct node *link,
	struct node **out, struct error *err) MUST_CHECK;

#endif
