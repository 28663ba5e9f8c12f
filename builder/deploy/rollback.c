/* SPDX-License-Identifier: MIT
 *
 * Back to the container before: the two change places, so that another
 * rollback goes forward again.
 */
#include "deploy/parts.h"

static int switch_over(struct run *run, struct error *err)
{
	const struct undo started = {
		.kind = UNDO_STARTED,
		.what = "the start of the previous container",
		.mark = MARK_PREVIOUS,
	};
	const struct undo stopped = {
		.kind = UNDO_STOPPED,
		.what = "the stop of the container",
		.mark = MARK_CURRENT,
	};
	struct deploy *deploy = run->deploy;

	if (run->now[MARK_CURRENT].state == CONTAINER_RUNNING) {
		undo_add(deploy, &stopped);
		if (container_stop(deploy, MARK_CURRENT, err))
			return -1;
		deploy_tell(deploy, "/container", "stopped the container");
	}
	undo_add(deploy, &started);
	if (container_start(deploy, MARK_PREVIOUS, err) ||
		container_settle(
			deploy, MARK_PREVIOUS, run->options->settle_s, err))
		return error_wrap(err, "the previous container");
	deploy_tell(deploy, "/container",
		"started the previous container; it runs");
	return 0;
}

static int commit(struct run *run, struct error *err)
{
	static const struct remark aside = { MARK_PREVIOUS, MARK_OLD, "yes" };
	static const struct remark before = { MARK_CURRENT, MARK_PREVIOUS,
		"no" };
	static const struct remark done = { MARK_OLD, MARK_CURRENT, "yes" };

	deploy_ignore_cancel(run->deploy);
	if (upgrade_remark(run, &aside, err) ||
		upgrade_remark(run, &before, err) ||
		upgrade_commit(run, &done, err))
		return -1;
	marks_finish(run->deploy, run->setup.name);
	return 0;
}

int rollback(struct run *run, struct error *err)
{
	if (run->now[MARK_PREVIOUS].state == CONTAINER_GONE)
		return error_set(err, ERROR_NOT_FOUND,
			"there is no container \"%s\" on the router to go back "
			"to",
			deploy_comment(run->deploy, MARK_PREVIOUS));
	if (run->deploy->dry_run) {
		deploy_tell(run->deploy, "/container",
			"would stop the container and start the previous one, "
			"in %s",
			run->now[MARK_PREVIOUS].root_dir);
		return 0;
	}
	log_begin(run->deploy);
	if (switch_over(run, err))
		return -1;
	return commit(run, err);
}
