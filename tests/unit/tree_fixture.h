/* SPDX-License-Identifier: MIT
 *
 * tree_fixture: what the tests of tree/ and rootfs/ share: a tree in its own
 * arena, short ways to put things into it and to tell what is there, and a
 * temporary folder of the host with files in it.
 */
#ifndef UNIT_TREE_FIXTURE_H
#define UNIT_TREE_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "io/sink.h"
#include "tree/tree.h"

struct fixture {
	struct arena arena;
	struct tree tree;
	struct error err;
	char dir[64]; /* "" or a folder of the host */
	int tar;      /* what the tree's contents are read from */
};

static const struct tree_source overlay_source UNUSED = { "test",
	TREE_OVERLAY };
static const struct tree_source strict_source UNUSED = { "archive",
	TREE_STRICT };

static inline void fixture_init(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	arena_init(&f->arena);
	tree_init(&f->tree, &f->arena);
	f->tar = -1;
}

/* Opens the tar that a tree is read from; it stays open with the tree. */
static inline int fixture_open_tar(struct fixture *f, const char *path)
{
	if (f->tar >= 0)
		close(f->tar);
	f->tar = open(path, O_RDONLY);
	assert_true(f->tar >= 0);
	return f->tar;
}

static inline int fixture_unlink(
	const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	return remove(path);
}

static inline void fixture_release(struct fixture *f)
{
	arena_release(&f->arena);
	if (f->tar >= 0)
		close(f->tar);
	if (f->dir[0])
		nftw(f->dir, fixture_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void fixture_make_dir(struct fixture *f)
{
	snprintf(f->dir, sizeof(f->dir), "/tmp/alpbuild-test-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
}

/* A path in the host folder, in the arena. */
static inline const char *fixture_path(struct fixture *f, const char *name)
{
	return arena_printf(&f->arena, "%s/%s", f->dir, name);
}

static inline void fixture_write_bytes(
	struct fixture *f, const char *name, const void *p, size_t n)
{
	const char *path = fixture_path(f, name);
	int fd;

	assert_int_equal(file_mkdirs_for(path, &f->err), 0);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, p, n, &f->err), 0);
	close(fd);
}

static inline void fixture_write(
	struct fixture *f, const char *name, const char *text)
{
	fixture_write_bytes(f, name, text, strlen(text));
}

static inline struct node *put_mode(
	struct fixture *f, const char *path, const char *text, uint32_t mode)
{
	struct tree_entry entry = { .kind = INODE_FILE,
		.mode = mode,
		.content = content_bytes(text, strlen(text)) };

	return tree_put(&f->tree, path, &entry, &overlay_source, &f->err);
}

static inline struct node *put_file(
	struct fixture *f, const char *path, const char *text)
{
	return put_mode(f, path, text, 0644);
}

static inline struct node *put_dir(struct fixture *f, const char *path)
{
	struct tree_entry entry = { .kind = INODE_DIRECTORY, .mode = 0755 };

	return tree_put(&f->tree, path, &entry, &overlay_source, &f->err);
}

static inline struct node *put_link(
	struct fixture *f, const char *path, const char *target)
{
	struct tree_entry entry = {
		.kind = INODE_SYMLINK, .mode = 0777, .target = target
	};

	return tree_put(&f->tree, path, &entry, &overlay_source, &f->err);
}

/* The content of a file of the tree as text, in the arena. */
static inline const char *text_of(struct fixture *f, const char *path)
{
	struct node *node = tree_find(&f->tree, path);
	struct content_reader reader;
	struct buf buf;
	const char *text;

	assert_non_null(node);
	assert_int_equal(node->inode->kind, INODE_FILE);
	content_reader_init(&reader);
	if (content_read(
		    &reader, &node->inode->content, 1 << 20, &buf, &f->err))
		fail_msg("%s", f->err.text);
	content_reader_release(&reader);
	text = arena_slice(&f->arena, buf_slice(&buf));
	buf_release(&buf);
	return text;
}

static inline int list_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	const struct inode *inode = node->inode;

	buf_printf(ctx, "%c %04o %u:%u %" PRId64 " /%s%s%s\n",
		"fdl"[inode->kind], inode -> mode, inode -> uid, inode -> gid,
		inode -> mtime, path,
		inode -> kind == INODE_SYMLINK ? " -> " : "",
		inode->kind == INODE_SYMLINK ? inode->target : "");
	return 0;
}

/* "d 0755 0:0 0 /etc" for each node in the order of the walk; the arena's. */
static inline const char *listing_of(struct fixture *f)
{
	struct buf buf;
	const char *text;

	buf_init(&buf, 1 << 20);
	assert_int_equal(tree_walk(&f->tree, list_node, &buf, &f->err), 0);
	text = arena_slice(&f->arena, buf_slice(&buf));
	buf_release(&buf);
	return text;
}

#define assert_error(f, wanted_kind, part)                                     \
	do {                                                                   \
		assert_int_equal((f)->err.kind, wanted_kind);                  \
		if (!strstr((f)->err.text, part))                              \
			fail_msg("\"%s\" is not in \"%s\"", part,              \
				(f)->err.text);                                \
	} while (0)

#endif
