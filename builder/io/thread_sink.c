/* SPDX-License-Identifier: MIT */
#include "io/thread_sink.h"

#include <string.h>

#include "base/memory.h"

static size_t slot(size_t count)
{
	return count % THREAD_SINK_BUFFERS;
}

/* Waits for a full buffer. False: all were emptied and no more come. */
static bool wait_filled(struct thread_sink *ts)
{
	bool filled;

	pthread_mutex_lock(&ts->lock);
	while (ts->emptied == ts->filled && !ts->is_ended)
		pthread_cond_wait(&ts->changed, &ts->lock);
	filled = ts->emptied != ts->filled;
	pthread_mutex_unlock(&ts->lock);
	return filled;
}

static void count(struct thread_sink *ts, size_t *counter)
{
	pthread_mutex_lock(&ts->lock);
	(*counter)++;
	pthread_mutex_unlock(&ts->lock);
	/* Who wakes up finds the lock free. */
	pthread_cond_broadcast(&ts->changed);
}

static void *work(void *arg)
{
	struct thread_sink *ts = arg;

	while (wait_filled(ts)) {
		size_t i = slot(ts->emptied);

		sink_write(ts->next, ts->buffers[i], ts->used[i]);
		ts->used[i] = 0;
		count(ts, &ts->emptied);
	}
	return NULL;
}

/* The buffer that is being filled; waits until there is a free one. */
static size_t wait_free(struct thread_sink *ts)
{
	pthread_mutex_lock(&ts->lock);
	while (ts->filled - ts->emptied == THREAD_SINK_BUFFERS)
		pthread_cond_wait(&ts->changed, &ts->lock);
	pthread_mutex_unlock(&ts->lock);
	return slot(ts->filled);
}

static int thread_sink_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	struct thread_sink *ts = (struct thread_sink *)sink;
	const char *from = p;

	if (!ts->is_running) {
		sink_write(ts->next, p, n);
		return sink_check(ts->next, err);
	}
	while (n) {
		size_t i = wait_free(ts);
		size_t room = THREAD_SINK_BUFFER_SIZE - ts->used[i];
		size_t part = n < room ? n : room;

		memcpy(ts->buffers[i] + ts->used[i], from, part);
		ts->used[i] += part;
		from += part;
		n -= part;
		if (part == room)
			count(ts, &ts->filled);
	}
	return 0;
}

/* Lets the thread empty what is there, and ends it. */
static void end(struct thread_sink *ts)
{
	if (!ts->is_running)
		return;
	pthread_mutex_lock(&ts->lock);
	ts->is_ended = true;
	pthread_cond_broadcast(&ts->changed);
	pthread_mutex_unlock(&ts->lock);
	pthread_join(ts->thread, NULL);
	ts->is_running = false;
}

static int thread_sink_close(struct sink *sink, struct error *err)
{
	struct thread_sink *ts = (struct thread_sink *)sink;

	if (ts->is_running && ts->used[wait_free(ts)])
		count(ts, &ts->filled);
	end(ts);
	return sink_check(ts->next, err);
}

void thread_sink_init(struct thread_sink *ts, struct sink *next)
{
	static const struct sink_ops ops = {
		.write = thread_sink_write,
		.close = thread_sink_close,
	};

	memset(ts, 0, sizeof(*ts));
	sink_init(&ts->sink, &ops);
	ts->next = next;
	pthread_mutex_init(&ts->lock, NULL);
	pthread_cond_init(&ts->changed, NULL);
	for (size_t i = 0; i < THREAD_SINK_BUFFERS; i++)
		ts->buffers[i] = memory_alloc(THREAD_SINK_BUFFER_SIZE);
	ts->is_running = !pthread_create(&ts->thread, NULL, work, ts);
}

void thread_sink_release(struct thread_sink *ts)
{
	if (!ts->next)
		return;
	end(ts);
	for (size_t i = 0; i < THREAD_SINK_BUFFERS; i++)
		free(ts->buffers[i]);
	pthread_cond_destroy(&ts->changed);
	pthread_mutex_destroy(&ts->lock);
	ts->next = NULL;
}
