/* SPDX-License-Identifier: MIT
 *
 * The names that wait. Entries are not taken out when a name moves on: they
 * are stale then, and passed over.
 */
#include "apk/solve_state.h"

static void fifo_push(struct queue_fifo *fifo, struct queue_entry entry)
{
	if (fifo->head == fifo->n)
		fifo->head = fifo->n = 0;
	fifo->items = memory_grow(
		fifo->items, fifo->n, &fifo->cap, sizeof(*fifo->items));
	fifo->items[fifo->n++] = entry;
}

static void swap(struct queue_heap *heap, size_t i, size_t j)
{
	struct queue_entry t = heap->items[i];

	heap->items[i] = heap->items[j];
	heap->items[j] = t;
}

static void heap_push(struct queue_heap *heap, struct queue_entry entry)
{
	size_t i = heap->n;

	heap->items = memory_grow(
		heap->items, heap->n, &heap->cap, sizeof(*heap->items));
	heap->items[heap->n++] = entry;
	for (; i && heap->items[(i - 1) / 2].order < heap->items[i].order;
		i = (i - 1) / 2)
		swap(heap, i, (i - 1) / 2);
}

static struct queue_entry heap_pop(struct queue_heap *heap)
{
	struct queue_entry top = heap->items[0];
	size_t i = 0, child = 1;

	heap->items[0] = heap->items[--heap->n];
	for (; child < heap->n; i = child, child = 2 * i + 1) {
		if (child + 1 < heap->n &&
			heap->items[child + 1].order > heap->items[child].order)
			child++;
		if (heap->items[i].order >= heap->items[child].order)
			break;
		swap(heap, i, child);
	}
	return top;
}

void dirty_push(struct solver *s, uint32_t name)
{
	struct solve_name *n = &s->names[name];

	if (n->is_dirty || n->is_locked || !n->is_seen)
		return;
	if (!n->requirers && !n->recheck_iif)
		return;
	n->is_dirty = true;
	fifo_push(&s->dirty, (struct queue_entry){ .name = name });
}

uint32_t dirty_pop(struct solver *s)
{
	while (s->dirty.head < s->dirty.n) {
		uint32_t name = s->dirty.items[s->dirty.head++].name;

		if (!s->names[name].is_dirty)
			continue; /* was locked meanwhile */
		s->names[name].is_dirty = false;
		mark_new_epoch(s);
		return name;
	}
	return NO_NAME;
}

static enum solve_queue queue_of(const struct solve_name *n)
{
	if (n->is_locked || (!n->requirers && !n->has_iif && !n->is_asked))
		return QUEUE_NONE;
	if (n->is_rev_done && n->requirers && n->is_auto && !n->has_options)
		return QUEUE_NOW;
	return n->is_auto ? QUEUE_AUTO : QUEUE_REST;
}

void requeue_name(struct solver *s, uint32_t name)
{
	struct solve_name *n = &s->names[name];
	enum solve_queue to = queue_of(n);
	struct queue_entry entry = { n->order, name, ++s->nqueued };

	/* Its place by order is the same. */
	if (to == n->queue && to != QUEUE_NOW)
		return;
	n->queue = to;
	n->queued = entry.queued;
	if (to == QUEUE_NOW)
		fifo_push(&s->now, entry);
	else if (to == QUEUE_AUTO)
		heap_push(&s->autos, entry);
	else if (to == QUEUE_REST)
		heap_push(&s->rest, entry);
}

void queue_name(struct solver *s, uint32_t name)
{
	if (s->names[name].queue == QUEUE_NONE)
		requeue_name(s, name);
}

/* Whether the entry is what its name waits in. */
static bool is_current(struct solver *s, struct queue_entry entry)
{
	struct solve_name *n = &s->names[entry.name];

	if (n->queue == QUEUE_NONE || n->queued != entry.queued)
		return false;
	n->queue = QUEUE_NONE;
	return !n->is_locked;
}

uint32_t queue_pop(struct solver *s)
{
	while (s->now.head < s->now.n) {
		struct queue_entry entry = s->now.items[s->now.head++];

		if (is_current(s, entry))
			return entry.name;
	}
	while (s->autos.n) {
		struct queue_entry entry = heap_pop(&s->autos);

		if (is_current(s, entry))
			return entry.name;
	}
	while (s->rest.n) {
		struct queue_entry entry = heap_pop(&s->rest);

		if (is_current(s, entry))
			return entry.name;
	}
	return NO_NAME;
}

void queues_release(struct solver *s)
{
	free(s->dirty.items);
	free(s->now.items);
	free(s->autos.items);
	free(s->rest.items);
}
