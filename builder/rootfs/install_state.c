/* SPDX-License-Identifier: MIT
 *
 * What a tree says of its packages. Everything read stays in the tree's
 * arena, since the database points into it.
 */
#include <string.h>

#include "rootfs/install_parts.h"

#define ARCH_MAX ((size_t)4096) /* bytes of etc/apk/arch */
#define TRIGGERS_MAX ((size_t)1 << 20)

/* *text is empty, with ptr NULL, when there is no such file. */
static int read_file(const struct tree *tree, const char *path, size_t max,
	struct slice *text, struct error *err)
{
	SCOPED_BUF struct buf buf = { .data = NULL };
	struct content_reader reader;
	struct node *node;
	int failed;

	*text = slice_make(NULL, 0);
	if (tree_resolve(tree, path, TREE_FOLLOW_ALL, &node, err))
		return error_wrap(err, "%s", path);
	if (!node || node->inode->kind != INODE_FILE)
		return 0;
	content_reader_init(&reader);
	failed = content_read(&reader, &node->inode->content, max, &buf, err);
	content_reader_release(&reader);
	if (failed)
		return error_wrap(err, "%s", path);
	*text = slice_make(arena_slice(tree->arena, buf_slice(&buf)), buf.len);
	return 0;
}

static int read_db(
	struct apk_state *state, const struct tree *tree, struct error *err)
{
	static const char path[] = INSTALL_DB "/installed";
	struct slice text;

	installed_init(&state->db, tree->arena);
	if (read_file(tree, path, INSTALLED_MAX, &text, err))
		return -1;
	return text.ptr ? installed_parse(&state->db, text, path, err) : 0;
}

static int read_triggers(
	struct apk_state *state, const struct tree *tree, struct error *err)
{
	static const char path[] = INSTALL_DB "/triggers";
	struct slice text;

	if (read_file(tree, path, TRIGGERS_MAX, &text, err))
		return -1;
	return text.ptr ? triggers_parse(&state->db, text, path, err) : 0;
}

/* apk-tools 3 keeps on using the plain archive where there is one. */
static int read_scripts(struct apk_state *state, const struct tree *tree,
	bool *is_plain, struct error *err)
{
	const char *path = INSTALL_DB "/scripts.tar";
	struct slice bytes;

	if (read_file(tree, path, SCRIPTS_ARCHIVE_MAX, &bytes, err))
		return -1;
	*is_plain = bytes.ptr;
	if (!bytes.ptr) {
		path = INSTALL_DB "/scripts.tar.gz";
		if (read_file(tree, path, SCRIPTS_ARCHIVE_MAX, &bytes, err))
			return -1;
	}
	if (!bytes.len)
		return 0;
	return scripts_archive_parse(
		&state->scripts, bytes, path, tree->arena, err);
}

static int read_world(
	struct apk_state *state, const struct tree *tree, struct error *err)
{
	struct slice text;

	if (read_file(tree, INSTALL_WORLD, WORLD_MAX, &text, err))
		return -1;
	return world_parse(
		&state->world, text, INSTALL_WORLD, tree->arena, err);
}

static int read_arch(
	struct apk_state *state, const struct tree *tree, struct error *err)
{
	struct slice text, line = slice_make("", 0);

	if (read_file(tree, INSTALL_ARCH, ARCH_MAX, &text, err))
		return -1;
	slice_cut(&text, '\n', &line);
	state->arch = arena_slice(tree->arena, slice_trim(line));
	return 0;
}

static enum apk_flavor flavor_of(const struct installed *db)
{
	const struct db_package *apk =
		installed_find(db, slice_of("apk-tools"));

	if (!apk || version_compare(apk->package.version, slice_of("3.0")) ==
			    VERSION_LESS)
		return APK_2;
	return APK_3;
}

int apk_state_read(
	struct apk_state *state, const struct tree *tree, struct error *err)
{
	bool is_plain;

	memset(state, 0, sizeof(*state));
	if (read_db(state, tree, err) || read_triggers(state, tree, err) ||
		read_scripts(state, tree, &is_plain, err) ||
		read_world(state, tree, err) || read_arch(state, tree, err))
		return -1;
	state->flavor = is_plain ? APK_2 : flavor_of(&state->db);
	return 0;
}
