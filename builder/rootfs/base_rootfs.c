/* SPDX-License-Identifier: MIT */
#include "rootfs/base_rootfs.h"

#include "base/path.h"
#include "io/tar_read.h"

#define ARCH_FILE "etc/apk/arch"
#define ARCH_FILE_MAX ((size_t)64)

struct reading {
	struct tree *tree;
	const struct content_file *file; /* the tar */
};

static const struct tree_source source = { BASE_ROOTFS_ORIGIN, TREE_STRICT };

static const char *refusal(const struct tar_entry *e)
{
	if (e->kind > TAR_HARDLINK)
		return "is a device node or fifo, which an image cannot hold";
	if (e->has_xattrs)
		return "has extended attributes, ACLs or flags, which "
		       "RouterOS does not keep";
	if (e->uid > TREE_ID_MAX || e->gid > TREE_ID_MAX)
		return "has an owner or group above the highest that routers "
		       "map, 65535";
	return NULL;
}

static struct node *put(const struct reading *r, const struct tar_entry *e,
	struct tree_entry *entry, struct error *err)
{
	entry->mode = e->mode;
	entry->uid = (uint32_t)e->uid;
	entry->gid = (uint32_t)e->gid;
	entry->mtime = e->mtime;
	return tree_put(r->tree, e->path, entry, &source, err);
}

static struct node *put_symlink(
	const struct reading *r, const struct tar_entry *e, struct error *err)
{
	struct tree_entry entry = { .kind = INODE_SYMLINK,
		.target = e->target };

	if (path_link_leaves(e->path, e->target)) {
		error_set(err, ERROR_INPUT,
			"symbolic link %s to %s leaves the tree", e->path,
			e->target);
		return NULL;
	}
	return put(r, e, &entry, err);
}

static struct node *put_entry(
	const struct reading *r, const struct tar_entry *e, struct error *err)
{
	struct tree_entry file = { .kind = INODE_FILE,
		.content = content_extent(r->file, e->offset, e->size) };
	struct tree_entry directory = { .kind = INODE_DIRECTORY };

	switch (e->kind) {
	case TAR_FILE:
		return put(r, e, &file, err);
	case TAR_DIRECTORY:
		return put(r, e, &directory, err);
	case TAR_SYMLINK:
		return put_symlink(r, e, err);
	default:
		return tree_link(r->tree, e->path, e->target, &source, err);
	}
}

static int take_entry(
	const struct reading *r, const struct tar_entry *e, struct error *err)
{
	const char *refused = refusal(e);

	if (refused)
		return error_set(err, ERROR_INPUT, "%s %s", e->path, refused);
	return put_entry(r, e, err) ? 0 : -1;
}

static int read_entries(
	const struct reading *r, struct tar_reader *reader, struct error *err)
{
	struct tar_entry entry;
	int more;

	while ((more = tar_reader_next(reader, &entry, err)) > 0) {
		if (take_entry(r, &entry, err))
			return -1;
	}
	return more;
}

static int read_tar(const struct reading *r, int fd, struct error *err)
{
	const struct tar_limits limits = { .entries = BASE_ROOTFS_ENTRIES_MAX,
		.size = BASE_ROOTFS_SIZE_MAX };
	struct tar_reader *reader =
		tar_reader_new(fd, r->file->path, TAR_PLAIN, &limits, err);
	int rc;

	if (!reader)
		return -1;
	rc = read_entries(r, reader, err);
	tar_reader_free(reader);
	return rc;
}

static int find_file(const struct tree *tree, const char *path,
	struct node **node, struct error *err)
{
	if (tree_resolve(tree, path, TREE_FOLLOW_ALL, node, err))
		return -1;
	if (*node && (*node)->inode->kind == INODE_FILE)
		return 0;
	return error_set(err, ERROR_INPUT,
		"no minirootfs of Alpine: it has no file %s", path);
}

static int check_arch(
	const struct tree *tree, const struct arch *arch, struct error *err)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	struct content_reader reader;
	struct node *node;
	struct slice found;
	int rc;

	if (find_file(tree, ARCH_FILE, &node, err))
		return -1;
	content_reader_init(&reader);
	rc = content_read(
		&reader, &node->inode->content, ARCH_FILE_MAX, &text, err);
	content_reader_release(&reader);
	if (rc)
		return error_wrap(err, ARCH_FILE);
	found = slice_trim(buf_slice(&text));
	if (!slice_is(found, arch->alpine))
		return error_set(err, ERROR_INPUT,
			"minirootfs is for %.*s, expected %s",
			SLICE_ARGS(found), arch->alpine);
	return find_file(tree, arch->loader, &node, err);
}

int base_rootfs_read(struct tree *tree, int fd, const char *path,
	const struct arch *arch, struct error *err)
{
	struct content_file *file = arena_alloc(tree->arena, sizeof(*file));
	struct reading r = { .tree = tree, .file = file };

	path = arena_strdup(tree->arena, path);
	if (content_file_init(file, path, fd, err))
		return -1;
	file->fd = fd;
	file->mtime_ns = CONTENT_TIME_ANY;
	file->ctime_ns = CONTENT_TIME_ANY;
	if (read_tar(&r, fd, err))
		return -1;
	if (check_arch(tree, arch, err))
		return error_wrap(err, "%s", path);
	return 0;
}
