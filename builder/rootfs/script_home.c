/* SPDX-License-Identifier: MIT */
#include "rootfs/script_home.h"

#include <string.h>

#include "base/path.h"

#define HOME_MODE 02755
#define BUSYBOX_MAX ((size_t)16 << 20) /* bytes of the program */

struct copying {
	struct script_work *work;
	const struct script_home *home;
	struct buf path; /* where to */
};

/* Recursion is no deeper than TREE_DEPTH_MAX. */
static int copy_below(
	struct copying *c, const struct node *from, struct error *err)
{
	size_t len = c->path.len;

	for (size_t i = 0; i < from->nchildren; i++) {
		const struct node *child = from->children[i];
		const struct inode *inode = child->inode;
		struct tree_entry entry = { .kind = inode->kind,
			.mode = inode->mode & 0777,
			.uid = c->home->uid,
			.gid = c->home->gid,
			.target = inode->target,
			.content = inode->content };

		buf_printf(&c->path, "/%s", child->name);
		if (c->path.overflow)
			return error_set(err, ERROR_TREE,
				"a home's path has more than %d bytes",
				PATH_TEXT_MAX);
		if (script_put(c->work, c->path.data, &entry, err) ||
			copy_below(c, child, err))
			return -1;
		buf_truncate(&c->path, len);
	}
	return 0;
}

static int copy_skeleton(struct script_work *work,
	const struct script_home *home, const char *path, struct error *err)
{
	struct copying c = { .work = work, .home = home };
	const char *from, *why;
	struct node *node;
	int rc;

	from = script_path(work->tree->arena,
		home->skeleton ? home->skeleton : "/etc/skel", &why);
	if (!from)
		return 0;
	script_find(work, from, TREE_FOLLOW_PARENTS, &node);
	if (!node || node->inode->kind != INODE_DIRECTORY)
		return 0;
	for (const struct node *up = tree_find(work->tree, path); up;
		up = up->parent) {
		if (up == node) /* a home inside its own skeleton */
			return 0;
	}
	buf_init(&c.path, PATH_TEXT_MAX);
	buf_add_str(&c.path, path);
	rc = copy_below(&c, node, err);
	buf_release(&c.path);
	return rc;
}

static int new_home(struct script_work *work, const struct script_home *home,
	const char *path, struct error *err)
{
	const struct tree_entry entry = { .kind = INODE_DIRECTORY,
		.mode = HOME_MODE,
		.uid = home->uid,
		.gid = home->gid };

	if (script_parent(work, path))
		return 0; /* adduser complains only */
	if (script_put(work, path, &entry, err) ||
		copy_skeleton(work, home, path, err))
		return -1;
	script_note(work, "made /%s", path);
	return 0;
}

int script_make_home(struct script_work *work, const struct script_home *home,
	struct error *err)
{
	const char *path, *why;
	struct node *node;

	path = script_path(work->tree->arena, home->path, &why);
	if (!path || !path[0]) {
		script_note(work, "home left alone: %s", path ? "/" : why);
		return 0;
	}
	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	if (!node)
		return new_home(work, home, path, err);
	script_find(work, path, TREE_FOLLOW_ALL, &node);
	if (!node)
		return 0;
	node->inode->uid = home->uid;
	node->inode->gid = home->gid;
	node->inode->mode = HOME_MODE;
	node->origin = work->origin;
	script_note(work, "/%s becomes the home", path);
	return 0;
}

int script_default_gecos(
	struct script_work *work, const char **gecos, struct error *err)
{
	static const char old[] = "Linux User,,,";
	SCOPED_BUF struct buf program = { .data = NULL };
	struct content_reader reader;
	struct node *node;
	int rc;

	*gecos = old;
	script_find(work, "bin/busybox", TREE_FOLLOW_ALL, &node);
	if (!node || node->inode->kind != INODE_FILE ||
		node->inode->content.size > BUSYBOX_MAX)
		return 0;
	content_reader_init(&reader);
	rc = content_read(
		&reader, &node->inode->content, BUSYBOX_MAX, &program, err);
	content_reader_release(&reader);
	if (rc)
		return error_wrap(err, "bin/busybox");
	if (program.len && !memmem(program.data, program.len, old, sizeof(old)))
		*gecos = "";
	return 0;
}
