/* SPDX-License-Identifier: MIT */
#include "rootfs/image_keys.h"

#include <string.h>

#define KEYS "etc/apk/keys"
#define ALL_KEYS "usr/share/apk/keys"

struct reading {
	const struct tree *tree;
	struct keyring *ring;
	struct content_reader content;
	const struct node *own; /* usr/share/apk/keys/<arch>; NULL: none */
	const struct node *all; /* usr/share/apk/keys; NULL: none */
};

/* True when Alpine knows the key and it is another architecture's. */
static bool is_foreign(const struct reading *r, const char *name)
{
	struct slice text = slice_of(name);

	return r->own && r->all && !node_child(r->own, text) &&
	       node_child(r->all, text);
}

static int add_key(struct reading *r, const char *name, struct error *err)
{
	SCOPED_FREE char *path = memory_printf("%s/%s", KEYS, name);
	SCOPED_BUF struct buf pem = { .data = NULL };
	struct node *node;

	if (tree_resolve(r->tree, path, TREE_FOLLOW_ALL, &node, err))
		return -1;
	if (!node || node->inode->kind != INODE_FILE)
		return 0;
	if (content_read(&r->content, &node->inode->content, KEY_FILE_MAX, &pem,
		    err))
		return error_wrap(err, "%s", path);
	return keyring_add(
		r->ring, name, IMAGE_KEYS_ORIGIN, buf_slice(&pem), err);
}

static int add_keys(
	struct reading *r, const struct node *dir, struct error *err)
{
	for (size_t i = 0; i < dir->nchildren; i++) {
		const char *name = dir->children[i]->name;

		if (!slice_ends(slice_of(name), ".pub") || is_foreign(r, name))
			continue;
		if (add_key(r, name, err))
			return -1;
	}
	return 0;
}

static int find_folder(const struct tree *tree, const char *path,
	const struct node **dir, struct error *err)
{
	struct node *node;

	if (tree_resolve(tree, path, TREE_FOLLOW_ALL, &node, err))
		return -1;
	*dir = node && node->inode->kind == INODE_DIRECTORY ? node : NULL;
	return 0;
}

int image_keys_read(struct keyring *ring, const struct tree *tree,
	const char *arch, struct error *err)
{
	struct reading r = { .tree = tree, .ring = ring };
	SCOPED_FREE char *own = memory_printf("%s/%s", ALL_KEYS, arch);
	const struct node *dir;
	int failed;

	if (find_folder(tree, KEYS, &dir, err) ||
		find_folder(tree, ALL_KEYS, &r.all, err) ||
		find_folder(tree, own, &r.own, err))
		return -1;
	if (!dir)
		return 0;
	content_reader_init(&r.content);
	failed = add_keys(&r, dir, err);
	content_reader_release(&r.content);
	return failed;
}
