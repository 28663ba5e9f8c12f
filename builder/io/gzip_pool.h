/* SPDX-License-Identifier: MIT
 *
 * gzip_pool: blocks that are deflated by several threads and come out in the
 * order they went in. Private to io/gzip.c. All calls are made by one thread,
 * which compresses too while it would otherwise wait; the ring of blocks has
 * a fixed length, so memory does not grow with the input: 14 MiB with 16
 * threads, 2 MiB with two.
 */
#ifndef IO_GZIP_POOL_H
#define IO_GZIP_POOL_H

#include <stddef.h>
#include <stdint.h>

#define GZIP_BLOCK_SIZE ((size_t)128 * 1024)
#define GZIP_WINDOW ((size_t)32 * 1024)

enum gzip_job_state {
	GZIP_JOB_IDLE,
	GZIP_JOB_READY,
	GZIP_JOB_BUSY,
	GZIP_JOB_DONE
};

struct gzip_job {
	enum gzip_job_state state; /* under the pool's lock */
	int flush;		   /* Z_SYNC_FLUSH, or Z_FINISH on the last */
	uint32_t crc;		   /* of the input; set by the worker */
	size_t ndict;		   /* bytes of the dictionary */
	size_t nin;		   /* bytes of the block */
	size_t nout;		   /* bytes of the result */
	unsigned char *in;	   /* dictionary, then the block */
	unsigned char *out;
};

struct gzip_pool;

/* Never NULL. Threads start as blocks are given. */
struct gzip_pool *gzip_pool_new(int level, unsigned threads);
/* Waits for the blocks under way and drops all results. */
void gzip_pool_free(struct gzip_pool *pool);

/* The block to be filled next; NULL while all are in use. */
struct gzip_job *gzip_pool_idle(struct gzip_pool *pool);
/* Gives the block that gzip_pool_idle() returned to the compressors. */
void gzip_pool_submit(struct gzip_pool *pool);
/* Waits for the oldest block given; NULL when there is none. */
struct gzip_job *gzip_pool_oldest(struct gzip_pool *pool);
/* Makes the block that gzip_pool_oldest() returned idle again. */
void gzip_pool_retire(struct gzip_pool *pool);

#endif
