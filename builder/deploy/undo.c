/* SPDX-License-Identifier: MIT */
#include "deploy/parts.h"

#include <string.h>

#include "base/log.h"

#define UNDO_TRIES 3

void undo_add(struct deploy *deploy, const struct undo *undo)
{
	deploy->undos = arena_grow(&deploy->arena, deploy->undos,
		deploy->nundos, &deploy->undos_cap, sizeof(*deploy->undos));
	deploy->undos[deploy->nundos++] = *undo;
}

void undo_forget(struct deploy *deploy)
{
	deploy->nundos = 0;
}

void deploy_ignore_cancel(struct deploy *deploy)
{
	deploy->rest.cancel = NULL;
	http_client_set_cancel(deploy->client, NULL);
	if (deploy->sftp)
		sftp_set_cancel(deploy->sftp, NULL);
}

static int remove_added(
	struct deploy *deploy, const struct undo *undo, struct error *err)
{
	const struct rest_query query = { undo->menu, undo->values, undo->n };
	struct rest_items items;

	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, err))
		return -1;
	for (size_t i = 0; i < items.n; i++) {
		if (rest_remove(
			    &deploy->rest, undo->menu, items.items[i].id, err))
			return -1;
	}
	return 0;
}

/* Its folder, too, when the router removed the container by itself. */
static int remove_container(
	struct deploy *deploy, const struct undo *undo, struct error *err)
{
	if (container_remove(deploy, undo->mark, err))
		return -1;
	return file_remove(deploy, undo->path, err);
}

/* The same container, not another one that has this mark by now. */
static int mark_again(
	struct deploy *deploy, const struct undo *undo, struct error *err)
{
	const struct remark remark = { undo->mark, undo->former,
		undo->was_manual ? "no" : "yes" };
	struct container container;

	if (container_look(deploy, undo->mark, &container, err))
		return -1;
	if (container.state == CONTAINER_GONE ||
		strcmp(container.root_dir, undo->path))
		return 0;
	return marks_change(deploy, &remark, err);
}

/* One that was told to stop may still run. */
static int start_again(
	struct deploy *deploy, const struct undo *undo, struct error *err)
{
	struct container container;

	if (deploy->has_told_to_stop && container_stop(deploy, undo->mark, err))
		return -1;
	if (container_look(deploy, undo->mark, &container, err))
		return -1;
	if (container.state == CONTAINER_GONE)
		return 0;
	return container_start(deploy, undo->mark, err);
}

/* The router may not list it yet, or SSH may be what failed. */
static int remove_file(
	struct deploy *deploy, const struct undo *undo, struct error *err)
{
	struct error ignored;

	if (deploy->sftp && !sftp_remove(deploy->sftp, undo->path, &ignored))
		return 0;
	return file_remove(deploy, undo->path, err);
}

static int take_back(
	struct deploy *deploy, const struct undo *undo, struct error *err)
{
	switch (undo->kind) {
	case UNDO_ADDED:
		return remove_added(deploy, undo, err);
	case UNDO_CONTAINER:
		return remove_container(deploy, undo, err);
	case UNDO_STOPPED:
		return start_again(deploy, undo, err);
	case UNDO_STARTED:
		return container_stop(deploy, undo->mark, err);
	case UNDO_MARKED:
		return mark_again(deploy, undo, err);
	default:
		return remove_file(deploy, undo, err);
	}
}

static void tell_left(
	const struct error *why, const struct buf *left, struct error *err)
{
	struct error first = *err;

	if (why->kind == ERROR_NETWORK)
		error_set(err, first.kind,
			"%.1500s; and the router does not answer, so that this "
			"is left on it: %.300s: run the same command again "
			"when it answers, or alpbuild deploy --rollback",
			first.text, left->data);
	else
		error_set(err, first.kind,
			"%.1300s; and this could not be taken back: %.300s "
			"(%.300s): remove it by hand",
			first.text, left->data, why->text);
	log_warn("the router is not as it was");
}

/* One refusal need not be the last word. */
static int insist(
	struct deploy *deploy, const struct undo *undo, struct error *err)
{
	for (int i = 0; i < UNDO_TRIES; i++) {
		if (!take_back(deploy, undo, err))
			return 0;
		if (err->kind == ERROR_NETWORK)
			return -1;
	}
	return -1;
}

/* A router that is gone would let every step wait anew. */
static void take_all(struct deploy *deploy, struct buf *left, struct error *why)
{
	bool gone = false;

	while (deploy->nundos) {
		const struct undo *undo = &deploy->undos[--deploy->nundos];
		struct error failure;

		if (!gone && !insist(deploy, undo, &failure))
			continue;
		if (!gone && !left->len)
			*why = failure;
		gone = gone || failure.kind == ERROR_NETWORK;
		buf_printf(left, "%s%s", left->len ? ", " : "", undo->what);
	}
}

void undo_all(struct deploy *deploy, struct error *err)
{
	SCOPED_BUF struct buf left = { 0 };
	struct error why = { 0 };

	if (!deploy->nundos)
		return;
	buf_init(&left, ERROR_TEXT_SIZE);
	log_info("that failed; taking back what was changed");
	deploy_ignore_cancel(deploy);
	take_all(deploy, &left, &why);
	if (left.len)
		tell_left(&why, &left, err);
	else
		log_info("the router is as it was");
}
