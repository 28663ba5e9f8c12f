/* SPDX-License-Identifier: MIT */
#include "build/layer_tree.h"

#include <string.h>

#include "apk/installed.h"
#include "rootfs/audit.h"

/* However the way there is called: lib may be a link to usr/lib. */
#define DATABASE_END "apk/db/installed"

#define SHA1_SIZE 20
#define SHA256_SIZE 32

struct sums {
	const struct inode *inode;
	uint8_t sha1[SHA1_SIZE], sha256[SHA256_SIZE];
};

static const struct tree_source source = { AUDIT_ORIGIN, TREE_STRICT };

static struct slice key_of(const struct inode *const *inode)
{
	return slice_make(inode, sizeof(*inode));
}

static void add_sums(struct layer_tree *layer, const struct inode *inode,
	const struct digest *sha1, const struct digest *sha256)
{
	struct sums *sums = arena_alloc(&layer->arena, sizeof(*sums));

	sums->inode = inode;
	memcpy(sums->sha1, sha1->bytes, SHA1_SIZE);
	memcpy(sums->sha256, sha256->bytes, SHA256_SIZE);
	name_map_set(&layer->sums, key_of(&sums->inode), sums, &layer->arena);
}

static struct content keep(struct layer_tree *layer, const struct buf *text)
{
	layer->kept += text->len;
	return content_bytes(arena_copy(&layer->arena,
				     text->len ? text->data : "", text->len),
		text->len);
}

/* Both digests at once, and the text of a database on the way. */
static int read_file(struct layer_tree *layer, struct tar_reader *reader,
	struct inode *inode, struct buf *text, struct error *err)
{
	struct digest_sink sha1, sha256;
	struct buf_sink kept;
	int failed;

	if (text)
		buf_sink_init(&kept, text);
	digest_sink_init(&sha256, DIGEST_SHA256, text ? &kept.sink : NULL);
	digest_sink_init(&sha1, DIGEST_SHA1, &sha256.sink);
	failed = tar_reader_copy(reader, &sha1.sink, err) ||
		 sink_close(&sha1.sink, err) || sink_close(&sha256.sink, err);
	if (!failed)
		add_sums(layer, inode, &sha1.digest, &sha256.digest);
	digest_sink_release(&sha1);
	digest_sink_release(&sha256);
	return failed ? -1 : 0;
}

static int put_file(struct layer_tree *layer, const struct tar_entry *e,
	struct tar_reader *reader, struct inode *inode, struct error *err)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, INSTALLED_MAX - layer->kept);
	if (!slice_ends(slice_of(e->path), DATABASE_END))
		return read_file(layer, reader, inode, NULL, err);
	if (read_file(layer, reader, inode, &text, err))
		return -1;
	inode->content = keep(layer, &text);
	return 0;
}

static const char *refusal(const struct tar_entry *e)
{
	if (e->kind > TAR_HARDLINK)
		return "is a device node or fifo, which no image of alpbuild "
		       "has";
	if (e->uid > TREE_ID_MAX || e->gid > TREE_ID_MAX)
		return "has an owner or group above the highest that routers "
		       "map, 65535";
	return NULL;
}

static struct node *put(
	struct layer_tree *layer, const struct tar_entry *e, struct error *err)
{
	struct tree_entry entry = { .mode = e->mode,
		.uid = (uint32_t)e->uid,
		.gid = (uint32_t)e->gid,
		.mtime = e->mtime,
		.target = e->target };

	if (e->kind == TAR_HARDLINK)
		return tree_link(
			&layer->tree, e->path, e->target, &source, err);
	entry.kind = e->kind == TAR_FILE	? INODE_FILE
		     : e->kind == TAR_DIRECTORY ? INODE_DIRECTORY
						: INODE_SYMLINK;
	return tree_put(&layer->tree, e->path, &entry, &source, err);
}

static int take_entry(const struct tar_entry *e, struct tar_reader *reader,
	void *ctx, struct error *err)
{
	const char *refused = refusal(e);
	struct layer_tree *layer = ctx;
	struct node *node;

	if (refused)
		return error_set(err, ERROR_INPUT, "%s %s", e->path, refused);
	node = put(layer, e, err);
	if (!node)
		return -1;
	if (e->kind != TAR_FILE)
		return 0;
	if (put_file(layer, e, reader, node->inode, err))
		return error_wrap(err, "%s", e->path);
	return 0;
}

int layer_tree_read(struct layer_tree *layer, struct archive *archive,
	const struct archive_image *image, struct error *err)
{
	if (image->nlayers != 1)
		return error_set(err, ERROR_INPUT,
			"the image has %zu layers, expected one as alpbuild "
			"makes it",
			image->nlayers);
	memset(layer, 0, sizeof(*layer));
	arena_init(&layer->arena);
	tree_init(&layer->tree, &layer->arena);
	if (!archive_read_layer(
		    archive, &image->layers[0], take_entry, layer, err))
		return 0;
	layer_tree_release(layer);
	return -1;
}

void layer_tree_release(struct layer_tree *layer)
{
	arena_release(&layer->arena);
}

int layer_tree_digest(const struct node *node, enum digest_kind kind,
	struct digest *digest, void *ctx, struct error *err)
{
	const struct layer_tree *layer = ctx;
	const struct inode *inode = node->inode;
	const struct sums *sums = name_map_get(&layer->sums, key_of(&inode));

	if (!sums)
		return error_set(
			err, ERROR_INTERNAL, "no digest of %s", node->name);
	*digest = (struct digest){ .kind = kind };
	if (kind == DIGEST_SHA1)
		memcpy(digest->bytes, sums->sha1, SHA1_SIZE);
	else
		memcpy(digest->bytes, sums->sha256, SHA256_SIZE);
	return 0;
}
