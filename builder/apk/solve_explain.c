/* SPDX-License-Identifier: MIT
 *
 * What to tell a person: every word that does not hold on what was decided,
 * walking from the world down by the packages that were chosen.
 */
#include "apk/solve_state.h"

#include <string.h>

#include "base/nearest.h"

#define TEXT_MAX ((size_t)1700) /* bytes: room for context before it */
#define LINE_MAX_BYTES ((size_t)400)
#define CANDIDATES_MAX 6 /* lines of one problem */
#define PROBLEMS_MAX 12
#define CHAIN_MAX 6	   /* packages */
#define REPEATS_MAX 3	   /* words on the same name */
#define NEAREST_MAX 3	   /* searches through all names */
#define NEAREST_LEN_MAX 64 /* bytes of a name worth it */

/* Which package brought a package: a chain up to the world. */
struct reached {
	uint32_t package, by;
};

struct explanation {
	struct solver *s;
	struct buf text;
	struct reached *queue; /* packages in the order they are reached */
	size_t n;
	uint32_t *index; /* by package: in queue + 1 */
	uint8_t *ntold;	 /* by name: words on it that were told */
	bool tells_all;	 /* also what follows from a deeper problem */
	bool is_full;
	size_t nproblems, nnearest;
};

static void reach(struct explanation *e, uint32_t package, uint32_t by)
{
	if (package == NO_PACKAGE || e->index[package])
		return;
	e->queue[e->n++] = (struct reached){ package, by };
	e->index[package] = (uint32_t)e->n;
}

/* A line, whole or not at all. */
static void add_line(struct explanation *e, const struct buf *line)
{
	if (e->is_full)
		return;
	if (e->text.len + line->len + 8 > TEXT_MAX) {
		buf_add_str(&e->text, "\n  ...");
		e->is_full = true;
		return;
	}
	buf_add_str(&e->text, "\n  ");
	buf_add_slice(&e->text, buf_slice(line));
}

/* "world > a-1 > b-2": the end of the chain when it is long. */
static void add_chain(
	const struct explanation *e, uint32_t by, struct buf *line)
{
	uint32_t chain[CHAIN_MAX] = { 0 };
	size_t n = 0;

	for (; by != NO_PACKAGE && n < CHAIN_MAX;
		by = e->queue[e->index[by] - 1].by)
		chain[n++] = by;
	buf_add_str(line, by == NO_PACKAGE ? "world" : "...");
	for (size_t i = n; i; i--) {
		const struct package *p = e->s->packages[chain[i - 1]].package;

		buf_printf(line, " > %.*s-%.*s", SLICE_ARGS(p->name),
			SLICE_ARGS(p->version));
	}
}

static void add_nearest(
	struct explanation *e, const struct wish *wish, struct buf *line)
{
	struct solver *s = e->s;
	SCOPED_FREE char *word = slice_dup(wish->word->name);
	const char **names, *near;
	size_t n = 0;

	if (e->nnearest++ >= NEAREST_MAX)
		return;
	names = arena_alloc(&s->arena, (s->nnames + 1) * sizeof(*names));
	for (size_t i = 0; i < s->nnames; i++) {
		if (s->names[i].providers.n &&
			s->names[i].text.len <= NEAREST_LEN_MAX)
			names[n++] = arena_slice(&s->arena, s->names[i].text);
	}
	near = nearest_find(word, names, n);
	if (near)
		buf_printf(line, " (did you mean %s?)", near);
}

/* Whether only a person can choose: nobody provides it with a version. */
static bool is_open_choice(struct solver *s, const struct wish *wish)
{
	const struct solve_name *name = &s->names[wish->name];
	const struct provider *p = providers_of(s, name);
	size_t nopen = 0;

	for (uint32_t i = 0; i < name->providers.n; i++)
		nopen += s->packages[p[i].package].is_selectable &&
			 !is_auto_selectable(s, &p[i]) &&
			 word_holds(s, wish->word, wish->by, &p[i]);
	return nopen && name->chosen.package == NO_PACKAGE;
}

static void tell_choice(
	struct explanation *e, const struct wish *wish, struct buf *line)
{
	struct solver *s = e->s;
	const struct solve_name *name = &s->names[wish->name];
	const struct provider *p = providers_of(s, name);
	const char *before = ": please select one of ";

	for (uint32_t i = 0; i < name->providers.n; i++) {
		const struct solve_package *pkg = &s->packages[p[i].package];

		if (!pkg->is_selectable || is_auto_selectable(s, &p[i]))
			continue;
		buf_add_str(line, before);
		buf_add_slice(line, pkg->package->name);
		before = ", ";
	}
	add_line(e, line);
}

static void tell_candidates(struct explanation *e, const struct wish *wish)
{
	struct solver *s = e->s;
	const struct solve_name *name = &s->names[wish->name];
	const struct provider *p = providers_of(s, name);
	SCOPED_BUF struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	for (uint32_t i = 0; i < name->providers.n; i++) {
		buf_truncate(&line, 0);
		line.overflow = false;
		buf_add_str(&line, "  ");
		if (i == CANDIDATES_MAX) {
			buf_printf(&line, "and %u more",
				(unsigned)(name->providers.n - i));
			add_line(e, &line);
			return;
		}
		explain_candidate(s, wish, &p[i], &line);
		add_line(e, &line);
	}
}

