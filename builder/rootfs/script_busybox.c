/* SPDX-License-Identifier: MIT */
#include "rootfs/script_busybox.h"

#include <string.h>

#include "base/path.h"

#define PATHS_MAX ((size_t)256 << 10) /* bytes of a list of paths */
#define BBSUID_MAX ((size_t)4 << 20)  /* bytes of the program */

static const char *list_of(const char *program, struct arena *arena)
{
	return arena_printf(
		arena, "etc/busybox-paths.d/%s", path_base(program));
}

/* The program and its list, as files of the image. */
static const char *find_files(const struct script_work *work,
	const char *program, struct node **list, struct arena *arena)
{
	const char *path = list_of(program, arena), *why;
	const char *file = script_path(arena, program, &why);
	struct node *node;

	if (!file)
		return why;
	script_find(work, file, TREE_FOLLOW_ALL, &node);
	if (!node || node->inode->kind != INODE_FILE)
		return arena_printf(arena, "there is no /%s", file);
	script_find(work, path, TREE_FOLLOW_ALL, list);
	if (!*list || (*list)->inode->kind != INODE_FILE)
		return arena_printf(arena,
			"there is no /%s to tell the links of %s", path,
			program);
	return NULL;
}

const char *script_busybox_check(const struct script_work *work,
	const char *program, struct arena *arena)
{
	struct node *list;

	return find_files(work, program, &list, arena);
}

struct links {
	const char *target;
	size_t nmade, nhomeless; /* without a folder to be in */
};

static int add_link(struct script_work *work, struct slice line,
	struct links *links, struct error *err)
{
	SCOPED_FREE char *text = slice_dup(line);
	SCOPED_FREE char *dir = NULL;
	const char *why;
	const char *path = script_path(work->tree->arena, text, &why);
	struct node *node;

	if (!path || !path[0])
		return error_set(err, ERROR_TREE,
			"etc/busybox-paths.d names \"%s\": %s", text,
			path ? "no path" : why);
	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	if (node)
		return 0;
	dir = slice_dup(path_parent(path));
	script_find(work, dir, TREE_FOLLOW_ALL, &node);
	if (!node || node->inode->kind != INODE_DIRECTORY) {
		links->nhomeless++;
		return 0;
	}
	links->nmade++;
	return script_put_link(work, path, links->target, err);
}

/* The link's text: the program's own place, as /proc/self/exe says. */
static char *target_of(const struct script_work *work, const char *program)
{
	SCOPED_BUF struct buf path;
	struct node *node;

	buf_init(&path, PATH_TEXT_MAX);
	script_find(work, program, TREE_FOLLOW_ALL, &node);
	buf_add(&path, "/", 1);
	if (node)
		node_path(node, &path);
	return buf_take(&path);
}

int script_busybox_install(
	struct script_work *work, const char *program, struct error *err)
{
	SCOPED_BUF struct buf list = { .data = NULL };
	SCOPED_FREE char *target = target_of(work, program);
	struct slice rest, line;
	struct links links = { .target = target };
	int rc = script_read(work, list_of(program, work->tree->arena),
		PATHS_MAX, &list, err);

	if (rc)
		return rc;
	rest = buf_slice(&list);
	while (slice_cut(&rest, '\n', &line)) {
		if (line.len && add_link(work, line, &links, err))
			return -1;
	}
	script_note(work, "%zu links to %s", links.nmade, target);
	if (links.nhomeless)
		script_note(work, "%zu have no folder", links.nhomeless);
	return 0;
}

static bool has_line(struct slice text, const char *wanted)
{
	struct slice line;

	while (slice_cut(&text, '\n', &line)) {
		if (slice_is(line, wanted))
			return true;
	}
	return false;
}

/* True for a link to the target that the list does not name. */
static bool is_stale(const struct node *node, const char *dir,
	const char *target, struct slice list)
{
	SCOPED_FREE char *path = memory_printf("%s/%s", dir, node->name);

	return node->inode->kind == INODE_SYMLINK &&
	       !strcmp(node->inode->target, target) && !has_line(list, path);
}

