/* SPDX-License-Identifier: MIT */
#include "apk/solve.h"

#include <strings.h>

#include "apk/solve_state.h"

const char *const step_names[STEP_PURGE + 1] = {
	[STEP_INSTALL] = "install",
	[STEP_UPGRADE] = "upgrade",
	[STEP_DOWNGRADE] = "downgrade",
	[STEP_REPLACE] = "replace",
	[STEP_PIN] = "pin",
	[STEP_PURGE] = "purge",
};

static void release(struct solver *s)
{
	queues_release(s);
	free(s->names);
	free(s->clashes);
	free(s->changes);
	arena_release(&s->arena);
}

/* Decides every name that can matter. */
static void decide(struct solver *s)
{
	for (size_t i = 0; i < s->nworld; i++)
		discover(s, s->world_names[i]);
	for (size_t i = 0; i < s->nworld; i++) {
		const struct wish wish = model_wish(s, i);

		constrain(s, &wish);
	}
	while (!solver_gave_up(s)) {
		uint32_t name = dirty_pop(s);

		if (name != NO_NAME) {
			reconsider(s, name);
			continue;
		}
		name = queue_pop(s);
		if (name == NO_NAME)
			return;
		select_name(s, name);
	}
}

static enum step_kind kind_of(
	const struct solver *s, const struct solve_change *change)
{
	const struct package *old, *new;

	if (change->old == NO_PACKAGE)
		return STEP_INSTALL;
	if (change->new == NO_PACKAGE)
		return STEP_PURGE;
	if (change->old == change->new)
		return STEP_PIN;
	old = s->packages[change->old].package;
	new = s->packages[change->new].package;
	switch (version_compare(new->version, old->version)) {
	case VERSION_GREATER:
		return STEP_UPGRADE;
	case VERSION_LESS:
		return STEP_DOWNGRADE;
	default:
		return STEP_REPLACE;
	}
}

static struct solution_step step_of(
	const struct solver *s, const struct solve_change *change)
{
	struct solution_step step = { .kind = kind_of(s, change),
		.repository = SIZE_MAX };

	if (change->old != NO_PACKAGE)
		step.old = s->packages[change->old].package;
	if (change->new == NO_PACKAGE)
		return step;
	step.new = s->packages[change->new].package;
	step.tag = s->tags[model_tag_of(s, change->new)].text;
	if (s->packages[change->new].repos)
		step.repository =
			(size_t)ffsll(
				(long long)s->packages[change->new].repos) -
			1;
	return step;
}

static bool changes_nothing(
	const struct solver *s, const struct solution_step *step, uint32_t old)
{
	return step->kind == STEP_PIN &&
	       slice_eq(s->packages[old].installed->tag, step->tag);
}

static void fill_steps(
	struct solver *s, struct solution *solution, struct arena *arena)
{
	solution->steps = arena_alloc(
		arena, (s->nchanges + 1) * sizeof(*solution->steps));
	solution->n = 0;
	for (size_t i = 0; i < s->nchanges; i++) {
		struct solution_step step = step_of(s, &s->changes[i]);

		if (!changes_nothing(s, &step, s->changes[i].old))
			solution->steps[solution->n++] = step;
	}
}

/* In the database's order with what takes their places, then the new ones. */
static void fill_packages(
	struct solver *s, struct solution *solution, struct arena *arena)
{
	uint32_t *successor = arena_alloc(
		&s->arena, (s->npackages + (size_t)1) * sizeof(*successor));
	const struct package **out = arena_alloc(
		arena, (s->ninstalled + s->nchanges + 1) * sizeof(*out));
	size_t n = 0;

	for (uint32_t i = 0; i < s->npackages; i++)
		successor[i] = i;
	for (size_t i = 0; i < s->nchanges; i++) {
		if (s->changes[i].old != NO_PACKAGE)
			successor[s->changes[i].old] = s->changes[i].new;
	}
	for (uint32_t i = 0; i < s->ninstalled; i++) {
		uint32_t id = successor[s->installed[i]];

		if (id != NO_PACKAGE)
			out[n++] = s->packages[id].package;
	}
	for (size_t i = 0; i < s->nchanges; i++) {
		if (s->changes[i].old == NO_PACKAGE)
			out[n++] = s->packages[s->changes[i].new].package;
	}
	solution->packages = out;
	solution->npackages = n;
}

static int run(struct solver *s, struct solution *solution, struct arena *arena,
	struct error *err)
{
	if (s->request->nrepositories > SOLVE_REPOSITORIES_MAX)
		return error_set(err, ERROR_LIMIT,
			"%zu repositories: at most %d can be used",
			s->request->nrepositories, SOLVE_REPOSITORIES_MAX);
	if (model_build(s, err))
		return -1;
	mark_new_epoch(s);
	decide(s);
	if (!solver_gave_up(s))
		order_changes(s);
	if (solver_gave_up(s))
		return error_set(err, ERROR_LIMIT,
			"choosing packages takes too long: the repositories "
			"have too many packages that provide or depend on the "
			"same names");
	if (s->nerrors)
		return explain(s, err);
	fill_steps(s, solution, arena);
	fill_packages(s, solution, arena);
	return 0;
}

int solve(struct solution *solution, const struct solve_request *request,
	struct arena *arena, struct error *err)
{
	struct solver s = { .request = request };
	int r;

	arena_init(&s.arena);
	r = run(&s, solution, arena, err);
	release(&s);
	return r;
}
