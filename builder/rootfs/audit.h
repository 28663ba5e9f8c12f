/* SPDX-License-Identifier: MIT
 *
 * audit: whether a tree is what its package database says: every directory
 * and file of lib/apk/db/installed is there with that kind, mode, owner and
 * content, and every entry of the tree has an owner: a package, or whoever
 * put it there by the tree's origins or the report of the build. Paths of the
 * database are followed inside the tree, as on roots where lib is a link to
 * usr/lib.
 *
 * What is not compared: the mode of symbolic links, which means nothing; the
 * root itself, which no layer holds; times; devices and fifos of the
 * database, which an image cannot hold; extended attributes.
 */
#ifndef ROOTFS_AUDIT_H
#define ROOTFS_AUDIT_H

#include "base/error.h"
#include "base/memory.h"
#include "io/digest.h"
#include "spec/report.h"
#include "tree/tree.h"

/* Origin of entries of which nothing is known: those of an image file. */
#define AUDIT_ORIGIN "image"

enum audit_kind {
	AUDIT_MISSING, /* of the database or the report, not in the tree */
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
	const char *found;    /* NULL: nothing */
};

struct audit {
	struct audit_finding *items; /* by path, bytewise, then by kind */
	size_t n, cap;
	struct arena *arena; /* borrowed: owns all here */
};

/* What to look at: contents are read only where they are asked for. */
enum audit_depth { AUDIT_HEADERS, AUDIT_CONTENTS };

/* The SHA-1 or SHA-256 of a regular file of the tree. */
typedef int audit_digest_fn(const struct node *node, enum digest_kind kind,
	struct digest *digest, void *ctx, struct error *err);

struct audit_options {
	const struct report *report; /* NULL: there is none */
	enum audit_depth depth;
	audit_digest_fn *digest; /* NULL: the tree's contents are read */
	void *ctx;		 /* for it */
};

/*
 * Compares; the findings are no error. What the report attributes to somebody
 * else than the packages may differ from the database, and so may what has
 * another origin in the tree than a package, the minirootfs or AUDIT_ORIGIN.
 * Without a report only what contradicts the database is found, as the one
 * who put an entry there is not known; not compared then are dev, proc and
 * sys, which an engine mounts over, and contents below etc, where people and
 * scripts change files, but those of etc/init.d are. A tree without a
 * database has nothing to compare. Memory is the tree's arena's, for what is
 * read of the database, and the audit's.
 */
int audit_tree(struct audit *audit, const struct tree *tree,
	const struct audit_options *options, struct error *err) MUST_CHECK;

/*
 * The first finding about an entry that is there which `before` lacks; NULL:
 * there is none. Missing ones do not count.
 */
const struct audit_finding *audit_news(
	const struct audit *after, const struct audit *before);

/*
 * Fills in origins and removed of a report: entries of the tree whose origin
 * is not a package that the database names as their owner with the same
 * attributes and content, or the minirootfs; and entries of the database that
 * the tree lacks. Of the options digest and ctx count.
 */
int audit_origins(struct report *report, const struct tree *tree,
	const struct audit_options *options, struct arena *arena,
	struct error *err) MUST_CHECK;

#endif
