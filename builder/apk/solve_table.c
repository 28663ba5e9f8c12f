/* SPDX-License-Identifier: MIT
 *
 * The hash is apk's, because its order matters elsewhere, and it is quick.
 * Anybody can make keys that collide: each probe counts as work.
 */
#include "apk/solve_state.h"

#define SEED 5381
#define CAP_MIN 1024

static uint32_t rotated(uint32_t x, int bits)
{
	return x << bits | x >> (32 - bits);
}

/* MurmurHash3_x86_32 (A. Appleby, public domain), little endian. */
uint32_t bytes_hash(struct slice text)
{
	const uint8_t *p = (const uint8_t *)text.ptr;
	uint32_t h = SEED, k = 0;
	size_t i;

	for (i = 0; i + 4 <= text.len; i += 4) {
		k = (uint32_t)p[i] | (uint32_t)p[i + 1] << 8 |
		    (uint32_t)p[i + 2] << 16 | (uint32_t)p[i + 3] << 24;
		h ^= rotated(k * 0xcc9e2d51u, 15) * 0x1b873593u;
		h = rotated(h, 13) * 5 + 0xe6546b64u;
	}
	k = 0;
	for (size_t j = text.len; j-- > i;)
		k = k << 8 | p[j];
	if (i < text.len)
		h ^= rotated(k * 0xcc9e2d51u, 15) * 0x1b873593u;
	h ^= (uint32_t)text.len;
	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	return h ^ h >> 16;
}

uint32_t table_find(struct solver *s, const struct solve_table *table,
	struct slice key,
	struct slice (*key_of)(const struct solver *, uint32_t))
{
	uint32_t hash = bytes_hash(key);
	size_t mask = table->cap - 1;

	if (!table->cap)
		return NO_NAME;
	for (size_t i = hash & mask; table->slots[i].id; i = (i + 1) & mask) {
		uint32_t id = table->slots[i].id - 1;

		s->work++;
		if (table->slots[i].hash == hash &&
			slice_eq(key_of(s, id), key))
			return id;
	}
	return NO_NAME;
}

static void put(struct solve_table *table, struct table_slot slot)
{
	size_t mask = table->cap - 1, i = slot.hash & mask;

	while (table->slots[i].id)
		i = (i + 1) & mask;
	table->slots[i] = slot;
}

void table_add(
	struct solver *s, struct solve_table *table, uint32_t hash, uint32_t id)
{
	if (table->n >= table->cap / 2) {
		struct solve_table old = *table;

		table->cap = old.cap ? 2 * old.cap : CAP_MIN;
		table->slots = arena_alloc(
			&s->arena, table->cap * sizeof(*table->slots));
		for (size_t i = 0; i < old.cap; i++) {
			if (old.slots[i].id)
				put(table, old.slots[i]);
		}
	}
	table->n++;
	put(table, (struct table_slot){ hash, id + 1 });
}
