/* SPDX-License-Identifier: MIT
 *
 * Who is behind what is not as the database says: for the report of a build.
 */
#include <stdlib.h>
#include <string.h>

#include "rootfs/audit_records.h"
#include "rootfs/base_rootfs.h"

#define PACKAGE_ORIGIN "package "

struct gathering {
	struct audit_records records;
	struct audit_reading reading;
	struct name_map names;	      /* of origins: struct report_origin */
	struct report_origin **items; /* in order of appearance */
	size_t n, cap;
	struct arena *arena; /* of the report */
};

static bool is_from(const char *origin, struct slice package)
{
	struct slice rest = slice_of(origin);

	if (!slice_starts(rest, PACKAGE_ORIGIN))
		return false;
	rest.ptr += sizeof(PACKAGE_ORIGIN) - 1;
	rest.len -= sizeof(PACKAGE_ORIGIN) - 1;
	return slice_eq(rest, package);
}

static bool is_minirootfs(const struct node *node)
{
	return !strcmp(node->origin, BASE_ROOTFS_ORIGIN);
}

/* Any package may have made a directory that several have. */
static bool is_by_owner(const struct audit_record *record)
{
	const struct node *node = record->node;

	if (is_minirootfs(node))
		return true;
	if (record->dir)
		return slice_starts(slice_of(node->origin), PACKAGE_ORIGIN);
	return is_from(node->origin, record->package->package.name);
}

/* What a package brought and nobody changed is what its record says: the
 * record's digest was taken from it. */
static bool is_known_content(const struct node *node)
{
	return !is_minirootfs(node) &&
	       (node->inode->kind == INODE_SYMLINK ||
		       node->inode->content.kind == CONTENT_EXTENT);
}

static int judge(struct gathering *g, const struct node *node, bool *is_owned,
	struct error *err)
{
	const struct audit_record *record =
		audit_records_find(&g->records, node);
	struct identity found;

	*is_owned = record && is_by_owner(record) && audit_same_kind(record) &&
		    audit_same_acl(&g->records, record);
	if (!*is_owned || is_known_content(node))
		return 0;
	return audit_same_content(&g->reading, record, &found, is_owned, err);
}

static void add(struct gathering *g, const char *origin, const char *path)
{
	const struct slice name = slice_of(origin);
	struct report_origin *item = name_map_get(&g->names, name);

	if (!item) {
		item = arena_alloc(g->arena, sizeof(*item));
		item->origin = arena_strdup(g->arena, origin);
		name_map_set(&g->names, slice_of(item->origin), item, g->arena);
		g->items = arena_grow(g->arena, g->items, g->n, &g->cap,
			sizeof(struct report_origin *));
		g->items[g->n++] = item;
	}
	string_list_add(&item->paths, path, g->arena);
}

static int look_at(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct gathering *g = ctx;
	bool is_owned;

	if (!node->parent)
		return 0;
	if (judge(g, node, &is_owned, err))
		return error_wrap(err, "%s (%s)", path, node->origin);
	if (!is_owned)
		add(g, node->origin, path);
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_paths(struct string_list *list)
{
	if (list->n)
		qsort(list->items, list->n, sizeof(*list->items),
			compare_paths);
}

static int compare_origins(const void *a, const void *b)
{
	const struct report_origin *x = a, *y = b;

	return strcmp(x->origin, y->origin);
}

static void hand_over(struct gathering *g, struct report *report)
{
	report->origins =
		arena_alloc(g->arena, (g->n + 1) * sizeof(*report->origins));
	report->norigins = g->n;
	for (size_t i = 0; i < g->n; i++) {
		report->origins[i] = *g->items[i];
		sort_paths(&report->origins[i].paths);
	}
	qsort(report->origins, g->n, sizeof(*report->origins), compare_origins);
	for (size_t i = 0; i < g->records.nabsent; i++)
		string_list_add(
			&report->removed, g->records.absent[i].path, g->arena);
	sort_paths(&report->removed);
}

int audit_origins(struct report *report, const struct tree *tree,
	const struct audit_options *options, struct arena *arena,
	struct error *err)
{
	struct gathering g = { .arena = arena };
	int failed;

	if (audit_records_read(&g.records, tree, err))
		return -1;
	content_reader_init(&g.reading.reader);
	g.reading.digest = options->digest;
	g.reading.ctx = options->ctx;
	failed = tree_walk(tree, look_at, &g, err);
	if (!failed)
		hand_over(&g, report);
	content_reader_release(&g.reading.reader);
	audit_records_release(&g.records);
	return failed;
}
