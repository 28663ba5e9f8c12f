/* SPDX-License-Identifier: MIT */
#include "tree/tree.h"

#include <assert.h>

#include "base/path.h"
#include "tree/node.h"

void tree_init(struct tree *tree, struct arena *arena)
{
	struct node *root = arena_alloc(arena, sizeof(*root));

	root->name = "";
	root->origin = "tree";
	root->is_implied = true;
	root->inode = arena_alloc(arena, sizeof(*root->inode));
	*root->inode = (struct inode){
		.kind = INODE_DIRECTORY, .mode = 0755, .nlink = 1
	};
	*tree = (struct tree){ .arena = arena, .root = root };
}

struct node *tree_find(const struct tree *tree, const char *path)
{
	struct slice rest = slice_of(path), part;
	struct node *node = tree->root;

	while (node && path_cut(&rest, &part))
		node = node_child(node, part);
	return node;
}

/* Recursion is no deeper than TREE_DEPTH_MAX. */
static int64_t newest_of(const struct node *node)
{
	int64_t newest = node->is_implied ? INT64_MIN : node->inode->mtime;

	for (size_t i = 0; i < node->nchildren; i++) {
		int64_t below = newest_of(node->children[i]);

		if (below > newest)
			newest = below;
	}
	return newest;
}

int64_t tree_newest(const struct tree *tree)
{
	return newest_of(tree->root);
}

/* Recursion is no deeper than TREE_DEPTH_MAX. */
static size_t forget_below(struct node *node)
{
	size_t n = 1;

	node->inode->nlink--;
	for (size_t i = 0; i < node->nchildren; i++)
		n += forget_below(node->children[i]);
	return n;
}

void tree_remove(struct tree *tree, struct node *node)
{
	assert(node->parent);
	tree->nnodes -= forget_below(node);
	node_detach(node);
}

struct walk {
	tree_walk_fn *fn;
	void *ctx;
	struct buf path;
};

/* Recursion is no deeper than TREE_DEPTH_MAX. */
static int walk_node(
	struct walk *walk, const struct node *node, struct error *err)
{
	size_t len = walk->path.len;
	int rc = walk->fn(
		node, walk->path.data ? walk->path.data : "", walk->ctx, err);

	for (size_t i = 0; !rc && i < node->nchildren; i++) {
		if (len)
			buf_add(&walk->path, "/", 1);
		buf_add_str(&walk->path, node->children[i]->name);
		rc = walk_node(walk, node->children[i], err);
		buf_truncate(&walk->path, len);
	}
	return rc;
}

int tree_walk(
	const struct tree *tree, tree_walk_fn *fn, void *ctx, struct error *err)
{
	struct walk walk = { .fn = fn, .ctx = ctx };
	int rc;

	buf_init(&walk.path, PATH_TEXT_MAX);
	rc = walk_node(&walk, tree->root, err);
	buf_release(&walk.path);
	return rc;
}
