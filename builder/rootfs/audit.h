/* SPDX-License-Identifier: MIT
 *
 * audit: whether a tree is what its package database says: every directory
 * and file of lib/apk/db/installed is there with that kind, mode, owner and
 * content, and every entry of the tree has an owner: a package, or whoever
 * put it there by the tree's origins or the report of the build.
 */
#ifndef ROOTFS_AUDIT_H
#define ROOTFS_AUDIT_H

#include "base/error.h"
#include "base/memory.h"
#include "spec/report.h"
#include "tree/tree.h"

enum audit_kind {
	AUDIT_MISSING, /* of the database, not in the tree */
	AUDIT_TYPE,    /* a directory for a file, or the reverse */
	AUDIT_MODE,
	AUDIT_OWNER,
	AUDIT_CONTENT,
	AUDIT_UNOWNED, /* in the tree, nobody's */
};
extern const char *const audit_kinds[AUDIT_UNOWNED + 1]; /* "missing" */

struct audit_finding {
	enum audit_kind kind;
	const char *path;
	const char *package;  /* name; NULL: none */
	const char *expected; /* "0640 0:42"; NULL where it says nothing */
	const char *found;
};

struct audit {
	struct audit_finding *items; /* by path, bytewise */
	size_t n, cap;
	struct arena *arena; /* borrowed: owns all here */
};

/* What to look at: contents are read only where they are asked for. */
enum audit_depth { AUDIT_HEADERS, AUDIT_CONTENTS };

/*
 * Compares; the findings are no error. What the report attributes to somebody
 * else than the packages may differ from the database; report may be NULL:
 * then only what contradicts the database is found, as the one who put an
 * entry there is not known. A tree without a database has nothing to compare.
 */
int audit_tree(struct audit *audit, const struct tree *tree,
	const struct report *report, enum audit_depth depth,
	struct error *err) MUST_CHECK;

/*
 * Fills in origins and removed of a report: entries of the tree whose origin
 * is not a package that the database names as their owner with the same
 * attributes, and entries of the database that the tree lacks.
 */
int audit_origins(struct report *report, const struct tree *tree,
	struct arena *arena, struct error *err) MUST_CHECK;

#endif
