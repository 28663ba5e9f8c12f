/* SPDX-License-Identifier: MIT
 *
 * parallel: the same work on many items, by several threads. The calling
 * thread works too, so that one thread needs no other and work goes on where
 * none can be made.
 */
#ifndef BUILD_PARALLEL_H
#define BUILD_PARALLEL_H

#include <stddef.h>

#include "base/error.h"

typedef int parallel_fn(void *ctx, size_t i, struct error *err);

/*
 * Calls fn for 0..n-1, at most `threads` at once. After a failure no further
 * item is begun; the error is that of the first failed item by its number,
 * whichever failed first in time.
 */
int parallel_run(size_t n, unsigned threads, parallel_fn *fn, void *ctx,
	struct error *err) MUST_CHECK;

#endif
