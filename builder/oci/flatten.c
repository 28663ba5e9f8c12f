/* SPDX-License-Identifier: MIT
 *
 * Each layer is read twice: first for what it hides, while the tree holds
 * nothing but the layers below, then for what it adds. So a whiteout cannot
 * reach what its own layer adds, and hiding costs no more than adding did.
 */
#include "oci/flatten.h"

#include <string.h>
#include <unistd.h>

#include "base/path.h"

#define WHITEOUT ".wh."
#define OPAQUE ".wh..wh..opq"
#define AUFS ".wh..wh." /* notes that aufs makes for itself */

/* What a name means in a layer. */
enum mark { MARK_NONE, MARK_WHITEOUT, MARK_OPAQUE, MARK_IGNORED };

struct layer_walk {
	struct flatten *flatten;
	struct content_file *file;
	struct tree_source source; /* its origin stands for the layer */
	uint64_t length;	   /* where its contents end */
	const struct tar_reader *reader;
};

typedef int entry_fn(const struct layer_walk *w, const struct tar_entry *e,
	struct error *err);

/* ---- names ------------------------------------------------------------- */

/* ".wh." before nothing, "." or "..": no name that a layer could hide. */
static bool hides_no_name(struct slice part)
{
	struct slice name = slice_make(
		part.ptr + strlen(WHITEOUT), part.len - strlen(WHITEOUT));

	return !name.len || slice_is(name, ".") || slice_is(name, "..");
}

static int find_mark(const char *path, enum mark *mark, struct error *err)
{
	struct slice rest = slice_of(path), part;

	*mark = MARK_NONE;
	while (path_cut(&rest, &part)) {
		if (!slice_starts(part, WHITEOUT))
			continue;
		if (!rest.len && slice_is(part, OPAQUE))
			*mark = MARK_OPAQUE;
		else if (slice_starts(part, AUFS))
			*mark = MARK_IGNORED;
		else if (!rest.len && !hides_no_name(part))
			*mark = MARK_WHITEOUT;
		else
			return error_set(err, ERROR_INPUT,
				"%s: names that start with " WHITEOUT
				" are whiteouts, which hide one file or "
				"folder and hold nothing",
				path);
		return 0;
	}
	return 0;
}

/* NULL: not there, or behind links that lead nowhere. */
static struct node *find(
	const struct flatten *f, const char *path, enum tree_follow follow)
{
	struct node *node = NULL;
	struct error ignored;

	if (tree_resolve(&f->tree, path, follow, &node, &ignored))
		return NULL;
	return node;
}

static bool is_device(const struct tar_entry *e)
{
	return e->kind == TAR_CHARACTER || e->kind == TAR_BLOCK ||
	       e->kind == TAR_FIFO;
}

/* A directory gives way to what is none, and the reverse. */
static void make_room(struct flatten *f, const struct tar_entry *e)
{
	struct node *node = find(f, e->path, TREE_FOLLOW_PARENTS);
	const bool is_directory = e->kind == TAR_DIRECTORY;

	if (!node || !node->parent)
		return;
	if (is_device(e) ||
		(node->inode->kind == INODE_DIRECTORY) != is_directory)
		tree_remove(&f->tree, node);
}

/* ---- what a layer hides ------------------------------------------------ */

static void hide_name(struct flatten *f, const char *path)
{
	SCOPED_FREE char *dir = slice_dup(path_parent(path));
	SCOPED_FREE char *target =
		path_join(dir, path_base(path) + strlen(WHITEOUT));
	struct node *node = find(f, target, TREE_FOLLOW_PARENTS);

	if (node && node->parent)
		tree_remove(&f->tree, node);
}

static void hide_children(struct flatten *f, const char *path)
{
	SCOPED_FREE char *dir = slice_dup(path_parent(path));
	struct node *node = find(f, dir, TREE_FOLLOW_ALL);

	/* From the end, where removing moves nothing. */
	while (node && node->nchildren)
		tree_remove(&f->tree, node->children[node->nchildren - 1]);
}

static int hide(const struct layer_walk *w, const struct tar_entry *e,
	struct error *err)
{
	enum mark mark;

