/* SPDX-License-Identifier: MIT
 *
 * The greedy choice of one provider, and what follows from it.
 */
#include "apk/solve_state.h"

#include <strings.h>

/* Over the two candidates: a rule gives >0 when `a` is better. */
struct contest {
	const struct provider *a, *b;
	const struct solve_package *pa, *pb;
};

static int by_state(const struct contest *c)
{
	const struct solve_package *a = c->pa, *b = c->pb;

	if (a->is_selectable != b->is_selectable)
		return a->is_selectable - b->is_selectable;
	if (a->is_option != b->is_option)
		return a->is_option - b->is_option;
	if (a->conflicts != b->conflicts)
		return a->conflicts < b->conflicts ? 1 : -1;
	if (a->is_tag_ok != b->is_tag_ok)
		return a->is_tag_ok - b->is_tag_ok;
	return a->is_tag_preferred - b->is_tag_preferred;
}

static int by_installed(const struct contest *c)
{
	return !!c->pa->installed - !!c->pb->installed;
}

static int by_version(struct slice a, struct slice b)
{
	unsigned r = version_compare(a, b);

	return r == VERSION_GREATER ? 1 : r == VERSION_LESS ? -1 : 0;
}

/* The lower number of a repository wins, none is lower than any. */
static int by_repository(const struct contest *c)
{
	return ffsll((long long)c->pb->repos) - ffsll((long long)c->pa->repos);
}

static int by_package(const struct contest *c)
{
	const struct package *a = c->pa->package, *b = c->pb->package;
	bool is_same_name = c->pa->name == c->pb->name;
	int r = 0;

	if (is_same_name || c->a->version.len || c->b->version.len)
		r = by_installed(c);
	if (!r)
		r = by_version(c->a->version, c->b->version);
	if (!r && is_same_name)
		r = by_version(a->version, b->version);
	if (!r && a->priority != b->priority)
		r = a->priority > b->priority ? 1 : -1;
	if (!r)
		r = by_installed(c);
	return r ? r : by_repository(c);
}

static bool is_better(const struct solver *s, const struct provider *a,
	const struct provider *b)
{
	const struct contest c = { .a = a,
		.b = b,
		.pa = &s->packages[a->package],
		.pb = &s->packages[b->package] };
	int r = by_state(&c);

	return (r ? r : by_package(&c)) > 0;
}

/* NULL: nothing that may be chosen without being asked for. */
static const struct provider *best_provider(
	struct solver *s, const struct solve_name *name)
{
	const struct provider *p = providers_of(s, name), *best = NULL;

	s->work += name->providers.n;
	for (uint32_t i = 0; i < name->providers.n; i++) {
		const struct solve_package *pkg = &s->packages[p[i].package];

		if (!name->requirers && !(pkg->iif_fired && pkg->is_tag_ok &&
						pkg->is_selectable))
			continue;
		if (!is_auto_selectable(s, &p[i]))
			continue;
		if (!best || is_better(s, &p[i], best))
			best = &p[i];
	}
	return best;
}

static void mark_error(struct solver *s, uint32_t pkg)
{
	if (pkg == NO_PACKAGE || s->packages[pkg].has_error)
		return;
	s->packages[pkg].has_error = true;
	s->nerrors++;
}

/* Both provide the name, and one of them says which version. */
static void clash(struct solver *s, uint32_t id, const struct provider *p)
{
	const struct provider *chosen = &s->names[id].chosen;

	if (!p->version.len && !chosen->version.len)
		return;
	s->clashes = memory_grow(
		s->clashes, s->nclashes, &s->clashes_cap, sizeof(*s->clashes));
	s->clashes[s->nclashes++] = (struct solve_clash){
		.name = id, .package = p->package, .other = chosen->package
	};
	mark_error(s, p->package);
	mark_error(s, chosen->package);
}

static void exclude_rivals(
	struct solver *s, uint32_t id, const struct provider *chosen)
{
	const struct solve_name *name = &s->names[id];
	const struct provider *p = providers_of(s, name);

	for (uint32_t i = 0; i < name->providers.n && !solver_gave_up(s); i++) {
		if (p[i].package == chosen->package ||
			(!p[i].version.len && !chosen->version.len))
			continue;
		disqualify(s, p[i].package,
			&(struct refusal_reason){ .why = REFUSAL_TAKEN,
				.by = chosen->package,
				.name = id });
	}
}

/* A rule that fired wants its words to stay as they are. */
static void constrain_rule(struct solver *s, uint32_t pkg)
{
	const struct dependency_list *words =
		&s->packages[pkg].package->install_if;
	const uint32_t *names = iifs_of(s, pkg);

	for (size_t i = 0; i < words->n; i++) {
		if (!s->names[names[i]].is_locked)
			constrain(s, &(struct wish){ .by = pkg,
					     .name = names[i],
					     .word = &words->items[i] });
	}
}

static void lock(struct solver *s, uint32_t id, const struct provider *p)
{
	struct solve_name *name = &s->names[id];

	if (name->is_locked) {
		clash(s, id, p);
		return;
	}
	mark_new_epoch(s);
	name->is_locked = true;
	name->is_dirty = false;
	name->chosen = *p;
	exclude_rivals(s, id, p);
	if (p->package != NO_PACKAGE && !name->requirers &&
		s->packages[p->package].iif_fired)
		constrain_rule(s, p->package);
	mark_rdeps(s, id);
	mark_riifs(s, id);
}

void select_name(struct solver *s, uint32_t id)
{
	const struct provider *best = best_provider(s, &s->names[id]);
	const struct solve_package *pkg;
	uint32_t chosen;

	if (!best) {
		lock(s, id, &(struct provider){ .package = NO_PACKAGE });
		s->nerrors += s->names[id].requirers > 0;
		return;
	}
	chosen = best->package;
	pkg = &s->packages[chosen];
	if (!pkg->is_selectable || !pkg->is_tag_ok)
		mark_error(s, chosen);
	lock(s, pkg->name, &(struct provider){ chosen, pkg->package->version });
	for (size_t i = 0; i < pkg->package->provides.n; i++)
		lock(s, provides_of(s, chosen)[i],
			&(struct provider){ chosen,
				pkg->package->provides.items[i].version });
	constrain_depends(s, chosen);
}
