/* SPDX-License-Identifier: MIT
 *
 * Symbolic links as Linux follows them (path_resolution(7)), inside the tree.
 */
#include <string.h>

#include "base/path.h"
#include "tree/node.h"

/* A link's target and the rest of the path that led to it. */
#define TEXT_MAX ((size_t)4 * PATH_TEXT_MAX)

struct resolver {
	const struct tree *tree;
	struct node *at;   /* how far it came */
	char *text;	   /* owned: what rest points into */
	struct slice rest; /* components still to go */
	unsigned nlinks;   /* followed so far */
};

static bool has_more(struct slice rest)
{
	struct slice part;

	return path_cut(&rest, &part);
}

static int enter_link(
	struct resolver *r, const struct node *link, struct error *err)
{
	const char *target = link->inode->target;
	char *text;

	if (++r->nlinks > TREE_LINKS_MAX)
		return error_set(err, ERROR_TREE,
			"symbolic link %s (%s) leads to itself or through "
			"more than %d links",
			link->name, link->origin, TREE_LINKS_MAX);
	if (strlen(target) + r->rest.len >= TEXT_MAX)
		return error_set(err, ERROR_TREE,
			"symbolic link %s (%s) leads to a path of more than "
			"%zu bytes",
			link->name, link->origin, TEXT_MAX);
	text = memory_printf("%s/%.*s", target, SLICE_ARGS(r->rest));
	free(r->text);
	r->text = text;
	r->rest = slice_of(text);
	if (target[0] == '/')
		r->at = r->tree->root;
	return 0;
}

/* 1: went on; 0: there is no such path; -1: error. */
static int take_step(struct resolver *r, struct slice part,
	enum tree_follow follow, struct error *err)
{
	struct node *child;

	if (r->at->inode->kind != INODE_DIRECTORY)
		return 0;
	if (slice_is(part, "."))
		return 1;
	if (slice_is(part, "..")) {
		r->at = r->at->parent ? r->at->parent : r->at;
		return 1;
	}
	child = node_child(r->at, part);
	if (!child)
		return 0;
	if (child->inode->kind == INODE_SYMLINK &&
		(follow == TREE_FOLLOW_ALL || has_more(r->rest)))
		return enter_link(r, child, err) ? -1 : 1;
	r->at = child;
	return 1;
}

static int resolve(struct resolver *r, enum tree_follow follow,
	struct node **out, struct error *err)
{
	struct slice part;
	int rc = 1;

	while (rc > 0 && path_cut(&r->rest, &part))
		rc = take_step(r, part, follow, err);
	free(r->text);
	if (rc < 0)
		return -1;
	*out = rc ? r->at : NULL;
	return 0;
}

int tree_resolve(const struct tree *tree, const char *path,
	enum tree_follow follow, struct node **out, struct error *err)
{
	struct resolver r = {
		.tree = tree, .at = tree->root, .rest = slice_of(path)
	};

	return resolve(&r, follow, out, err);
}

int node_follow(const struct tree *tree, const struct node *link,
	struct node **out, struct error *err)
{
	struct resolver r = {
		.tree = tree, .at = link->parent, .rest = slice_of(link->name)
	};

	return resolve(&r, TREE_FOLLOW_ALL, out, err);
}
