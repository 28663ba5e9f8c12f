/* SPDX-License-Identifier: MIT
 *
 * install_dir: every directory that a package of the database has, and its
 * parents: who owns it, what it should look like by the rules of the image's
 * apk, and what became of it in this transaction. Nothing here touches the
 * tree.
 *
 * apk-tools 2: the smallest owner, then group, of all packages, and of those
 * that agree only the mode bits that all have. apk-tools 3: the package with
 * the highest replaces_priority, then the one that its origin is named after,
 * then the first by name (apk-tools 2.14 and 3 database.c, package.c).
 */
#ifndef ROOTFS_INSTALL_DIR_H
#define ROOTFS_INSTALL_DIR_H

#include "apk/installed.h"
#include "rootfs/install_protect.h"

struct install_share {
	struct db_package *package;
	struct db_acl acl;
};

struct install_dir {
	const char *path;	      /* clean */
	struct install_dir *parent;   /* NULL: the root */
	struct install_share *shares; /* one for each package, in order */
	size_t n, cap;
	size_t nrefs;	   /* shares and directories right below */
	bool is_protected; /* its files are not overwritten unseen */
	bool is_changed;   /* something happened in it: for triggers */
	bool is_prepared;  /* was compared with the tree already */
	bool may_change;   /* the tree has it as the database said: its metadata
			      follow the database's */
};

struct install_dirs {
	struct install_dir **items; /* in order of addition */
	size_t n, cap;
	struct name_map names;
	struct protect_list protect;
	enum apk_flavor flavor;
	struct arena *arena; /* borrowed: owns everything here */
};

/* All directories of the database; dirs->protect and so on are set before. */
void install_dirs_load(struct install_dirs *dirs, const struct installed *db);
/* NULL: none of the packages has it. */
struct install_dir *install_dirs_find(
	const struct install_dirs *dirs, struct slice path);
/* One more package has it. */
struct install_dir *install_dirs_add(struct install_dirs *dirs,
	struct slice path, struct db_package *pkg, const struct db_acl *acl);
/* The package does not have it any more; nrefs stays the caller's. */
void install_dir_drop(struct install_dir *dir, const struct db_package *pkg);

/* What it should look like; false: no package says. */
bool install_dir_acl(const struct install_dirs *dirs,
	const struct install_dir *dir, struct db_acl *acl);

#endif
