/* SPDX-License-Identifier: MIT
 *
 * The transaction, in the order in which apk carries it out: what a package
 * needs before it, what it triggers by install_if after it, what is in its way
 * or loses its last user removed first. Recursive in nature and as deep as an
 * index makes it, so each activity is a frame on a stack of our own.
 */
#include "apk/solve_state.h"

enum activity {
	GEN_NAME,    /* a name and what it was decided to be */
	GEN_PACKAGE, /* the chosen package */
	GEN_DEPENDS,
	CLEAR_NAME,	/* removes what cannot stay beside the choice */
	CLEAR_PROVIDED, /* the same for all names of a package */
	REMOVE,
	REMOVE_USERS,
	RULES_FIRE, /* install_if packages that the package completes */
	RULES_END,  /* installed ones that it takes the ground from */
	DROP_WORDS, /* of a package that goes */
};

struct frame {
	enum activity activity;
	uint32_t id; /* a name for GEN_NAME and CLEAR_NAME, else a package */
	uint32_t stage;
	uint32_t i, j; /* for loops that go on later */
};

struct frames {
	struct solver *s;
	struct frame *items;
	size_t n, cap;
};

static void push(struct frames *f, enum activity activity, uint32_t id)
{
	f->items = memory_grow(f->items, f->n, &f->cap, sizeof(*f->items));
	f->items[f->n++] = (struct frame){ .activity = activity, .id = id };
}

static void record(struct solver *s, uint32_t old, uint32_t new)
{
	s->changes = memory_grow(
		s->changes, s->nchanges, &s->changes_cap, sizeof(*s->changes));
	s->changes[s->nchanges++] =
		(struct solve_change){ .old = old, .new = new };
}

static uint32_t chosen_of(const struct solver *s, uint32_t name)
{
	return s->names[name].chosen.package;
}

/* Whether the package keeps a place: its name went to one of that name. */
static bool name_stays(const struct solver *s, uint32_t name)
{
	uint32_t chosen = chosen_of(s, name);

	return chosen != NO_PACKAGE && s->packages[chosen].name == name;
}

/* Counts words of D: on installed names: of a package that comes. */
static void count_words(struct solver *s, uint32_t pkg)
{
	const struct package *p = s->packages[pkg].package;

	for (size_t i = 0; i < p->depends.n; i++) {
		uint32_t name = s->names[depends_of(s, pkg)[i]].installed_name;

		if (!p->depends.items[i].is_conflict && name != NO_NAME)
			s->names[name].users++;
	}
}

static bool is_unneeded(const struct solver *s, uint32_t pkg)
{
	const struct solve_name *name = &s->names[s->packages[pkg].name];

	return !name->users && name->chosen.package == NO_PACKAGE;
}

/* The next frame of a loop over all names of a package and, inside, over the
 * names whose rules know that name: NO_NAME at the end. */
static uint32_t next_rule(struct solver *s, struct frame *f)
{
	for (; f->i < nnames_of(s, f->id); f->i++, f->j = 0) {
		const struct reverse *riifs =
			names_riifs(s, name_of(s, f->id, f->i));

		if (f->j < riifs->n)
			return riifs->items[f->j++];
	}
	return NO_NAME;
}

/* Also without a rule: another version of it has the one that led here. */
static bool rule_is_complete(const struct solver *s, uint32_t pkg)
{
	const struct dependency_list *words =
		&s->packages[pkg].package->install_if;

	for (size_t i = 0; i < words->n; i++) {
		const struct solve_name *name = &s->names[iifs_of(s, pkg)[i]];

		if (!words->items[i].is_conflict && !name->is_processed)
			return false;
		if (!word_holds(s, &words->items[i], pkg, &name->chosen))
			return false;
	}
	return true;
}

static bool rule_is_broken(const struct solver *s, uint32_t pkg)
{
	size_t n = s->packages[pkg].package->install_if.n;

	for (size_t i = 0; i < n; i++) {
		const struct solve_name *name = &s->names[iifs_of(s, pkg)[i]];

		if (name->is_processed && name->chosen.package == NO_PACKAGE)
			return true;
	}
	return false;
}

static bool rules_fire(struct frames *f)
{
	struct frame *top = &f->items[f->n - 1];
	uint32_t name = next_rule(f->s, top), pkg;

	if (name == NO_NAME)
		return false;
	f->s->work++;
	pkg = chosen_of(f->s, name);
	if (pkg != NO_PACKAGE && !f->s->names[name].is_processed &&
		rule_is_complete(f->s, pkg))
		push(f, GEN_NAME, name);
	return true;
}

