/* SPDX-License-Identifier: MIT
 *
 * thread_sink: hands what is written to the next sink on a thread of its own,
 * in order, through a ring of buffers, so that hashing and writing overlap.
 * The next sink belongs to that thread until this one is closed; its error is
 * told at the close. Where no thread can be had, the bytes pass directly.
 */
#ifndef IO_THREAD_SINK_H
#define IO_THREAD_SINK_H

#include <pthread.h>

#include "io/sink.h"

#define THREAD_SINK_BUFFERS 4
#define THREAD_SINK_BUFFER_SIZE ((size_t)256 * 1024)

struct thread_sink {
	struct sink sink;
	/* private */
	struct sink *next;
	pthread_t thread;
	bool is_running, is_ended; /* ended: no more buffers will come */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char *buffers[THREAD_SINK_BUFFERS];
	size_t used[THREAD_SINK_BUFFERS]; /* bytes in each */
	size_t filled, emptied;		  /* buffers, counted from the start */
};

/* next is borrowed and not closed. thread_sink_release() is due. */
void thread_sink_init(struct thread_sink *ts, struct sink *next);
void thread_sink_release(struct thread_sink *ts);

#endif
