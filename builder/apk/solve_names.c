/* SPDX-License-Identifier: MIT */
#include "apk/solve_state.h"

#include <string.h>

#define BUCKETS 20000
#define SEED 5381

static uint32_t rotated(uint32_t x, int bits)
{
	return x << bits | x >> (32 - bits);
}

/* MurmurHash3_x86_32 (A. Appleby, public domain), little endian. */
uint32_t names_hash(struct slice text)
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

uint32_t names_find(struct solver *s, struct slice text)
{
	uintptr_t found = (uintptr_t)name_map_get(&s->name_map, text);

	return found ? (uint32_t)(found - 1) : NO_NAME;
}

uint32_t names_get(struct solver *s, struct slice text)
{
	uint32_t id = names_find(s, text);
	struct solve_name *name;

	if (id != NO_NAME)
		return id;
	id = (uint32_t)s->nnames;
	s->names = memory_grow(
		s->names, s->nnames, &s->names_cap, sizeof(*s->names));
	name = &s->names[s->nnames++];
	memset(name, 0, sizeof(*name));
	name->text = text;
	name->chosen.package = NO_PACKAGE;
	name->installed = NO_PACKAGE;
	name->installed_name = NO_NAME;
	name_map_set(
		&s->name_map, text, (void *)((uintptr_t)id + 1), &s->arena);
	return id;
}

/*
 * apk walks its hash table of names: bucket by bucket, the newest name of a
 * bucket first. The result is in the working arena.
 */
static const uint32_t *walk_order(struct solver *s)
{
	uint32_t *order =
		arena_alloc(&s->arena, (s->nnames + 1) * sizeof(*order));
	uint32_t *start =
		arena_alloc(&s->arena, (BUCKETS + 1) * sizeof(*start));

	for (size_t i = 0; i < s->nnames; i++) {
		s->names[i].hash = names_hash(s->names[i].text);
		start[s->names[i].hash % BUCKETS + 1]++;
	}
	for (size_t i = 0; i < BUCKETS; i++)
		start[i + 1] += start[i];
	for (size_t i = s->nnames; i-- > 0;)
		order[start[s->names[i].hash % BUCKETS]++] = (uint32_t)i;
	return order;
}

/* One of the two lists of reverse words while it is made. */
struct reverse {
	struct solver *s;
	const uint32_t *order;
	uint32_t *list; /* NULL while counting */
	uint32_t *seen; /* by name: the last one (+ 1) that listed it */
	bool of_install_if;
};

static struct range *reverse_range(const struct reverse *r, uint32_t name)
{
	struct solve_name *n = &r->s->names[name];

	return r->of_install_if ? &n->riifs : &n->rdeps;
}

static void reverse_words(struct reverse *r, uint32_t from, uint32_t pkg)
{
	const struct package *p = r->s->packages[pkg].package;
	const uint32_t *words =
		r->of_install_if ? iifs_of(r->s, pkg) : depends_of(r->s, pkg);
	size_t n = r->of_install_if ? p->install_if.n : p->depends.n;

	r->s->work += n;
	for (size_t i = 0; i < n; i++) {
		struct range *range = reverse_range(r, words[i]);

		if (r->seen[words[i]] == from + 1)
			continue;
		r->seen[words[i]] = from + 1;
		if (r->list)
			r->list[range->first + range->n] = from;
		range->n++;
	}
}

static void reverse_walk(struct reverse *r)
{
	struct solver *s = r->s;

	memset(r->seen, 0, s->nnames * sizeof(*r->seen));
	for (size_t i = 0; i < s->nnames && !solver_gave_up(s); i++) {
		const struct solve_name *name = &s->names[r->order[i]];
		const struct provider *p = providers_of(s, name);

		for (uint32_t j = 0; j < name->providers.n; j++)
			reverse_words(r, r->order[i], p[j].package);
	}
}

static uint32_t *reverse_make(struct reverse *r)
{
	struct solver *s = r->s;
	uint32_t total = 0;

	r->list = NULL;
	reverse_walk(r);
	for (size_t i = 0; i < s->nnames; i++) {
		struct range *range = reverse_range(r, (uint32_t)i);

		range->first = total;
		total += range->n;
		range->n = 0;
	}
	r->list =
		arena_alloc(&s->arena, ((size_t)total + 1) * sizeof(*r->list));
	reverse_walk(r);
	return r->list;
}

void names_link(struct solver *s)
{
	struct reverse r = { .s = s, .order = walk_order(s) };

	r.seen = arena_alloc(&s->arena, (s->nnames + 1) * sizeof(*r.seen));
	s->rdeps = reverse_make(&r);
	r.of_install_if = true;
	s->riifs = reverse_make(&r);
}
