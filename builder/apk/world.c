/* SPDX-License-Identifier: MIT */
#include "apk/world.h"

#include "apk/shown.h"

/* One word more: of the same name there is one. */
static void put(struct dependency_list *world, const struct dependency *dep,
	struct arena *arena)
{
	for (size_t i = 0; i < world->n; i++) {
		if (!slice_eq(world->items[i].name, dep->name))
			continue;
		world->items[i] = *dep;
		return;
	}
	dependency_list_add(world, dep, arena);
}

static int malformed(struct slice word, enum error_kind kind, struct error *err)
{
	char text[SHOWN_SIZE];

	return error_set(err, kind,
		"\"%s\" is no word of the world: expected NAME, NAME@TAG, "
		"NAME=1.2 (or < <= > >= ~) or !NAME",
		shown(word, text));
}

static int too_many(enum error_kind kind, struct error *err)
{
	return error_set(err, kind, "more than %zu words", DEPENDENCIES_MAX);
}

/* The error of a text that dependency_list_parse() did not like. */
static int complain(struct slice text, const char *name, struct error *err)
{
	struct dependency dep;
	struct slice word;

	while (dependency_cut(&text, &word)) {
		if (!dependency_parse(word, DEPENDENCY_OF_WORLD, &dep))
			continue;
		malformed(word, ERROR_INPUT, err);
		return error_wrap(err, "%s", name);
	}
	too_many(ERROR_INPUT, err);
	return error_wrap(err, "%s", name);
}

int world_parse(struct dependency_list *world, struct slice text,
	const char *name, struct arena *arena, struct error *err)
{
	struct dependency_list found = { 0 };

	if (text.len > WORLD_MAX)
		return error_set(err, ERROR_INPUT,
			"%s: %zu bytes (at most %zu)", name, text.len,
			WORLD_MAX);
	if (dependency_list_parse(text, DEPENDENCY_OF_WORLD, arena, &found))
		return complain(text, name, err);
	*world = found;
	return 0;
}

int world_add(struct dependency_list *world, const char *word,
	struct arena *arena, struct error *err)
{
	struct dependency dep;

	if (dependency_parse(slice_of(word), DEPENDENCY_OF_WORLD, &dep))
		return malformed(slice_of(word), ERROR_SPEC, err);
	if (world->n >= DEPENDENCIES_MAX)
		return too_many(ERROR_SPEC, err);
	put(world, &dep, arena);
	return 0;
}

/* A file may name a package twice: then the rest decides, not qsort. */
static int compare(const void *left, const void *right)
{
	const struct dependency *a = left, *b = right;
	int order = dependency_name_cmp(a->name, b->name);

	if (!order)
		order = slice_cmp(a->tag, b->tag);
	if (!order)
		order = (a->op > b->op) - (a->op < b->op);
	if (!order)
		order = slice_cmp(a->version, b->version);
	return order ? order : a->is_conflict - b->is_conflict;
}

void world_sort(struct dependency_list *world)
{
	if (world->n)
		qsort(world->items, world->n, sizeof(*world->items), compare);
}

void world_print(const struct dependency_list *world, struct buf *out)
{
	struct dependency_list sorted = { .n = world->n };
	SCOPED_FREE struct dependency *items =
		memory_alloc(world->n * sizeof(*items));

	for (size_t i = 0; i < world->n; i++)
		items[i] = world->items[i];
	sorted.items = items;
	world_sort(&sorted);
	for (size_t i = 0; i < sorted.n; i++) {
		dependency_print(&sorted.items[i], out);
		buf_add_str(out, "\n");
	}
}
