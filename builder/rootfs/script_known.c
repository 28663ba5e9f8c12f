/* SPDX-License-Identifier: MIT */
#include "rootfs/script_known.h"

#include <string.h>

#include "apk/version.h"
#include "rootfs/script_shape.h"

static bool is_of(const struct script_known *row, const struct script *script)
{
	return row->kinds >> script->kind & 1 &&
	       slice_is(script->package, row->package);
}

static bool has_any(const struct script_work *work, const char *path)
{
	size_t len = strlen(path);
	SCOPED_FREE char *plain = memory_strdup(path);
	struct node *node;

	if (plain[len - 1] == '/')
		plain[len - 1] = '\0';
	script_find(work, plain, TREE_FOLLOW_PARENTS, &node);
	if (!node || path[len - 1] != '/')
		return node != NULL;
	script_find(work, plain, TREE_FOLLOW_ALL, &node);
	return node && node->nchildren;
}

/* Upgrades pass the new and the old version. */
static bool is_old(const struct script_work *work, const char *since)
{
	return work->run->narguments < 2 ||
	       version_compare(slice_of(work->run->arguments[1]),
		       slice_of(since)) == VERSION_LESS;
}

static bool applies(const struct script_known *row,
	const struct script_work *work, struct arena *arena, const char **why)
{
	for (const char *const *p = row->absent; p && *p; p++) {
		if (!has_any(work, *p))
			continue;
		*why = arena_printf(arena,
			"it has something to do, since there is /%s", *p);
		return false;
	}
	if (row->since && is_old(work, row->since)) {
		*why = arena_printf(arena,
			"it changes what versions before %s left", row->since);
		return false;
	}
	return !row->applies || row->applies(work, why);
}

const struct script_known *script_known_find(const struct script_work *work,
	const struct script *script, struct arena *arena, const char **why)
{
	for (size_t i = 0; i < script_known_nrows; i++) {
		const struct script_known *row = &script_known_rows[i];
		struct script_shape shape;

		if (!is_of(row, script))
			continue;
		if (script_shape_read(&shape, script->text, arena, why) &&
			script_shape_fits(&shape, row->patterns, arena, why) &&
			applies(row, work, arena, why))
			return row;
	}
	return NULL;
}
