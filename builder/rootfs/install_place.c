/* SPDX-License-Identifier: MIT
 *
 * Directories in the tree. One that is there already follows the database
 * only if it looked as the database said before: what a script or a user made
 * of it stays. A symbolic link to a directory stays, too, as on roots where
 * lib is a link to usr/lib.
 */
#include "rootfs/install_parts.h"

static bool looks_like(const struct inode *inode, const struct db_acl *acl)
{
	return inode->kind == INODE_DIRECTORY && inode->mode == acl->mode &&
	       inode->uid == acl->uid && inode->gid == acl->gid;
}

/* Whoever stands there must be a directory or lead to one. */
static int check_place(const struct install_unit *unit, const char *path,
	const struct node *node, struct error *err)
{
	struct node *end;

	if (node->inode->kind == INODE_DIRECTORY)
		return 0;
	if (tree_resolve(unit->install->tree, path, TREE_FOLLOW_ALL, &end, err))
		return -1;
	if (end && end->inode->kind == INODE_DIRECTORY)
		return 0;
	return error_set(err, ERROR_TREE,
		"%s is a directory of the package, but the tree has something "
		"else there, from %s",
		path, node->origin);
}

static int put_new(const struct install_unit *unit, const char *path,
	const struct db_acl *acl, int64_t mtime, struct error *err)
{
	const struct tree_entry entry = { .kind = INODE_DIRECTORY,
		.mode = acl->mode,
		.uid = acl->uid,
		.gid = acl->gid,
		.mtime = mtime };

	return tree_put(unit->install->tree, path, &entry, &unit->source, err)
		       ? 0
		       : -1;
}

/* was: what the database said before this package; NULL: nothing. */
static int prepare(const struct install_unit *unit, struct install_dir *dir,
	const struct db_acl *was, struct error *err)
{
	struct node *node;

	if (tree_resolve(unit->install->tree, dir->path, TREE_FOLLOW_PARENTS,
		    &node, err))
		return -1;
	if (node && check_place(unit, dir->path, node, err))
		return -1;
	if (!dir->is_prepared)
		dir->may_change =
			!node || (was && looks_like(node->inode, was));
	dir->is_prepared = true;
	return 0;
}

int install_settle_dir(struct install *install, const struct install_dir *dir,
	struct error *err)
{
	struct db_acl acl;
	struct node *node;

	if (!dir->may_change || !install_dir_acl(&install->dirs, dir, &acl))
		return 0;
	if (acl.uid > TREE_ID_MAX || acl.gid > TREE_ID_MAX)
		return error_set(err, ERROR_INPUT,
			"directory %s has an owner or group above the highest "
			"that routers map, %d",
			dir->path, TREE_ID_MAX);
	if (tree_resolve(
		    install->tree, dir->path, TREE_FOLLOW_PARENTS, &node, err))
		return -1;
	if (!node || node->inode->kind != INODE_DIRECTORY)
		return 0;
	node->inode->mode = acl.mode;
	node->inode->uid = acl.uid;
	node->inode->gid = acl.gid;
	return 0;
}

static int make(const struct install_unit *unit, const struct install_dir *dir,
	const struct db_acl *acl, int64_t mtime, struct error *err)
{
	struct node *node;

	if (tree_resolve(unit->install->tree, dir->path, TREE_FOLLOW_PARENTS,
		    &node, err))
		return -1;
	if (!node && put_new(unit, dir->path, acl, mtime, err))
		return -1;
	return install_settle_dir(unit->install, dir, err);
}

int install_place_dir(const struct install_unit *unit, struct slice path,
	const struct db_acl *acl, int64_t mtime, struct error *err)
{
	struct install_dirs *dirs = &unit->install->dirs;
	struct install_dir *dir = install_dirs_find(dirs, path);
	struct db_acl was;
	bool has_acl = dir && install_dir_acl(dirs, dir, &was);

	dir = install_dirs_add(dirs, path, unit->record, acl);
	dir->is_changed = true;
	if (!path.len)
		return 0;
	if (prepare(unit, dir, has_acl ? &was : NULL, err))
		return -1;
	return make(unit, dir, acl, mtime, err);
}

/* apk-tools 2 does it once, at the end, after the scripts. */
int install_settle_dirs(struct install *install, struct error *err)
{
	if (install->state->flavor != APK_2)
		return 0;
	for (size_t i = 0; i < install->dirs.n; i++) {
		if (install_settle_dir(install, install->dirs.items[i], err))
			return -1;
	}
	return 0;
}
