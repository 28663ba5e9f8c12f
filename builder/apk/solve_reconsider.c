/* SPDX-License-Identifier: MIT
 *
 * What is known of a name changed: which providers are still possible, and
 * what follows from what all of them have in common.
 */
#include "apk/solve_state.h"

struct review {
	uint32_t name;
	bool recheck_deps, recheck_iif;
	uint32_t noptions, nbad_tags;
	bool has_iif, is_auto;
};

/* Whether some choice that is still open satisfies the word. */
static bool can_hold(struct solver *s, const struct wish *wish)
{
	const struct solve_name *name = &s->names[wish->name];
	const struct provider *p = providers_of(s, name);

	if (name->is_locked)
		return word_holds(s, wish->word, wish->by, &name->chosen);
	if (wish->word->is_conflict && !name->requirers)
		return true;
	for (uint32_t i = 0; i < name->providers.n && !solver_gave_up(s); i++) {
		s->work++;
		if (s->packages[p[i].package].is_selectable &&
			word_holds(s, wish->word, wish->by, &p[i]))
			return true;
	}
	return solver_gave_up(s);
}

static void recheck_depends(struct solver *s, uint32_t pkg)
{
	const struct dependency_list *words =
		&s->packages[pkg].package->depends;
	const uint32_t *names = depends_of(s, pkg);

	s->work += words->n;
	for (size_t i = 0; i < words->n; i++) {
		const struct wish wish = {
			.by = pkg, .name = names[i], .word = &words->items[i]
		};

		if (can_hold(s, &wish))
			continue;
		disqualify(s, pkg,
			&(struct refusal_reason){ .why = REFUSAL_DEPENDS,
				.by = NO_PACKAGE,
				.name = names[i],
				.word = &words->items[i] });
		return;
	}
}

/* All words hold on what was decided. What a rule says must not be there has
 * to be decided, too, for which nobody else may ask. */
static bool rule_fires(struct solver *s, uint32_t pkg)
{
	const struct dependency_list *words =
		&s->packages[pkg].package->install_if;
	const uint32_t *names = iifs_of(s, pkg);

	s->work += words->n;
	for (size_t i = 0; i < words->n; i++) {
		struct solve_name *name = &s->names[names[i]];

		if (!name->is_locked && words->items[i].is_conflict) {
			name->is_asked = true;
			queue_name(s, names[i]);
		}
		if (!name->is_locked ||
			!word_holds(s, &words->items[i], pkg, &name->chosen))
			return false;
	}
	return words->n > 0;
}

static void recheck_rule(struct solver *s, uint32_t pkg)
{
	const struct package *p = s->packages[pkg].package;
	const uint32_t *names = iifs_of(s, pkg);

	s->packages[pkg].iif_fired = rule_fires(s, pkg);
	if (!s->packages[pkg].iif_fired)
		return;
	for (size_t i = 0; i < p->install_if.n; i++) {
		uint32_t chosen = s->names[names[i]].chosen.package;

		if (chosen != NO_PACKAGE)
			inherit_tags(s, pkg, chosen);
	}
}

/* Counts options that have the name in common: nth is the option's number,
 * from 0. True: it is the first time for this option, and all before had it. */
static bool merge(uint32_t *count, uint32_t nth)
{
	if (*count != nth)
		return false;
	++*count;
	return true;
}

static struct solve_name *merged(struct solver *s, uint32_t id)
{
	struct solve_name *name = &s->names[id];

	if (name->merge_stamp != s->stamp) {
		name->merge_stamp = s->stamp;
		name->merge_deps = name->merge_provides = 0;
		name->merge_is_unversioned = false;
	}
	return name;
}

static void merge_option(struct solver *s, uint32_t pkg, uint32_t nth)
{
	const struct package *p = s->packages[pkg].package;

	s->work += p->depends.n + p->provides.n;
	for (size_t i = 0; i < p->depends.n; i++) {
		if (!p->depends.items[i].is_conflict)
			merge(&merged(s, depends_of(s, pkg)[i])->merge_deps,
				nth);
	}
	for (size_t i = 0; i < nnames_of(s, pkg); i++) {
		struct solve_name *name = merged(s, name_of(s, pkg, i));
		bool has_version = !i || p->provides.items[i - 1].version.len;

		if (merge(&name->merge_provides, nth) && !has_version)
			name->merge_is_unversioned = true;
	}
}

bool is_auto_selectable(const struct solver *s, const struct provider *p)
{
	const struct solve_package *pkg = &s->packages[p->package];

	return p->version.len || pkg->package->priority ||
	       s->names[pkg->name].requirers;
}

