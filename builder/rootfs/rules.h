/* SPDX-License-Identifier: MIT
 *
 * rules: carries out spec/rule.h on a tree, in order. A rule that matches
 * nothing is an error (a typo would pass unseen), with the nearest name.
 */
#ifndef ROOTFS_RULES_H
#define ROOTFS_RULES_H

#include "base/error.h"
#include "spec/rule.h"
#include "tree/tree.h"

/* origin: for what the rules make or change; mtime: of what they make. */
int rules_apply(struct tree *tree, const struct rule_list *rules,
	const char *origin, int64_t mtime, struct error *err) MUST_CHECK;

#endif
