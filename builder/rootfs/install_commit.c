/* SPDX-License-Identifier: MIT
 *
 * The files of a package take their names. In a protected directory what the
 * tree has stays, unless it is what the database said; the package's file
 * then becomes NAME.apk-new, if it is another one.
 */
#include "base/log.h"
#include "base/path.h"
#include "rootfs/install_parts.h"

#define NEW_SUFFIX ".apk-new"

enum fate { FATE_PUT, FATE_KEEP, FATE_APK_NEW };

/* Whether the tree has what the database says of the path: 1; 0: something
 * else, or it says nothing; -1: error. */
static int holds_what_was_said(const struct install_unit *unit,
	const struct install_file *file, const struct node *node,
	struct error *err)
{
	const struct db_file *old;
	struct db_owner owner;

	if (!install_find_owner(unit->install, file->path, &owner))
		return 0;
	old = db_dir_find_file(owner.dir, owner.name);
	if (!old)
		return 0;
	return install_holds(
		unit->install, node, owner.package, &old->digest, err);
}

static int decide(const struct install_unit *unit,
	const struct install_file *file, enum fate *fate, struct error *err)
{
	struct install *install = unit->install;
	const struct install_dir *dir =
		install_dirs_find(&install->dirs, file->dir->path);
	struct node *node;
	int same;

	*fate = FATE_PUT;
	if (!dir->is_protected)
		return 0;
	if (tree_resolve(
		    install->tree, file->path, TREE_FOLLOW_PARENTS, &node, err))
		return -1;
	if (!node)
		return 0;
	same = holds_what_was_said(unit, file, node, err);
	if (same)
		return same < 0 ? -1 : 0;
	same = install_holds(
		install, node, unit->record, &file->file->digest, err);
	if (same < 0)
		return -1;
	*fate = same ? FATE_KEEP : FATE_APK_NEW;
	return 0;
}

static struct node *link_file(const struct install_unit *unit, const char *path,
	const struct node *target, struct error *err)
{
	SCOPED_BUF struct buf existing;

	buf_init(&existing, PATH_TEXT_MAX);
	node_path(target, &existing);
	return tree_link(
		unit->install->tree, path, existing.data, &unit->source, err);
}

static int put(const struct install_unit *unit, struct install_file *file,
	const char *path, struct error *err)
{
	struct install_file *first = file->link ? file->link : file;
	struct node *node;

	if (file->link && first->node)
		node = link_file(unit, path, first->node, err);
	else
		node = tree_put(unit->install->tree, path, &file->entry,
			&unit->source, err);
	if (!node)
		return -1;
	file->node = node;
	if (!first->node)
		first->node = node;
	return 0;
}

static int put_new(const struct install_unit *unit, struct install_file *file,
	struct error *err)
{
	SCOPED_FREE char *path = memory_printf("%s" NEW_SUFFIX, file->path);

	log_warn("%s: %s was changed and stays as it is; the package's file "
		 "is %s",
		unit->source.origin, file->path, path);
	return put(unit, file, path, err);
}

/* The record of an old version goes as a whole, later. */
static void claim(
	const struct install_unit *unit, const struct install_file *file)
{
	struct install *install = unit->install;
	const struct db_owner ours = { .package = unit->record,
		.dir = file->dir,
		.name = file->file->name };
	struct db_owner owner;

	if (install_find_owner(install, file->path, &owner) &&
		owner.package != unit->old) {
		struct db_file *old = db_dir_find_file(owner.dir, owner.name);

		if (old)
			db_dir_remove_file(owner.dir, old);
	}
	owner_map_set(install->owners, file->path, &ours);
}

static int commit(const struct install_unit *unit, struct install_file *file,
	struct error *err)
{
	enum fate fate;
	int failed = 0;

	if (decide(unit, file, &fate, err))
		return error_wrap(err, "%s", unit->source.origin);
	if (fate == FATE_PUT)
		failed = put(unit, file, file->path, err);
	else if (fate == FATE_APK_NEW)
		failed = put_new(unit, file, err);
	if (!failed)
		claim(unit, file);
	return failed;
}

int install_commit(const struct install_unit *unit,
	const struct install_files *files, struct error *err)
{
	for (size_t i = 0; i < files->n; i++) {
		if (commit(unit, files->items[i], err))
			return -1;
	}
	return 0;
}
