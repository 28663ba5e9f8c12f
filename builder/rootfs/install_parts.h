/* SPDX-License-Identifier: MIT
 *
 * install_parts: what the files of rootfs/install share: the transaction
 * under way, and its steps by file. Private to them.
 */
#ifndef ROOTFS_INSTALL_PARTS_H
#define ROOTFS_INSTALL_PARTS_H

#include "rootfs/install.h"
#include "rootfs/install_dir.h"

#define INSTALL_ORIGIN "apk" /* of the files of the database */

struct install {
	struct tree *tree;
	struct apk_state *state;
	struct install_options options;
	struct owner_map *owners; /* owned; of files: directories have
				     several and are in dirs */
	struct install_dirs dirs;
	bool has_begun;
	struct content_reader reader;
	struct db_package **fresh; /* installed by this transaction */
	size_t nfresh, fresh_cap;
};

/* One package's files on their way. */
struct install_unit {
	struct install *install;
	struct db_package *record; /* of the new version */
	struct db_package *old;	   /* NULL: no upgrade */
	const struct install_payload *payload;
	struct tree_source source; /* origin "package openrc" */
};

/* install_names.c: owners by the tree's passwd and group at one moment. */
struct install_accounts {
	struct buf text; /* of the file; empty: the tree has none */
	char *last;	 /* the name that was looked up last; owned */
	bool is_known;
	uint32_t id; /* of the last name */
};
struct install_names {
	struct install_accounts users, groups;
};
int install_names_read(struct install_names *names, const struct tree *tree,
	struct error *err) MUST_CHECK;
void install_names_release(struct install_names *names);
/* Sets uid and gid of the acl; unknown names leave the archive's numbers. */
int install_names_find(struct install_names *names, const struct tar_entry *e,
	struct db_acl *acl, struct error *err) MUST_CHECK;

/* install_file.c: what may become of a path that somebody has already. */
enum install_verdict { INSTALL_TAKE, INSTALL_LEAVE, INSTALL_CONFLICT };
enum install_verdict install_judge(enum apk_flavor flavor,
	const struct package *owner, const struct package *pkg);
/* The owner of a file; false: nobody, or it is a directory. */
bool install_find_owner(const struct install *install, const char *path,
	struct db_owner *owner);
/* Whether the node holds what a record's "Z:" says: 1 or 0; -1: error. */
int install_holds(struct install *install, const struct node *node,
	const struct db_package *record, const struct identity *digest,
	struct error *err) MUST_CHECK;

/* install_unpack.c: the entries of the data tar into record and tree. */
int install_unpack(
	const struct install_unit *unit, struct error *err) MUST_CHECK;

/* install_commit.c: the files of a package take their names. */
struct install_file {
	const char *path;
	struct db_dir *dir;
	struct db_file *file;
	struct tree_entry entry;
	struct install_file *link; /* hard link: the file that it names */
	struct node *node; /* where it went; NULL: the tree's was kept */
};
struct install_files {
	struct install_file **items; /* in the order of the archive */
	size_t n, cap;
};
int install_commit(const struct install_unit *unit,
	const struct install_files *files, struct error *err) MUST_CHECK;

/* install_place.c: directories in the tree. */
int install_place_dir(const struct install_unit *unit, struct slice path,
	const struct db_acl *acl, int64_t mtime, struct error *err) MUST_CHECK;
/* Its metadata, when the database decides about them. */
int install_settle_dir(struct install *install, const struct install_dir *dir,
	struct error *err) MUST_CHECK;
/* After all packages. */
int install_settle_dirs(struct install *install, struct error *err) MUST_CHECK;

/* install_remove.c: what only this record has goes out of the tree; the record
 * itself stays. */
int install_remove(struct install *install, struct db_package *record,
	struct error *err) MUST_CHECK;

/* install_trigger.c: scripts. */
struct install_arguments {
	const char *const *items;
	size_t n;
};
int install_run_script(struct install *install, const struct package *pkg,
	enum script_kind kind, const struct install_arguments *arguments,
	struct error *err) MUST_CHECK;
int install_run_triggers(struct install *install, struct error *err) MUST_CHECK;

/* install_write.c: apk's own files. */
int install_write(struct install *install, const struct dependency_list *world,
	struct error *err) MUST_CHECK;

#endif
