/* SPDX-License-Identifier: MIT */
#include "cmd/resolve_report.h"

#include <stdio.h>
#include <string.h>

#include "apk/why.h"
#include "cmd/report.h"

/* null when it is no UTF-8, as a file name may be. */
static json_t *slice_json(struct slice s)
{
	json_t *text = s.len ? json_stringn(s.ptr, s.len) : NULL;

	return text ? text : json_null();
}

static struct slice requirer(const struct requirement *why)
{
	return why->by ? why->by->name : slice_of("world");
}

/* Each once: a package may have several words for one other. */
static json_t *names_json(const struct requirement_list *list)
{
	json_t *names = json_array();

	for (size_t i = 0; i < list->n; i++) {
		struct slice name = requirer(&list->items[i]);

		if (!i || !slice_eq(name, requirer(&list->items[i - 1])))
			json_array_append_new(names, slice_json(name));
	}
	return names;
}

static json_t *reasons_json(const struct requirement_list *list)
{
	json_t *reasons = json_array();

	for (size_t i = 0; i < list->n; i++) {
		const struct requirement *why = &list->items[i];
		SCOPED_FREE char *word = dependency_text(why->word);

		json_array_append_new(
			reasons, json_pack("{s:o,s:o,s:b}", "by",
					 slice_json(requirer(why)), "word",
					 slice_json(slice_of(word)),
					 "install_if", why->is_install_if));
	}
	return reasons;
}

static json_t *step_json(const struct solve_request *asked,
	const struct solution *solution, const struct solution_step *step,
	struct arena *arena)
{
	const struct package *pkg = step->new ? step->new : step->old;
	struct requirement_list why = { 0 };
	struct slice repository = { 0 };

	if (step->new)
		why_direct(pkg, solution, asked->world, arena, &why);
	if (step->new && step->repository != SIZE_MAX) {
		repository =
			slice_of(asked->repositories[step->repository].name);
	}
	return json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "step",
		step_names[step->kind], "name", slice_json(pkg->name),
		"version", slice_json(pkg->version), "old",
		step->old && step->new ? slice_json(step->old->version)
				       : json_null(),
		"repository", slice_json(repository), "tag",
		slice_json(step->tag), "required_by", names_json(&why),
		"reasons", reasons_json(&why));
}

static void print_step(const struct solution_step *step)
{
	const struct package *pkg = step->new ? step->new : step->old;

	/* No package changes, only where it is taken to be from. */
	if (step->kind == STEP_PIN)
		return;
	printf("%s %.*s", step_names[step->kind], SLICE_ARGS(pkg->name));
	if (step->old && step->new)
		printf(" %.*s", SLICE_ARGS(step->old->version));
	printf(" %.*s\n", SLICE_ARGS(pkg->version));
}

void resolve_report(const struct request *request,
	const struct solve_request *asked, const struct solution *solution)
{
	json_t *steps = json_array();

	for (size_t i = 0; i < solution->n; i++) {
		if (request->json)
			json_array_append_new(steps,
				step_json(asked, solution, &solution->steps[i],
					request->arena));
		else
			print_step(&solution->steps[i]);
	}
	if (request->json)
		report_json(json_pack("{s:O}", "steps", steps));
	json_decref(steps);
}
