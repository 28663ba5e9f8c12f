/* SPDX-License-Identifier: MIT */
#include "tree/node.h"

#include <assert.h>
#include <string.h>

#include "base/path.h"

/* Bytewise, a shorter name before a longer one: <0, 0, >0. */
static int name_cmp(const char *name, struct slice with)
{
	int order = with.len ? strncmp(name, with.ptr, with.len) : 0;

	return order ? order : (unsigned char)name[with.len];
}

/* The index of the first child that does not sort before name. */
static size_t position(const struct node *dir, struct slice name)
{
	size_t low = 0, high = dir->nchildren;

	if (high && name_cmp(dir->children[high - 1]->name, name) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (name_cmp(dir->children[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct node *node_child(const struct node *dir, struct slice name)
{
	size_t at = position(dir, name);

	if (at == dir->nchildren || name_cmp(dir->children[at]->name, name))
		return NULL;
	return dir->children[at];
}

static int check_place(
	const struct node *below, struct slice name, struct error *err)
{
	const struct node *dir = below;
	size_t depth = 1, len = name.len;

	for (; dir->parent; dir = dir->parent) {
		depth++;
		len += strlen(dir->name) + 1;
	}
	if (!name.len || name.len > PATH_NAME_MAX)
		return error_set(err, ERROR_INPUT,
			"a name has %zu bytes, expected 1 to %d", name.len,
			PATH_NAME_MAX);
	if (below->nchildren == TREE_NAMES_MAX)
		return error_set(err, ERROR_INPUT,
			"the folder of %.*s has %zu names, expected at most "
			"%zu",
			SLICE_ARGS(name), below->nchildren + 1, TREE_NAMES_MAX);
	if (depth > TREE_DEPTH_MAX)
		return error_set(err, ERROR_INPUT,
			"%.*s lies %zu folders deep, expected at most %d",
			SLICE_ARGS(name), depth, TREE_DEPTH_MAX);
	if (len >= PATH_TEXT_MAX)
		return error_set(err, ERROR_INPUT,
			"the path of %.*s has %zu bytes, expected at most %d",
			SLICE_ARGS(name), len, PATH_TEXT_MAX - 1);
	return 0;
}

/* Doubling keeps the cost of n appends, and what it wastes, linear in n. */
static void make_room(struct arena *arena, struct node *dir)
{
	size_t cap = dir->children_cap ? dir->children_cap * 2 : 4;
	struct node **children;

	if (dir->nchildren < dir->children_cap)
		return;
	children = arena_alloc(arena, cap * sizeof(struct node *));
	if (dir->nchildren)
		memcpy(children, dir->children,
			dir->nchildren * sizeof(struct node *));
	dir->children = children;
	dir->children_cap = cap;
}

struct node *node_add(struct tree *tree, struct node *dir, struct slice name,
	const char *origin, struct error *err)
{
	struct node *node;
	size_t at;

	if (check_place(dir, name, err))
		return NULL;
	make_room(tree->arena, dir);
	at = position(dir, name);
	memmove(dir->children + at + 1, dir->children + at,
		(dir->nchildren - at) * sizeof(struct node *));
	node = arena_alloc(tree->arena, sizeof(*node));
	node->name = arena_slice(tree->arena, name);
	node->parent = dir;
	node->origin = origin;
	dir->children[at] = node;
	dir->nchildren++;
	tree->nnodes++;
	return node;
}

void node_detach(struct node *node)
{
	struct node *dir = node->parent;
	size_t at = position(dir, slice_of(node->name));

	assert(at < dir->nchildren && dir->children[at] == node);
	dir->nchildren--;
	memmove(dir->children + at, dir->children + at + 1,
		(dir->nchildren - at) * sizeof(struct node *));
	node->parent = NULL;
}

void node_path(const struct node *node, struct buf *buf)
{
	const struct node *chain[TREE_DEPTH_MAX];
	size_t n = 0;

	for (; node->parent; node = node->parent)
		chain[n++] = node;
	while (n--) {
		buf_add_str(buf, chain[n]->name);
		if (n)
			buf_add(buf, "/", 1);
	}
}
