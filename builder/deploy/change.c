/* SPDX-License-Identifier: MIT */
#include "deploy/parts.h"

#include <string.h>

#define ADD_TRIES 3

/* ---- files ------------------------------------------------------------- */

static int find_file(struct deploy *deploy, const char *path,
	struct rest_items *items, struct error *err)
{
	const struct rest_value where = { "name", path };
	const struct rest_query query = { "/file", &where, 1 };

	return rest_print(&deploy->rest, &query, items, &deploy->arena, err);
}

int file_look(struct deploy *deploy, const char *path, int64_t *size,
	struct error *err)
{
	struct rest_items items;
	const char *text;
	uint64_t number;

	*size = -1;
	if (find_file(deploy, path, &items, err))
		return -1;
	if (!items.n)
		return 0;
	*size = 0;
	text = rest_value(&items.items[0], "size");
	if (text && !slice_to_u64(slice_of(text), 10, INT64_MAX, &number))
		*size = (int64_t)number;
	return 0;
}

int file_remove(struct deploy *deploy, const char *path, struct error *err)
{
	struct rest_items items;

	if (find_file(deploy, path, &items, err))
		return -1;
	for (size_t i = 0; i < items.n; i++) {
		if (rest_remove(&deploy->rest, "/file", items.items[i].id, err))
			return error_wrap(err, "%s could not be removed", path);
	}
	return 0;
}

/* ---- items ------------------------------------------------------------- */

static struct rest_value *add_value(
	struct rest_value *at, const char *name, const char *value)
{
	*at = (struct rest_value){ name, value };
	return at + 1;
}

static bool is_skipped(const char *name, const char *const *skipped)
{
	for (size_t i = 0; skipped && skipped[i]; i++) {
		if (!strcmp(name, skipped[i]))
			return true;
	}
	return false;
}

struct wanted change_wanted(struct deploy *deploy,
	const struct router_step *step, const char *const *skipped,
	const struct rest_value *others)
{
	struct rest_value *values = arena_alloc(
		&deploy->arena, 2 * STEP_PROPERTIES_MAX * sizeof(*values));
	struct rest_value *at = values;
	struct wanted wanted = { step->menu, step->what, step->advice, values };

	for (size_t i = 0; others && others[i].name; i++)
		at = add_value(at, others[i].name, others[i].value);
	wanted.nkeys = others ? 1 : step->nkeys;
	for (size_t i = 0; i < step->nproperties; i++) {
		if (!is_skipped(step->properties[i].name, skipped))
			at = add_value(at, step->properties[i].name,
				step->properties[i].value);
	}
	wanted.n = (size_t)(at - values);
	return wanted;
}

/* A container goes by its mark, after it was stopped: UNDO_CONTAINER. */
static void remember(struct deploy *deploy, const struct wanted *wanted)
{
	const struct undo undo = {
		.kind = UNDO_ADDED,
		.what = wanted->what,
		.menu = wanted->menu,
		.values = wanted->values,
		.n = wanted->nkeys,
	};

	if (strcmp(wanted->menu, "/container") != 0)
		undo_add(deploy, &undo);
}

static int is_there(struct deploy *deploy, const struct wanted *wanted,
	bool *there, struct error *err)
{
	const struct rest_query query = { wanted->menu, wanted->values,
		wanted->nkeys };
	struct rest_items items;

	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, err))
		return -1;
	*there = items.n;
	return 0;
}

/* Whoever lost the answer of an addition finds what was added. */
static int add(
	struct deploy *deploy, const struct wanted *wanted, struct error *err)
{
	const struct rest_change change = { wanted->menu, NULL, wanted->values,
		wanted->n };
	const char *id;
	bool there = false;

	for (int i = 0; i < ADD_TRIES && !there; i++) {
		if (!rest_add(&deploy->rest, &change, &id, &deploy->arena, err))
			return 0;
		if (err->kind != ERROR_NETWORK && err->kind != ERROR_INPUT)
			return -1;
		if (is_there(deploy, wanted, &there, err))
			return -1;
	}
	return there ? 0 : -1;
}

int change_ensure(
	struct deploy *deploy, const struct wanted *wanted, struct error *err)
{
	bool there;

	if (is_there(deploy, wanted, &there, err))
		return -1;
	if (there)
		return 0;
	if (deploy->dry_run) {
		deploy_tell(
			deploy, wanted->menu, "would add: %s", wanted->what);
		return 0;
	}
	remember(deploy, wanted);
	if (add(deploy, wanted, err)) {
		error_wrap(err, "%s could not be added", wanted->what);
		if (err->kind == ERROR_ROUTER) {
			struct error why = *err;

			error_set(err, why.kind, "%.1600s: %s", why.text,
				wanted->advice);
		}
		return -1;
	}
	deploy_tell(deploy, wanted->menu, "added: %s", wanted->what);
	return 0;
}
