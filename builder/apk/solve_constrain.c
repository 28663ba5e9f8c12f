/* SPDX-License-Identifier: MIT */
#include "apk/solve_state.h"

bool word_holds(const struct solver *s, const struct dependency *word,
	uint32_t by, const struct provider *provider)
{
	const struct package *pkg;

	if (provider->package == NO_PACKAGE)
		return word->is_conflict;
	if (word->is_conflict && provider->package == by)
		return true;
	pkg = s->packages[provider->package].package;
	return dependency_matches(word, provider->version, &pkg->identity) !=
	       word->is_conflict;
}

/*
 * Marking the same names twice changes nothing until one of them is taken up
 * or may be marked where it could not before: each of these begins an epoch.
 */
void mark_new_epoch(struct solver *s)
{
	s->epoch++;
}

void mark_rdeps(struct solver *s, uint32_t name)
{
	struct solve_name *n = &s->names[name];
	const struct reverse *rdeps = names_rdeps(s, name);

	if (n->rdeps_marked == s->epoch)
		return;
	n->rdeps_marked = s->epoch;
	s->work += rdeps->n;
	for (uint32_t i = 0; i < rdeps->n; i++) {
		uint32_t other = rdeps->items[i];

		s->names[other].recheck_deps = true;
		dirty_push(s, other);
	}
}

void mark_riifs(struct solver *s, uint32_t name)
{
	struct solve_name *n = &s->names[name];
	const struct reverse *riifs = names_riifs(s, name);

	if (n->riifs_marked == s->epoch)
		return;
	n->riifs_marked = s->epoch;
	s->work += riifs->n;
	for (uint32_t i = 0; i < riifs->n; i++) {
		uint32_t other = riifs->items[i];

		s->names[other].recheck_iif = true;
		dirty_push(s, other);
	}
}

void disqualify(
	struct solver *s, uint32_t pkg, const struct refusal_reason *reason)
{
	struct solve_package *p = &s->packages[pkg];

	p->is_selectable = false;
	if (p->refusal == REFUSAL_NONE) {
		p->refusal = reason->why;
		p->refused_by = reason->by;
		p->refused_name = reason->name;
		p->refused_word = reason->word;
	}
	s->work += nnames_of(s, pkg);
	for (size_t i = 0; i < nnames_of(s, pkg); i++)
		mark_rdeps(s, name_of(s, pkg, i));
	for (size_t i = 0; i < nnames_of(s, pkg); i++)
		mark_riifs(s, name_of(s, pkg, i));
}

static void settle_tag(struct solve_package *p)
{
	p->is_tag_ok = p->is_tag_ok || (p->tag_repos & p->allowed);
}

void inherit_tags(struct solver *s, uint32_t pkg, uint32_t from)
{
	struct solve_package *p = &s->packages[pkg];

	p->allowed |= s->packages[from].allowed;
	settle_tag(p);
}

static void inherit_world_tag(struct solver *s, uint32_t pkg, uint64_t tag)
{
	struct solve_package *p = &s->packages[pkg];

	p->allowed |= tag;
	p->is_tag_preferred = p->tag_repos & tag;
	settle_tag(p);
}

void require_name(struct solver *s, uint32_t name)
{
	if (s->names[name].requirers++)
		return;
	mark_new_epoch(s);
	queue_name(s, name);
	mark_riifs(s, name);
	dirty_push(s, name);
}

/* What does not fit is out; what fits may come from where the wish allows. */
static void constrain_provider(
	struct solver *s, const struct wish *wish, const struct provider *p)
{
	struct solve_package *pkg = &s->packages[p->package];

	if (!word_holds(s, wish->word, wish->by, p)) {
		pkg->conflicts++;
		if (pkg->is_selectable)
			disqualify(s, p->package,
				&(struct refusal_reason){ .why = REFUSAL_WORD,
					.by = wish->by,
					.name = wish->name,
					.word = wish->word });
	} else if (wish->by == NO_PACKAGE) {
		inherit_world_tag(s, p->package, wish->tag_repos);
	} else {
		inherit_tags(s, p->package, wish->by);
	}
}

void constrain(struct solver *s, const struct wish *wish)
{
	const struct solve_name *name = &s->names[wish->name];
	const struct provider *p = providers_of(s, name);

	if (!wish->word->is_conflict)
		require_name(s, wish->name);
	s->work += name->providers.n;
	for (uint32_t i = 0; i < name->providers.n && !solver_gave_up(s); i++)
		constrain_provider(s, wish, &p[i]);
}

void constrain_depends(struct solver *s, uint32_t pkg)
{
	const struct dependency_list *words =
		&s->packages[pkg].package->depends;
	const uint32_t *names = depends_of(s, pkg);

	for (size_t i = 0; i < words->n; i++)
		constrain(s, &(struct wish){ .by = pkg,
				     .name = names[i],
				     .word = &words->items[i] });
}
