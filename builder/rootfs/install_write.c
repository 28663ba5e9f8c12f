/* SPDX-License-Identifier: MIT
 *
 * apk's own files, as the image's apk-tools would write them.
 */
#include "io/gzip.h"
#include "rootfs/install_parts.h"

#define TRIGGERS_MAX ((size_t)1 << 20)
#define GZIP_LEVEL 9

static int put_file(const struct install *install, const char *path,
	const struct buf *text, uint32_t mode, struct error *err)
{
	static const struct tree_source source = { INSTALL_ORIGIN,
		TREE_OVERLAY };
	struct arena *arena = install->tree->arena;
	const struct tree_entry entry = { .kind = INODE_FILE,
		.mode = mode,
		.mtime = install->options.epoch,
		.content = content_bytes(
			arena_copy(arena, text->data, text->len), text->len) };

	if (text->overflow)
		return error_set(err, ERROR_TREE,
			"%s would have more than %zu bytes", path, text->max);
	return tree_put(install->tree, path, &entry, &source, err) ? 0 : -1;
}

static int write_installed(struct install *install, struct error *err)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, INSTALLED_MAX);
	installed_print(&install->state->db, install->state->flavor, &text);
	return put_file(install, INSTALL_DB "/installed", &text, 0644, err);
}

static int write_triggers(struct install *install, struct error *err)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, TRIGGERS_MAX);
	triggers_print(&install->state->db, install->state->flavor, &text);
	return put_file(install, INSTALL_DB "/triggers", &text, 0644, err);
}

static int print_scripts(
	const struct apk_state *state, struct sink *to, struct error *err)
{
	scripts_archive_write(&state->scripts, &state->db, state->flavor, to);
	return sink_close(to, err);
}

static int compress_scripts(
	const struct apk_state *state, struct sink *to, struct error *err)
{
	const struct gzip_options options = { .level = GZIP_LEVEL,
		.threads = 1 };
	struct gzip_writer *gzip = gzip_writer_new(to, &options);
	int failed = print_scripts(state, gzip_writer_sink(gzip), err);

	gzip_writer_free(gzip);
	return failed ? failed : sink_close(to, err);
}

static int write_scripts(struct install *install, struct error *err)
{
	bool is_plain = install->state->flavor == APK_2;
	const char *path = is_plain ? INSTALL_DB "/scripts.tar"
				    : INSTALL_DB "/scripts.tar.gz";
	SCOPED_BUF struct buf bytes;
	struct buf_sink to;
	int failed;

	buf_init(&bytes, SCRIPTS_ARCHIVE_MAX);
	buf_sink_init(&to, &bytes);
	failed = is_plain ? print_scripts(install->state, &to.sink, err)
			  : compress_scripts(install->state, &to.sink, err);
	if (failed)
		return error_wrap(err, "%s", path);
	return put_file(install, path, &bytes, 0644, err);
}

static int write_lock(struct install *install, struct error *err)
{
	const struct buf nothing = { .data = NULL };
	struct node *node;

	if (tree_resolve(install->tree, INSTALL_DB "/lock", TREE_FOLLOW_ALL,
		    &node, err))
		return -1;
	if (node)
		return 0;
	return put_file(install, INSTALL_DB "/lock", &nothing, 0600, err);
}

static int write_world(struct install *install,
	const struct dependency_list *world, struct error *err)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, WORLD_MAX);
	world_print(world, &text);
	return put_file(install, INSTALL_WORLD, &text, 0644, err);
}

int install_write(struct install *install, const struct dependency_list *world,
	struct error *err)
{
	if (write_installed(install, err) || write_triggers(install, err) ||
		write_scripts(install, err) || write_lock(install, err))
		return -1;
	return write_world(install, world, err);
}
