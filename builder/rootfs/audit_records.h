/* SPDX-License-Identifier: MIT
 *
 * audit_records: the package database seen from the nodes of a tree: what its
 * records say of each node, and which of their paths the tree lacks. Shared
 * by the files of rootfs/audit, private to them.
 */
#ifndef ROOTFS_AUDIT_RECORDS_H
#define ROOTFS_AUDIT_RECORDS_H

#include "rootfs/audit.h"
#include "rootfs/install.h"
#include "rootfs/install_dir.h"

/* What the database says of a node. */
struct audit_record {
	const struct node *node;
	const struct db_package *package; /* of several: the first */
	const struct db_file *file;	  /* NULL: a directory */
	const struct install_dir *dir;	  /* NULL: a file */
	struct audit_record *next; /* another path of the same directory */
};

/* A path of the database that is not in the tree. */
struct audit_absent {
	const char *path;
	const char *package;
};

struct audit_records {
	struct apk_state state;
	struct install_dirs dirs;
	struct name_map nodes;	     /* by address: struct audit_record */
	struct name_map absent_dirs; /* those that were noted */
	struct audit_absent *absent; /* in the order of the database */
	size_t nabsent, cap;
	struct arena arena; /* owns all but the state */
};

/* On failure there is nothing to release. */
int audit_records_read(struct audit_records *records, const struct tree *tree,
	struct error *err) MUST_CHECK;
void audit_records_release(struct audit_records *records);

/* NULL: no package has it. */
const struct audit_record *audit_records_find(
	const struct audit_records *records, const struct node *node);

/* Whether a directory is one, and a file or link no directory. */
bool audit_same_kind(const struct audit_record *record);
/* Mode, owner and group by the database; for links only the owner counts. */
struct db_acl audit_record_acl(
	const struct audit_records *records, const struct audit_record *record);
/*
 * Whether they are so. Packages that share a directory need not agree: it may
 * be as the rules of the image's apk say, or as any of them says.
 */
bool audit_same_acl(
	const struct audit_records *records, const struct audit_record *record);
/* Permission bits of a node; links have all. */
uint32_t audit_mode(const struct inode *inode);

/* How a file's content is told. */
struct audit_reading {
	struct content_reader reader;
	audit_digest_fn *digest; /* NULL: by the reader */
	void *ctx;
};

/*
 * Whether a file or link holds what its record says; *found is what it holds.
 * A record without digest is content with anything.
 */
int audit_same_content(struct audit_reading *reading,
	const struct audit_record *record, struct identity *found, bool *answer,
	struct error *err) MUST_CHECK;

#endif
