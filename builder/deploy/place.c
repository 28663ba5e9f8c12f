/* SPDX-License-Identifier: MIT
 *
 * Containers share neither folder nor interface, and the one before stays. So
 * each has a place of its own: the plain names, or those with b, c or d.
 */
#include <string.h>

#include "deploy/parts.h"
#include "routeros/property.h"

struct place {
	const char *root_dir, *veth;
};

static const char *const letters[] = { "", "b", "c", "d" };

static struct place place_of(struct run *run, const char *letter)
{
	struct arena *arena = &run->deploy->arena;
	const struct router_setup *setup = &run->setup;

	if (!*letter)
		return (struct place){ setup->root_dir, setup->veth };
	return (struct place){
		arena_printf(arena, "%s.%s", setup->root_dir, letter),
		arena_printf(arena, "%s-%s", setup->veth, letter),
	};
}

/* Whether a menu has an item with this value. */
static int is_taken(struct deploy *deploy, const char *menu,
	const struct rest_value *value, bool *taken, struct error *err)
{
	const struct rest_query query = { menu, value, 1 };
	struct rest_items items;

	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, err))
		return -1;
	*taken = items.n;
	return 0;
}

static bool is_used(const struct run *run, const struct place *place)
{
	for (int m = 0; m < MARK_COUNT; m++) {
		const struct container *container = &run->now[m];

		if (container->state != CONTAINER_GONE &&
			(!strcmp(container->root_dir, place->root_dir) ||
				!strcmp(container->interface, place->veth)))
			return true;
	}
	return false;
}

static int is_free(struct run *run, const struct place *place, bool *yes,
	struct error *err)
{
	const struct rest_value folder = { "name", place->root_dir };
	const struct rest_value veth = { "name", place->veth };
	const bool is_first = run->is_first;
	struct deploy *deploy = run->deploy;
	bool taken = false;

	*yes = false;
	if (is_used(run, place))
		return 0;
	if (is_taken(deploy, "/file", &folder, &taken, err))
		return -1;
	/* The first one's interface may be left of a run that was cut off. */
	if (!taken && !is_first &&
		is_taken(deploy, "/interface/veth", &veth, &taken, err))
		return -1;
	*yes = !taken;
	return 0;
}

static int complain(const struct run *run, struct error *err)
{
	return error_set(err, ERROR_ROUTER,
		"the folder %s (and those with .b, .c and .d) or the "
		"interface %s is there already, and RouterOS would not extract "
		"into it: remove what nobody uses, or choose others with "
		"--root-dir and --name",
		run->setup.root_dir, run->setup.veth);
}

/* It gets its proper name when it is the current one. */
static int choose_name(struct run *run, struct error *err)
{
	struct deploy *deploy = run->deploy;
	const struct rest_value name = { "name", run->setup.name };
	bool taken;

	run->name = run->setup.name;
	if (!property_has("/container", "name", &deploy->router.version))
		return 0;
	if (is_taken(deploy, "/container", &name, &taken, err))
		return -1;
	if (taken)
		run->name = arena_printf(
			&deploy->arena, "%s-next", run->setup.name);
	return 0;
}

int place_choose(struct run *run, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		const struct place place = place_of(run, letters[i]);
		bool yes;

		if (is_free(run, &place, &yes, err))
			return -1;
		if (!yes)
			continue;
		run->root_dir = place.root_dir;
		run->veth = place.veth;
		return choose_name(run, err);
	}
	return complain(run, err);
}
