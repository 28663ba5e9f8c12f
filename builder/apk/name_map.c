/* SPDX-License-Identifier: MIT */
#include "apk/name_map.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

#define CAP_MIN 8

struct name_map_slot {
	uint64_t hash;
	struct slice name;
	void *value; /* NULL: a free slot */
};

static uint64_t rotate(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

/* SipHash (Aumasson, Bernstein 2012) with one and three rounds. The byte
 * order of words is the machine's: values never leave it. */
static uint64_t hash_of(const struct name_map *map, struct slice name)
{
	uint64_t v[4] = {
		map->key[0] ^ UINT64_C(0x736f6d6570736575),
		map->key[1] ^ UINT64_C(0x646f72616e646f6d),
		map->key[0] ^ UINT64_C(0x6c7967656e657261),
		map->key[1] ^ UINT64_C(0x7465646279746573),
	};
	uint64_t last = (uint64_t)name.len << 56;

	for (; name.len; name.len -= name.len < 8 ? name.len : 8) {
		uint64_t word = 0;

		memcpy(&word, name.ptr, name.len < 8 ? name.len : 8);
		name.ptr += name.len < 8 ? name.len : 8;
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* Where the name is, or the free slot where it would go. */
static size_t slot_of(
	const struct name_map *map, uint64_t hash, struct slice name)
{
	size_t i = hash & (map->cap - 1);

	for (; map->slots[i].value; i = (i + 1) & (map->cap - 1)) {
		if (map->slots[i].hash == hash &&
			slice_eq(map->slots[i].name, name))
			break;
	}
	return i;
}

/* Without random bytes the key is known, and no result differs. */
static void choose_key(struct name_map *map)
{
	if (getrandom(map->key, sizeof(map->key), GRND_NONBLOCK) !=
		(ssize_t)sizeof(map->key))
		memset(map->key, 0, sizeof(map->key));
}

/* A map of CAP_MIN has no key yet: in so few slots no search is long, and
 * there are thousands of such maps, one for each directory. */
static void grow(struct name_map *map, struct arena *arena)
{
	struct name_map old = *map;

	map->cap = old.cap ? 2 * old.cap : CAP_MIN;
	map->slots = arena_alloc(arena, map->cap * sizeof(*map->slots));
	if (old.cap == CAP_MIN)
		choose_key(map);
	for (size_t i = 0; i < old.cap; i++) {
		struct name_map_slot slot = old.slots[i];

		if (!slot.value)
			continue;
		if (old.cap == CAP_MIN)
			slot.hash = hash_of(map, slot.name);
		map->slots[slot_of(map, slot.hash, slot.name)] = slot;
	}
}

void *name_map_get(const struct name_map *map, struct slice name)
{
	if (!map->cap)
		return NULL;
	return map->slots[slot_of(map, hash_of(map, name), name)].value;
}

void name_map_set(struct name_map *map, struct slice name, void *value,
	struct arena *arena)
{
	struct name_map_slot *slot;
	uint64_t hash;

	assert(value);
	if (map->n >= map->cap / 4 * 3)
		grow(map, arena);
	hash = hash_of(map, name);
	slot = &map->slots[slot_of(map, hash, name)];
	map->n += !slot->value;
	*slot = (struct name_map_slot){ hash, name, value };
}

/* What stood further on only because this slot was taken moves up. */
static void close_gap(struct name_map *map, size_t gap)
{
	size_t mask = map->cap - 1;

	for (size_t i = (gap + 1) & mask; map->slots[i].value;
		i = (i + 1) & mask) {
		size_t home = map->slots[i].hash & mask;

		if (((i - home) & mask) < ((i - gap) & mask))
			continue;
		map->slots[gap] = map->slots[i];
		gap = i;
	}
	map->slots[gap] = (struct name_map_slot){ 0 };
}

void name_map_remove(struct name_map *map, struct slice name)
{
	size_t i;

	if (!map->cap)
		return;
	i = slot_of(map, hash_of(map, name), name);
	if (!map->slots[i].value)
		return;
	map->n--;
	close_gap(map, i);
}
