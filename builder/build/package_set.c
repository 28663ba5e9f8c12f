/* SPDX-License-Identifier: MIT */
#include "build/package_set.h"

#include <string.h>

#include "apk/world.h"

/* Alpine's own, when a manifest names none; the second one may be missing. */
static const char *const default_repositories[] = { "main", "community" };

static int set_repositories(struct package_set *set,
	const struct manifest *manifest, struct error *err)
{
	const struct string_list *from = &manifest->repositories;
	const char *const *lines = from->n ? from->items : default_repositories;
	size_t n = from->n ? from->n : ARRAY_SIZE(default_repositories);

	if (n > SOLVE_REPOSITORIES_MAX)
		return error_set(err, ERROR_SPEC,
			"repositories: %zu of them, at most %d are allowed", n,
			SOLVE_REPOSITORIES_MAX);
	set->may_lack_community = !from->n;
	set->repositories =
		arena_alloc(&set->arena, n * sizeof(*set->repositories));
	for (size_t i = 0; i < n; i++) {
		if (repository_parse(
			    &set->repositories[i], lines[i], &set->arena, err))
			return error_wrap(err, "repositories[%zu]", i);
	}
	set->nrepositories = n;
	return 0;
}

/* Whatever is done later, a word that is no word is told now. */
static int check_words(const struct package_set *set, struct error *err)
{
	struct dependency_list world = { 0 };
	struct arena arena;
	int failed = 0;

	arena_init(&arena);
	for (size_t i = 0; !failed && i < set->words->n; i++) {
		failed = world_add(&world, set->words->items[i], &arena, err);
		if (failed)
			error_wrap(err, "packages[%zu]", i);
	}
	arena_release(&arena);
	return failed;
}

int package_set_new(struct package_set **out, const struct manifest *manifest,
	const char *arch, struct arena *arena, struct error *err)
{
	struct package_set *set;

	*out = NULL;
	if (!manifest->packages.n)
		return 0;
	set = arena_alloc(arena, sizeof(*set));
	arena_init(&set->arena);
	set->words = &manifest->packages;
	set->arch = arch;
	*out = set;
	return set_repositories(set, manifest, err) || check_words(set, err)
		       ? -1
		       : 0;
}

void package_set_release(struct package_set *set)
{
	if (set)
		arena_release(&set->arena);
}

bool package_input_has_file(const struct package_input *item)
{
	return item->kind != STEP_PURGE && item->kind != STEP_PIN;
}

const char *package_input_file(const struct package_input *item)
{
	const char *slash = strrchr(item->path, '/');

	return slash ? slash + 1 : item->path;
}
