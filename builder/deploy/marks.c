/* SPDX-License-Identifier: MIT
 *
 * The comments of containers are what a run is known by; those of interfaces
 * and ports only follow. When a run was cut off, the marks tell how far it
 * was (see deploy.h): a container that has "(next)" beside a current one is
 * not known to run, one that is alone with it is the current one, since the
 * old one gives its mark away first.
 */
#include "deploy/parts.h"

#include <string.h>

#include "base/log.h"
#include "routeros/property.h"

#define FINISH_TRIES 3
#define SETTLE_STEPS_MAX 8 /* twice of what there can be to do */
#define VETH "/interface/veth"
#define PORT "/interface/bridge/port"

static bool has_start_on_boot(const struct deploy *deploy)
{
	return property_has(
		"/container", "start-on-boot", &deploy->router.version);
}

static int set_values(struct deploy *deploy, const struct rest_change *change,
	struct error *err)
{
	return rest_set(&deploy->rest, change, err);
}

int marks_change(
	struct deploy *deploy, const struct remark *remark, struct error *err)
{
	const struct rest_value values[] = {
		{ "comment", deploy_comment(deploy, remark->to) },
		{ "start-on-boot", remark->starts },
	};
	struct container container;
	struct rest_change change = { "/container", NULL, values, 1 };

	if (container_look(deploy, remark->from, &container, err))
		return -1;
	if (container.state == CONTAINER_GONE)
		return 0;
	change.id = container.id;
	if (remark->starts && has_start_on_boot(deploy))
		change.n = 2;
	return set_values(deploy, &change, err);
}

/* ---- interfaces and ports ---------------------------------------------- */

/* From 7.20 on a container may have several interfaces. */
static bool has_interface(const struct container *container, const char *name)
{
	struct slice rest = slice_of(container->interface), word;

	while (slice_cut(&rest, ',', &word)) {
		if (slice_is(slice_trim(word), name))
			return true;
	}
	return false;
}

static int user_of(
	const struct container now[MARK_COUNT], const char *interface)
{
	for (int m = 0; interface && m < MARK_COUNT; m++) {
		if (now[m].state != CONTAINER_GONE &&
			has_interface(&now[m], interface))
			return m;
	}
	return -1;
}

/* One that nobody uses is left over, but for what an installation that was
 * cut off before its container has made, and takes up again. */
static int align_item(struct deploy *deploy, const char *menu,
	const struct rest_item *item, const struct container now[MARK_COUNT],
	struct error *err)
{
	const char *interface =
		rest_value(item, strcmp(menu, PORT) ? "name" : "interface");
	const int user = user_of(now, interface);
	const int mark = deploy_mark(deploy, rest_value(item, "comment"));
	struct rest_value value = { "comment", NULL };
	const struct rest_change change = { menu, item->id, &value, 1 };

	if (mark < 0 || mark == user ||
		(user < 0 && mark == MARK_CURRENT &&
			now[MARK_CURRENT].state == CONTAINER_GONE))
		return 0;
	if (user < 0)
		return rest_remove(&deploy->rest, menu, item->id, err);
	value.value = deploy_comment(deploy, user);
	return set_values(deploy, &change, err);
}

static int align_menu(struct deploy *deploy, const char *menu,
	const struct container now[MARK_COUNT], struct error *err)
{
	const struct rest_query query = { .menu = menu };
	struct rest_items items;

	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, err))
		return -1;
	for (size_t i = 0; i < items.n; i++) {
		if (align_item(deploy, menu, &items.items[i], now, err))
			return -1;
	}
	return 0;
}

/* Ports first: they go with their interfaces. */
int marks_align(struct deploy *deploy, struct error *err)
{
	struct container now[MARK_COUNT];

	if (containers_look(deploy, now, &deploy->arena, err) ||
		align_menu(deploy, PORT, now, err))
		return -1;
	return align_menu(deploy, VETH, now, err);
}

/* ---- after a run that was cut off -------------------------------------- */

static bool is_there(const struct container now[MARK_COUNT], enum mark mark)
{
	return now[mark].state != CONTAINER_GONE;
}

/* Its old container may have been stopped for it. */
static int discard_next(struct deploy *deploy,
	const struct container now[MARK_COUNT], struct error *err)
{
	deploy_tell(deploy, "/container",
		"removing a container that a run that was cut off had begun");
	if (container_stop(deploy, MARK_NEXT, err))
		return -1;
	if (now[MARK_CURRENT].state == CONTAINER_STOPPED &&
		!now[MARK_CURRENT].is_manual &&
		container_start(deploy, MARK_CURRENT, err))
		return -1;
	return container_remove(deploy, MARK_NEXT, err);
}

static int promote(
	struct deploy *deploy, enum mark from, enum mark to, struct error *err)
{
	const struct remark remark = { from, to,
		to == MARK_CURRENT ? "yes" : "no" };

	deploy_tell(deploy, "/container",
		"finishing what a run that was cut off had begun");
	return marks_change(deploy, &remark, err);
}

/*
 * The current one has given its mark away, or was removed by a script of
 * routeros/rsc, which lets the new one start with the router before. A first
 * one has nobody to wait for: it does not before it runs, and is current then.
 */
static bool is_known_to_run(const struct container now[MARK_COUNT])
{
	return !is_there(now, MARK_CURRENT) &&
	       (is_there(now, MARK_PREVIOUS) || is_there(now, MARK_OLD) ||
		       !now[MARK_NEXT].is_manual);
}

