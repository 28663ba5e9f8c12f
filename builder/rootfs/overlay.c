/* SPDX-License-Identifier: MIT */
#include "rootfs/overlay.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/path.h"
#include "rootfs/host_walk.h"
#include "rootfs/rules.h"
#include "rootfs/template.h"

#define SPEC_FILE "overlay.json"

/* Patterns of the spec, and which of them something was found for. */
struct patterns {
	const struct string_list *list;
	const char *key; /* in overlay.json */
	bool *is_used;	 /* malloc'd, one for each */
};

struct applying {
	struct tree *tree;
	const struct overlay *overlay;
	struct tree_source source;
	struct patterns ignore, templates;
};

static void patterns_init(
	struct patterns *p, const struct string_list *list, const char *key)
{
	p->list = list;
	p->key = key;
	p->is_used = memory_zero(list->n, sizeof(bool));
}

static bool patterns_match(struct patterns *p, const char *path)
{
	bool found = false;

	for (size_t i = 0; i < p->list->n; i++) {
		if (path_glob(p->list->items[i], path))
			found = p->is_used[i] = true;
	}
	return found;
}

static int patterns_check(const struct patterns *p, struct error *err)
{
	for (size_t i = 0; i < p->list->n; i++) {
		if (!p->is_used[i])
			return error_set(err, ERROR_SPEC,
				SPEC_FILE ": %s: \"/%s\" matches nothing in "
					  "the overlay, correct or remove it",
				p->key, p->list->items[i]);
	}
	return 0;
}

/* A name that a terminal can show, whatever bytes it has. */
static char *printable(const char *path)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, (size_t)4 * PATH_TEXT_MAX);
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if (c < 0x20 || c >= 0x7f)
			buf_printf(&text, "\\x%02x", c);
		else
			buf_add(&text, path, 1);
	}
	return buf_take(&text);
}

static int check_path(const char *path, struct error *err)
{
	SCOPED_FREE char *clean = NULL;
	SCOPED_FREE char *shown = NULL;

	if (!path_clean(path, PATH_FROM_ARCHIVE, &clean, err))
		return 0;
	shown = printable(path);
	return error_wrap(err, "%s", shown);
}

static int put(const struct applying *a, const char *path,
	struct tree_entry *entry, struct error *err)
{
	entry->mtime = a->overlay->mtime;
	return tree_put(a->tree, path, entry, &a->source, err) ? 0 : -1;
}

/* A directory, or a link to one, that is there already stays as it is. */
static int put_directory(
	const struct applying *a, const char *path, struct error *err)
{
	struct tree_entry entry = { .kind = INODE_DIRECTORY, .mode = 0755 };
	struct node *node;

	if (tree_resolve(a->tree, path, TREE_FOLLOW_ALL, &node, err))
		return error_wrap(err, "%s", path);
	if (node && node->inode->kind == INODE_DIRECTORY)
		return 0;
	return put(a, path, &entry, err);
}

static int put_symlink(const struct applying *a, const struct host_entry *host,
	struct error *err)
{
	struct tree_entry entry = { .kind = INODE_SYMLINK, .mode = 0777 };
	char target[PATH_TEXT_MAX];
	ssize_t len =
		readlinkat(host->dirfd, host->name, target, sizeof(target) - 1);

	if (len < 0)
		return error_errno(err, "cannot read link %s", host->path);
	target[len] = '\0';
	entry.target = target;
	return put(a, host->path, &entry, err);
}

static int extent_of(const struct applying *a, const struct host_entry *host,
	struct content *content, struct error *err)
{
	struct arena *arena = a->tree->arena;
	struct content_file *file = arena_alloc(arena, sizeof(*file));
	const char *path =
		arena_printf(arena, "%s/%s", a->overlay->dir, host->path);

	if (content_file_from_stat(file, path, &host->st, err))
		return -1;
	*content = content_extent(file, 0, file->size);
	return 0;
}

static int read_text(
	const struct content *content, struct buf *text, struct error *err)
{
	struct content_reader reader;
	int rc;

	content_reader_init(&reader);
	rc = content_read(&reader, content, TEMPLATE_MAX, text, err);
	content_reader_release(&reader);
	return rc;
}

/* From the file's own content to the text that is filled in. */
static int expand_template(const struct applying *a,
	const struct host_entry *host, struct content *content,
	struct error *err)
{
	const struct overlay *o = a->overlay;
	SCOPED_FREE char *name = path_join(o->dir, host->path);
	SCOPED_BUF struct buf text = { .data = NULL };
	SCOPED_BUF struct buf out = { .data = NULL };

	if (read_text(content, &text, err))
		return error_wrap(err, "template %s", name);
	if (template_expand(name, buf_slice(&text), o->variables, &out, err))
		return -1;
	*content = content_bytes(
		arena_copy(a->tree->arena, out.data, out.len), out.len);
	return 0;
}

static int put_file(
	struct applying *a, const struct host_entry *host, struct error *err)
{
	struct tree_entry entry = { .kind = INODE_FILE,
		.mode = host->st.st_mode & S_IXUSR ? 0755 : 0644 };

	if (extent_of(a, host, &entry.content, err))
		return -1;
	if (patterns_match(&a->templates, host->path) &&
		expand_template(a, host, &entry.content, err))
		return -1;
	return put(a, host->path, &entry, err);
}

static int put_entry(
	struct applying *a, const struct host_entry *host, struct error *err)
{
	switch (host->st.st_mode & S_IFMT) {
	case S_IFREG:
		return put_file(a, host, err);
	case S_IFDIR:
		return put_directory(a, host->path, err);
	case S_IFLNK:
		return put_symlink(a, host, err);
	default:
		return error_set(err, ERROR_INPUT,
			"%s is a device node, socket or fifo, which an image "
			"cannot hold",
			host->path);
	}
}

static enum host_walk_next visit(
	const struct host_entry *host, void *ctx, struct error *err)
{
	struct applying *a = ctx;

	if (!strcmp(host->path, SPEC_FILE) ||
		patterns_match(&a->ignore, host->path))
		return HOST_WALK_SKIP;
	if (check_path(host->path, err) || put_entry(a, host, err))
		return HOST_WALK_FAIL;
	return HOST_WALK_ON;
}

static int apply(struct applying *a, struct error *err)
{
	const struct overlay *o = a->overlay;

	if (host_walk(o->dir, visit, a, err) ||
		patterns_check(&a->ignore, err) ||
		patterns_check(&a->templates, err))
		return -1;
	return rules_apply(
		a->tree, &o->spec->rules, a->source.origin, o->mtime, err);
}

int overlay_apply(
	struct tree *tree, const struct overlay *overlay, struct error *err)
{
	struct applying a = { .tree = tree,
		.overlay = overlay,
		.source = { .mode = TREE_OVERLAY } };
	int rc;

	a.source.origin =
		arena_printf(tree->arena, "overlay %s", overlay->name);
	patterns_init(&a.ignore, &overlay->spec->ignore, "ignore");
	patterns_init(&a.templates, &overlay->spec->templates, "templates");
	rc = apply(&a, err);
	free(a.ignore.is_used);
	free(a.templates.is_used);
	return rc ? error_wrap(err, "overlay %s", overlay->name) : 0;
}
