/* SPDX-License-Identifier: MIT */
#include "deploy/parts.h"

#include <string.h>

#include "base/log.h"
#include "routeros/property.h"

#define MENU "/container"
#define POLL_FIRST_MS 200
#define POLL_MAX_MS 2000
#define ROUND_MS 3000 /* then it is asked again */
#define STARTS_MAX 3  /* one that ends at once is no better for more */
#define REMOVE_PAUSE_MS 500

/* ---- looking ----------------------------------------------------------- */

/* Up to 7.19 there is a status, from 7.20 on there are flags. */
static enum container_state state_of(const struct rest_item *item)
{
	static const struct {
		const char *word, *flag;
		enum container_state state;
	} states[] = {
		{ "running", "running", CONTAINER_RUNNING },
		{ "error", "failed", CONTAINER_FAILED },
		{ "stopped", "stopped", CONTAINER_STOPPED },
	};
	const char *status = rest_value(item, "status");

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		if ((status && !strcmp(status, states[i].word)) ||
			rest_is_true(rest_value(item, states[i].flag)))
			return states[i].state;
	}
	return CONTAINER_BUSY;
}

static const char *text_of(
	const struct rest_item *item, const char *name, struct arena *arena)
{
	const char *value = rest_value(item, name);

	return arena_strdup(arena, value ? value : "");
}

static void fill(struct container *container, const struct rest_item *item,
	struct arena *arena)
{
	const char *root = text_of(item, "root-dir", arena);
	const char *starts = rest_value(item, "start-on-boot");

	*container = (struct container){
		.state = state_of(item),
		.id = arena_strdup(arena, item->id ? item->id : ""),
		.name = text_of(item, "name", arena),
		.interface = text_of(item, "interface", arena),
		.tag = text_of(item, "tag", arena),
		.root_dir = root[0] == '/' ? root + 1 : root,
		.is_manual = starts && !rest_is_true(starts),
	};
}

static int complain_twice(
	struct deploy *deploy, enum mark mark, struct error *err)
{
	return error_set(err, ERROR_ROUTER,
		"two containers on the router have the comment \"%s\": remove "
		"one of them, or give it another comment",
		deploy_comment(deploy, mark));
}

int containers_look(struct deploy *deploy, struct container now[MARK_COUNT],
	struct arena *arena, struct error *err)
{
	const struct rest_query query = { .menu = MENU };
	struct rest_items items;

	memset(now, 0, sizeof(*now) * MARK_COUNT);
	if (rest_print(&deploy->rest, &query, &items, arena, err))
		return -1;
	for (size_t i = 0; i < items.n; i++) {
		const char *comment = rest_value(&items.items[i], "comment");

		for (int m = 0; comment && m < MARK_COUNT; m++) {
			if (strcmp(comment, deploy_comment(deploy, m)))
				continue;
			if (now[m].state != CONTAINER_GONE)
				return complain_twice(deploy, m, err);
			fill(&now[m], &items.items[i], arena);
		}
	}
	return 0;
}

int container_look(struct deploy *deploy, enum mark mark,
	struct container *container, struct error *err)
{
	struct container now[MARK_COUNT];

	if (containers_look(deploy, now, &deploy->arena, err))
		return -1;
	*container = now[mark];
	return 0;
}

const char *container_state_text(enum container_state state)
{
	static const char *const texts[] = { "gone", "busy", "stopped",
		"running", "failed" };

	return texts[state];
}

/* ---- waiting ----------------------------------------------------------- */

/* One look, in memory of its own: there may be hundreds. */
static int look_state(struct deploy *deploy, enum mark mark,
	enum container_state *state, struct error *err)
{
	struct container now[MARK_COUNT];
	struct arena arena;
	int failed;

	arena_init(&arena);
	failed = containers_look(deploy, now, &arena, err);
	*state = now[mark].state;
	arena_release(&arena);
	return failed;
}

int container_wait(struct deploy *deploy, const struct container_wait *wait,
	struct container *container, struct error *err)
{
	const long end = deploy_now_ms() + wait->limit_ms;
	long pause = POLL_FIRST_MS;
	enum container_state state;

	for (;;) {
		if (look_state(deploy, wait->mark, &state, err))
			return -1;
		log_follow(deploy);
		if (state != wait->state || deploy_now_ms() >= end)
			return container_look(
				deploy, wait->mark, container, err);
		if (deploy_sleep(deploy, pause, err))
			return -1;
		pause += pause / 2;
		if (pause > POLL_MAX_MS)
			pause = POLL_MAX_MS;
	}
}

/* ---- doing ------------------------------------------------------------- */

