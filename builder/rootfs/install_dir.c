/* SPDX-License-Identifier: MIT */
#include "rootfs/install_dir.h"

#include <string.h>

#include "base/path.h"

struct install_dir *install_dirs_find(
	const struct install_dirs *dirs, struct slice path)
{
	return name_map_get(&dirs->names, path);
}

static struct install_dir *add_new(struct install_dirs *dirs, struct slice path)
{
	struct install_dir *dir = arena_alloc(dirs->arena, sizeof(*dir));

	dir->path = arena_slice(dirs->arena, path);
	dir->is_protected = protect_list_covers(&dirs->protect, dir->path);
	dirs->items = arena_grow(dirs->arena, dirs->items, dirs->n, &dirs->cap,
		sizeof(*dirs->items));
	dirs->items[dirs->n++] = dir;
	name_map_set(&dirs->names, slice_of(dir->path), dir, dirs->arena);
	return dir;
}

static struct install_dir *find_or_add(
	struct install_dirs *dirs, struct slice path)
{
	struct install_dir *dir = install_dirs_find(dirs, path);

	return dir ? dir : add_new(dirs, path);
}

/* Counts a reference; whoever had none before counts one in its parent. */
static struct install_dir *refer(struct install_dirs *dirs, struct slice path)
{
	struct install_dir *first = find_or_add(dirs, path), *dir = first;

	while (!dir->nrefs++ && dir->path[0]) {
		dir->parent = find_or_add(dirs, path_parent(dir->path));
		dir = dir->parent;
	}
	return first;
}

struct install_dir *install_dirs_add(struct install_dirs *dirs,
	struct slice path, struct db_package *pkg, const struct db_acl *acl)
{
	struct install_dir *dir = refer(dirs, path);

	dir->shares = arena_grow(dirs->arena, dir->shares, dir->n, &dir->cap,
		sizeof(*dir->shares));
	dir->shares[dir->n++] =
		(struct install_share){ .package = pkg, .acl = *acl };
	return dir;
}

void install_dirs_load(struct install_dirs *dirs, const struct installed *db)
{
	for (size_t i = 0; i < db->n; i++) {
		struct db_package *pkg = db->packages[i];

		for (size_t j = 0; j < pkg->n; j++)
			install_dirs_add(dirs, pkg->dirs[j]->path, pkg,
				&pkg->dirs[j]->acl);
	}
}

void install_dir_drop(struct install_dir *dir, const struct db_package *pkg)
{
	size_t i = 0;

	while (i < dir->n && dir->shares[i].package != pkg)
		i++;
	if (i == dir->n)
		return;
	memmove(dir->shares + i, dir->shares + i + 1,
		(dir->n - i - 1) * sizeof(*dir->shares));
	dir->n--;
}

static struct db_acl acl_of_apk_2(const struct install_dir *dir)
{
	struct db_acl acl = dir->shares[0].acl;

	for (size_t i = 1; i < dir->n; i++) {
		const struct db_acl *other = &dir->shares[i].acl;

		if (other->uid < acl.uid ||
			(other->uid == acl.uid && other->gid < acl.gid))
			acl = *other;
		else if (other->uid == acl.uid && other->gid == acl.gid)
			acl.mode &= other->mode;
	}
	return acl;
}

static bool is_named_after_origin(const struct package *pkg)
{
	return slice_eq(pkg->name, pkg->origin);
}

/* Whether b takes the directory over from a. */
static bool outranks(const struct package *a, const struct package *b)
{
	if (slice_eq(a->name, b->name))
		return true;
	if (a->replaces_priority != b->replaces_priority)
		return b->replaces_priority > a->replaces_priority;
	if (a->origin.len && slice_eq(a->origin, b->origin)) {
		if (is_named_after_origin(a))
			return false;
		if (is_named_after_origin(b))
			return true;
	}
	return slice_cmp(b->name, a->name) < 0;
}

static struct db_acl acl_of_apk_3(const struct install_dir *dir)
{
	const struct install_share *owner = &dir->shares[0];

	for (size_t i = 1; i < dir->n; i++) {
		const struct install_share *other = &dir->shares[i];

		if (outranks(
			    &owner->package->package, &other->package->package))
			owner = other;
	}
	return owner->acl;
}

bool install_dir_acl(const struct install_dirs *dirs,
	const struct install_dir *dir, struct db_acl *acl)
{
	if (!dir->n)
		return false;
	*acl = dirs->flavor == APK_3 ? acl_of_apk_3(dir) : acl_of_apk_2(dir);
	return true;
}
