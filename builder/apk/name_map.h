/* SPDX-License-Identifier: MIT
 *
 * name_map: from names (bytes) to pointers: a hash table whose key nobody
 * outside knows (SipHash-1-3), so that hostile names cannot make it slow. It
 * cannot be walked: nothing can depend on its order.
 */
#ifndef APK_NAME_MAP_H
#define APK_NAME_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/slice.h"

struct name_map_slot;

/* All zeros is an empty map. */
struct name_map {
	struct name_map_slot *slots; /* in the arena of who sets */
	size_t n, cap;		     /* cap: 0 or a power of two */
	uint64_t key[2];
};

/* NULL: not there. */
void *name_map_get(const struct name_map *map, struct slice name);
/* Replaces what was there; name is borrowed, value is not NULL. The memory is
 * the arena's, which must be the same each time. */
void name_map_set(struct name_map *map, struct slice name, void *value,
	struct arena *arena);
/* Nothing happens when it is not there. */
void name_map_remove(struct name_map *map, struct slice name);

#endif
