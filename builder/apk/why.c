/* SPDX-License-Identifier: MIT */
#include "apk/why.h"

#include "apk/name_map.h"

/* Packages that have a name in common. */
struct holders {
	const struct package **items; /* NULL while they are counted */
	size_t n;
};

struct why {
	const struct solution *solution;
	struct arena *arena;
	struct name_map names; /* struct holders: who is or provides it */
	struct name_map rules; /* whose i: names it */
};

static void note(struct why *w, struct name_map *map, struct slice name,
	const struct package *pkg)
{
	struct holders *h = name_map_get(map, name);

	if (!h) {
		h = arena_alloc(w->arena, sizeof(*h));
		name_map_set(map, name, h, w->arena);
	}
	if (pkg)
		h->items[h->n] = pkg;
	h->n++;
}

/* Counts first: pkg is NULL then. */
static void note_names(
	struct why *w, const struct package *p, const struct package *pkg)
{
	note(w, &w->names, p->name, pkg);
	for (size_t i = 0; i < p->provides.n; i++)
		note(w, &w->names, p->provides.items[i].name, pkg);
	for (size_t i = 0; i < p->install_if.n; i++)
		note(w, &w->rules, p->install_if.items[i].name, pkg);
}

static void make_room(struct why *w, struct name_map *map, struct slice name)
{
	struct holders *h = name_map_get(map, name);

	if (h->items)
		return;
	h->items = arena_alloc(w->arena, h->n * sizeof(*h->items));
	h->n = 0;
}

static void why_init(
	struct why *w, const struct solution *s, struct arena *arena)
{
	*w = (struct why){ .solution = s, .arena = arena };
	for (size_t i = 0; i < s->npackages; i++)
		note_names(w, s->packages[i], NULL);
	for (size_t i = 0; i < s->npackages; i++) {
		const struct package *p = s->packages[i];

		make_room(w, &w->names, p->name);
		for (size_t j = 0; j < p->provides.n; j++)
			make_room(w, &w->names, p->provides.items[j].name);
		for (size_t j = 0; j < p->install_if.n; j++)
			make_room(w, &w->rules, p->install_if.items[j].name);
		note_names(w, p, p);
	}
}

/* Whether the package satisfies the word by its name or what it provides. */
static bool serves(const struct package *pkg, const struct dependency *word)
{
	if (word->is_conflict)
		return false;
	if (slice_eq(pkg->name, word->name) &&
		dependency_matches(word, pkg->version, &pkg->identity))
		return true;
	for (size_t i = 0; i < pkg->provides.n; i++) {
		const struct dependency *p = &pkg->provides.items[i];

		if (slice_eq(p->name, word->name) &&
			dependency_matches(word, p->version, &pkg->identity))
			return true;
	}
	return false;
}

struct requirements {
	struct requirement_list list;
	size_t cap;
};

static void add(struct requirements *r, const struct requirement *item)
{
	r->list.items = memory_grow(
		r->list.items, r->list.n, &r->cap, sizeof(*r->list.items));
	r->list.items[r->list.n++] = *item;
}

static void add_words(struct requirements *r, const struct package *pkg,
	const struct package *by, const struct dependency_list *words)
{
	for (size_t i = 0; i < words->n; i++) {
		if (serves(pkg, &words->items[i]))
			add(r, &(struct requirement){
				       .by = by, .word = &words->items[i] });
	}
}

/* A rule is nobody's wish: each package that it names is a reason. */
static void add_rule(
	struct requirements *r, const struct why *w, const struct package *pkg)
{
	for (size_t i = 0; i < pkg->install_if.n; i++) {
		const struct dependency *word = &pkg->install_if.items[i];
		const struct holders *h = name_map_get(&w->names, word->name);

		for (size_t j = 0; h && j < h->n; j++) {
			if (h->items[j] != pkg && serves(h->items[j], word))
				add(r, &(struct requirement){ .by = h->items[j],
					       .word = word,
					       .is_install_if = true });
		}
	}
}

/* A rule counts when all of it holds. */
static bool rule_holds(const struct why *w, const struct package *pkg)
{
	for (size_t i = 0; i < pkg->install_if.n; i++) {
		const struct dependency *word = &pkg->install_if.items[i];
		const struct holders *h = name_map_get(&w->names, word->name);
		struct dependency plain = *word;
		bool is_there = false;

		plain.is_conflict = false;
		for (size_t j = 0; h && j < h->n && !is_there; j++)
			is_there = serves(h->items[j], &plain);
		if (is_there == word->is_conflict)
			return false;
	}
	return pkg->install_if.n > 0;
}

