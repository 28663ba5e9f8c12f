/* SPDX-License-Identifier: MIT
 *
 * cache_use: a cache entry's modification time is when it was last used;
 * pruning goes by it.
 */
#ifndef IO_CACHE_USE_H
#define IO_CACHE_USE_H

/*
 * Marks an open entry as used now. Does nothing when it was marked within the
 * last hour, which saves writes, or when it may not be changed.
 */
void cache_touch(int fd);

#endif
