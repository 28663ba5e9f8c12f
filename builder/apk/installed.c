/* SPDX-License-Identifier: MIT */
#include "apk/installed.h"

#include <string.h>

/* memory_grow() in an arena: what was there before stays until its end. */
static void *grow(struct arena *arena, void *items, size_t n, size_t *cap)
{
	void **grown;

	if (n < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 8;
	grown = arena_alloc(arena, *cap * sizeof(void *));
	if (n)
		memcpy(grown, items, n * sizeof(void *));
	return grown;
}

/* Takes one pointer out of an array; the others keep their order. */
static void take_out(void *items, size_t *n, const void *item)
{
	void **p = items;
	size_t i = 0;

	while (i < *n && p[i] != item)
		i++;
	if (i == *n)
		return;
	memmove(p + i, p + i + 1, (*n - i - 1) * sizeof(*p));
	(*n)--;
}

void installed_init(struct installed *db, struct arena *arena)
{
	*db = (struct installed){ .arena = arena };
}

struct db_package *installed_find(const struct installed *db, struct slice name)
{
	return name_map_get(&db->names, name);
}

struct db_package *installed_add(
	struct installed *db, const struct package *pkg)
{
	struct db_package *added = arena_alloc(db->arena, sizeof(*added));

	added->package = *pkg;
	db->packages = grow(db->arena, db->packages, db->n, &db->cap);
	db->packages[db->n++] = added;
	name_map_set(&db->names, added->package.name, added, db->arena);
	return added;
}

/* An upgrade may add the new record before it removes the old one. */
void installed_remove(struct installed *db, struct db_package *pkg)
{
	take_out(db->packages, &db->n, pkg);
	if (installed_find(db, pkg->package.name) == pkg)
		name_map_remove(&db->names, pkg->package.name);
}

struct db_dir *db_package_find_dir(
	const struct db_package *pkg, struct slice path)
{
	return name_map_get(&pkg->paths, path);
}

struct db_dir *db_package_add_dir(struct installed *db, struct db_package *pkg,
	struct slice path, const struct db_acl *acl)
{
	struct db_dir *dir = arena_alloc(db->arena, sizeof(*dir));

	dir->path = path;
	dir->acl = *acl;
	pkg->dirs = grow(db->arena, pkg->dirs, pkg->n, &pkg->cap);
	pkg->dirs[pkg->n++] = dir;
	name_map_set(&pkg->paths, path, dir, db->arena);
	return dir;
}

struct db_file *db_dir_find_file(const struct db_dir *dir, struct slice name)
{
	return name_map_get(&dir->names, name);
}

struct db_file *db_dir_add_file(
	struct installed *db, struct db_dir *dir, const struct db_file *file)
{
	struct db_file *added = arena_copy(db->arena, file, sizeof(*file));

	dir->files = grow(db->arena, dir->files, dir->n, &dir->cap);
	dir->files[dir->n++] = added;
	name_map_set(&dir->names, added->name, added, db->arena);
	return added;
}

void db_dir_remove_file(struct db_dir *dir, struct db_file *file)
{
	take_out(dir->files, &dir->n, file);
	if (db_dir_find_file(dir, file->name) == file)
		name_map_remove(&dir->names, file->name);
}
