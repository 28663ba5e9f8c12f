/* SPDX-License-Identifier: MIT */
#include "build/fetch_unpack.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/memory.h"
#include "io/gzip.h"

struct pool {
	struct unpacking *list;
	size_t n;
	const struct cache *cache;
	atomic_size_t next;
};

static int unpack_into(struct unpacking *u, const struct cache *cache,
	struct outfile *out, struct error *err)
{
	struct digest_sink hashed;
	int failed;

	digest_sink_init(&hashed, DIGEST_SHA256, &out->sink);
	failed = gunzip_fd(u->fd, u->max, &hashed.sink, err);
	if (!failed)
		failed = sink_close(&hashed.sink, err);
	u->digest = hashed.digest;
	u->size = hashed.sink.size;
	digest_sink_release(&hashed);
	if (failed)
		return -1;
	return cache_commit_blob(cache, out, &u->digest, err);
}

static int unpack(
	struct unpacking *u, const struct cache *cache, struct error *err)
{
	struct outfile out = { .fd = -1 };
	int failed = cache_new_blob(cache, &out, err);

	if (!failed)
		failed = unpack_into(u, cache, &out, err);
	outfile_release(&out);
	return failed ? error_wrap(err, "unpack %s", u->name) : 0;
}

static void *work(void *arg)
{
	struct pool *pool = arg;

	for (;;) {
		size_t i = atomic_fetch_add(&pool->next, 1);

		if (i >= pool->n)
			return NULL;
		pool->list[i].failed = unpack(
			&pool->list[i], pool->cache, &pool->list[i].error);
	}
}

int fetch_unpack(struct unpacking *list, size_t n, unsigned threads,
	const struct cache *cache, struct error *err)
{
	struct pool pool = { .list = list, .n = n, .cache = cache };
	SCOPED_FREE pthread_t *ids = memory_zero(n, sizeof(*ids));
	size_t started = 0;

	/* This thread works too; without others it does everything. */
	while (started + 1 < n && started + 1 < threads &&
		!pthread_create(&ids[started], NULL, work, &pool))
		started++;
	work(&pool);
	for (size_t i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	for (size_t i = 0; i < n; i++) {
		if (list[i].failed) {
			*err = list[i].error;
			return -1;
		}
	}
	return 0;
}