	if (find_mark(e->path, &mark, err))
		return w->flatten->watch ? 0 : -1; /* add() tells it */
	if (mark == MARK_WHITEOUT)
		hide_name(w->flatten, e->path);
	else if (mark == MARK_OPAQUE)
		hide_children(w->flatten, e->path);
	else if (mark == MARK_NONE)
		/* What is below a link must not be taken for what is below
		 * the directory that replaces it. */
		make_room(w->flatten, e);
	return 0;
}

/* ---- what a layer adds ------------------------------------------------- */

static void lose(struct flatten *f, enum flatten_loss_kind kind,
	const struct tar_entry *e)
{
	struct flatten_loss *loss = &f->losses[kind];

	if (loss->n < FLATTEN_PATHS_KEPT)
		loss->paths[loss->n] = arena_strdup(f->arena, e->path);
	loss->n++;
}

static uint32_t id_of(uint64_t id)
{
	return id > TREE_ID_MAX ? TREE_ID_MAX : (uint32_t)id;
}

static int put(const struct layer_walk *w, const struct tar_entry *e,
	struct tree_entry *entry, struct error *err)
{
	if (!w->flatten->watch &&
		(e->uid > TREE_ID_MAX || e->gid > TREE_ID_MAX))
		return error_set(err, ERROR_INPUT,
			"%s belongs to %llu:%llu, above the highest that "
			"routers map, %d: use lower numbers in the source",
			e->path, (unsigned long long)e->uid,
			(unsigned long long)e->gid, TREE_ID_MAX);
	entry->mode = e->mode;
	entry->uid = id_of(e->uid);
	entry->gid = id_of(e->gid);
	entry->mtime = e->mtime;
	return tree_put(&w->flatten->tree, e->path, entry, &w->source, err)
		       ? 0
		       : -1;
}

static int put_symlink(const struct layer_walk *w, const struct tar_entry *e,
	const char *target, struct error *err)
{
	struct tree_entry entry = { .kind = INODE_SYMLINK, .target = target };

	return put(w, e, &entry, err);
}

static int put_link(const struct layer_walk *w, const struct tar_entry *e,
	struct error *err)
{
	struct tree *tree = &w->flatten->tree;
	const struct node *target =
		find(w->flatten, e->target, TREE_FOLLOW_PARENTS);
	SCOPED_BUF struct buf path = { 0 };

	/* A second name for a symbolic link is another one of the same. */
	if (target && target->inode->kind == INODE_SYMLINK)
		return put_symlink(w, e, target->inode->target, err);
	buf_init(&path, PATH_TEXT_MAX);
	if (target)
		node_path(target, &path);
	else
		buf_add_str(&path, e->target);
	return tree_link(tree, e->path, path.data, &w->source, err) ? 0 : -1;
}

static int put_entry(const struct layer_walk *w, const struct tar_entry *e,
	struct error *err)
{
	struct tree_entry directory = { .kind = INODE_DIRECTORY };
	struct tree_entry file = { .kind = INODE_FILE,
		.content = content_extent(w->file, e->offset, e->size) };

	switch (e->kind) {
	case TAR_FILE:
		return put(w, e, &file, err);
	case TAR_DIRECTORY:
		return put(w, e, &directory, err);
	case TAR_SYMLINK:
		return put_symlink(w, e, e->target, err);
	default:
		return put_link(w, e, err);
	}
}

static void show(
	const struct layer_walk *w, const struct tar_entry *e, enum mark mark)
{
	const struct flatten_watch *watch = w->flatten->watch;
	const struct flatten_seen seen = {
		.entry = e,
		.reader = w->reader,
		.fd = w->file->fd,
		.origin = w->source.origin,
		.is_whiteout = mark != MARK_NONE,
	};

	if (watch)
		watch->see(watch->ctx, &seen);
}

static int take(const struct layer_walk *w, const struct tar_entry *e,
	struct error *err)
{
	struct flatten *f = w->flatten;

	make_room(f, e);
	if (is_device(e)) {
		lose(f, FLATTEN_DEVICES, e);
		return 0;
	}
	if (e->has_xattrs)
		lose(f, FLATTEN_XATTRS, e);
	return put_entry(w, e, err);
}

static int refuse(const struct layer_walk *w, const struct tar_entry *e,
	const struct error *why, struct error *err)
{
	const struct flatten_watch *watch = w->flatten->watch;

	if (watch) {
		watch->refuse(watch->ctx, e, why);
		return 0;
	}
	*err = *why;
	return -1;
}

