/* SPDX-License-Identifier: MIT
 *
 * Which names can matter, and in which order names are decided: depth first
 * from the world down, names nearer to the world have the higher key. Chains
 * are as long as an index makes them, so the stack is our own.
 */
#include "apk/solve_state.h"

enum stage {
	STAGE_DEPENDS,	 /* of each provider that was not met before */
	STAGE_RULES,	 /* names with a rule on this one */
	STAGE_PROVIDERS, /* the same for all names of each provider */
	STAGE_ORDER,	 /* the key */
	STAGE_INSTALL_IF,
	STAGE_DONE,
};

struct visit {
	uint32_t name;
	uint32_t provider; /* which one is looked at */
	uint32_t i;	   /* which word of it */
	enum stage stage;
	bool is_entered; /* this visit looks at the provider's D: */
};

struct visits {
	struct visit *items;
	size_t n, cap;
};

static bool is_installable(const struct solver *s, struct solve_package *pkg)
{
	struct slice arch = pkg->package->arch;

	if (pkg->package->uninstallable)
		pkg->refusal = REFUSAL_BROKEN;
	else if (arch.len && s->request->arch && !slice_is(arch, "noarch") &&
		 !slice_is(arch, s->request->arch))
		pkg->refusal = REFUSAL_ARCH;
	return pkg->refusal == REFUSAL_NONE;
}

static void set_flags(struct solver *s, struct solve_package *pkg)
{
	bool is_virtual = pkg->package->installed_size == 0;

	pkg->is_seen = true;
	pkg->allowed = s->tags[0].repos;
	pkg->is_selectable = is_installable(s, pkg) &&
			     (pkg->repos || pkg->installed || is_virtual);
	pkg->is_tag_preferred = is_virtual || (pkg->tag_repos & pkg->allowed);
	pkg->is_tag_ok = pkg->is_tag_preferred || pkg->installed;
}

static void visit_push(struct solver *s, struct visits *visits, uint32_t name)
{
	s->work++;
	if (s->names[name].is_seen)
		return;
	s->names[name].is_seen = true;
	visits->items = memory_grow(
		visits->items, visits->n, &visits->cap, sizeof(*visits->items));
	visits->items[visits->n++] = (struct visit){ .name = name };
}

static void give_order(struct solver *s, struct solve_name *name)
{
	name->order = ++s->norder;
	if (name->has_real_provider)
		name->order |= (uint64_t)1 << 61;
	if (name->is_named)
		name->order |= (uint64_t)1 << 62;
}

static uint32_t next_dependency(struct solver *s, struct visit *v, uint32_t id)
{
	struct solve_package *pkg = &s->packages[id];

	if (!v->is_entered && pkg->is_seen)
		return NO_NAME;
	if (!v->is_entered)
		set_flags(s, pkg);
	v->is_entered = true;
	if (v->i < pkg->ndepends)
		return depends_of(s, id)[v->i++];
	v->i = 0;
	v->is_entered = false;
	return NO_NAME;
}

/*
 * Names with a rule on one of the package's names. Every visit to one of these
 * looks at all of them; what an earlier visit looked at is seen already, so
 * visits share one position.
 */
static uint32_t next_ruled(struct solver *s, uint32_t id)
{
	struct solve_package *pkg = &s->packages[id];

	for (; pkg->names_done < nnames_of(s, id); pkg->names_done++) {
		const struct reverse *riifs =
			names_riifs(s, name_of(s, id, pkg->names_done));

		s->work++;
		if (pkg->riifs_done < riifs->n)
			return riifs->items[pkg->riifs_done++];
		pkg->riifs_done = 0;
	}
	return NO_NAME;
}

static uint32_t next_of_rule(struct solver *s, uint32_t id)
{
	struct solve_package *pkg = &s->packages[id];

	if (pkg->iifs_done >= pkg->niifs)
		return NO_NAME;
	return iifs_of(s, id)[pkg->iifs_done++];
}

/* The next name of this stage that a provider leads to; NO_NAME: none. */
static uint32_t next_of_providers(struct solver *s, struct visit *v)
{
	const struct solve_name *name = &s->names[v->name];

	for (; v->provider < name->providers.n; v->provider++) {
		uint32_t id = providers_of(s, name)[v->provider].package, next;

		s->work++;
		next = v->stage == STAGE_DEPENDS     ? next_dependency(s, v, id)
		       : v->stage == STAGE_PROVIDERS ? next_ruled(s, id)
						     : next_of_rule(s, id);
		if (next != NO_NAME)
			return next;
	}
	v->provider = 0;
	return NO_NAME;
}

static uint32_t next_name(struct solver *s, struct visit *v)
{
	const struct reverse *riifs;

	if (v->stage != STAGE_RULES)
		return next_of_providers(s, v);
	riifs = names_riifs(s, v->name);
	if (v->i < riifs->n)
		return riifs->items[v->i++];
	v->i = 0;
	return NO_NAME;
}

static void visit_step(struct solver *s, struct visits *visits)
{
	struct visit *v = &visits->items[visits->n - 1];
	uint32_t next;

	if (v->stage == STAGE_DONE) {
		visits->n--;
		return;
	}
	if (v->stage == STAGE_ORDER) {
		give_order(s, &s->names[v->name]);
		v->stage++;
		return;
	}
	next = next_name(s, v);
	if (next == NO_NAME)
		v->stage++;
	else
		visit_push(s, visits, next);
}

void discover(struct solver *s, uint32_t name)
{
	struct visits visits = { 0 };

	visit_push(s, &visits, name);
	while (visits.n && !solver_gave_up(s))
		visit_step(s, &visits);
	free(visits.items);
}