static void review_provider(
	struct solver *s, struct review *r, const struct provider *p)
{
	struct solve_package *pkg = &s->packages[p->package];

	s->work++;
	pkg->stamp = s->stamp;
	/* Without a requirer nothing is merged: the last merge counts. */
	if (s->names[r->name].requirers)
		pkg->is_option = false;
	if (r->recheck_deps && pkg->is_selectable)
		recheck_depends(s, p->package);
	if (!pkg->is_selectable)
		return;
	if (r->recheck_iif)
		recheck_rule(s, p->package);
	r->has_iif |= pkg->iif_fired;
	r->is_auto |= pkg->iif_fired;
	if (!s->names[r->name].requirers)
		return;
	r->is_auto |= is_auto_selectable(s, p);
	pkg->is_option = true;
	r->nbad_tags += !pkg->is_tag_ok;
	merge_option(s, p->package, r->noptions++);
}

/* Several options need this name: some version of it. */
static void require_common(struct solver *s, uint32_t pkg, uint32_t id)
{
	const struct solve_name *name = &s->names[id];
	const struct provider *p = providers_of(s, name);

	if (name->requirers)
		return;
	require_name(s, id);
	s->work += name->providers.n;
	for (uint32_t i = 0; i < name->providers.n; i++)
		inherit_tags(s, p[i].package, pkg);
}

static void push_depends(struct solver *s, const struct review *r, uint32_t pkg)
{
	const struct dependency_list *words =
		&s->packages[pkg].package->depends;
	const uint32_t *names = depends_of(s, pkg);

	for (size_t i = 0; i < words->n && !solver_gave_up(s); i++) {
		struct solve_name *name = merged(s, names[i]);

		if (words->items[i].is_conflict)
			continue;
		if (r->noptions == 1) {
			constrain(s, &(struct wish){ .by = pkg,
					     .name = names[i],
					     .word = &words->items[i] });
		} else if (name->merge_deps == r->noptions) {
			name->merge_deps = 0;
			require_common(s, pkg, names[i]);
		}
	}
}

/* All options provide this name, so what else provides it is out. */
static void exclude_others(
	struct solver *s, const struct review *r, uint32_t option, uint32_t id)
{
	const struct solve_name *name = &s->names[id];
	const struct provider *p = providers_of(s, name);

	if (id == r->name)
		return;
	s->work += name->providers.n;
	for (uint32_t i = 0; i < name->providers.n; i++) {
		const struct solve_package *pkg = &s->packages[p[i].package];

		if (!pkg->is_selectable || pkg->stamp == s->stamp ||
			(name->merge_is_unversioned && !p[i].version.len))
			continue;
		disqualify(s, p[i].package,
			&(struct refusal_reason){ .why = REFUSAL_TAKEN,
				.by = option,
				.name = id });
	}
}

static void push_provides(
	struct solver *s, const struct review *r, uint32_t pkg)
{
	for (size_t i = 0; i < nnames_of(s, pkg) && !solver_gave_up(s); i++) {
		struct solve_name *name = merged(s, name_of(s, pkg, i));

		if (name->merge_provides != r->noptions)
			continue;
		name->merge_provides = 0;
		exclude_others(s, r, pkg, name_of(s, pkg, i));
	}
}

static bool is_rev_done(struct solver *s, uint32_t name)
{
	const struct reverse *rdeps = names_rdeps(s, name);

	for (uint32_t i = 0; i < rdeps->n; i++) {
		const struct solve_name *other = &s->names[rdeps->items[i]];

		s->work++;
		if (other->is_seen && !other->is_locked)
			return false;
	}
	return true;
}

void reconsider(struct solver *s, uint32_t id)
{
	struct solve_name *name = &s->names[id];
	const struct provider *p = providers_of(s, name);
	struct review r = { .name = id,
		.recheck_deps = name->recheck_deps,
		.recheck_iif = name->recheck_iif };

	s->stamp++;
	name->recheck_deps = name->recheck_iif = false;
	for (uint32_t i = 0; i < name->providers.n && !solver_gave_up(s); i++)
		review_provider(s, &r, &p[i]);
	name->has_options = r.noptions > 1 || r.nbad_tags;
	name->has_iif = r.has_iif;
	name->is_auto = r.is_auto;
	for (uint32_t i = 0;
		i < name->providers.n && r.noptions && !solver_gave_up(s);
		i++) {
		if (!s->packages[p[i].package].is_option)
			continue;
		push_depends(s, &r, p[i].package);
		push_provides(s, &r, p[i].package);
	}
	name->is_rev_done = is_rev_done(s, id);
	requeue_name(s, id);
}
