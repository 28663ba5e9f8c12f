/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "apk/installed.h"

struct owner_map {
	struct arena arena; /* owns all below */
	struct name_map owners;
};

static void set(
	struct owner_map *map, struct slice path, const struct db_owner *owner)
{
	struct db_owner *old = name_map_get(&map->owners, path);

	if (old)
		*old = *owner;
	else
		name_map_set(&map->owners, path,
			arena_copy(&map->arena, owner, sizeof(*owner)),
			&map->arena);
}

/* The first record in the database's order keeps the path. */
static void set_first(
	struct owner_map *map, struct slice path, const struct db_owner *owner)
{
	if (!name_map_get(&map->owners, path))
		set(map, path, owner);
}

static struct slice file_path(
	struct arena *arena, struct slice dir, struct slice name)
{
	size_t len = dir.len + (dir.len > 0) + name.len;
	char *path;

	if (!dir.len)
		return name;
	path = arena_alloc(arena, len);
	memcpy(path, dir.ptr, dir.len);
	path[dir.len] = '/';
	memcpy(path + dir.len + 1, name.ptr, name.len);
	return slice_make(path, len);
}

static void add_dir(
	struct owner_map *map, struct db_package *pkg, struct db_dir *dir)
{
	struct db_owner owner = { .package = pkg, .dir = dir };

	set_first(map, dir->path, &owner);
	for (size_t i = 0; i < dir->n; i++) {
		owner.name = dir->files[i]->name;
		set_first(map, file_path(&map->arena, dir->path, owner.name),
			&owner);
	}
}

struct owner_map *owner_map_new(const struct installed *db)
{
	struct owner_map *map = memory_zero(1, sizeof(*map));

	arena_init(&map->arena);
	for (size_t i = 0; i < db->n; i++) {
		struct db_package *pkg = db->packages[i];

		for (size_t j = 0; j < pkg->n; j++)
			add_dir(map, pkg, pkg->dirs[j]);
	}
	return map;
}

void owner_map_free(struct owner_map *map)
{
	if (!map)
		return;
	arena_release(&map->arena);
	free(map);
}

bool owner_map_find(
	const struct owner_map *map, const char *path, struct db_owner *out)
{
	const struct db_owner *owner =
		name_map_get(&map->owners, slice_of(path));

	if (owner)
		*out = *owner;
	return owner;
}

void owner_map_set(
	struct owner_map *map, const char *path, const struct db_owner *owner)
{
	set(map, slice_of(arena_strdup(&map->arena, path)), owner);
}

void owner_map_remove(struct owner_map *map, const char *path)
{
	name_map_remove(&map->owners, slice_of(path));
}
