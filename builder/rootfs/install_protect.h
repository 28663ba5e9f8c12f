/* SPDX-License-Identifier: MIT
 *
 * install_protect: the directories whose files apk does not overwrite without
 * looking: etc, and what etc/apk/protected_paths.d/<name>.list says, a pattern
 * a line with "+", "@" or "!" (protected) or "-" (not) before it (apk-tools 3
 * database.c). A pattern is matched component by component and holds for the
 * directories that it matches and all below; later ones win.
 */
#ifndef ROOTFS_INSTALL_PROTECT_H
#define ROOTFS_INSTALL_PROTECT_H

#include "tree/tree.h"

#define PROTECT_FOLDER "etc/apk/protected_paths.d"
#define PROTECT_FILE_MAX ((size_t)64 << 10) /* bytes of one list */
#define PROTECT_RULES_MAX 1024

struct protect_rule {
	char **parts; /* components of the pattern */
	size_t n;
	bool is_protected;
};

struct protect_list {
	struct protect_rule *rules; /* in the order that counts */
	size_t n, cap;
	struct arena *arena; /* borrowed: owns everything here */
};

/* With apk's own rules. */
void protect_list_init(struct protect_list *list, struct arena *arena);
/* The lines of one file. ERROR_TREE: more than PROTECT_RULES_MAX. */
int protect_list_parse(struct protect_list *list, struct slice text,
	const char *name, struct error *err) MUST_CHECK;
/* All lists of the tree, in bytewise order of their names. */
int protect_list_read(struct protect_list *list, const struct tree *tree,
	struct error *err) MUST_CHECK;

/* dir: a clean path. */
bool protect_list_covers(const struct protect_list *list, const char *dir);

#endif