/*
 * A command whose answer got lost may have been carried out, and a router
 * that was off may have forgotten: so it looks, and asks again. What stops
 * already may refuse to be stopped until it is.
 */
static int reach(struct deploy *deploy, enum mark mark, const char *command,
	struct container *container, struct error *err)
{
	const bool starts = !strcmp(command, "start");
	const struct container_wait wait = {
		.mark = mark,
		.state = starts ? CONTAINER_STOPPED : CONTAINER_RUNNING,
		.limit_ms = ROUND_MS,
	};
	const long end = deploy_now_ms() + STOP_LIMIT_MS;
	int nstarts = 0;

	if (container_look(deploy, mark, container, err))
		return -1;
	while (container->state == wait.state &&
		(starts ? nstarts < STARTS_MAX : deploy_now_ms() < end)) {
		nstarts += starts;
		deploy->has_told_to_stop = deploy->has_told_to_stop || !starts;
		if (rest_command(
			    &deploy->rest, MENU, command, container->id, err) &&
			(err->kind != ERROR_ROUTER || nstarts == STARTS_MAX))
			return -1;
		if (container_wait(deploy, &wait, container, err))
			return -1;
	}
	return 0;
}

/* Between stopped and running it may be neither. */
int container_start(struct deploy *deploy, enum mark mark, struct error *err)
{
	const struct container_wait busy = { mark, CONTAINER_BUSY,
		START_LIMIT_MS };
	struct container container;

	if (reach(deploy, mark, "start", &container, err) ||
		container_wait(deploy, &busy, &container, err))
		return error_wrap(err, "the container could not be started");
	if (container.state == CONTAINER_RUNNING)
		return 0;
	return error_set(err, ERROR_ROUTER,
		"the container was started, and is %s",
		container_state_text(container.state));
}

/* What is being extracted cannot be stopped, and ends by itself. What ended
 * may be started again by its policy before it is told to stop. */
int container_stop(struct deploy *deploy, enum mark mark, struct error *err)
{
	const struct container_wait busy = { mark, CONTAINER_BUSY,
		EXTRACT_LIMIT_MS };
	const long end = deploy_now_ms() + STOP_LIMIT_MS;
	struct container container;

	do {
		if (container_wait(deploy, &busy, &container, err) ||
			reach(deploy, mark, "stop", &container, err) ||
			container_wait(deploy, &busy, &container, err))
			return error_wrap(
				err, "the container could not be stopped");
	} while (container.state == CONTAINER_RUNNING && deploy_now_ms() < end);
	if (container.state != CONTAINER_RUNNING &&
		container.state != CONTAINER_BUSY)
		return 0;
	return error_set(err, ERROR_ROUTER,
		"the container is %s and does not stop: look at "
		"/container/print and /log/print",
		container_state_text(container.state));
}

/*
 * One that ended and that its policy starts again looks as if it were stopped,
 * and refuses to go until it is told to stop.
 */
static int remove_item(struct deploy *deploy, const struct container *container,
	struct error *err)
{
	const long end = deploy_now_ms() + STOP_LIMIT_MS;
	struct error ignored;

	while (rest_remove(&deploy->rest, MENU, container->id, err)) {
		if (err->kind != ERROR_ROUTER || deploy_now_ms() >= end)
			return -1;
		if (rest_command(&deploy->rest, MENU, "stop", container->id,
			    &ignored))
			log_debug("%s", ignored.text);
		if (deploy_sleep(deploy, REMOVE_PAUSE_MS, err))
			return -1;
	}
	return 0;
}

int container_remove(struct deploy *deploy, enum mark mark, struct error *err)
{
	struct container container;
	struct error ignored;

	if (container_look(deploy, mark, &container, err))
		return -1;
	if (container.state == CONTAINER_GONE)
		return 0;
	/* An extraction that never ends must not keep us. */
	if ((container.state != CONTAINER_BUSY ||
		    rest_remove(&deploy->rest, MENU, container.id, &ignored)) &&
		(container_stop(deploy, mark, err) ||
			remove_item(deploy, &container, err)))
		return -1;
	return *container.root_dir
		       ? file_remove(deploy, container.root_dir, err)
		       : 0;
}

int container_settle(struct deploy *deploy, enum mark mark, unsigned settle_s,
	struct error *err)
{
	const struct container_wait wait = { mark, CONTAINER_RUNNING,
		settle_s * 1000L };
	struct container container;

	if (container_wait(deploy, &wait, &container, err))
		return -1;
	if (container.state == CONTAINER_RUNNING)
		return 0;
	return error_set(err, ERROR_ROUTER,
		"the container was started but does not keep running: it is %s",
		container_state_text(container.state));
}
