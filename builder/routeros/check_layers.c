/* SPDX-License-Identifier: MIT */
#include "routeros/check_layers.h"

#include <string.h>
#include <unistd.h>

#include "base/path.h"

#define WHITEOUT ".wh."
#define OPAQUE ".wh..wh..opq"
#define TYPEFLAG 156 /* where a header says what it is */
#define BLOCK 512
/* Names that opaque folders may hide, looked at; each layer has its own few. */
#define LOOKED_MAX ((size_t)10 << 20)
#define ID_MAX 65534
#define ID_PROVEN_MAX 32767

struct layering {
	struct check_layers *layers;
	struct check_findings *findings;
	struct content_file *file;
	uint64_t length;	   /* of the layer, without an end added */
	struct tree_source source; /* its origin stands for the layer */
	size_t nlooked;		   /* names, for opaque folders */
};

static struct node *find(const struct layering *l, const char *path)
{
	return tree_find(&l->layers->tree, path);
}

/* Not of a layer below. */
static bool is_own(const struct layering *l, const struct node *node)
{
	return node->origin == l->source.origin;
}

/* ---- what a layer hides ------------------------------------------------ */

static void hide(struct layering *l, struct node *node)
{
	if (node && node->parent && !is_own(l, node))
		tree_remove(&l->layers->tree, node);
}

static void hide_children(
	struct layering *l, const struct node *dir, const char *path)
{
	/* A layer that repeats it a million times would take hours. */
	if (l->nlooked > LOOKED_MAX) {
		findings_add(l->findings, RULE_LAYER_DAMAGED, path,
			"folders are hidden again and again");
		return;
	}
	l->nlooked += dir->nchildren;
	/* From the end: removing moves what follows. */
	for (size_t i = dir->nchildren; i-- > 0;)
		hide(l, dir->children[i]);
}

static bool take_whiteout(struct layering *l, const char *path)
{
	const char *base = path_base(path);
	struct slice dir = path_parent(path);
	SCOPED_FREE char *parent = slice_dup(dir), *target = NULL;
	struct node *node;

	if (!slice_starts(slice_of(base), WHITEOUT))
		return false;
	findings_add_place(l->findings, RULE_WHITEOUT_OLD, path);
	findings_add_place(l->findings, RULE_WHITEOUT, path);
	if (strcmp(base, OPAQUE)) {
		target = path_join(parent, base + strlen(WHITEOUT));
		hide(l, find(l, target));
		return true;
	}
	node = find(l, parent);
	if (node)
		hide_children(l, node, path);
	return true;
}

/* ---- what is said of an entry ------------------------------------------ */

static void check_headers(struct layering *l, const struct tar_entry *e,
	const struct tar_reader *reader)
{
	struct slice headers = tar_reader_headers(reader);
	char block[BLOCK];

	if (headers.len < BLOCK) {
		if (pread(l->file->fd, block, BLOCK, (off_t)e->header) != BLOCK)
			return;
		headers = slice_make(block, BLOCK);
	}
	if (headers.ptr[TYPEFLAG] == 'g')
		findings_add_place(l->findings, RULE_PAX_GLOBAL, e->path);
	else if (headers.ptr[TYPEFLAG] == 'x')
		findings_add_place(l->findings, RULE_PAX, e->path);
}

static void check_owner(struct layering *l, const struct tar_entry *e)
{
	const uint64_t id = e->uid > e->gid ? e->uid : e->gid;

	if (id > ID_PROVEN_MAX)
		findings_add(l->findings,
			id > ID_MAX ? RULE_ID_RANGE : RULE_ID_HIGH, e->path,
			"%llu:%llu", (unsigned long long)e->uid,
			(unsigned long long)e->gid);
}

static void check_place(struct layering *l, const struct tar_entry *e)
{
	const struct node *node = find(l, e->path);
	struct slice dir = path_parent(e->path);
	SCOPED_FREE char *parent = slice_dup(dir);
	struct node *above = NULL;
	struct error ignored;

	if (node && is_own(l, node) && !node->is_implied)
		findings_add_place(l->findings, RULE_DUPLICATE, e->path);
	if (!dir.len)
		return;
	if (tree_resolve(&l->layers->tree, parent, TREE_FOLLOW_ALL, &above,
		    &ignored) ||
		!above)
		findings_add(l->findings, RULE_PARENT_MISSING, e->path,
			"%s is not there", parent);
}

static bool is_device(const struct tar_entry *e)
{
	return e->kind == TAR_CHARACTER || e->kind == TAR_BLOCK ||
	       e->kind == TAR_FIFO;
}

static void check_entry(struct layering *l, const struct tar_entry *e,
	const struct tar_reader *reader)
{
	check_headers(l, e, reader);
	check_owner(l, e);
	check_place(l, e);
	if (e->has_xattrs)
		findings_add_place(l->findings, RULE_XATTR, e->path);
	if (is_device(e))
		findings_add(l->findings, RULE_DEVICE_NODE, e->path,
			e->kind == TAR_FIFO ? "a fifo" : "a device node");
	if (e->kind == TAR_FILE && (e->mode & 06000))
		findings_add(l->findings, RULE_SETUID, e->path, "mode %04o",
			(unsigned)e->mode);
}

/* ---- what becomes of it ------------------------------------------------ */

