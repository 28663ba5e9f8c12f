/* SPDX-License-Identifier: MIT
 *
 * Any request in the form of tests/unit/solve_case.h: solving ends, gives the
 * same again, and what it gives satisfies the world and all dependencies.
 */
#include <assert.h>
#include <string.h>

#include "../unit/solve_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_held_by(const struct package *pkg, const struct dependency *word)
{
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

/* "!" words are apk's own affair: two unversioned providers of one name may
 * stand together, of which apk looks at one. */
static void check_words(
	const struct solution *s, const struct dependency_list *words)
{
	for (size_t i = 0; i < words->n; i++) {
		bool holds = words->items[i].is_conflict;

		for (size_t j = 0; j < s->npackages && !holds; j++)
			holds = is_held_by(s->packages[j], &words->items[i]);
		assert(holds);
	}
}

static void check_again(struct solve_case *c, const struct solution *first)
{
	struct solution again;
	struct error err;

	if (solve_case_solve(c, &again, &err))
		assert(false);
	assert(again.n == first->n);
	for (size_t i = 0; i < again.n; i++) {
		assert(again.steps[i].old == first->steps[i].old);
		assert(again.steps[i].new == first->steps[i].new);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct solve_case c;
	struct solution solution;
	struct error err;

	if (size > 65536)
		return 0;
	if (!solve_case_read(&c, slice_make(data, size), &err)) {
		if (!solve_case_solve(&c, &solution, &err)) {
			check_words(&solution, &c.world);
			for (size_t i = 0; i < solution.npackages; i++)
				check_words(&solution,
					&solution.packages[i]->depends);
			check_again(&c, &solution);
		} else {
			assert(strlen(err.text));
		}
	}
	solve_case_release(&c);
	return 0;
}
