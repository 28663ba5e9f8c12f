/* SPDX-License-Identifier: MIT
 *
 * installed: the database lib/apk/db/installed: which package owns which
 * directories and files, with which modes, owners and digests. Read from the
 * minirootfs, changed by installing, written as the image's apk would write
 * it, byte for byte (apk-tools 2.14 and 3 differ in little).
 */
#ifndef APK_INSTALLED_H
#define APK_INSTALLED_H

#include "apk/name_map.h"
#include "apk/package.h"

#define INSTALLED_MAX ((size_t)64 << 20) /* bytes of the file */

/* Whose hand the files of the database are in: the image's apk-tools. */
enum apk_flavor {
	APK_2, /* files in the order of the archive; scripts.tar, Q1 names */
	APK_3, /* files sorted; g: fields; scripts.tar.gz, X1 names */
};

/* "a:" or "M:". */
struct db_acl {
	uint32_t uid, gid, mode; /* mode: permission bits, 07777 */
	struct identity xattrs;	 /* IDENTITY_NONE: none */
};

struct db_file {
	struct slice name; /* one component */
	struct db_acl acl;
	struct identity digest; /* Z:; NONE: device, fifo */
};

struct db_dir {
	struct slice path; /* clean; "" is the root */
	struct db_acl acl;
	struct db_file **files; /* stay where they are in memory */
	size_t n, cap;
	struct name_map names; /* private */
};

struct db_package {
	struct package package;
	struct slice tag;     /* s: repository tag without "@"; empty: none */
	struct slice flags;   /* f: letters, as read */
	struct slice tags;    /* g: as read (v3) */
	struct db_dir **dirs; /* in the order of the file; they stay where
				 they are in memory */
	size_t n, cap;
	size_t trigger_line;   /* in the file of triggers; 0: none */
	struct name_map paths; /* private */
};

struct installed {
	struct db_package **packages; /* in the order of the file */
	size_t n, cap;
	struct arena *arena;   /* borrowed: owns everything here */
	struct name_map names; /* private */
};

void installed_init(struct installed *db, struct arena *arena);
/*
 * text is borrowed as long as the database lives; name is for messages.
 * ERROR_INPUT with the line: unknown upper-case field, a field out of place,
 * R: without F:, a name with "/", "..".
 */
int installed_parse(struct installed *db, struct slice text, const char *name,
	struct error *err) MUST_CHECK;
/* The whole file; records sorted as apk sorts them. */
void installed_print(
	const struct installed *db, enum apk_flavor flavor, struct buf *out);

/* NULL: not there. */
struct db_package *installed_find(
	const struct installed *db, struct slice name);
/* A new, empty record with a copy of *pkg (slices borrowed) in its place. */
struct db_package *installed_add(
	struct installed *db, const struct package *pkg);
void installed_remove(struct installed *db, struct db_package *pkg);

/* NULL: the package has no such directory; add: at the end. */
struct db_dir *db_package_find_dir(
	const struct db_package *pkg, struct slice path);
struct db_dir *db_package_add_dir(struct installed *db, struct db_package *pkg,
	struct slice path, const struct db_acl *acl);
struct db_file *db_dir_find_file(const struct db_dir *dir, struct slice name);
struct db_file *db_dir_add_file(
	struct installed *db, struct db_dir *dir, const struct db_file *file);
void db_dir_remove_file(struct db_dir *dir, struct db_file *file);

/*
 * A map from path to owner over the whole database, kept up to date by who
 * changes it. Directories have several owners: the first one in it.
 */
struct owner_map;
struct db_owner {
	struct db_package *package;
	struct db_dir *dir;
	struct slice name; /* of the file; empty for a directory */
};
struct owner_map *owner_map_new(const struct installed *db);
void owner_map_free(struct owner_map *map);
/* path: clean. false: nobody owns it. */
bool owner_map_find(
	const struct owner_map *map, const char *path, struct db_owner *out);
void owner_map_set(
	struct owner_map *map, const char *path, const struct db_owner *owner);
void owner_map_remove(struct owner_map *map, const char *path);

#endif
