/* SPDX-License-Identifier: MIT */
#include "build/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/memory.h"

struct crew {
	size_t n;
	parallel_fn *fn;
	void *ctx;
	struct error *errors; /* one for each item */
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
		if (crew->fn(crew->ctx, i, &crew->errors[i]))
			atomic_store(&crew->failed, true);
	}
	return NULL;
}

static int first_error(const struct crew *crew, struct error *err)
{
	for (size_t i = 0; i < crew->n; i++) {
		if (crew->errors[i].kind != ERROR_NONE) {
			*err = crew->errors[i];
			return -1;
		}
	}
	return 0;
}

int parallel_run(size_t n, unsigned threads, parallel_fn *fn, void *ctx,
	struct error *err)
{
	struct crew crew = { .n = n, .fn = fn, .ctx = ctx };
	SCOPED_FREE struct error *errors = memory_zero(n + 1, sizeof(*errors));
	SCOPED_FREE pthread_t *ids = memory_zero(n + 1, sizeof(*ids));
	size_t started = 0;

	crew.errors = errors;
	while (started + 1 < n && started + 1 < threads &&
		!pthread_create(&ids[started], NULL, work, &crew))
		started++;
	work(&crew);
	for (size_t i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	return first_error(&crew, err);
}
