/* SPDX-License-Identifier: MIT
 *
 * The entries of a package into its record. Directories are made at once,
 * files only noted: as in apk they take their names together, afterwards.
 */
#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "base/path.h"
#include "rootfs/install_parts.h"

struct unpacking {
	const struct install_unit *unit;
	struct install_names names;
	struct install_files files;
	struct name_map paths; /* of files */
};

static struct arena *arena_of(const struct unpacking *u)
{
	return u->unit->install->tree->arena;
}

/* apk-tools 2 leaves out what abuild once put into empty directories. */
static bool is_kept_back(const struct unpacking *u, const struct tar_entry *e)
{
	struct slice name = slice_of(path_base(e->path));

	return u->unit->install->state->flavor == APK_2 &&
	       e->kind != TAR_DIRECTORY && name.len > strlen(".keep_") &&
	       slice_starts(name, ".keep_");
}

static int take_dir(const struct unpacking *u, const char *path,
	const struct db_acl *acl, int64_t mtime, struct error *err)
{
	const struct install_unit *unit = u->unit;

	db_package_add_dir(
		&unit->install->state->db, unit->record, slice_of(path), acl);
	return install_place_dir(unit, slice_of(path), acl, mtime, err);
}

/* The root has no entry of its own. */
static int find_dir(const struct unpacking *u, const char *path,
	struct db_dir **dir, struct error *err)
{
	static const struct db_acl acl = { .mode = 0755 };
	const struct install_unit *unit = u->unit;
	struct slice parent = path_parent(path);

	*dir = db_package_find_dir(unit->record, parent);
	if (*dir)
		return 0;
	assert(!parent.len);
	if (take_dir(u, "", &acl, 0, err))
		return -1;
	*dir = db_package_find_dir(unit->record, parent);
	return 0;
}

static int complain_conflict(const struct unpacking *u, const char *path,
	const struct package *owner, struct error *err)
{
	SCOPED_FREE char *ours = package_text(&u->unit->record->package);
	SCOPED_FREE char *theirs = package_text(owner);

	return error_set(err, ERROR_TREE,
		"%s belongs to the package %s, and %s has it too without "
		"replacing that: they cannot be installed together",
		path, theirs, ours);
}

/* 1: the package gets it; 0: it stays the other's; -1: error. */
static int judge(const struct unpacking *u, const char *path, struct error *err)
{
	const struct install_unit *unit = u->unit;
	struct db_owner owner;

	if (!install_find_owner(unit->install, path, &owner))
		return 1;
	switch (install_judge(unit->install->state->flavor,
		&owner.package->package, &unit->record->package)) {
	case INSTALL_TAKE:
		return 1;
	case INSTALL_LEAVE:
		log_debug("%s: stays the package %.*s's", path,
			SLICE_ARGS(owner.package->package.name));
		return 0;
	default:
		return complain_conflict(u, path, &owner.package->package, err);
	}
}

static int find_link(const struct unpacking *u, const struct tar_entry *e,
	struct install_file **link, struct error *err)
{
	struct install_file *target;

	*link = NULL;
	if (e->kind != TAR_HARDLINK)
		return 0;
	target = name_map_get(&u->paths, slice_of(e->target));
	if (!target)
		return error_set(err, ERROR_TREE,
			"%s is a hard link to %s, which another package keeps",
			e->path, e->target);
	*link = target->link ? target->link : target;
	return 0;
}

static struct tree_entry entry_of(const struct unpacking *u,
	const struct tar_entry *e, const struct db_acl *acl)
{
	struct tree_entry entry = { .kind = INODE_FILE,
		.mode = acl->mode,
		.uid = acl->uid,
		.gid = acl->gid,
		.mtime = e->mtime };

	if (e->kind == TAR_SYMLINK) {
		entry.kind = INODE_SYMLINK;
		entry.mode = 0777;
		entry.target = arena_strdup(arena_of(u), e->target);
	} else if (e->size) {
		entry.content = content_extent(
			u->unit->payload->data, e->offset, e->size);
	}
	return entry;
}

static void note_file(struct unpacking *u, struct install_file *file,
	const struct package_entry *e, const struct db_acl *acl)
{
	const struct db_file record = { .name = slice_of(path_base(file->path)),
		.acl = *acl,
		.digest = e->checksum };

	file->file = db_dir_add_file(
		&u->unit->install->state->db, file->dir, &record);
	file->entry =
		file->link ? file->link->entry : entry_of(u, &e->tar, acl);
	u->files.items = memory_grow(u->files.items, u->files.n, &u->files.cap,
		sizeof(*u->files.items));
	u->files.items[u->files.n++] = file;
	name_map_set(&u->paths, slice_of(file->path), file, arena_of(u));
}

static int take_file(struct unpacking *u, const struct package_entry *e,
	const struct db_acl *acl, struct error *err)
{
	struct install_file *file = arena_alloc(arena_of(u), sizeof(*file));
	int taken;

	file->path = arena_strdup(arena_of(u), e->tar.path);
	if (find_dir(u, file->path, &file->dir, err) ||
		find_link(u, &e->tar, &file->link, err))
		return -1;
	taken = judge(u, file->path, err);
	if (taken > 0)
		note_file(u, file, e, acl);
	return taken < 0 ? -1 : 0;
}

static int take_entry(
	struct unpacking *u, const struct package_entry *e, struct error *err)
{
	struct db_acl acl = { .mode = e->tar.mode, .xattrs = e->xattrs };

	if (e->is_skipped || is_kept_back(u, &e->tar))
		return 0;
	if (install_names_find(&u->names, &e->tar, &acl, err))
		return error_wrap(err, "%s", e->tar.path);
	if (e->xattrs.kind != IDENTITY_NONE)
		log_debug("%s: %s: its extended attributes are in the "
			  "database only: an image does not hold them",
			u->unit->source.origin, e->tar.path);
	if (e->tar.kind != TAR_DIRECTORY)
		return take_file(u, e, &acl, err);
	return take_dir(u, arena_strdup(arena_of(u), e->tar.path), &acl,
		e->tar.mtime, err);
}

static int take_all(
	struct unpacking *u, struct package_data *data, struct error *err)
{
	struct package_entry entry;
	int found;

	while ((found = package_data_next(data, &entry, err)) > 0) {
		if (take_entry(u, &entry, err))
			return error_wrap(err, "%s", u->unit->source.origin);
	}
	return found;
}

static int read_data(struct unpacking *u, struct error *err)
{
	const struct install_unit *unit = u->unit;
	struct package_data *data =
		package_data_new(unit->payload->fd, unit->source.origin, err);
	int rc;

	if (!data)
		return -1;
	rc = take_all(u, data, err);
	package_data_free(data);
	return rc ? rc : install_commit(unit, &u->files, err);
}

int install_unpack(const struct install_unit *unit, struct error *err)
{
	struct unpacking u = { .unit = unit };
	int rc;

	if (install_names_read(&u.names, unit->install->tree, err))
		return -1;
	rc = read_data(&u, err);
	install_names_release(&u.names);
	free(u.files.items);
	return rc;
}
