/* SPDX-License-Identifier: MIT */
#include "apk/solve_state.h"

#include <string.h>

#define BUCKETS 20000
#define SHORT_MAX 64 /* names of a list that is sorted by hand */

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
 * bucket first.
 */
static void rank_names(struct solver *s)
{
	uint32_t *start =
		arena_alloc(&s->arena, (BUCKETS + 1) * sizeof(*start));

	s->walk = arena_alloc(&s->arena, (s->nnames + 1) * sizeof(*s->walk));
	s->rank = arena_alloc(&s->arena, (s->nnames + 1) * sizeof(*s->rank));
	s->is_ranked = arena_alloc(
		&s->arena, (s->nnames / 64 + 1) * sizeof(*s->is_ranked));
	for (size_t i = 0; i < s->nnames; i++)
		start[s->names[i].hash % BUCKETS + 1]++;
	for (size_t i = 0; i < BUCKETS; i++)
		start[i + 1] += start[i];
	for (size_t i = s->nnames; i-- > 0;) {
		s->rank[i] = start[s->names[i].hash % BUCKETS]++;
		s->walk[s->rank[i]] = (uint32_t)i;
	}
}

static void count_users(struct range *ranges, const uint32_t *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		ranges[words[i]].n++;
}

static uint32_t place_users(struct solver *s, struct range *ranges, uint32_t at)
{
	for (size_t i = 0; i < s->nnames; i++) {
		ranges[i].first = at;
		at += ranges[i].n;
		ranges[i].n = 0;
	}
	return at;
}

static void add_users(struct solver *s, struct range *ranges, uint32_t user,
	const uint32_t *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct range *r = &ranges[words[i]];

		s->users[r->first + r->n++] = user;
	}
}

void names_link(struct solver *s)
{
	size_t size = (s->nnames + 1) * sizeof(struct range);

	rank_names(s);
	s->depends_users = arena_alloc(&s->arena, size);
	s->iif_users = arena_alloc(&s->arena, size);
	s->users = arena_alloc(
		&s->arena, ((size_t)s->nwords + 1) * sizeof(*s->users));
	for (uint32_t i = 0; i < s->npackages; i++) {
		count_users(s->depends_users, depends_of(s, i),
			s->packages[i].ndepends);
		count_users(s->iif_users, iifs_of(s, i), s->packages[i].niifs);
	}
	place_users(s, s->iif_users, place_users(s, s->depends_users, 0));
	for (uint32_t i = 0; i < s->npackages; i++) {
		add_users(s, s->depends_users, i, depends_of(s, i),
			s->packages[i].ndepends);
		add_users(s, s->iif_users, i, iifs_of(s, i),
			s->packages[i].niifs);
	}
}

/* Puts the rank where it belongs unless it is there. */
static uint32_t insert_rank(uint32_t *ranks, uint32_t n, uint32_t rank)
{
	uint32_t i = n;

	while (i && ranks[i - 1] > rank)
		i--;
	if (i && ranks[i - 1] == rank)
		return n;
	memmove(&ranks[i + 1], &ranks[i], (n - i) * sizeof(*ranks));
	ranks[i] = rank;
	return n + 1;
}

static void make_short(
	struct solver *s, struct reverse *reverse, struct range users)
{
	uint32_t ranks[SHORT_MAX + 1], n = 0, *out;

	for (uint32_t i = 0; i < users.n; i++) {
		uint32_t pkg = s->users[users.first + i];

		for (size_t j = 0; j < nnames_of(s, pkg); j++)
			n = insert_rank(ranks, n, s->rank[name_of(s, pkg, j)]);
	}
	out = arena_alloc(&s->arena, (n + (size_t)1) * sizeof(*out));
	for (uint32_t i = 0; i < n; i++)
		out[i] = s->walk[ranks[i]];
	reverse->items = out;
	reverse->n = n;
}

/* Marks the names of the users; how many there are. */
static uint32_t mark_ranks(struct solver *s, struct range users)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < users.n; i++) {
		uint32_t pkg = s->users[users.first + i];

		for (size_t j = 0; j < nnames_of(s, pkg); j++) {
			uint32_t rank = s->rank[name_of(s, pkg, j)];
			uint64_t bit = (uint64_t)1 << rank % 64;

			n += !(s->is_ranked[rank / 64] & bit);
			s->is_ranked[rank / 64] |= bit;
		}
	}
	return n;
}

static void make_long(
	struct solver *s, struct reverse *reverse, struct range users)
{
	uint32_t *out;

	reverse->n = mark_ranks(s, users);
	out = arena_alloc(&s->arena, ((size_t)reverse->n + 1) * sizeof(*out));
	reverse->items = out;
	for (size_t i = 0; i <= s->nnames / 64; i++) {
		for (uint64_t bits = s->is_ranked[i]; bits; bits &= bits - 1)
			*out++ =
				s->walk[i * 64 + (size_t)__builtin_ctzll(bits)];
		s->is_ranked[i] = 0;
	}
	s->work += s->nnames / 64;
}

static void make_reverse(
	struct solver *s, struct reverse *reverse, struct range users)
{
	size_t total = 0;

	reverse->is_made = true;
	for (uint32_t i = 0; i < users.n; i++)
		total += nnames_of(s, s->users[users.first + i]);
	s->work += total;
	if (solver_gave_up(s) || !total)
		return;
	if (total <= SHORT_MAX)
		make_short(s, reverse, users);
	else
		make_long(s, reverse, users);
}

const struct reverse *names_rdeps(struct solver *s, uint32_t name)
{
	struct reverse *reverse = &s->names[name].rdeps;

	if (!reverse->is_made)
		make_reverse(s, reverse, s->depends_users[name]);
	return reverse;
}

const struct reverse *names_riifs(struct solver *s, uint32_t name)
{
	struct reverse *reverse = &s->names[name].riifs;

	if (!reverse->is_made)
		make_reverse(s, reverse, s->iif_users[name]);
	return reverse;
}