static int compare_requirements(const void *a, const void *b)
{
	const struct requirement *x = a, *y = b;
	int r;

	if (!x->by || !y->by)
		return !!x->by - !!y->by;
	r = slice_cmp(x->by->name, y->by->name);
	if (r)
		return r;
	/* Words of one field stand in one array. */
	if (x->is_install_if != y->is_install_if)
		return x->is_install_if - y->is_install_if;
	return x->word < y->word ? -1 : x->word > y->word;
}

static void add_rules(struct requirements *r, const struct package *pkg,
	const struct solution *solution, struct arena *arena)
{
	struct why w;

	if (!pkg->install_if.n)
		return;
	why_init(&w, solution, arena);
	if (rule_holds(&w, pkg))
		add_rule(r, &w, pkg);
}

void why_direct(const struct package *pkg, const struct solution *solution,
	const struct dependency_list *world, struct arena *arena,
	struct requirement_list *out)
{
	struct requirements r = { 0 };

	add_words(&r, pkg, NULL, world);
	for (size_t i = 0; i < solution->npackages; i++) {
		const struct package *by = solution->packages[i];

		if (by != pkg)
			add_words(&r, pkg, by, &by->depends);
	}
	add_rules(&r, pkg, solution, arena);
	if (r.list.n)
		qsort(r.list.items, r.list.n, sizeof(*r.list.items),
			compare_requirements);
	out->n = r.list.n;
	out->items = arena_copy(
		arena, r.list.items, r.list.n * sizeof(*r.list.items));
	free(r.list.items);
}

/* How the walk from the world came to a package. */
struct step {
	const struct package *package;
	struct requirement reason;
	const struct step *before; /* NULL: the world */
};

struct walk {
	struct why *w;
	const struct package *target;
	struct name_map reached; /* by name, which a solution has once */
	struct step *steps;
	size_t n;
	const struct step *found;
};

static void reach(struct walk *walk, const struct step *before,
	const struct requirement *reason, const struct package *pkg)
{
	struct step *step = &walk->steps[walk->n];

	if (name_map_get(&walk->reached, pkg->name))
		return;
	*step = (struct step){ pkg, *reason, before };
	walk->n++;
	name_map_set(&walk->reached, pkg->name, step, walk->w->arena);
	if (pkg == walk->target)
		walk->found = step;
}

static void reach_words(struct walk *walk, const struct step *before,
	const struct dependency_list *words)
{
	const struct package *by = before ? before->package : NULL;

	for (size_t i = 0; i < words->n; i++) {
		const struct requirement reason = { .by = by,
			.word = &words->items[i] };
		const struct holders *h =
			name_map_get(&walk->w->names, words->items[i].name);

		for (size_t j = 0; h && j < h->n; j++) {
			if (serves(h->items[j], &words->items[i]))
				reach(walk, before, &reason, h->items[j]);
		}
	}
}

static void reach_rule(
	struct walk *walk, const struct step *before, const struct package *pkg)
{
	if (name_map_get(&walk->reached, pkg->name) ||
		!rule_holds(walk->w, pkg))
		return;
	for (size_t i = 0; i < pkg->install_if.n; i++) {
		const struct dependency *word = &pkg->install_if.items[i];
		const struct requirement reason = { .by = before->package,
			.word = word,
			.is_install_if = true };

		if (serves(before->package, word))
			reach(walk, before, &reason, pkg);
	}
}

static void reach_rules(
	struct walk *walk, const struct step *before, struct slice name)
{
	const struct holders *h = name_map_get(&walk->w->rules, name);

	for (size_t i = 0; h && i < h->n; i++)
		reach_rule(walk, before, h->items[i]);
}

static void reach_all(struct walk *walk, const struct step *from)
{
	const struct package *p = from->package;

	reach_words(walk, from, &p->depends);
	reach_rules(walk, from, p->name);
	for (size_t i = 0; i < p->provides.n; i++)
		reach_rules(walk, from, p->provides.items[i].name);
}

static void unwind(const struct step *found, struct arena *arena,
	struct requirement_list *out)
{
	size_t n = 0;

	for (const struct step *s = found; s; s = s->before)
		n++;
	out->items = arena_alloc(arena, (n + 1) * sizeof(*out->items));
	out->n = n;
	for (const struct step *s = found; s; s = s->before)
		out->items[--n] = s->reason;
}

void why_chain(const struct package *pkg, const struct solution *solution,
	const struct dependency_list *world, struct arena *arena,
	struct requirement_list *out)
{
	struct why w;
	struct walk walk = { .w = &w, .target = pkg };

	why_init(&w, solution, arena);
	walk.steps = arena_alloc(
		arena, (solution->npackages + 1) * sizeof(*walk.steps));
	reach_words(&walk, NULL, world);
	for (size_t next = 0; next < walk.n && !walk.found; next++)
		reach_all(&walk, &walk.steps[next]);
	unwind(walk.found, arena, out);
}
