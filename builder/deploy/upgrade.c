/* SPDX-License-Identifier: MIT
 *
 * From one container to another: the old one stops only when the new one is
 * extracted, and gives its mark away only when the new one runs. That is the
 * moment from which there is no way back but deploy_rollback().
 */
#include <string.h>

#include "base/log.h"
#include "deploy/parts.h"

/* The new interface looks like the old one, and is on the same bridge. */
static int copy_network(struct run *run, struct error *err)
{
	struct deploy *deploy = run->deploy;
	const char *old = run->now[MARK_CURRENT].interface;
	const struct rest_value veth = { "name", old };
	const struct rest_value port = { "interface", old };
	const struct rest_query veths = { "/interface/veth", &veth, 1 };
	const struct rest_query ports = { "/interface/bridge/port", &port, 1 };
	struct rest_items items;

	if (rest_print(&deploy->rest, &veths, &items, &deploy->arena, err))
		return -1;
	if (items.n != 1)
		return error_set(err, ERROR_ROUTER,
			"the container's interface \"%s\" is not one of "
			"/interface/veth: give the container one, or install "
			"under another --name",
			old);
	if (rest_value(&items.items[0], "address"))
		run->setup.address = rest_value(&items.items[0], "address");
	if (rest_value(&items.items[0], "gateway"))
		run->setup.gateway = rest_value(&items.items[0], "gateway");
	if (rest_print(&deploy->rest, &ports, &items, &deploy->arena, err))
		return -1;
	run->has_port = items.n;
	if (items.n && rest_value(&items.items[0], "bridge"))
		run->setup.bridge = rest_value(&items.items[0], "bridge");
	return 0;
}

/* Bridge and NAT are there, or were taken away on purpose. */
static void leave_shared(struct run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->steps.n; i++) {
		const struct router_step *step = &run->steps.items[i];

		if (step->kind != RSTEP_SHARED &&
			(step->kind != RSTEP_PORT || run->has_port))
			run->steps.items[n++] = *step;
	}
	run->steps.n = n;
}

static int stop_one(struct run *run, enum mark mark, struct error *err)
{
	const bool is_old = mark == MARK_CURRENT;
	const char *what =
		is_old ? "the old container" : "the previous container";
	const struct undo undo = {
		.kind = UNDO_STOPPED,
		.what = is_old ? "the stop of the old container"
			       : "the stop of the previous container",
		.mark = mark,
	};

	if (run->now[mark].state != CONTAINER_RUNNING)
		return 0;
	undo_add(run->deploy, &undo);
	if (container_stop(run->deploy, mark, err))
		return error_wrap(err, "%s", what);
	deploy_tell(run->deploy, "/container", "stopped %s", what);
	return 0;
}

/* After a rollback that was cut off the previous one may be what runs: all
 * have the same address. */
static int stop_old(struct run *run, struct error *err)
{
	return stop_one(run, MARK_CURRENT, err) ||
			       stop_one(run, MARK_PREVIOUS, err)
		       ? -1
		       : 0;
}

/* ---- the marks --------------------------------------------------------- */

int upgrade_remark(
	struct run *run, const struct remark *remark, struct error *err)
{
	const struct container *container = &run->now[remark->from];
	const struct undo undo = {
		.kind = UNDO_MARKED,
		.what = "the comment of a container",
		.mark = remark->to,
		.former = remark->from,
		.path = container->root_dir,
		.was_manual = container->is_manual,
	};

	if (container->state == CONTAINER_GONE)
		return 0;
	undo_add(run->deploy, &undo);
	return marks_change(run->deploy, remark, err);
}

int upgrade_commit(
	struct run *run, const struct remark *remark, struct error *err)
{
	struct deploy *deploy = run->deploy;

	if (!marks_change(deploy, remark, err)) {
		undo_forget(deploy);
		return 0;
	}
	if (err->kind == ERROR_ROUTER || err->kind == ERROR_LOGIN)
		return -1;
	/* The next run finds out whether it was done. */
	undo_forget(deploy);
	return error_wrap(err, "the new container runs, but it is not known "
			       "whether it is marked as the current one: run "
			       "the same command again");
}

/* The new one starts with the router before the old one does not. */
static int commit(struct run *run, struct error *err)
{
	static const struct remark ready = { MARK_NEXT, MARK_NEXT, "yes" };
	static const struct remark aside = { MARK_PREVIOUS, MARK_OLD, NULL };
	static const struct remark before = { MARK_CURRENT, MARK_PREVIOUS,
		"no" };
	static const struct remark done = { MARK_NEXT, MARK_CURRENT, "yes" };

	deploy_ignore_cancel(run->deploy);
	if (marks_change(run->deploy, &ready, err) ||
		upgrade_remark(run, &aside, err) ||
		upgrade_remark(run, &before, err) ||
		upgrade_commit(run, &done, err))
		return -1;
	marks_finish(run->deploy, run->setup.name);
	return 0;
}

int upgrade_prepare(struct run *run, struct error *err)
{
	if (copy_network(run, err))
		return -1;
	router_steps_make(&run->steps, &run->setup, &run->deploy->arena);
	leave_shared(run);
	return 0;
}

int upgrade(struct run *run, struct error *err)
{
	if (install_steps(run, err))
		return -1;
	if (run->deploy->dry_run) {
		deploy_tell(run->deploy, "/container",
			"would stop the old container, start the new one, and "
			"keep the old one as (previous)");
		return 0;
	}
	if (stop_old(run, err) || install_start(run, err))
		return -1;
	return commit(run, err);
}