static void tell_conflict(
	struct explanation *e, const struct wish *wish, struct buf *line)
{
	uint32_t chosen = e->s->names[wish->name].chosen.package;
	const struct package *p = e->s->packages[chosen].package;

	buf_printf(line, ", but %.*s-%.*s is to be there", SLICE_ARGS(p->name),
		SLICE_ARGS(p->version));
	if (e->index[chosen]) {
		buf_add_str(line, " (");
		add_chain(e, chosen, line);
		buf_add_str(line, ")");
	}
	add_line(e, line);
}

static void tell(struct explanation *e, const struct wish *wish)
{
	const struct solve_name *name = &e->s->names[wish->name];
	SCOPED_BUF struct buf line = { 0 };

	if (e->is_full || e->nproblems >= PROBLEMS_MAX ||
		e->ntold[wish->name] == REPEATS_MAX)
		return;
	e->nproblems++;
	e->ntold[wish->name]++;
	buf_init(&line, LINE_MAX_BYTES);
	add_chain(e, wish->by, &line);
	buf_add_str(&line, " requires ");
	dependency_print(wish->word, &line);
	if (wish->word->is_conflict) {
		tell_conflict(e, wish, &line);
	} else if (!name->providers.n) {
		buf_add_str(&line, ", which nothing provides");
		add_nearest(e, wish, &line);
		add_line(e, &line);
	} else if (is_open_choice(e->s, wish)) {
		tell_choice(e, wish, &line);
	} else {
		add_line(e, &line);
		if (e->ntold[wish->name] == 1)
			tell_candidates(e, wish);
	}
}

static void look_at(struct explanation *e, const struct wish *wish)
{
	const struct provider *chosen = &e->s->names[wish->name].chosen;
	const struct solve_package *p;
	bool holds = word_holds(e->s, wish->word, wish->by, chosen);

	if (!wish->word->is_conflict)
		reach(e, chosen->package, wish->by);
	/* Who asks for what must not be there is told instead. */
	if (!holds && wish->word->is_conflict && !e->tells_all &&
		!e->s->packages[chosen->package].is_selectable)
		return;
	if (!holds) {
		tell(e, wish);
		return;
	}
	if (chosen->package == NO_PACKAGE || wish->word->is_conflict)
		return;
	p = &e->s->packages[chosen->package];
	if (p->is_selectable && p->is_tag_ok)
		return;
	/* Its own words are looked at, too: the cause is further down. */
	if (e->tells_all || p->refusal != REFUSAL_DEPENDS)
		tell(e, wish);
}

static void look_at_depends(struct explanation *e, uint32_t pkg)
{
	const struct dependency_list *words =
		&e->s->packages[pkg].package->depends;

	for (size_t i = 0; i < words->n && !e->is_full; i++)
		look_at(e, &(struct wish){ .by = pkg,
				   .name = depends_of(e->s, pkg)[i],
				   .word = &words->items[i] });
}

static void tell_clashes(struct explanation *e)
{
	struct solver *s = e->s;
	SCOPED_BUF struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	for (size_t i = 0; i < s->nclashes && i < PROBLEMS_MAX; i++) {
		const struct solve_clash *c = &s->clashes[i];
		const struct package *a = s->packages[c->package].package;

		e->nproblems++;
		buf_truncate(&line, 0);
		line.overflow = false;
		buf_printf(&line, "%.*s-%.*s", SLICE_ARGS(a->name),
			SLICE_ARGS(a->version));
		if (c->other == c->package) {
			buf_add_str(&line, " provides");
		} else if (c->other != NO_PACKAGE) {
			const struct package *b = s->packages[c->other].package;

			buf_printf(&line, " and %.*s-%.*s both provide",
				SLICE_ARGS(b->name), SLICE_ARGS(b->version));
		} else {
			buf_add_str(&line, " must not be there, but provides");
		}
		buf_printf(&line, " %.*s%s", SLICE_ARGS(s->names[c->name].text),
			c->other == c->package ? " twice" : "");
		add_line(e, &line);
	}
}

static void walk(struct explanation *e)
{
	struct solver *s = e->s;
	size_t next = 0;

	for (size_t i = 0; i < s->nworld; i++) {
		const struct wish wish = model_wish(s, i);

		look_at(e, &wish);
	}
	while (next < e->n)
		look_at_depends(e, e->queue[next++].package);
	for (uint32_t i = 0; i < s->nnames; i++) {
		uint32_t chosen = s->names[i].chosen.package;

		if (chosen != NO_PACKAGE && s->packages[chosen].iif_fired)
			reach(e, chosen, NO_PACKAGE);
	}
	while (next < e->n)
		look_at_depends(e, e->queue[next++].package);
}

int explain(struct solver *s, struct error *err)
{
	size_t n = s->npackages + (size_t)1;
	struct explanation e = { .s = s };

	buf_init(&e.text, TEXT_MAX + 8);
	e.queue = arena_alloc(&s->arena, n * sizeof(*e.queue));
	e.index = arena_alloc(&s->arena, n * sizeof(*e.index));
	e.ntold = arena_alloc(&s->arena, s->nnames + 1);
	buf_add_str(&e.text, "the packages that are wanted cannot be had:");
	tell_clashes(&e);
	walk(&e);
	if (!e.nproblems) {
		e.tells_all = true;
		e.n = 0;
		memset(e.index, 0, n * sizeof(*e.index));
		walk(&e);
	}
	error_set(err, ERROR_SOLVE, "%s", e.text.data);
	buf_release(&e.text);
	return -1;
}
