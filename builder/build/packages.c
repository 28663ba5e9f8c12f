/* SPDX-License-Identifier: MIT */
#include "build/packages.h"

#include <string.h>

#include "base/log.h"
#include "build/lock.h"
#include "build/package_fetch.h"
#include "build/package_skew.h"
#include "build/package_solve.h"
#include "build/parallel.h"

#define APKINDEX "APKINDEX.tar.gz"

/* One set that has to be resolved. */
struct job {
	const struct image_plan *image;
	const struct arch_plan *plan;
	struct package_choice choice;
	size_t *numbers;
	char *key; /* owned */
};

struct resolving {
	struct job *jobs;
	size_t n;
	struct index_sources sources;
	const struct packages_options *options;
	struct arena arena;
};

static const char *index_path(const struct repository *repository,
	const struct job *job, struct arena *arena)
{
	const char *path =
		repository_path(repository, job->choice.branch, arena);

	return arena_printf(arena, "%s/%s/%s", path ? path : repository->url,
		job->choice.set->arch, APKINDEX);
}

static void ask_for_indexes(struct resolving *r, struct job *job)
{
	struct package_set *set = job->choice.set;

	job->numbers = arena_alloc(
		&r->arena, (set->nrepositories + 1) * sizeof(*job->numbers));
	job->choice.numbers = job->numbers;
	for (size_t i = 0; i < set->nrepositories; i++) {
		const struct repository *repository = &set->repositories[i];
		enum fetch_need need = FETCH_REQUIRED;

		if (set->may_lack_community &&
			!strcmp(repository->url, "community"))
			need = FETCH_OPTIONAL;
		job->numbers[i] = index_sources_add(&r->sources,
			index_path(repository, job, &r->arena), need);
	}
}

static void add_job(struct resolving *r, const struct image_plan *image,
	const struct arch_plan *plan)
{
	struct job *job = &r->jobs[r->n++];

	job->image = image;
	job->plan = plan;
	job->choice.set = plan->packages;
	job->choice.arch = plan->arch;
	job->choice.input = plan->input;
	job->choice.branch = release_branch(image->alpine, &r->arena);
	job->choice.sources = &r->sources;
	job->choice.options = r->options;
	ask_for_indexes(r, job);
}

static void add_jobs(struct resolving *r, struct build_plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->nimages; i++)
		n += plan->images[i].narchs;
	r->jobs = arena_alloc(&r->arena, (n + 1) * sizeof(*r->jobs));
	for (size_t i = 0; i < plan->nimages; i++) {
		const struct image_plan *image = &plan->images[i];

		for (size_t k = 0; k < image->narchs; k++) {
			const struct package_set *set =
				image->archs[k].packages;

			if (set && !set->is_resolved)
				add_job(r, image, &image->archs[k]);
		}
	}
}

static int resolve_job(void *ctx, size_t i, struct error *err)
{
	struct resolving *r = ctx;
	struct job *job = &r->jobs[i];
	int found = 0;

	job->key = package_choice_key(&job->choice, err);
	if (job->key && r->options->reuse == PACKAGES_REUSE)
		found = choice_recall(r->options->fetch->cache, job->key,
			job->choice.set, err);
	if (job->key && !found)
		found = package_choose(&job->choice, err);
	if (job->key && found >= 0)
		return 0;
	return error_wrap(
		err, "image %s/%s", job->image->name, job->plan->arch->name);
}

static void tell_missing(const struct index_sources *sources)
{
	for (size_t i = 0; i < sources->n; i++) {
		if (sources->items[i].is_missing)
			log_warn("%s is not on the mirror: going on without "
				 "it (name the repositories in the manifest)",
				sources->items[i].path);
	}
}

static int resolve_all(struct resolving *r, struct error *err)
{
	const struct fetch_options *fetch = r->options->fetch;

	if (index_sources_fetch(&r->sources, fetch, err))
		return -1;
	tell_missing(&r->sources);
	if (parallel_run(r->n, fetch->jobs, resolve_job, r, err))
		return -1;
	/* What depends on a lock is not what these indexes give. */
	for (size_t i = 0; i < r->n && !r->options->keep; i++)
		r->jobs[i].choice.set->choice_key = arena_strdup(
			&r->jobs[i].choice.set->arena, r->jobs[i].key);
	return index_sources_keep(&r->sources, fetch->cache, err);
}

int packages_resolve(struct build_plan *plan,
	const struct packages_options *options, struct error *err)
{
	struct resolving r = { .options = options };
	int failed = 0;

	arena_init(&r.arena);
	add_jobs(&r, plan);
	if (r.n)
		failed = resolve_all(&r, err);
	for (size_t i = 0; i < r.n; i++)
		free(r.jobs[i].key);
	index_sources_release(&r.sources);
	arena_release(&r.arena);
	return failed;
}

/* Every resolved set of the plan; the caller frees. */
static struct package_set **all_sets(const struct build_plan *plan, size_t *n)
{
	struct package_set **sets;
	size_t count = 0;

	for (size_t i = 0; i < plan->nimages; i++)
		count += plan->images[i].narchs;
	sets = memory_zero(count + 1, sizeof(struct package_set *));
	*n = 0;
	for (size_t i = 0; i < plan->nimages; i++) {
		const struct image_plan *image = &plan->images[i];

		for (size_t k = 0; k < image->narchs; k++) {
			if (image->archs[k].packages)
				sets[(*n)++] = image->archs[k].packages;
		}
	}
	return sets;
}

typedef int package_sets_fn(struct package_set *const *sets, size_t n,
	const struct fetch_options *options, struct error *err);

static int settle(struct build_plan *plan, package_sets_fn *get,
	const struct fetch_options *fetch, struct error *err)
{
	size_t n;
	SCOPED_FREE struct package_set **sets = all_sets(plan, &n);

	if (n && get(sets, n, fetch, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (choice_remember(fetch->cache, sets[i], err))
			return -1;
	}
	for (size_t i = 0; i < plan->nimages; i++) {
		if (package_skew_check(&plan->images[i], err))
			return -1;
	}
	return 0;
}

int packages_fetch(struct build_plan *plan, const struct fetch_options *fetch,
	struct error *err)
{
	return settle(plan, package_sets_fetch, fetch, err);
}

int packages_find(struct build_plan *plan, const struct fetch_options *fetch,
	struct error *err)
{
	return settle(plan, package_sets_find, fetch, err);
}

int packages_read(struct image_plan *image, const struct fetch_options *fetch,
	struct error *err)
{
	SCOPED_FREE struct package_set **sets =
		memory_zero(image->narchs + 1, sizeof(struct package_set *));
	size_t n = 0;

	for (size_t i = 0; i < image->narchs; i++) {
		if (image->archs[i].packages)
			sets[n++] = image->archs[i].packages;
	}
	return n ? package_sets_read(sets, n, fetch, err) : 0;
}

void packages_release(struct build_plan *plan)
{
	for (size_t i = 0; i < plan->nimages; i++) {
		struct image_plan *image = &plan->images[i];

		for (size_t k = 0; k < image->narchs; k++) {
			package_set_release(image->archs[k].packages);
		}
	}
}
