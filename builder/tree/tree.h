/* SPDX-License-Identifier: MIT
 *
 * tree: the image's root file system in memory: names and metadata, content
 * by reference. Nothing of it exists on disk and the host's file system is
 * never asked: symbolic links are followed inside the tree only.
 *
 * node is a name, inode is what it names: a hard link is two nodes with one
 * inode, so that replacing one name leaves the other alone. Children are
 * sorted bytewise; the walk's order is fixed by that. Everything lives in the
 * tree's arena. Paths are clean (base/path.h): "" is the root.
 */
#ifndef TREE_TREE_H
#define TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/memory.h"
#include "tree/content.h"

enum inode_kind { INODE_FILE, INODE_DIRECTORY, INODE_SYMLINK };

#define TREE_ID_MAX 65535  /* uid and gid, the range routers can map */
#define TREE_LINKS_MAX 40  /* symbolic links followed for one path */
#define TREE_DEPTH_MAX 128 /* components of a path */
/* Of one folder, whose names are kept in order: more would take too long. */
#define TREE_NAMES_MAX ((size_t)1 << 17)

struct inode {
	enum inode_kind kind;
	uint32_t mode; /* permission bits, 07777 */
	uint32_t uid, gid;
	int64_t mtime;		/* seconds UTC; clamped by the layer writer */
	const char *target;	/* INODE_SYMLINK */
	struct content content; /* INODE_FILE */
	unsigned nlink;		/* names in the tree */
};

struct node {
	const char *name;    /* one component; "" for the root */
	struct node *parent; /* NULL for the root */
	struct inode *inode;
	const char *origin; /* what made it: "minirootfs", "overlay alp_rc" */
	struct node **children; /* sorted bytewise by name */
	size_t nchildren, children_cap;
	bool is_implied; /* a directory that was never put, only needed */
};

struct tree {
	struct arena *arena; /* borrowed */
	struct node *root;
	size_t nnodes; /* without the root */
};

/* An implied root directory 0755 0:0 of time 0, origin "tree". */
void tree_init(struct tree *tree, struct arena *arena);

/* The node of exactly this path, no link followed; NULL: not there. */
struct node *tree_find(const struct tree *tree, const char *path);
struct node *node_child(const struct node *dir, struct slice name);
/* The latest mtime of what was put; INT64_MIN: nothing was. */
int64_t tree_newest(const struct tree *tree);
/* The clean path of a node, appended to buf. */
void node_path(const struct node *node, struct buf *buf);

/*
 * Follows symbolic links inside the tree, absolute ones from its root, ".."
 * stopping there. TREE_FOLLOW_PARENTS leaves the last component alone. *out
 * is NULL when the path is not there. Loops are ERROR_TREE.
 */
enum tree_follow { TREE_FOLLOW_ALL, TREE_FOLLOW_PARENTS };
int tree_resolve(const struct tree *tree, const char *path,
	enum tree_follow follow, struct node **out,
	struct error *err) MUST_CHECK;

/* What to put; strings and content are copied or borrowed as told. */
struct tree_entry {
	enum inode_kind kind;
	uint32_t mode, uid, gid;
	int64_t mtime;
	const char *target;	/* copied */
	struct content content; /* value; what it points at is borrowed */
};

/*
 * Puts an entry at path; missing parents are made as implied directories
 * (0755 0:0, the entry's mtime). The origin must live as long as the tree.
 *
 * TREE_OVERLAY lays something over what is there. Links among the parents are
 * followed inside the tree. At the path itself
 *   file or symlink by file or symlink: replaced, other hard links keep theirs
 *   directory by directory: metadata replaced, children stay
 *   directory by another kind, or the reverse: ERROR_TREE, both origins named
 *
 * TREE_STRICT is for the entries of one archive and all its failures are
 * ERROR_INPUT: no parent may be a link, and what is there already is a
 * duplicate. An implied directory takes the metadata of its own entry once,
 * because archives need not list a directory before what is in it.
 *
 * Returns the node, NULL on failure.
 */
enum tree_put_mode { TREE_OVERLAY, TREE_STRICT };
/* Who puts something into the tree, and how. */
struct tree_source {
	const char *origin; /* as in struct node; borrowed */
	enum tree_put_mode mode;
};
struct node *tree_put(struct tree *tree, const char *path,
	const struct tree_entry *entry, const struct tree_source *source,
	struct error *err) MUST_CHECK;

/* A second name for the regular file at `existing` (no link followed). The
 * inode, and so its metadata, stays as it is. */
struct node *tree_link(struct tree *tree, const char *path,
	const char *existing, const struct tree_source *source,
	struct error *err) MUST_CHECK;

/* Removes the node and what is below it; the root cannot be removed. */
void tree_remove(struct tree *tree, struct node *node);

/*
 * Pre-order, children bytewise by name: a directory before what is in it.
 * fn gets the clean path ("" for the root, which comes first). A non-zero
 * return ends the walk and is returned. fn must not add or remove nodes.
 */
typedef int tree_walk_fn(const struct node *node, const char *path, void *ctx,
	struct error *err);
int tree_walk(const struct tree *tree, tree_walk_fn *fn, void *ctx,
	struct error *err) MUST_CHECK;

#endif
