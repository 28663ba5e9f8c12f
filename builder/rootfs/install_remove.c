/* SPDX-License-Identifier: MIT
 *
 * What a record has goes out of the tree: files that nobody took over, and
 * directories that nobody else has once they are empty. In a protected
 * directory a file that was changed stays.
 */
#include <string.h>

#include "base/path.h"
#include "rootfs/install_parts.h"

#define NEW_SUFFIX ".apk-new"

/* A file of a record that goes. */
struct removal {
	struct install *install;
	const struct db_package *record;
	const struct install_dir *dir;
	const struct db_file *file;
	const char *path;
};

static int find(const struct install *install, const char *path,
	struct node **node, struct error *err)
{
	return tree_resolve(
		install->tree, path, TREE_FOLLOW_PARENTS, node, err);
}

/*
 * Where lib is a link to usr/lib, one file has two paths: what a package has
 * under the one is not removed by the other.
 */
static bool is_owned_elsewhere(const struct removal *r, const struct node *node)
{
	SCOPED_BUF struct buf real;
	struct db_owner owner;

	buf_init(&real, PATH_TEXT_MAX);
	node_path(node, &real);
	return strcmp(real.data, r->path) != 0 &&
	       install_find_owner(r->install, real.data, &owner) &&
	       owner.package != r->record;
}

static int remove_file(const struct removal *r, struct error *err)
{
	int is_as_said = 1;
	struct node *node;

	if (find(r->install, r->path, &node, err))
		return -1;
	if (!node || node->inode->kind == INODE_DIRECTORY ||
		is_owned_elsewhere(r, node))
		return 0;
	if (r->dir->is_protected)
		is_as_said = install_holds(
			r->install, node, r->record, &r->file->digest, err);
	if (is_as_said < 0)
		return -1;
	if (is_as_said)
		tree_remove(r->install->tree, node);
	return 0;
}

/* Only apk-tools 3 tidies up. */
static int remove_apk_new(const struct removal *r, struct error *err)
{
	SCOPED_FREE char *path = memory_printf("%s" NEW_SUFFIX, r->path);
	struct node *node;

	if (!r->dir->is_protected || r->install->state->flavor != APK_3)
		return 0;
	if (find(r->install, path, &node, err))
		return -1;
	if (node && node->inode->kind != INODE_DIRECTORY)
		tree_remove(r->install->tree, node);
	return 0;
}

/* What another record took over meanwhile is none of ours. */
static int remove_if_ours(struct removal *r, const struct db_dir *dir,
	const struct db_file *file, struct error *err)
{
	SCOPED_FREE char *path =
		memory_printf("%.*s%s%.*s", SLICE_ARGS(dir->path),
			dir->path.len ? "/" : "", SLICE_ARGS(file->name));
	struct db_owner owner;

	if (!install_find_owner(r->install, path, &owner) ||
		owner.package != r->record)
		return 0;
	r->file = file;
	r->path = path;
	if (remove_file(r, err) || remove_apk_new(r, err))
		return -1;
	owner_map_remove(r->install->owners, path);
	return 0;
}

static int remove_empty(
	struct install *install, struct install_dir *dir, struct error *err)
{
	struct node *node;

	dir->is_changed = true;
	dir->is_prepared = false;
	dir->may_change = false;
	if (!dir->path[0])
		return 0;
	if (find(install, dir->path, &node, err))
		return -1;
	if (node && node->inode->kind == INODE_DIRECTORY && !node->nchildren)
		tree_remove(install->tree, node);
	return 0;
}

/*
 * A directory that nobody refers to any more refers to its parent no more. Who
 * remains decides what it looks like: at once in apk-tools 3, else at the end.
 */
static int release_dir(struct install *install, struct install_dir *dir,
	const struct db_package *record, struct error *err)
{
	install_dir_drop(dir, record);
	while (dir && !--dir->nrefs) {
		if (remove_empty(install, dir, err))
			return -1;
		dir = dir->parent;
	}
	if (!dir || install->state->flavor != APK_3)
		return 0;
	return install_settle_dir(install, dir, err);
}

static int remove_dir(struct install *install, struct db_package *record,
	const struct db_dir *dir, struct error *err)
{
	struct install_dir *shared =
		install_dirs_find(&install->dirs, dir->path);
	struct removal r = {
		.install = install, .record = record, .dir = shared
	};

	shared->is_changed = true;
	for (size_t i = 0; i < dir->n; i++) {
		if (remove_if_ours(&r, dir, dir->files[i], err))
			return -1;
	}
	return release_dir(install, shared, record, err);
}

int install_remove(
	struct install *install, struct db_package *record, struct error *err)
{
	for (size_t i = 0; i < record->n; i++) {
		if (remove_dir(install, record, record->dirs[i], err))
			return -1;
	}
	return 0;
}
