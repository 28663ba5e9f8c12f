/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <string.h>

#include "base/path.h"
#include "tree/node.h"

/* What is being put where, for messages and for implied parents. */
struct putting {
	struct tree *tree;
	const char *path;
	const char *origin;
	enum tree_put_mode mode;
	int64_t mtime;
};

static const char *const kind_names[] = {
	[INODE_FILE] = "file",
	[INODE_DIRECTORY] = "directory",
	[INODE_SYMLINK] = "symbolic link",
};

static enum error_kind failure_kind(const struct putting *p)
{
	return p->mode == TREE_STRICT ? ERROR_INPUT : ERROR_TREE;
}

static int complain_not_directory(
	const struct putting *p, const struct node *node, struct error *err)
{
	SCOPED_BUF struct buf path;

	buf_init(&path, PATH_TEXT_MAX);
	node_path(node, &path);
	return error_set(err, failure_kind(p),
		"%s (%s) cannot be put below %s, which is a %s of %s", p->path,
		p->origin, path.data, kind_names[node->inode->kind],
		node->origin);
}

/* Where a parent that is a symbolic link leads. */
static struct node *follow_parent(
	const struct putting *p, struct node *link, struct error *err)
{
	struct node *node;

	if (p->mode == TREE_STRICT) {
		complain_not_directory(p, link, err);
		return NULL;
	}
	if (node_follow(p->tree, link, &node, err)) {
		error_wrap(err, "%s (%s)", p->path, p->origin);
		return NULL;
	}
	if (!node)
		error_set(err, ERROR_TREE,
			"%s (%s) cannot be put below %s, a symbolic link of "
			"%s to %s, which is not there",
			p->path, p->origin, link->name, link->origin,
			link->inode->target);
	return node;
}

static struct inode *inode_new(struct tree *tree, const struct tree_entry *e)
{
	struct inode *inode = arena_alloc(tree->arena, sizeof(*inode));

	inode->kind = e->kind;
	inode->mode = e->mode;
	inode->uid = e->uid;
	inode->gid = e->gid;
	inode->mtime = e->mtime;
	inode->nlink = 1;
	if (e->kind == INODE_SYMLINK)
		inode->target = arena_strdup(tree->arena, e->target);
	if (e->kind == INODE_FILE)
		inode->content = e->content;
	return inode;
}

static struct node *add_child(const struct putting *p, struct node *dir,
	struct slice name, struct error *err)
{
	struct node *node = node_add(p->tree, dir, name, p->origin, err);

	if (!node)
		error_wrap(err, "%s (%s)", p->path, p->origin);
	return node;
}

static struct node *imply_directory(const struct putting *p, struct node *dir,
	struct slice name, struct error *err)
{
	struct tree_entry entry = {
		.kind = INODE_DIRECTORY, .mode = 0755, .mtime = p->mtime
	};
	struct node *node = add_child(p, dir, name, err);

	if (!node)
		return NULL;
	node->inode = inode_new(p->tree, &entry);
	node->is_implied = true;
	return node;
}

static struct node *find_parent(const struct putting *p, struct error *err)
{
	struct slice rest = path_parent(p->path), part;
	struct node *dir = p->tree->root;

	while (path_cut(&rest, &part)) {
		struct node *child = node_child(dir, part);

		if (!child)
			child = imply_directory(p, dir, part, err);
		else if (child->inode->kind == INODE_SYMLINK)
			child = follow_parent(p, child, err);
		if (!child)
			return NULL;
		if (child->inode->kind != INODE_DIRECTORY) {
			complain_not_directory(p, child, err);
			return NULL;
		}
		dir = child;
	}
	return dir;
}

/* Judges what stands at the path already. */
static int check_replace(const struct putting *p, const struct node *old,
	enum inode_kind kind, struct error *err)
{
	enum inode_kind old_kind = old->inode->kind;
	int is_directory = kind == INODE_DIRECTORY;