/* One step of the rules; *done: there was none to take. */
static int settle_step(struct deploy *deploy, struct container now[MARK_COUNT],
	bool *done, struct error *err)
{
	if (containers_look(deploy, now, &deploy->arena, err))
		return -1;
	if (is_there(now, MARK_NEXT))
		return is_known_to_run(now)
			       ? promote(deploy, MARK_NEXT, MARK_CURRENT, err)
			       : discard_next(deploy, now, err);
	if (is_there(now, MARK_OLD)) {
		if (!is_there(now, MARK_CURRENT))
			return promote(deploy, MARK_OLD, MARK_CURRENT, err);
		if (!is_there(now, MARK_PREVIOUS))
			return promote(deploy, MARK_OLD, MARK_PREVIOUS, err);
		return container_remove(deploy, MARK_OLD, err);
	}
	*done = true;
	return 0;
}

/* A router that was off in between starts what was marked then; a rollback that
 * was cut off has changed them already. */
static int reach_states(struct deploy *deploy, struct error *err)
{
	struct container now[MARK_COUNT];

	if (containers_look(deploy, now, &deploy->arena, err))
		return -1;
	if (now[MARK_PREVIOUS].state == CONTAINER_RUNNING &&
		container_stop(deploy, MARK_PREVIOUS, err))
		return -1;
	if (now[MARK_CURRENT].state == CONTAINER_STOPPED &&
		!now[MARK_CURRENT].is_manual)
		return container_start(deploy, MARK_CURRENT, err);
	return 0;
}

int marks_settle(struct deploy *deploy, struct container now[MARK_COUNT],
	bool *any, struct error *err)
{
	bool done = false;

	*any = false;
	for (int i = 0; !done; i++) {
		if (i == SETTLE_STEPS_MAX)
			return error_set(err, ERROR_ROUTER,
				"the router does not take comments of "
				"containers: look at /container/print");
		if (settle_step(deploy, now, &done, err))
			return error_wrap(err, "what a run that was cut off "
					       "had begun");
		*any = *any || !done;
	}
	if (*any && (reach_states(deploy, err) ||
			    containers_look(deploy, now, &deploy->arena, err)))
		return -1;
	return marks_align(deploy, err);
}

/* ---- after the commit -------------------------------------------------- */

struct naming {
	struct deploy *deploy;
	const char *name; /* of the current one */
};

/* What a person named otherwise keeps its name. */
static bool is_our_name(const struct naming *naming, const char *text)
{
	static const char *const tails[] = { "", "-next", "-previous",
		"-aside" };
	const size_t len = strlen(naming->name);

	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		if (!strncmp(text, naming->name, len) &&
			!strcmp(text + len, tails[i]))
			return true;
	}
	return false;
}

static int rename_one(const struct naming *naming,
	const struct container *container, const char *name, struct error *err)
{
	const struct rest_value value = { "name", name };
	const struct rest_change change = { "/container", container->id, &value,
		1 };

	if (container->state == CONTAINER_GONE ||
		!strcmp(container->name, name) ||
		!is_our_name(naming, container->name))
		return 0;
	return set_values(naming->deploy, &change, err);
}

/* Names are for people only. Two may have to change places. */
static int rename_all(
	struct deploy *deploy, const char *name, struct error *err)
{
	const char *previous =
		arena_printf(&deploy->arena, "%s-previous", name);
	const char *aside = arena_printf(&deploy->arena, "%s-aside", name);
	const struct naming naming = { deploy, name };
	struct container now[MARK_COUNT];

	if (!property_has("/container", "name", &deploy->router.version))
		return 0;
	if (containers_look(deploy, now, &deploy->arena, err))
		return -1;
	if (now[MARK_PREVIOUS].state != CONTAINER_GONE &&
		!strcmp(now[MARK_PREVIOUS].name, name)) {
		if (rename_one(&naming, &now[MARK_PREVIOUS], aside, err))
			return -1;
		now[MARK_PREVIOUS].name = aside;
	}
	if (rename_one(&naming, &now[MARK_CURRENT], name, err))
		return -1;
	return rename_one(&naming, &now[MARK_PREVIOUS], previous, err);
}

static int finish_once(struct deploy *deploy, struct error *err)
{
	if (marks_align(deploy, err) ||
		container_remove(deploy, MARK_OLD, err) ||
		marks_align(deploy, err))
		return -1;
	return reach_states(deploy, err);
}

/* Each part may be done twice; one refusal need not be the last word. */
void marks_finish(struct deploy *deploy, const char *name)
{
	const char *old_root = "";
	struct error why;
	int failed = -1;

	for (int i = 0; failed && i < FINISH_TRIES; i++) {
		struct container old;

		failed = container_look(deploy, MARK_OLD, &old, &why);
		if (!failed && old.state != CONTAINER_GONE)
			old_root = old.root_dir;
		failed = failed || finish_once(deploy, &why);
	}
	if (failed)
		log_warn("the new container runs, but this was not finished: "
			 "%s; the next alpbuild deploy does it",
			why.text);
	else if (*old_root && file_remove(deploy, old_root, &why))
		log_warn("%s: remove that folder by hand", why.text);
	marks_rename(deploy, name);
}

void marks_rename(struct deploy *deploy, const char *name)
{
	struct error why;
	int failed = -1;

	for (int i = 0; failed && i < FINISH_TRIES; i++)
		failed = rename_all(deploy, name, &why);
	if (failed)
		log_warn("the containers could not be named: %s", why.text);
}
