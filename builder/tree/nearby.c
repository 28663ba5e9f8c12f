/* SPDX-License-Identifier: MIT */
#include "tree/nearby.h"

#include "base/memory.h"
#include "base/nearest.h"
#include "base/path.h"

static char *hint(const struct node *node)
{
	SCOPED_BUF struct buf path;

	buf_init(&path, PATH_TEXT_MAX);
	node_path(node, &path);
	return memory_printf(", did you mean /%s", path.data ? path.data : "");
}

static const struct node *nearest_child(
	const struct node *dir, const char *name)
{
	SCOPED_FREE const char **names =
		memory_alloc(dir->nchildren * sizeof(const char *));
	const char *near;

	for (size_t i = 0; i < dir->nchildren; i++)
		names[i] = dir->children[i]->name;
	near = nearest_find(name, names, dir->nchildren);
	return near ? node_child(dir, slice_of(near)) : NULL;
}

char *nearby_hint(const struct tree *tree, const char *path)
{
	struct slice rest = slice_of(path), part;
	const struct node *node = tree->root;
	struct node *through_links = NULL;
	struct error ignored;

	if (!tree_resolve(tree, path, TREE_FOLLOW_PARENTS, &through_links,
		    &ignored) &&
		through_links)
		return hint(through_links);
	while (path_cut(&rest, &part)) {
		const struct node *child = node_child(node, part);
		SCOPED_FREE char *name = NULL;

		if (!child) {
			name = slice_dup(part);
			child = nearest_child(node, name);
			return child ? hint(child) : memory_strdup("");
		}
		node = child;
	}
	return memory_strdup("");
}
