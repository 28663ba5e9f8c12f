/* SPDX-License-Identifier: MIT */
#include "rootfs/audit_records.h"

#include <string.h>

static struct slice key_of(const struct node *const *node)
{
	return slice_make(node, sizeof(*node));
}

const struct audit_record *audit_records_find(
	const struct audit_records *records, const struct node *node)
{
	return name_map_get(&records->nodes, key_of(&node));
}

/* The first record of a node counts; directories have several. */
static void add(struct audit_records *records, const struct audit_record *from)
{
	struct audit_record *record, *first;

	first = name_map_get(&records->nodes, key_of(&from->node));
	if (first && (!first->dir || !from->dir || first->dir == from->dir))
		return;
	record = arena_copy(&records->arena, from, sizeof(*from));
	if (first) {
		record->next = first->next;
		first->next = record;
		return;
	}
	name_map_set(&records->nodes, key_of(&record->node), record,
		&records->arena);
}

static void add_absent(
	struct audit_records *records, const char *path, struct slice package)
{
	records->absent = arena_grow(&records->arena, records->absent,
		records->nabsent, &records->cap, sizeof(*records->absent));
	records->absent[records->nabsent++] = (struct audit_absent){
		.path = path,
		.package = arena_slice(&records->arena, package),
	};
}

/* Once, however many packages have it. */
static void add_absent_dir(struct audit_records *records,
	const struct install_dir *dir, struct slice package)
{
	const struct slice path = slice_of(dir->path);

	if (name_map_get(&records->absent_dirs, path))
		return;
	name_map_set(&records->absent_dirs, path, (void *)(uintptr_t)dir,
		&records->arena);
	add_absent(records, dir->path, package);
}

/* Devices and fifos, which have no digest, cannot be in an image. */
static void read_file(struct audit_records *records, const struct node *dir,
	const char *dir_path, struct audit_record *record)
{
	const struct db_file *file = record->file;

	record->node = dir && dir->inode->kind == INODE_DIRECTORY
			       ? node_child(dir, file->name)
			       : NULL;
	if (record->node)
		add(records, record);
	else if (file->digest.kind != IDENTITY_NONE)
		add_absent(records,
			arena_printf(&records->arena, "%s%s%.*s", dir_path,
				dir_path[0] ? "/" : "", SLICE_ARGS(file->name)),
			record->package->package.name);
}

/* A loop of links leads nowhere. */
static const struct node *find_dir(const struct tree *tree, const char *path)
{
	struct error ignored = { .kind = ERROR_NONE };
	struct node *node;

	if (tree_resolve(tree, path, TREE_FOLLOW_ALL, &node, &ignored))
		return NULL;
	return node;
}

static void read_dir(struct audit_records *records, const struct tree *tree,
	const struct db_package *package, const struct db_dir *dir)
{
	struct audit_record record = { .package = package };
	const struct install_dir *shared =
		install_dirs_find(&records->dirs, dir->path);
	const struct node *node = find_dir(tree, shared->path);

	record.dir = shared;
	record.node = node;
	if (node)
		add(records, &record);
	else
		add_absent_dir(records, shared, package->package.name);
	record.dir = NULL;
	for (size_t i = 0; i < dir->n; i++) {
		record.file = dir->files[i];
		read_file(records, node, shared->path, &record);
	}
}

int audit_records_read(struct audit_records *records, const struct tree *tree,
	struct error *err)
{
	const struct installed *db = &records->state.db;

	memset(records, 0, sizeof(*records));
	if (apk_state_read(&records->state, tree, err))
		return -1;
	arena_init(&records->arena);
	records->dirs.arena = &records->arena;
	records->dirs.flavor = records->state.flavor;
	protect_list_init(&records->dirs.protect, &records->arena);
	install_dirs_load(&records->dirs, db);
	for (size_t i = 0; i < db->n; i++) {
		const struct db_package *package = db->packages[i];

		for (size_t j = 0; j < package->n; j++)
			read_dir(records, tree, package, package->dirs[j]);
	}
	return 0;
}

void audit_records_release(struct audit_records *records)
{
	arena_release(&records->arena);
}
