/* SPDX-License-Identifier: MIT */
#include "apk/solve_state.h"

#include <string.h>

#define BUCKETS 20000

static struct slice name_text(const struct solver *s, uint32_t id)
{
	return s->names[id].text;
}

uint32_t names_find(struct solver *s, struct slice text)
{
	return table_find(s, &s->name_table, text, name_text);
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
	name->hash = bytes_hash(text);
	name->chosen.package = NO_PACKAGE;
	name->installed = NO_PACKAGE;
	name->installed_name = NO_NAME;
	table_add(s, &s->name_table, name->hash, id);
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

	for (size_t i = 0; i < s->nnames; i++)
		start[s->names[i].hash % BUCKETS + 1]++;
	for (size_t i = 0; i < BUCKETS; i++)
		start[i + 1] += start[i];
	for (size_t i = s->nnames; i-- > 0;)
		order[start[s->names[i].hash % BUCKETS]++] = (uint32_t)i;
	return order;
}

/* Of a name, while its list is made. */
struct reverse_name {
	uint32_t last; /* the name (+ 1) that was listed last */
	uint32_t n;    /* while counting; then: where the next one goes */
};

/* One of the two lists of reverse words. */
struct reverse {
	struct solver *s;
	const uint32_t *order;
	uint32_t *list; /* NULL while counting */
	struct reverse_name *names;
	bool of_install_if;
};

static void reverse_words(struct reverse *r, uint32_t from, uint32_t pkg)
{
	const struct package *p = r->s->packages[pkg].package;
	const uint32_t *words =
		r->of_install_if ? iifs_of(r->s, pkg) : depends_of(r->s, pkg);
	size_t n = r->of_install_if ? p->install_if.n : p->depends.n;

	r->s->work += n;
	for (size_t i = 0; i < n; i++) {
		struct reverse_name *name = &r->names[words[i]];

		if (name->last == from + 1)
			continue;
		name->last = from + 1;
		if (r->list)
			r->list[name->n] = from;
		name->n++;
	}
}

static void reverse_walk(struct reverse *r)
{
	struct solver *s = r->s;

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
	memset(r->names, 0, s->nnames * sizeof(*r->names));
	reverse_walk(r);
	for (size_t i = 0; i < s->nnames; i++) {
		struct range *range = r->of_install_if ? &s->names[i].riifs
						       : &s->names[i].rdeps;

		*range = (struct range){ total, r->names[i].n };
		r->names[i] = (struct reverse_name){ .n = total };
		total += range->n;
	}
	r->list =
		arena_alloc(&s->arena, ((size_t)total + 1) * sizeof(*r->list));
	if (!solver_gave_up(s))
		reverse_walk(r);
	return r->list;
}

void names_link(struct solver *s)
{
	struct reverse r = { .s = s, .order = walk_order(s) };

	r.names = arena_alloc(&s->arena, (s->nnames + 1) * sizeof(*r.names));
	s->rdeps = reverse_make(&r);
	r.of_install_if = true;
	s->riifs = reverse_make(&r);
}