	if (p->mode == TREE_STRICT && !(is_directory && old->is_implied))
		return error_set(err, ERROR_INPUT,
			"%s is there twice, as a %s of %s and as a %s of %s",
			p->path[0] ? p->path : "/", kind_names[old_kind],
			old->origin, kind_names[kind], p->origin);
	if (is_directory != (old_kind == INODE_DIRECTORY))
		return error_set(err, failure_kind(p),
			"%s is a %s of %s and cannot become a %s of %s",
			p->path[0] ? p->path : "/", kind_names[old_kind],
			old->origin, kind_names[kind], p->origin);
	return 0;
}

static void replace_metadata(
	struct node *node, const struct tree_entry *e, const char *origin)
{
	node->inode->mode = e->mode;
	node->inode->uid = e->uid;
	node->inode->gid = e->gid;
	node->inode->mtime = e->mtime;
	node->origin = origin;
	node->is_implied = false;
}

static void replace_inode(
	struct node *node, struct inode *inode, const char *origin)
{
	if (node->inode)
		node->inode->nlink--;
	node->inode = inode;
	node->origin = origin;
}

static int check_target(
	const struct putting *p, const char *target, struct error *err)
{
	struct slice s = slice_of(target);

	if (!s.len || s.len >= PATH_TEXT_MAX)
		return error_set(err, failure_kind(p),
			"symbolic link %s (%s) has a target of %zu bytes, "
			"expected 1 to %d",
			p->path, p->origin, s.len, PATH_TEXT_MAX - 1);
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
			return error_set(err, failure_kind(p),
				"symbolic link %s (%s) has a control "
				"character in its target",
				p->path, p->origin);
	}
	if (!slice_is_utf8(s))
		return error_set(err, failure_kind(p),
			"symbolic link %s (%s) has a target that is not "
			"valid UTF-8",
			p->path, p->origin);
	return 0;
}

/* The node at the path, checked for replacing, or a new one without inode. */
static struct node *find_or_add(
	const struct putting *p, enum inode_kind kind, struct error *err)
{
	struct slice name = slice_of(path_base(p->path));
	struct node *dir, *node;

	if (!name.len) {
		node = p->tree->root;
	} else {
		dir = find_parent(p, err);
		if (!dir)
			return NULL;
		node = node_child(dir, name);
		if (!node)
			return add_child(p, dir, name, err);
	}
	return check_replace(p, node, kind, err) ? NULL : node;
}

struct node *tree_put(struct tree *tree, const char *path,
	const struct tree_entry *entry, const struct tree_source *source,
	struct error *err)
{
	const struct putting p = { .tree = tree,
		.path = path,
		.origin = source->origin,
		.mode = source->mode,
		.mtime = entry->mtime };
	struct node *node;

	assert(entry->mode <= 07777);
	assert(entry->uid <= TREE_ID_MAX && entry->gid <= TREE_ID_MAX);
	if (entry->kind == INODE_SYMLINK &&
		check_target(&p, entry->target, err))
		return NULL;
	node = find_or_add(&p, entry->kind, err);
	if (!node)
		return NULL;
	if (node->inode && entry->kind == INODE_DIRECTORY)
		replace_metadata(node, entry, p.origin);
	else
		replace_inode(node, inode_new(tree, entry), p.origin);
	return node;
}

struct node *tree_link(struct tree *tree, const char *path,
	const char *existing, const struct tree_source *source,
	struct error *err)
{
	struct putting p = { .tree = tree,
		.path = path,
		.origin = source->origin,
		.mode = source->mode };
	struct node *target = tree_find(tree, existing), *node;

	if (!target || target->inode->kind != INODE_FILE) {
		error_set(err, failure_kind(&p),
			"hard link %s (%s) needs the file %s, which is %s%s",
			path, p.origin, existing, target ? "a " : "not there",
			target ? kind_names[target->inode->kind] : "");
		return NULL;
	}
	p.mtime = target->inode->mtime;
	node = find_or_add(&p, INODE_FILE, err);
	if (!node || node->inode == target->inode)
		return node;
	target->inode->nlink++;
	replace_inode(node, target->inode, p.origin);
	return node;
}