static size_t prune_dir(
	struct script_work *work, const char *dir, struct slice list)
{
	struct node *node = tree_find(work->tree, dir);
	size_t nremoved = 0;

	if (!node || node->inode->kind != INODE_DIRECTORY)
		return 0;
	for (size_t i = node->nchildren; i--;) {
		if (!is_stale(node->children[i], dir, "/bin/busybox", list))
			continue;
		tree_remove(work->tree, node->children[i]);
		nremoved++;
	}
	return nremoved;
}

int script_busybox_prune(struct script_work *work, struct error *err)
{
	static const char *const dirs[] = { "bin", "sbin", "usr/bin",
		"usr/sbin" };
	static const char *const pings[] = { "bin/ping", "bin/ping6" };
	SCOPED_BUF struct buf list = { .data = NULL };
	struct node *node;
	size_t nremoved = 0;
	int rc = script_read(
		work, "etc/busybox-paths.d/busybox", PATHS_MAX, &list, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		nremoved += prune_dir(work, dirs[i], buf_slice(&list));
	for (size_t i = 0; i < ARRAY_SIZE(pings); i++) {
		node = tree_find(work->tree, pings[i]);
		if (node && node->inode->kind == INODE_SYMLINK &&
			!strcmp(node->inode->target, "/bin/bbsuid")) {
			tree_remove(work->tree, node);
			nremoved++;
		}
	}
	script_note(work, "removed %zu links", nremoved);
	return 0;
}

/* A link takes the place of a link or of nothing. */
static int link_bbsuid(struct script_work *work, const char *path,
	const char *target, struct error *err)
{
	struct node *node;

	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	if (node && node->inode->kind != INODE_SYMLINK)
		return 0;
	if (!node && script_parent(work, path))
		return 0;
	return script_put_link(work, path, target, err);
}

/* True when the program holds the text as a C string of its own. */
static bool has_string(struct slice program, const char *text)
{
	SCOPED_BUF struct buf wanted;

	buf_init(&wanted, PATH_TEXT_MAX);
	buf_add(&wanted, "", 1);
	buf_add(&wanted, text, strlen(text) + 1);
	return program.len &&
	       memmem(program.ptr, program.len, wanted.data, wanted.len);
}

int script_bbsuid_install(struct script_work *work, struct error *err)
{
	static const char *const paths[] = { "/bin/mount", "/bin/umount",
		"/bin/su", "/usr/bin/crontab", "/usr/bin/passwd",
		"/usr/bin/traceroute", "/usr/bin/traceroute6", "/usr/bin/vlock",
		"/usr/bin/mount", "/usr/bin/umount", "/usr/bin/su" };
	SCOPED_BUF struct buf program = { .data = NULL };
	SCOPED_FREE char *target = target_of(work, "bin/bbsuid");
	size_t nlinks = 0;
	int rc = script_read(work, "bin/bbsuid", BBSUID_MAX, &program, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		if (!has_string(buf_slice(&program), paths[i]))
			continue;
		if (link_bbsuid(work, paths[i] + 1, target, err))
			return -1;
		nlinks++;
	}
	script_note(work, "%zu links to %s", nlinks, target);
	return 0;
}

static bool has_file(const struct script_work *work, const char *path)
{
	struct node *node;

	script_find(work, path, TREE_FOLLOW_ALL, &node);
	return node != NULL;
}

int script_busybox_trigger(struct script_work *work, struct error *err)
{
	bool installs = false;

	for (size_t i = 0; i < work->run->narguments; i++) {
		const char *dir = work->run->arguments[i];

		if (strncmp(dir, "/lib/modules/", 13) &&
			strncmp(dir, "/usr/lib/modules/", 17))
			installs = true;
	}
	if (!installs) {
		script_note(work, "only kernel modules: depmod is not needed");
		return 0;
	}
	if (has_file(work, "bin/bbsuid") &&
		script_bbsuid_install(work, err) < 0)
		return -1;
	if (has_file(work, "bin/busybox-extras") &&
		script_busybox_install(work, "bin/busybox-extras", err) < 0)
		return -1;
	return script_busybox_install(work, "bin/busybox", err);
}
