/* SPDX-License-Identifier: MIT */
#include "build/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/memory.h"

struct outcome {
	bool failed;
	struct error error; /* why */
};

struct crew {
	size_t n;
	parallel_fn *fn;
	void *ctx;
	struct outcome *outcomes; /* one for each item */
	atomic_size_t next;
	atomic_bool failed;
};

static void *work(void *arg)
{
	struct crew *crew = arg;

	while (!atomic_load(&crew->failed)) {
		size_t i = atomic_fetch_add(&crew->next, 1);

		if (i >= crew->n)
			break;
		if (!crew->fn(crew->ctx, i, &crew->outcomes[i].error))
			continue;
		crew->outcomes[i].failed = true;
		atomic_store(&crew->failed, true);
	}
	return NULL;
}

static int first_error(const struct crew *crew, struct error *err)
{
	for (size_t i = 0; i < crew->n; i++) {
		if (crew->outcomes[i].failed) {
			*err = crew->outcomes[i].error;
			return -1;
		}
	}
	return 0;
}

int parallel_run(size_t n, unsigned threads, parallel_fn *fn, void *ctx,
	struct error *err)
{
	struct crew crew = { .n = n, .fn = fn, .ctx = ctx };
	SCOPED_FREE struct outcome *outcomes =
		memory_zero(n + 1, sizeof(*outcomes));
	SCOPED_FREE pthread_t *ids = memory_zero(n + 1, sizeof(*ids));
	size_t started = 0;

	crew.outcomes = outcomes;
	while (started + 1 < n && started + 1 < threads &&
		!pthread_create(&ids[started], NULL, work, &crew))
		started++;
	work(&crew);
	for (size_t i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	return first_error(&crew, err);
}
