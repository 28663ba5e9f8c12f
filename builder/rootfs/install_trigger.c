/* SPDX-License-Identifier: MIT
 *
 * Scripts of packages, and which triggers fire: those whose globs match a
 * directory of the database in which something changed, or any at all when
 * the package was installed just now. "+" before a glob: changed ones only.
 */
#include <fnmatch.h>
#include <string.h>

#include "rootfs/install_parts.h"
#include "rootfs/script.h"

static const struct script *find_script(const struct install *install,
	const struct package *pkg, enum script_kind kind)
{
	const struct script_list *list = &install->state->scripts;

	for (size_t i = 0; i < list->n; i++) {
		if (list->items[i].kind == kind &&
			identity_eq(&list->items[i].identity, &pkg->identity))
			return &list->items[i];
	}
	return NULL;
}

int install_run_script(struct install *install, const struct package *pkg,
	enum script_kind kind, const struct install_arguments *arguments,
	struct error *err)
{
	const struct script *script = find_script(install, pkg, kind);
	const struct script_run run = { .tree = install->tree,
		.ledger = install->options.ledger,
		.mtime = install->options.epoch,
		.arguments = arguments->items,
		.narguments = arguments->n };

	return script ? script_emulate(&run, script, err) : 0;
}

/* A package whose trigger may fire. */
struct firing {
	struct install *install;
	const struct db_package *record;
	bool is_fresh; /* installed just now */
};

static bool is_fresh(
	const struct install *install, const struct db_package *record)
{
	for (size_t i = 0; i < install->nfresh; i++) {
		if (install->fresh[i] == record)
			return true;
	}
	return false;
}

static bool matches(const struct firing *f, struct slice glob,
	const struct install_dir *dir, const char *path)
{
	bool wants_change = !f->is_fresh || slice_starts(glob, "+");
	SCOPED_FREE char *pattern = NULL;

	if (slice_starts(glob, "+"))
		glob = slice_make(glob.ptr + 1, glob.len - 1);
	if (!slice_starts(glob, "/") || (wants_change && !dir->is_changed))
		return false;
	pattern = slice_dup(glob);
	return !fnmatch(pattern, path, FNM_PATHNAME);
}

static bool matches_any(
	const struct firing *f, const struct install_dir *dir, const char *path)
{
	struct slice rest = f->record->package.triggers, glob;

	while (slice_cut(&rest, ' ', &glob)) {
		if (matches(f, glob, dir, path))
			return true;
	}
	return false;
}

static int add_match(const struct firing *f, const struct install_dir *dir,
	const char **paths, size_t *n, struct error *err)
{
	SCOPED_FREE char *path = memory_printf("/%s", dir->path);
	struct tree *tree = f->install->tree;
	struct node *node;

	if (!dir->nrefs || !matches_any(f, dir, path))
		return 0;
	if (tree_resolve(tree, dir->path, TREE_FOLLOW_ALL, &node, err))
		return -1;
	if (node && node->inode->kind == INODE_DIRECTORY)
		paths[(*n)++] = arena_strdup(tree->arena, path);
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* paths: room for all directories. */
static int run_trigger(
	const struct firing *f, const char **paths, struct error *err)
{
	const struct install_dirs *dirs = &f->install->dirs;
	struct install_arguments arguments = { .items = paths };

	for (size_t i = 0; i < dirs->n; i++) {
		if (add_match(f, dirs->items[i], paths, &arguments.n, err))
			return -1;
	}
	if (!arguments.n)
		return 0;
	qsort(paths, arguments.n, sizeof(*paths), compare_paths);
	return install_run_script(f->install, &f->record->package,
		SCRIPT_TRIGGER, &arguments, err);
}

int install_run_triggers(struct install *install, struct error *err)
{
	const struct installed *db = &install->state->db;
	const char **paths = memory_zero(install->dirs.n + 1, sizeof(*paths));
	int failed = 0;

	for (size_t i = 0; !failed && i < db->n; i++) {
		const struct firing firing = { .install = install,
			.record = db->packages[i],
			.is_fresh = is_fresh(install, db->packages[i]) };

		if (firing.record->package.triggers.len)
			failed = run_trigger(&firing, paths, err);
	}
	free(paths);
	return failed;
}
