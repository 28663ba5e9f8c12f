/* SPDX-License-Identifier: MIT */
#include "build/image.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "build/arch_build.h"
#include "build/cancel.h"
#include "build/fresh.h"
#include "build/packages.h"
#include "build/publish.h"
#include "build/sums.h"
#include "io/tar_read.h"

struct output *image_result_add(struct image_result *result)
{
	if (result->n == result->cap) {
		size_t cap = result->cap ? result->cap * 2 : 8;
		struct output *items =
			arena_alloc(result->arena, cap * sizeof(*items));

		if (result->n)
			memcpy(items, result->items,
				result->n * sizeof(*items));
		result->items = items;
		result->cap = cap;
	}
	memset(&result->items[result->n], 0, sizeof(*result->items));
	return &result->items[result->n++];
}

/* The architectures of one image, taken by worker threads in turn. */
struct team {
	struct arch_build *builds;
	struct error *errors;
	size_t n, next;
	bool failed;
	pthread_mutex_t lock;
};

/* Index of the next one to build; n: no more, or one failed already. */
static size_t team_take(struct team *team)
{
	size_t i;

	pthread_mutex_lock(&team->lock);
	i = team->failed ? team->n : team->next;
	if (i < team->n)
		team->next++;
	pthread_mutex_unlock(&team->lock);
	return i;
}

static void *team_work(void *arg)
{
	struct team *team = arg;
	size_t i;

	while ((i = team_take(team)) < team->n) {
		if (!arch_build_run(&team->builds[i], &team->errors[i]))
			continue;
		pthread_mutex_lock(&team->lock);
		team->failed = true;
		pthread_mutex_unlock(&team->lock);
	}
	return NULL;
}

/* The calling thread works too, so one job needs no thread. */
static void team_run(struct team *team, unsigned jobs)
{
	size_t nthreads = jobs < team->n ? jobs : team->n, started = 0;
	pthread_t *threads = memory_zero(nthreads, sizeof(*threads));

	for (size_t i = 1; i < nthreads; i++) {
		if (pthread_create(&threads[started], NULL, team_work, team))
			break;
		started++;
	}
	team_work(team);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

/* The first failure in the plan's order, whichever came first in time. */
static int team_result(const struct team *team, struct error *err)
{
	for (size_t i = 0; i < team->n; i++) {
		if (team->errors[i].kind != ERROR_NONE) {
			*err = team->errors[i];
			return -1;
		}
	}
	return 0;
}

static int build_archs(struct image_plan *image,
	const struct build_options *options, struct arch_build *builds,
	struct error *err)
{
	struct team team = { .builds = builds, .n = image->narchs };
	unsigned threads = options->jobs / (unsigned)image->narchs;
	int status;

	team.errors = memory_zero(team.n, sizeof(*team.errors));
	pthread_mutex_init(&team.lock, NULL);
	for (size_t i = 0; i < team.n; i++) {
		builds[i].image = image;
		builds[i].plan = &image->archs[i];
		builds[i].options = options;
		builds[i].threads = threads ? threads : 1;
	}
	team_run(&team, options->jobs);
	status = team_result(&team, err);
	pthread_mutex_destroy(&team.lock);
	free(team.errors);
	return status;
}

static int build_all(struct image_plan *image,
	const struct build_options *options, struct image_result *result,
	struct error *err)
{
	struct arch_build *builds = memory_zero(image->narchs, sizeof(*builds));
	locale_t locale = tar_locale_new();
	int status = packages_read(image, &options->fetch, err);

	if (!status)
		status = build_archs(image, options, builds, err);
	tar_locale_free(locale);
	if (!status)
		status = cancel_check(options->cancel, err);
	if (!status)
		status = publish(image, options, builds, result, err);
	for (size_t i = 0; i < image->narchs; i++)
		arch_build_release(&builds[i]);
	free(builds);
	return status;
}

static int build_or_skip(struct image_plan *image,
	const struct build_options *options, struct image_result *result,
	struct error *err)
{
	struct freshness freshness;
	int status = 0;

	if (freshness_take(&freshness, image, options, err))
		return -1;
	if (!freshness_check(&freshness, options, result)) {
		status = build_all(image, options, result, err);
		if (!status)
			freshness_record(&freshness, options, result);
	}
	freshness_release(&freshness);
	/* Also when nothing was built: somebody may have edited it. */
	return status ? status : sums_update(options->output, result, err);
}

/* True when the folder is the other one or stands in it. */
static bool is_within(const char *dir, const char *other)
{
	size_t len = strlen(other);

	return !strncmp(dir, other, len) && (!dir[len] || dir[len] == '/');
}

/* Images must not become part of the images that are built after them. */
static int check_output(
	const struct image_plan *image, const char *output, struct error *err)
{
	SCOPED_FREE char *dir = realpath(output, NULL);

	for (size_t i = 0; dir && i < image->narchs; i++) {
		const struct arch_plan *plan = &image->archs[i];

		for (size_t k = 0; k < plan->noverlays; k++) {
			SCOPED_FREE char *overlay =
				realpath(plan->overlays[k].dir, NULL);

			if (overlay && is_within(dir, overlay))
				return error_set(err, ERROR_USAGE,
					"the output %s is in overlay %s and "
					"would become part of the image: "
					"choose another --output",
					output, plan->overlays[k].name);
		}
	}
	return 0;
}

int image_build(struct image_plan *image, const struct build_options *options,
	struct image_result *result, struct error *err)
{
	result->n = 0;
	if (file_mkdirs(options->output, err) ||
		check_output(image, options->output, err))
		return -1;
	outfile_sweep(options->output);
	return build_or_skip(image, options, result, err);
}
