/* SPDX-License-Identifier: MIT */
#include "build/lock_update.h"

#include <string.h>

#include "build/package_fetch.h"

/* "3.18" names every "3.18.x"; an exact version itself. */
static bool is_of(const char *version, const char *alpine)
{
	size_t len = strlen(alpine);

	return !strncmp(version, alpine, len) &&
	       (!version[len] || version[len] == '.');
}

int lock_keep_minirootfs(const struct lock *lock, struct image_plan *image,
	struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < image->narchs; i++) {
		struct arch_plan *plan = &image->archs[i];
		const struct lock_arch *from =
			lock_find_arch(lock, plan->arch->name);

		if (!from ||
			!is_of(from->minirootfs.version, plan->manifest.alpine))
			return 0;
	}
	for (size_t i = 0; i < image->narchs; i++) {
		struct arch_plan *plan = &image->archs[i];

		if (lock_apply_input(plan->input,
			    lock_find_arch(lock, plan->arch->name), arena, err))
			return error_wrap(err, "%s", lock->path);
	}
	return 0;
}

/* The locked packages of one architecture, with their records. */
static int read_locked(struct package_set *locked, const struct lock_arch *from,
	const struct fetch_options *fetch, struct error *err)
{
	if (package_set_from_lock(locked, from, err))
		return -1;
	return package_sets_fetch(&locked, 1, fetch, err);
}

static int update_arch(const struct lock_arch *from, struct build_plan *plan,
	const struct string_list *move, const struct packages_options *options,
	struct error *err)
{
	struct package_set locked = { .n = 0 };
	const struct package_keep keep = { &locked, move };
	struct packages_options keeping = *options;
	int failed;

	arena_init(&locked.arena);
	keeping.keep = &keep;
	keeping.reuse = PACKAGES_SOLVE_ANEW;
	failed = read_locked(&locked, from, options->fetch, err);
	if (!failed)
		failed = packages_resolve(plan, &keeping, err);
	/* It points into what ends here. */
	plan->images[0].archs[0].packages->solution = NULL;
	arena_release(&locked.arena);
	return failed;
}

int lock_update(const struct lock *lock, struct image_plan *image,
	const struct string_list *move, const struct packages_options *options,
	struct error *err)
{
	for (size_t i = 0; i < image->narchs; i++) {
		struct image_plan one = *image;
		struct build_plan plan = { .images = &one, .nimages = 1 };
		const struct lock_arch *from =
			lock_find_arch(lock, image->archs[i].arch->name);

		one.archs = &image->archs[i];
		one.narchs = 1;
		/* What it is not locked for yet is chosen freely. */
		if (from && image->archs[i].packages &&
			update_arch(from, &plan, move, options, err))
			return -1;
	}
	return 0;
}

static void add_change(struct lock_changes *out, struct arena *arena,
	const struct lock_change *change)
{
	if (out->n == out->cap)
		out->items = list_grow(out->items, out->n, &out->cap,
			sizeof(*out->items), arena);
	out->items[out->n++] = *change;
}

static const char *find_version(const struct lock_arch *arch, const char *name)
{
	for (size_t i = 0; arch && i < arch->npackages; i++) {
		const struct lock_package *p = &arch->packages[i];

		if (!strcmp(p->name, name))
			return strcmp(p->step, step_names[STEP_PURGE]) != 0
				       ? p->version
				       : NULL;
	}
	return NULL;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void compare_one(struct lock_changes *out, struct arena *arena,
	const struct lock_change *change)
{
	if (!is_same(change->from, change->to))
		add_change(out, arena, change);
}

static void compare_arch(const struct lock_arch *old,
	const struct lock_arch *new, struct arena *arena,
	struct lock_changes *out)
{
	struct lock_change change = { .arch = new->name,
		.name = "minirootfs",
		.from = old ? old->minirootfs.version : NULL,
		.to = new->minirootfs.version };

	compare_one(out, arena, &change);
	for (size_t i = 0; i < new->npackages; i++) {
		change.name = new->packages[i].name;
		change.from = find_version(old, change.name);
		change.to = find_version(new, change.name);
		compare_one(out, arena, &change);
	}
	for (size_t i = 0; old && i < old->npackages; i++) {
		change.name = old->packages[i].name;
		change.from = find_version(old, change.name);
		change.to = NULL;
		if (!find_version(new, change.name))
			compare_one(out, arena, &change);
	}
}

static int by_arch_and_name(const void *a, const void *b)
{
	const struct lock_change *x = a, *y = b;
	int order = strcmp(x->arch, y->arch);

	return order ? order : strcmp(x->name, y->name);
}

void lock_compare(const struct lock *old, const struct lock *new,
	struct arena *arena, struct lock_changes *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < new->narchs; i++)
		compare_arch(
			old ? lock_find_arch(old, new->archs[i].name) : NULL,
			&new->archs[i], arena, out);
	if (out->n)
		qsort(out->items, out->n, sizeof(*out->items),
			by_arch_and_name);
}
