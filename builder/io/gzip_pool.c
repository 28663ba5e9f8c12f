/* SPDX-License-Identifier: MIT */
#include "io/gzip_pool.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <zlib.h>

#include "base/memory.h"
#include "io/gzip.h"

/* Raw deflate with the largest window; gzip.c writes header and trailer. */
#define WINDOW_BITS_RAW (-15)
#define MEMORY_LEVEL 8
/* Beyond deflateBound(): the marker of a flush and its rounding. */
#define FLUSH_ROOM 64
#define JOBS_PER_THREAD 2

struct gzip_pool {
	int level;
	unsigned nthreads; /* wanted, without the caller's */
	unsigned nstarted;
	pthread_t threads[GZIP_THREADS_MAX];
	pthread_mutex_t lock;
	pthread_cond_t ready; /* a job is ready, or quit */
	pthread_cond_t done;  /* a job is done */
	bool quit;
	z_stream z; /* of the caller's thread */
	bool has_z;
	/* Counts of jobs since the start: retired <= taken <= submitted. */
	uint64_t submitted, taken, retired;
	size_t njobs;
	struct gzip_job jobs[GZIP_THREADS_MAX * JOBS_PER_THREAD];
};

static void open_stream(struct gzip_pool *pool, z_stream *z)
{
	/* All zero: zlib's own allocator. Memory is the only way to fail. */
	if (deflateInit2(z, pool->level, Z_DEFLATED, WINDOW_BITS_RAW,
		    MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		memory_fail();
}

static void compress_job(z_stream *z, struct gzip_job *job)
{
	size_t room = deflateBound(z, GZIP_BLOCK_SIZE) + FLUSH_ROOM;
	unsigned char *block = job->in + job->ndict;
	int code;

	if (!job->out)
		job->out = memory_alloc(room);
	deflateReset(z);
	if (job->ndict)
		deflateSetDictionary(z, job->in, (uInt)job->ndict);
	z->next_in = block;
	z->avail_in = (uInt)job->nin;
	z->next_out = job->out;
	z->avail_out = (uInt)room;
	code = deflate(z, job->flush);
	assert(code == (job->flush == Z_FINISH ? Z_STREAM_END : Z_OK));
	assert(!z->avail_in && z->avail_out);
	(void)code;
	job->nout = room - z->avail_out;
	job->crc = (uint32_t)crc32(0, block, (uInt)job->nin);
}

static struct gzip_job *job_at(struct gzip_pool *pool, uint64_t count)
{
	return &pool->jobs[count % pool->njobs];
}

/* With the lock held; drops it while it works. */
static void take_and_compress(struct gzip_pool *pool, z_stream *z)
{
	struct gzip_job *job = job_at(pool, pool->taken++);

	job->state = GZIP_JOB_BUSY;
	pthread_mutex_unlock(&pool->lock);
	compress_job(z, job);
	pthread_mutex_lock(&pool->lock);
	job->state = GZIP_JOB_DONE;
	pthread_cond_signal(&pool->done);
}

static void *work(void *arg)
{
	struct gzip_pool *pool = arg;
	z_stream z = { .zalloc = NULL };

	open_stream(pool, &z);
	pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (!pool->quit && pool->taken == pool->submitted)
			pthread_cond_wait(&pool->ready, &pool->lock);
		if (pool->quit)
			break;
		take_and_compress(pool, &z);
	}
	pthread_mutex_unlock(&pool->lock);
	deflateEnd(&z);
	return NULL;
}

/*
 * Signals stay with the caller's thread. A thread that cannot be had is no
 * error: the others do its share, the caller's thread is always there.
 */
static void start_thread(struct gzip_pool *pool)
{
	pthread_t *thread = &pool->threads[pool->nstarted];
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (!pthread_create(thread, NULL, work, pool))
		pool->nstarted++;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

struct gzip_pool *gzip_pool_new(int level, unsigned threads)
{
	struct gzip_pool *pool = memory_zero(1, sizeof(*pool));

	if (threads < 1)
		threads = 1;
	if (threads > GZIP_THREADS_MAX)
		threads = GZIP_THREADS_MAX;
	pool->level = level;
	pool->nthreads = threads - 1;
	pool->njobs = (size_t)threads * JOBS_PER_THREAD;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->ready, NULL);
	pthread_cond_init(&pool->done, NULL);
	return pool;
}

void gzip_pool_free(struct gzip_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->quit = true;
	pthread_cond_broadcast(&pool->ready);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->nstarted; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_mutex_destroy(&pool->lock);
	pthread_cond_destroy(&pool->ready);
	pthread_cond_destroy(&pool->done);
	if (pool->has_z)
		deflateEnd(&pool->z);
	for (size_t i = 0; i < pool->njobs; i++) {
		free(pool->jobs[i].in);
		free(pool->jobs[i].out);
	}
	free(pool);
}

struct gzip_job *gzip_pool_idle(struct gzip_pool *pool)
{
	struct gzip_job *job = job_at(pool, pool->submitted);

	if (pool->submitted - pool->retired == pool->njobs)
		return NULL;
	if (!job->in)
		job->in = memory_alloc(GZIP_WINDOW + GZIP_BLOCK_SIZE);
	return job;
}

void gzip_pool_submit(struct gzip_pool *pool)
{
	struct gzip_job *job = job_at(pool, pool->submitted);

	/* A single block is not worth a thread, nor is one thread too many. */
	if (pool->nstarted < pool->nthreads && pool->submitted)
		start_thread(pool);
	pthread_mutex_lock(&pool->lock);
	job->state = GZIP_JOB_READY;
	pool->submitted++;
	pthread_cond_signal(&pool->ready);
	pthread_mutex_unlock(&pool->lock);
}

struct gzip_job *gzip_pool_oldest(struct gzip_pool *pool)
{
	struct gzip_job *job = job_at(pool, pool->retired);

	if (pool->retired == pool->submitted)
		return NULL;
	if (!pool->has_z) {
		open_stream(pool, &pool->z);
		pool->has_z = true;
	}
	pthread_mutex_lock(&pool->lock);
	while (job->state != GZIP_JOB_DONE) {
		if (pool->taken < pool->submitted)
			take_and_compress(pool, &pool->z);
		else
			pthread_cond_wait(&pool->done, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return job;
}

void gzip_pool_retire(struct gzip_pool *pool)
{
	job_at(pool, pool->retired)->state = GZIP_JOB_IDLE;
	pool->retired++;
}
