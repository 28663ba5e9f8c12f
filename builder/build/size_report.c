/* SPDX-License-Identifier: MIT */
#include "build/size_report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "apk/installed.h"
#include "base/path.h"
#include "rootfs/base_rootfs.h"
#include "rootfs/install.h"

#define TAR_BLOCK 512
#define PACKAGE_ORIGIN "package "

/* A list that grows, and where its names are. */
struct sums {
	struct name_map names; /* struct size_item */
	struct size_item **items;
	size_t n, cap;
};

struct summing {
	struct arena *arena;
	struct owner_map *owners; /* NULL: no database */
	struct sums by_owner, by_folder;
};

static void add(
	struct summing *s, struct sums *sums, struct slice name, uint64_t bytes)
{
	struct size_item *item = name_map_get(&sums->names, name);

	if (!item) {
		item = arena_alloc(s->arena, sizeof(*item));
		item->name = arena_slice(s->arena, name);
		name_map_set(
			&sums->names, slice_of(item->name), item, s->arena);
		sums->items = arena_grow(s->arena, sums->items, sums->n,
			&sums->cap, sizeof(struct size_item *));
		sums->items[sums->n++] = item;
	}
	item->bytes += bytes;
}

/* A header, and the content in blocks; names of one inode share it. */
static uint64_t bytes_of(const struct inode *inode)
{
	uint64_t size;

	if (inode->kind != INODE_FILE)
		return TAR_BLOCK;
	size = (inode->content.size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	return TAR_BLOCK + (inode->nlink > 1 ? size / inode->nlink : size);
}

/* What overlays and rules put in a package's place is theirs. */
static struct slice owner_of(
	const struct summing *s, const struct node *node, const char *path)
{
	struct slice origin = slice_of(node->origin);
	bool is_package = slice_starts(origin, PACKAGE_ORIGIN);
	struct db_owner owner;

	if ((is_package || slice_is(origin, BASE_ROOTFS_ORIGIN)) && s->owners &&
		owner_map_find(s->owners, path, &owner))
		return owner.package->package.name;
	if (is_package)
		return slice_of(node->origin + sizeof(PACKAGE_ORIGIN) - 1);
	return origin;
}

/* "/usr/lib" of "usr/lib/a/b", "/usr" of "usr/x", "/" of "x". */
static struct slice folder_of(const char *path, char *text, size_t size)
{
	struct slice parent = path_parent(path), rest = parent, part;
	size_t n = 0;

	if (path_cut(&rest, &part)) {
		path_cut(&rest, &part);
		n = part.len ? (size_t)(part.ptr + part.len - parent.ptr) : 0;
	}
	assert(n + 1 < size);
	text[0] = '/';
	memcpy(text + 1, parent.ptr ? parent.ptr : "", n);
	return slice_make(text, n + 1);
}

static int sum_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct summing *s = ctx;
	char folder[2 * (PATH_NAME_MAX + 1) + 1];
	uint64_t bytes = bytes_of(node->inode);

	if (!node->parent)
		return 0;
	add(s, &s->by_owner, owner_of(s, node, path), bytes);
	add(s, &s->by_folder, folder_of(path, folder, sizeof(folder)), bytes);
	return 0;
}

static int by_size(const void *a, const void *b)
{
	const struct size_item *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void hand_over(const struct summing *s, const struct sums *sums,
	struct size_list *list)
{
	list->n = sums->n;
	list->items =
		arena_alloc(s->arena, (sums->n + 1) * sizeof(*list->items));
	for (size_t i = 0; i < sums->n; i++)
		list->items[i] = *sums->items[i];
	qsort(list->items, list->n, sizeof(*list->items), by_size);
}

void size_report_make(struct size_report *report, const struct tree *tree)
{
	struct summing s = { .arena = tree->arena };
	struct apk_state state;
	struct error ignored;
	int failed;

	if (!apk_state_read(&state, tree, &ignored))
		s.owners = owner_map_new(&state.db);
	failed = tree_walk(tree, sum_node, &s, &ignored);
	assert(!failed);
	(void)failed;
	if (s.owners)
		owner_map_free(s.owners);
	hand_over(&s, &s.by_owner, &report->owners);
	hand_over(&s, &s.by_folder, &report->folders);
}

static void print_list(
	const struct size_list *list, const char *title, struct buf *text)
{
	size_t n = list->n < SIZE_REPORT_SHOWN ? list->n : SIZE_REPORT_SHOWN;

	buf_printf(text, "\n  %s:", title);
	for (size_t i = 0; i < n; i++) {
		/* tenths, rounded to the nearest, without floating point */
		uint64_t tenths = (list->items[i].bytes * 10 + 512) / 1024;
		const char *unit = "KiB";

		if (tenths >= 10240) {
			tenths = (tenths + 512) / 1024;
			unit = "MiB";
		}
		buf_printf(text, "%s %s %llu.%llu %s", i ? "," : "",
			list->items[i].name, (unsigned long long)tenths / 10,
			(unsigned long long)tenths % 10, unit);
	}
	if (n < list->n)
		buf_printf(text, " and %zu more", list->n - n);
}

void size_report_print(const struct size_report *report, struct buf *text)
{
	print_list(&report->owners, "by package", text);
	print_list(&report->folders, "by folder", text);
}
