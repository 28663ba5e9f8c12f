/* SPDX-License-Identifier: MIT */
#include "rootfs/script_work.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/path.h"

#define NOTE_TEXT_SIZE 256 /* bytes of one part of a note */

/* Without a character that was cut in two. */
static struct slice whole_characters(const char *text)
{
	struct slice s = slice_of(text);

	while (s.len && !slice_is_utf8(s))
		s.len--;
	return s;
}

void script_note(struct script_work *work, const char *fmt, ...)
{
	char text[NOTE_TEXT_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (work->note.len)
		buf_add_str(&work->note, "; ");
	buf_add_slice(&work->note, whole_characters(text));
}

int script_fail(struct script_work *work, const char *fmt, ...)
{
	char text[NOTE_TEXT_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (work->line)
		script_note(work, "line %zu fails: %s", work->line, text);
	else
		script_note(work, "%s", text);
	return SCRIPT_FAILED;
}

static bool is_of_kernel(const char *path)
{
	static const char *const roots[] = { "dev", "proc", "sys" };
	struct slice rest = slice_of(path), first;

	if (!path_cut(&rest, &first))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		if (slice_is(first, roots[i]))
			return true;
	}
	return false;
}

const char *script_path(struct arena *arena, const char *text, const char **why)
{
	SCOPED_FREE char *clean = NULL;
	const char *relative = text;
	struct error err;

	while (*relative == '/')
		relative++;
	if (!*text) {
		*why = "an empty path";
		return NULL;
	}
	if (path_clean(relative, PATH_FROM_ARCHIVE, &clean, &err)) {
		*why = arena_strdup(arena, err.text);
		return NULL;
	}
	if (is_of_kernel(clean)) {
		*why = arena_printf(
			arena, "\"%s\" lies in the kernel's files", text);
		return NULL;
	}
	return arena_strdup(arena, clean);
}

void script_find(const struct script_work *work, const char *path,
	enum tree_follow follow, struct node **node)
{
	struct error ignored; /* ELOOP is as good as ENOENT to a command */

	if (tree_resolve(work->tree, path, follow, node, &ignored))
		*node = NULL;
}

int script_parent(struct script_work *work, const char *path)
{
	struct slice parent = path_parent(path);
	SCOPED_FREE char *text = slice_dup(parent);
	struct node *node;

	script_find(work, text, TREE_FOLLOW_ALL, &node);
	if (node && node->inode->kind == INODE_DIRECTORY)
		return 0;
	return script_fail(work, "/%s: /%s is no directory", path, text);
}

int script_put(struct script_work *work, const char *path,
	const struct tree_entry *entry, struct error *err)
{
	const struct tree_source source = { work->origin, TREE_OVERLAY };
	struct tree_entry timed = *entry;

	timed.mtime = work->run->mtime;
	return tree_put(work->tree, path, &timed, &source, err) ? 0 : -1;
}

int script_put_new(struct script_work *work, const char *path,
	const struct tree_entry *entry, struct error *err)
{
	SCOPED_FREE char *parent = slice_dup(path_parent(path));
	struct tree_entry owned = *entry;
	struct node *dir;

	script_find(work, parent, TREE_FOLLOW_ALL, &dir);
	if (dir && dir->inode->mode & 02000) {
		owned.gid = dir->inode->gid;
		if (owned.kind == INODE_DIRECTORY)
			owned.mode |= 02000;
	}
	return script_put(work, path, &owned, err);
}

int script_put_link(struct script_work *work, const char *path,
	const char *target, struct error *err)
{
	const struct tree_entry entry = {
		.kind = INODE_SYMLINK, .mode = 0777, .target = target
	};

	return script_put_new(work, path, &entry, err);
}

int script_make_dirs(
	struct script_work *work, const char *path, struct error *err)
{
	const struct tree_entry entry = { .kind = INODE_DIRECTORY,
		.mode = 0755 };
	struct slice rest = slice_of(path), part;
	struct node *node;
	SCOPED_BUF struct buf at;

	buf_init(&at, PATH_TEXT_MAX);
	while (path_cut(&rest, &part)) {
		buf_printf(&at, "%s%.*s", at.len ? "/" : "", SLICE_ARGS(part));
		script_find(work, at.data, TREE_FOLLOW_ALL, &node);
		if (node && node->inode->kind == INODE_DIRECTORY)
			continue;
		script_find(work, at.data, TREE_FOLLOW_PARENTS, &node);
		if (node)
			return script_fail(work,
				"/%s is there already, and "
				"no directory",
				at.data);
		if (script_put_new(work, at.data, &entry, err))
			return -1;
	}
	return 0;
}

int script_read(struct script_work *work, const char *path, size_t max,
	struct buf *buf, struct error *err)
{
	struct content_reader reader;
	struct node *node;
	int rc;

	script_find(work, path, TREE_FOLLOW_ALL, &node);
	if (!node || node->inode->kind != INODE_FILE)
		return script_fail(work, "there is no file /%s", path);
	content_reader_init(&reader);
	rc = content_read(&reader, &node->inode->content, max, buf, err);
	content_reader_release(&reader);
	return rc ? error_wrap(err, "%s", path) : 0;
}

int script_rewrite(struct script_work *work, const struct node *node,
	const struct buf *text, struct error *err)
{
	SCOPED_BUF struct buf path;
	const struct inode *old = node->inode;
	struct tree_entry entry = { .kind = INODE_FILE,
		.mode = old->mode & 0777,
		.uid = old->uid,
		.gid = old->gid };

	buf_init(&path, PATH_TEXT_MAX);
	node_path(node, &path);
	if (text->overflow)
		return error_set(err, ERROR_TREE,
			"%s would have more than %zu bytes", path.data,
			text->max);
	entry.content =
		content_bytes(arena_copy(work->tree->arena,
				      text->len ? text->data : "", text->len),
			text->len);
	return script_put(work, path.data, &entry, err);
}