static bool rules_end(struct frames *f)
{
	struct frame *top = &f->items[f->n - 1];
	uint32_t id = next_rule(f->s, top);
	const struct solve_name *name;

	if (id == NO_NAME)
		return false;
	f->s->work++;
	name = &f->s->names[id];
	if (name->installed != NO_PACKAGE && !name->is_processed &&
		is_unneeded(f->s, name->installed) &&
		rule_is_broken(f->s, name->installed))
		push(f, REMOVE, name->installed);
	return true;
}

/* As apk does: a word on what a package provides keeps it, but only a word on
 * its own name lets it go at once; else it goes at the end. */
static bool drop_words(struct frames *f)
{
	struct solver *s = f->s;
	struct frame *top = &f->items[f->n - 1];
	const struct package *p = s->packages[top->id].package;
	uint32_t i = top->i++, name, own, pkg;

	if (i >= p->depends.n)
		return false;
	name = depends_of(s, top->id)[i];
	own = s->names[name].installed_name;
	pkg = s->names[name].installed;
	if (p->depends.items[i].is_conflict || own == NO_NAME)
		return true;
	if (s->names[own].users && --s->names[own].users)
		return true;
	/* REMOVE leaves what keeps its place. */
	if (pkg != NO_PACKAGE)
		push(f, REMOVE, pkg);
	return true;
}

/* Whether the installed package has a word of D: that `on` satisfies. */
static bool uses(struct solver *s, uint32_t pkg, uint32_t on)
{
	const struct dependency_list *words =
		&s->packages[pkg].package->depends;

	s->work += words->n;
	for (size_t i = 0; i < words->n; i++) {
		const struct solve_name *name =
			&s->names[depends_of(s, pkg)[i]];
		const struct provider *p = providers_of(s, name);

		for (uint32_t j = 0; j < name->providers.n; j++) {
			s->work++;
			if (p[j].package == on &&
				!words->items[i].is_conflict &&
				word_holds(s, &words->items[i], pkg, &p[j]))
				return true;
		}
	}
	return false;
}

static bool remove_users_of(struct frames *f, const struct solve_name *other)
{
	struct solver *s = f->s;
	uint32_t on = f->items[f->n - 1].id;
	const struct provider *p = providers_of(s, other);

	for (uint32_t k = 0; k < other->providers.n; k++) {
		const struct solve_package *user = &s->packages[p[k].package];

		s->work++;
		if (!user->installed || user->is_changed ||
			name_stays(s, user->name) || !uses(s, p[k].package, on))
			continue;
		push(f, REMOVE, p[k].package);
		return true;
	}
	return false;
}

/* One user at a time: afterwards the same name is looked at again. */
static bool remove_users(struct frames *f)
{
	struct solver *s = f->s;
	struct frame *top = &f->items[f->n - 1];

	if (solver_gave_up(s))
		return false;
	for (; top->i < nnames_of(s, top->id); top->i++, top->j = 0) {
		const struct reverse *rdeps =
			names_rdeps(s, name_of(s, top->id, top->i));

		for (; top->j < rdeps->n; top->j++) {
			uint32_t other = rdeps->items[top->j];

			if (remove_users_of(f, &s->names[other]))
				return true;
		}
	}
	return false;
}

static bool remove_package(struct frames *f)
{
	struct solver *s = f->s;
	struct frame *top = &f->items[f->n - 1];
	uint32_t id = top->id;
	struct solve_package *pkg = &s->packages[id];

	switch (top->stage++) {
	case 0:
		if (pkg->is_changed || name_stays(s, pkg->name))
			return false;
		s->names[pkg->name].is_processed = true;
		pkg->is_changed = true;
		push(f, REMOVE_USERS, id);
		return true;
	case 1:
		push(f, RULES_END, id);
		return true;
	case 2:
		record(s, id, NO_PACKAGE);
		push(f, DROP_WORDS, id);
		return true;
	default:
		return false;
	}
}

/* Before a name is settled: what holds it now and must not. */
static bool clear_name(struct frames *f)
{
	struct solver *s = f->s;
	struct frame *top = &f->items[f->n - 1];
	struct solve_name *name = &s->names[top->id];
	const struct provider *p = providers_of(s, name);

	if (top->stage == 0) {
		if (name->is_processed)
			return false;
		top->stage = 1;
		name->is_processed = true;
		if (name->installed != NO_PACKAGE && !name_stays(s, top->id))
			push(f, REMOVE, name->installed);
		return true;
	}
	while (top->i < name->providers.n) {
		uint32_t pkg = p[top->i++].package;

		s->work++;
		if (!s->packages[pkg].installed ||
			chosen_of(s, s->packages[pkg].name) != NO_PACKAGE)
			continue;
		push(f, REMOVE, pkg);
		return true;
	}
	return false;
}