static int add(const struct layer_walk *w, const struct tar_entry *e,
	struct error *err)
{
	enum mark mark = MARK_IGNORED;
	struct error why = { 0 };
	int failed;

	w->flatten->nentries++;
	w->flatten->size += e->size;
	/* The root's own entry is for who unpacks. */
	if (!*e->path)
		return 0;
	failed = find_mark(e->path, &mark, &why);
	show(w, e, failed ? MARK_IGNORED : mark);
	if (!failed && mark == MARK_NONE)
		failed = take(w, e, &why);
	else if (!failed && w->flatten->nfiles == 1)
		lose(w->flatten, FLATTEN_WHITEOUTS, e);
	return failed ? refuse(w, e, &why, err) : 0;
}

/* ---- layers ------------------------------------------------------------ */

static int read_entries(const struct layer_walk *w, struct tar_reader *reader,
	entry_fn *fn, struct error *err)
{
	struct tar_entry entry;
	int got;

	while ((got = tar_reader_next(reader, &entry, err)) > 0) {
		if (fn(w, &entry, err))
			return -1;
	}
	return got;
}

static int read_layer(struct layer_walk *w, entry_fn *fn, struct error *err)
{
	const struct flatten *f = w->flatten;
	/* 0 would stand for a limit of the reader's own. */
	const struct tar_limits limits = {
		.entries = FLATTEN_ENTRIES_MAX - f->nentries + 1,
		.size = FLATTEN_SIZE_MAX - f->size + 1,
		.length = w->length,
	};
	struct tar_reader *reader = tar_reader_new(
		w->file->fd, w->file->path, TAR_PLAIN, &limits, err);
	int failed;

	w->reader = reader;
	failed = reader ? read_entries(w, reader, fn, err) : -1;
	tar_reader_free(reader);
	return failed;
}

/* Of a damaged layer a watch sees what is in front of the damage. */
static int hide_all(struct layer_walk *w, struct error *err)
{
	return read_layer(w, hide, err) && !w->flatten->watch ? -1 : 0;
}

static int check_limits(const struct flatten *f, struct error *err)
{
	if (f->nentries <= FLATTEN_ENTRIES_MAX && f->size <= FLATTEN_SIZE_MAX)
		return 0;
	return error_set(err, ERROR_INPUT,
		"the layers have more than %llu entries or %llu bytes",
		(unsigned long long)FLATTEN_ENTRIES_MAX,
		(unsigned long long)FLATTEN_SIZE_MAX);
}

/* Layers are input, so what their entries contradict is wrong with it. */
static int fail(const char *name, struct error *err)
{
	if (err->kind == ERROR_TREE)
		err->kind = ERROR_INPUT;
	if (slice_starts(slice_of(err->text), name))
		return -1;
	return error_wrap(err, "%s", name);
}

int flatten_add(struct flatten *f, const char *name, int owned_fd,
	uint64_t length, struct error *err)
{
	struct content_file *file = &f->files[f->nfiles];
	SCOPED_FD int fd = owned_fd;
	struct layer_walk w = { .flatten = f, .file = file, .length = length };

	name = arena_strdup(f->arena, name);
	if (f->nfiles == ARCHIVE_LAYERS_MAX)
		return error_set(err, ERROR_INPUT, "more than %d layers",
			ARCHIVE_LAYERS_MAX);
	if (content_file_init(file, name, fd, err))
		return -1;
	file->fd = scope_take_fd(fd);
	f->nfiles++;
	w.source = (struct tree_source){
		arena_printf(f->arena, "layer %zu", f->nfiles), TREE_OVERLAY
	};
	if ((f->tree.nnodes && hide_all(&w, err)) || read_layer(&w, add, err) ||
		check_limits(f, err))
		return fail(name, err);
	return 0;
}

int flatten_layer(struct flatten *f, struct archive *archive,
	const struct archive_layer *layer, struct error *err)
{
	uint64_t length;
	int fd = archive_layer_fd(archive, layer, &length, err);

	return fd < 0 ? -1 : flatten_add(f, layer->name, fd, length, err);
}

void flatten_init(struct flatten *f, struct arena *arena)
{
	memset(f, 0, sizeof(*f));
	f->arena = arena;
	tree_init(&f->tree, arena);
}

void flatten_release(struct flatten *f)
{
	for (size_t i = 0; i < f->nfiles; i++)
		close(f->files[i].fd);
	f->nfiles = 0;
}
