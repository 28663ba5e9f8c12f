/* SPDX-License-Identifier: MIT */
#include "oci/layer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/path.h"
#include "oci/tar_write.h"
#include "tree/content_windows.h"

/* Deeper than any tree: TREE_DEPTH_MAX components and their slashes. */
#define LAYER_PATH_MAX ((size_t)TREE_DEPTH_MAX * (PATH_NAME_MAX + 1))

/*
 * Which name of an inode with several was written first: an open hash table
 * by the inode's address, at most half full. It is only looked up, never
 * listed, so the order in it cannot reach the output.
 */
struct first_names {
	const struct node **slots; /* NULL: free */
	size_t nslots;		   /* a power of two */
	size_t n;
};

static size_t hash_inode(const struct inode *inode)
{
	/* Fibonacci hashing: the low bits of an address say little. */
	return (size_t)(((uint64_t)(uintptr_t)inode *
				UINT64_C(0x9e3779b97f4a7c15)) >>
			32);
}

/* The slot of the inode, or the free one where it belongs. */
static const struct node **find_slot(
	const struct first_names *names, const struct inode *inode)
{
	size_t i = hash_inode(inode);

	for (;; i++) {
		const struct node **slot =
			&names->slots[i & (names->nslots - 1)];

		if (!*slot || (*slot)->inode == inode)
			return slot;
	}
}

static void grow(struct first_names *names)
{
	struct first_names larger = { .nslots = names->nslots * 2,
		.n = names->n };

	if (!larger.nslots)
		larger.nslots = 64;
	larger.slots = memory_zero(larger.nslots, sizeof(*larger.slots));
	for (size_t i = 0; i < names->nslots; i++) {
		const struct node *node = names->slots[i];

		if (node)
			*find_slot(&larger, node->inode) = node;
	}
	free(names->slots);
	*names = larger;
}

/* The first name of the node's inode; NULL when it is this one. */
static const struct node *first_name(
	struct first_names *names, const struct node *node)
{
	const struct node **slot;

	if (node->inode->nlink < 2)
		return NULL;
	if (names->n * 2 >= names->nslots)
		grow(names);
	slot = find_slot(names, node->inode);
	if (*slot)
		return *slot;
	*slot = node;
	names->n++;
	return NULL;
}

/* One walk serves both the writing and the measuring. */
struct walk {
	struct first_names names;
	int64_t epoch;
	struct buf target; /* of the hard link at hand */
	struct content_reader reader;
	struct content_windows windows;
	struct sink *out;
	uint64_t size; /* when measuring */
};

static void walk_init(struct walk *walk, int64_t epoch, struct sink *out)
{
	*walk = (struct walk){ .epoch = epoch, .out = out };
	buf_init(&walk->target, LAYER_PATH_MAX);
	content_reader_init(&walk->reader);
}

static void walk_release(struct walk *walk)
{
	free(walk->names.slots);
	buf_release(&walk->target);
	content_reader_release(&walk->reader);
	content_windows_release(&walk->windows);
}

static void describe_file(
	struct walk *walk, const struct node *node, struct tar_header *header)
{
	const struct node *first = first_name(&walk->names, node);

	header->type = TAR_TYPE_FILE;
	header->size = node->inode->content.size;
	if (!first)
		return;
	buf_truncate(&walk->target, 0);
	node_path(first, &walk->target);
	assert(!walk->target.overflow);
	header->type = TAR_TYPE_HARDLINK;
	header->target = walk->target.data;
	header->size = 0;
}

/* The header of a node; what it points at is valid until the next call. */
static struct tar_header describe(
	struct walk *walk, const struct node *node, const char *path)
{
	const struct inode *inode = node->inode;
	struct tar_header header = {
		.path = path,
		.mode = inode->mode,
		.uid = inode->uid,
		.gid = inode->gid,
		.mtime =
			inode->mtime < walk->epoch ? inode->mtime : walk->epoch,
	};

	switch (inode->kind) {
	case INODE_DIRECTORY:
		header.type = TAR_TYPE_DIRECTORY;
		break;
	case INODE_SYMLINK:
		header.type = TAR_TYPE_SYMLINK;
		header.target = inode->target;
		break;
	case INODE_FILE:
		describe_file(walk, node, &header);
		break;
	}
	return header;
}

static int copy(
	struct walk *walk, const struct content *content, struct error *err)
{
	const char *bytes;

	if (content_windows_find(&walk->windows, content, &bytes, err))
		return -1;
	if (!bytes)
		return content_copy(&walk->reader, content, walk->out, err);
	sink_write(walk->out, bytes, content->size);
	return 0;
}

static int write_content(struct walk *walk, const struct content *content,
	const char *path, struct error *err)
{
	uint64_t start = walk->out->size;

	if (copy(walk, content, err))
		return error_wrap(err, "%s", path);
	if (sink_check(walk->out, err))
		return -1;
	if (walk->out->size - start != content->size)
		return error_set(err, ERROR_INTERNAL,
			"%s: %llu bytes of content written, expected %llu",
			path, (unsigned long long)(walk->out->size - start),
			(unsigned long long)content->size);
	tar_write_padding(walk->out, content->size);
	return 0;
}

/* Linux could not make it, so no router could unpack it. */
static int check_target(
	const struct tar_header *header, const char *path, struct error *err)
{
	size_t len;

	if (header->type != TAR_TYPE_SYMLINK)
		return 0;
	len = strlen(header->target);
	if (len && len < PATH_TEXT_MAX)
		return 0;
	return error_set(err, ERROR_TREE,
		"%s: target of the symbolic link has %zu bytes, "
		"expected 1 to %d",
		path, len, PATH_TEXT_MAX - 1);
}

static int write_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct walk *walk = ctx;
	struct tar_header header;

	if (!node->parent)
		return 0;
	header = describe(walk, node, path);
	if (check_target(&header, path, err))
		return -1;
	tar_write_header(walk->out, &header);
	if (header.size)
		return write_content(walk, &node->inode->content, path, err);
	/* A full disk ends the walk early. */
	return sink_check(walk->out, err);
}

int layer_write(const struct tree *tree, int64_t epoch, struct sink *out,
	struct error *err)
{
	struct walk walk;
	int failed;

	walk_init(&walk, epoch, out);
	failed = tree_walk(tree, write_node, &walk, err);
	walk_release(&walk);
	if (failed)
		return error_wrap(err, "write layer");
	tar_write_end(out);
	return sink_check(out, err);
}

static int measure_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct walk *walk = ctx;
	struct tar_header header;

	if (!node->parent)
		return 0;
	header = describe(walk, node, path);
	walk->size += tar_header_size(&header) + tar_padded_size(header.size);
	return 0;
}

uint64_t layer_size(const struct tree *tree)
{
	struct error err;
	struct walk walk;
	int failed;

	walk_init(&walk, 0, NULL);
	failed = tree_walk(tree, measure_node, &walk, &err);
	assert(!failed);
	(void)failed;
	walk_release(&walk);
	return walk.size + 2 * TAR_BLOCK_SIZE;
}