static bool clear_provided(struct frames *f)
{
	struct frame *top = &f->items[f->n - 1];
	uint32_t i = top->i++;

	if (i >= nnames_of(f->s, top->id))
		return false;
	push(f, CLEAR_NAME, name_of(f->s, top->id, i));
	return true;
}

static bool gen_depends(struct frames *f)
{
	struct solver *s = f->s;
	struct frame *top = &f->items[f->n - 1];
	const struct dependency_list *words =
		&s->packages[top->id].package->depends;
	uint32_t i = top->i++, name;

	if (i >= words->n)
		return false;
	name = depends_of(s, top->id)[i];
	if (!word_holds(s, &words->items[i], top->id, &s->names[name].chosen))
		s->nerrors++;
	push(f, GEN_NAME, name);
	return true;
}

static bool gen_package(struct frames *f)
{
	struct solver *s = f->s;
	struct frame *top = &f->items[f->n - 1];
	uint32_t id = top->id;
	uint32_t old = s->names[s->packages[id].name].installed;

	switch (top->stage++) {
	case 0:
		if (s->packages[id].is_changed)
			return false;
		s->packages[id].is_changed = true;
		push(f, CLEAR_PROVIDED, id);
		return true;
	case 1:
		if (old != NO_PACKAGE)
			push(f, RULES_END, old);
		return true;
	case 2:
		push(f, GEN_DEPENDS, id);
		return true;
	case 3:
		record(s, old, id);
		push(f, RULES_FIRE, id);
		return true;
	case 4:
		count_words(s, id);
		if (old != NO_PACKAGE)
			push(f, DROP_WORDS, old);
		return true;
	default:
		return false;
	}
}

static bool gen_name(struct frames *f)
{
	struct frame *top = &f->items[f->n - 1];
	uint32_t id = top->id, chosen = chosen_of(f->s, id);

	if (top->stage++ == 0) {
		if (f->s->names[id].is_processed)
			return false;
		push(f, CLEAR_NAME, id);
		return true;
	}
	if (top->stage == 2 && chosen != NO_PACKAGE) {
		push(f, GEN_PACKAGE, chosen);
		return true;
	}
	return false;
}

/* A step of each activity; false: it is done. The top frame may have moved
 * when it pushed another. */
static bool (*const activities[])(struct frames *) = {
	[GEN_NAME] = gen_name,
	[GEN_PACKAGE] = gen_package,
	[GEN_DEPENDS] = gen_depends,
	[CLEAR_NAME] = clear_name,
	[CLEAR_PROVIDED] = clear_provided,
	[REMOVE] = remove_package,
	[REMOVE_USERS] = remove_users,
	[RULES_FIRE] = rules_fire,
	[RULES_END] = rules_end,
	[DROP_WORDS] = drop_words,
};

static void run(struct frames *f, enum activity activity, uint32_t id)
{
	push(f, activity, id);
	while (f->n && !solver_gave_up(f->s)) {
		f->s->work++;
		if (!activities[f->items[f->n - 1].activity](f))
			f->n--;
	}
}

/* An unversioned provide does not make its package a user's installed one. */
static void note_installed(struct solver *s)
{
	for (uint32_t i = 0; i < s->ninstalled; i++) {
		uint32_t id = s->installed[i], own = s->packages[id].name;
		const struct dependency_list *words =
			&s->packages[id].package->provides;

		s->names[own].installed = id;
		s->names[own].installed_name = own;
		for (size_t j = 0; j < words->n; j++) {
			if (words->items[j].version.len)
				s->names[provides_of(s, id)[j]].installed_name =
					own;
		}
	}
	for (uint32_t i = 0; i < s->ninstalled; i++)
		count_words(s, s->installed[i]);
}

void order_changes(struct solver *s)
{
	struct frames f = { .s = s };

	note_installed(s);
	for (uint32_t i = 0; i < s->ninstalled; i++) {
		if (is_unneeded(s, s->installed[i]))
			run(&f, REMOVE, s->installed[i]);
	}
	for (size_t i = 0; i < s->nworld; i++) {
		uint32_t name = s->world_names[i];

		if (!word_holds(s, &s->world[i], NO_PACKAGE,
			    &s->names[name].chosen))
			s->nerrors++;
		run(&f, GEN_NAME, name);
	}
	for (uint32_t i = 0; i < s->ninstalled; i++)
		run(&f, GEN_NAME, s->packages[s->installed[i]].name);
	free(f.items);
}
