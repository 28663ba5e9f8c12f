/* SPDX-License-Identifier: MIT
 *
 * solve: from what is installed, what repositories offer and what the world
 * wants to a transaction: the packages that apk itself would choose, in the
 * order in which it would handle them. No SAT and no backtracking: apk's own
 * propagation and greedy choice (apk-tools 3 solver.c). A pure function: the
 * same request gives the same solution, whatever the machine.
 */
#ifndef APK_SOLVE_H
#define APK_SOLVE_H

#include "apk/index.h"
#include "apk/installed.h"

#define SOLVE_REPOSITORIES_MAX 64

struct solve_repository {
	const char *name; /* for messages: URL or path */
	const char *tag;  /* NULL: none */
	const struct index *index;
};

struct solve_request {
	const struct installed *installed; /* may be NULL: nothing is */
	const struct solve_repository *repositories;
	size_t nrepositories;
	const struct dependency_list *world;
	/* The words of the world that `apk add` would be given: apk decides
	   these names first. May be NULL: none are. */
	const struct dependency_list *named;
	/* Alpine's name: what A: may say beside noarch; NULL: anything */
	const char *arch;
};

enum step_kind {
	STEP_INSTALL,
	STEP_UPGRADE,
	STEP_DOWNGRADE,
	STEP_REPLACE, /* the same version, another identity */
	STEP_PIN,     /* the same package, another tag */
	STEP_PURGE,
};
extern const char *const step_names[STEP_PURGE + 1]; /* "install" */

struct solution_step {
	enum step_kind kind;
	const struct package *old; /* NULL: STEP_INSTALL */
	const struct package *new; /* NULL: STEP_PURGE */
	size_t repository; /* index in the request, of `new`; the first that
			      has it; SIZE_MAX: none has, it is installed */
	struct slice tag;  /* that it was taken from; empty: none */
};

struct solution {
	struct solution_step *steps; /* in apk's order */
	size_t n;
	/* What will be installed afterwards: old and new together. */
	const struct package **packages;
	size_t npackages;
};

/*
 * ERROR_SOLVE when the world cannot be had: the text tells, a line each, who
 * requires what, which candidates there are and why each will not do, and for
 * names that nothing provides the nearest ones. Everything is in the arena
 * and points into the request.
 */
int solve(struct solution *solution, const struct solve_request *request,
	struct arena *arena, struct error *err) MUST_CHECK;

#endif
