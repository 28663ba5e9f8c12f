/* SPDX-License-Identifier: MIT */
#include "build/package_keep.h"

#include <string.h>

static bool may_move(const struct package_keep *keep, const char *name)
{
	return string_list_has(keep->move, name);
}

int package_keep_apply(const struct package_keep *keep, struct installed *db,
	struct error *err)
{
	for (size_t i = 0; i < keep->locked->n; i++) {
		const struct package_input *item = &keep->locked->items[i];
		struct db_package *old;
		struct db_package *added;

		if (may_move(keep, item->name))
			continue;
		old = installed_find(db, slice_of(item->name));
		if (item->kind == STEP_PIN && old)
			old->tag = slice_of(item->tag);
		if (item->kind == STEP_PIN)
			continue;
		if (old)
			installed_remove(db, old);
		if (item->kind == STEP_PURGE)
			continue;
		if (package_check(&item->record, err))
			return error_wrap(err, "package %s", item->name);
		added = installed_add(db, &item->record);
		added->tag = slice_of(item->tag);
	}
	return 0;
}

const struct package_input *package_keep_find(
	const struct package_keep *keep, const struct package *pkg)
{
	for (size_t i = 0; i < keep->locked->n; i++) {
		const struct package_input *item = &keep->locked->items[i];

		if (package_input_has_file(item) &&
			identity_eq(&item->identity, &pkg->identity))
			return item;
	}
	return NULL;
}

/* The tag that a final package carries: of its step, or as it was locked. */
static struct slice tag_of(
	const struct package *pkg, const struct package_kept *kept)
{
	const struct solution *solution = &kept->solution;
	struct db_package *there;

	for (size_t i = 0; i < solution->n; i++) {
		if (solution->steps[i].new == pkg)
			return solution->steps[i].tag;
	}
	there = installed_find(kept->db, pkg->name);
	return there ? there->tag : slice_of(NULL);
}

static struct solve_repository *repository_of(struct solve_repository *list,
	size_t *n, struct slice tag, struct arena *arena)
{
	struct solve_repository *r;

	for (size_t i = 0; i < *n; i++) {
		if (slice_is(tag, list[i].tag ? list[i].tag : ""))
			return &list[i];
	}
	r = &list[(*n)++];
	r->name = "chosen";
	r->tag = tag.len ? arena_slice(arena, tag) : NULL;
	r->index = arena_alloc(arena, sizeof(*r->index));
	return r;
}

static void add_package(struct solve_repository *to, const struct package *pkg,
	size_t max, struct arena *arena)
{
	/* Its own index: made by repository_of(). */
	struct index *index = (struct index *)(uintptr_t)to->index;

	if (!index->packages)
		index->packages =
			arena_alloc(arena, max * sizeof(*index->packages));
	index->packages[index->n++] = *pkg;
}

int package_keep_order(const struct package_kept *kept,
	struct solve_request *request, struct arena *arena,
	struct solution *out, struct error *err)
{
	const struct solution *solution = &kept->solution;
	struct solve_repository *list =
		arena_alloc(arena, (solution->npackages + 1) * sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < solution->npackages; i++) {
		const struct package *pkg = solution->packages[i];
		struct slice tag = tag_of(pkg, kept);

		if (n == SOLVE_REPOSITORIES_MAX)
			return error_set(
				err, ERROR_SPEC, "too many repository tags");
		add_package(repository_of(list, &n, tag, arena), pkg,
			solution->npackages, arena);
	}
	request->repositories = list;
	request->nrepositories = n;
	return solve(out, request, arena, err);
}