/* A directory gives way to what is none, and the reverse. */
static void make_room(struct layering *l, const struct tar_entry *e)
{
	struct node *node = find(l, e->path);
	bool is_directory = e->kind == TAR_DIRECTORY;

	if (node && node->parent &&
		(node->inode->kind == INODE_DIRECTORY) != is_directory)
		tree_remove(&l->layers->tree, node);
}

static struct node *put_link(
	struct layering *l, const struct tar_entry *e, struct error *err)
{
	const struct node *target = find(l, e->target);

	if (!target || !is_own(l, target))
		findings_add(l->findings, RULE_HARD_LINK, e->path, "to %s",
			e->target);
	return tree_link(&l->layers->tree, e->path, e->target, &l->source, err);
}

static uint32_t id_of(uint64_t id)
{
	return id > TREE_ID_MAX ? TREE_ID_MAX : (uint32_t)id;
}

static struct node *put(
	struct layering *l, const struct tar_entry *e, struct error *err)
{
	struct tree_entry entry = { .mode = e->mode,
		.uid = id_of(e->uid),
		.gid = id_of(e->gid),
		.mtime = e->mtime,
		.target = e->target };

	entry.kind = e->kind == TAR_FILE	? INODE_FILE
		     : e->kind == TAR_DIRECTORY ? INODE_DIRECTORY
						: INODE_SYMLINK;
	if (e->kind == TAR_FILE)
		entry.content = content_extent(l->file, e->offset, e->size);
	return tree_put(&l->layers->tree, e->path, &entry, &l->source, err);
}

/* An entry that has no place in the tree is told, and left out. */
static void take(struct layering *l, const struct tar_entry *e,
	const struct tar_reader *reader)
{
	struct error why;

	if (!*e->path || take_whiteout(l, e->path))
		return;
	check_entry(l, e, reader);
	if (is_device(e))
		return;
	make_room(l, e);
	if (!(e->kind == TAR_HARDLINK ? put_link(l, e, &why) : put(l, e, &why)))
		findings_add(l->findings, RULE_LAYER_DAMAGED, e->path, "%s",
			why.text);
}

/* ---- layers ------------------------------------------------------------ */

static int read_entries(
	struct layering *l, struct tar_reader *reader, struct error *err)
{
	struct tar_entry entry;
	int got;

	while ((got = tar_reader_next(reader, &entry, err)) > 0)
		take(l, &entry, reader);
	return got;
}

static int read_tar(struct layering *l, const char *name, struct error *err)
{
	const struct tar_limits limits = { .length = l->length };
	struct tar_reader *reader =
		tar_reader_new(l->file->fd, name, TAR_PLAIN, &limits, err);
	int failed = reader ? read_entries(l, reader, err) : -1;

	tar_reader_free(reader);
	return failed;
}

static int open_layer(struct layering *l, struct archive *archive,
	const struct archive_layer *layer, struct error *err)
{
	struct check_layers *layers = l->layers;
	SCOPED_FD int fd = archive_layer_fd(archive, layer, &l->length, err);

	l->file = &layers->files[layers->nfiles];
	if (fd < 0 || content_file_init(l->file, layer->name, fd, err))
		return -1;
	l->file->fd = scope_take_fd(fd);
	layers->nfiles++;
	if (l->file->size > l->length)
		findings_add(l->findings, RULE_LAYER_END, layer->name,
			"after %llu bytes", (unsigned long long)l->length);
	return 0;
}

/* The layer's name stands before its findings anyway. */
static const char *without_name(const char *text, const char *name)
{
	size_t n = strlen(name);

	if (!strncmp(text, name, n) && !strncmp(text + n, ": ", 2))
		return text + n + 2;
	return text;
}

/* What a router could not unpack either is a finding, not an error. */
static int tell(struct layering *l, const char *name, const struct error *why,
	struct error *err)
{
	if (why->kind != ERROR_VERIFY && why->kind != ERROR_INPUT) {
		*err = *why;
		return -1;
	}
	if (why->kind == ERROR_INPUT &&
		l->findings->counts[RULE_LAYER_COMPRESSED])
		return 0;
	findings_add(l->findings,
		why->kind == ERROR_VERIFY ? RULE_LAYER_DIGEST
					  : RULE_LAYER_DAMAGED,
		name, "%s", without_name(why->text, name));
	return 0;
}

static int count_size(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct check_layers *layers = ctx;
	const struct inode *inode = node->inode;

	/* Of several names, each counts its part. */
	if (inode->kind == INODE_FILE)
		layers->size += inode->content.size / inode->nlink;
	return 0;
}

int check_layers_read(struct check_layers *layers, struct archive *archive,
	const struct archive_image *image, struct check_findings *findings,
	struct error *err)
{
	struct layering l = { .layers = layers, .findings = findings };

	memset(layers, 0, sizeof(*layers));
	layers->arena = findings->arena;
	tree_init(&layers->tree, layers->arena);
	for (size_t i = 0; i < image->nlayers; i++) {
		const char *name = image->layers[i].name;
		struct error why = { 0 };

		l.source = (struct tree_source){ arena_printf(layers->arena,
							 "layer %zu", i + 1),
			TREE_OVERLAY };
		if (open_layer(&l, archive, &image->layers[i], &why) ||
			read_tar(&l, name, &why))
			return tell(&l, name, &why, err);
	}
	if (tree_walk(&layers->tree, count_size, layers, err))
		return -1;
	return 1;
}

void check_layers_release(struct check_layers *layers)
{
	for (size_t i = 0; i < layers->nfiles; i++)
		close(layers->files[i].fd);
	layers->nfiles = 0;
}
