/* SPDX-License-Identifier: MIT
 *
 * script: what a package's script would do, done to the tree without running
 * anything. A script counts as emulated only if all of it is understood: the
 * known ones by package and shape (script_known.h), else those whose every
 * logical line is a blank, a comment, `exit 0`, VAR=literal or one simple
 * command of a short list (script_line.h, script_command.h), or that on no
 * branch has a command that does anything to files. Scripts that would make
 * secrets or machine identities are never carried out: not needed in an image,
 * since they belong to the first start.
 *
 * Nothing happens to the tree for a script that is not understood as a whole.
 */
#ifndef ROOTFS_SCRIPT_H
#define ROOTFS_SCRIPT_H

#include "rootfs/ledger.h"
#include "tree/tree.h"

struct script_run {
	struct tree *tree;
	struct ledger *ledger;
	int64_t mtime; /* of what is made; shadow's day of change, too */
	/* arguments: versions of the package for installs and upgrades; the
	   directories that matched, absolute, for triggers */
	const char *const *arguments;
	size_t narguments;
};

/*
 * Carries one out and enters it in the ledger; -1 only for what is wrong with
 * the tree (ERROR_TREE) or hostile. origin of what it makes:
 * "script openrc.post-install".
 */
int script_emulate(const struct script_run *run, const struct script *script,
	struct error *err) MUST_CHECK;

#endif
