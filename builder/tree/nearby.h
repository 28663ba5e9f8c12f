/* SPDX-License-Identifier: MIT
 *
 * nearby: the "did you mean" of paths that the tree does not have.
 */
#ifndef TREE_NEARBY_H
#define TREE_NEARBY_H

#include "tree/tree.h"

/*
 * What may have been meant by a clean path that is not there, as text to end
 * a message with: ", did you mean /etc/motd", or "" when nothing is near.
 * Either where its links lead, or the sibling with the nearest name. malloc'd.
 */
char *nearby_hint(const struct tree *tree, const char *path);

#endif
