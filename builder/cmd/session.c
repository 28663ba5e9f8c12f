/* SPDX-License-Identifier: MIT */
#include "cmd/session.h"

#include <string.h>

#include "base/log.h"
#include "build/lock.h"
#include "build/vendor.h"
#include "cmd/signals.h"

/* The images that were asked for, each once. */
static void choose_images(
	const struct request *request, struct plan_request *plan)
{
	for (size_t i = 0; i < request->operands.n; i++) {
		const char *image = request->operands.items[i];

		if (!string_list_has(&plan->images, image))
			string_list_add(&plan->images, image, request->arena);
	}
	if (!plan->images.n)
		string_list_add(&plan->images, DEFAULT_IMAGE, request->arena);
}

static int make_plan(struct session *session, const struct request *request,
	struct error *err)
{
	struct plan_request plan = {
		.file = request->file,
		.archs = request->archs,
		.alpine = request->alpine,
		.formats = request->formats,
		.channel = request->channel,
	};

	if (request->file && request->operands.n)
		return error_set(err, ERROR_USAGE,
			"both --file %s and image \"%s\" were given: name one "
			"of them",
			request->file, request->operands.items[0]);
	choose_images(request, &plan);
	return plan_make(
		&session->plan, &session->project, &plan, request->arena, err);
}

static void set_fetch(struct session *session, const struct request *request)
{
	session->fetch = (struct fetch_options){
		.mirrors = &request->mirrors,
		.cache = &session->cache,
		.pins = &session->project.pins,
		.offline = request->offline,
		.jobs = request->jobs,
		.progress = session->progress,
		.cancel = signals_flag(),
	};
}

int session_begin(struct session *session, const struct request *request,
	struct error *err)
{
	memset(session, 0, sizeof(*session));
	session->keyring = request->keyring;
	if (project_open(&session->project, request->file, request->arena, err))
		return -1;
	if (make_plan(session, request, err))
		return -1;
	if (cache_open(&session->cache, request->cache, err))
		return -1;
	session->progress = progress_new();
	set_fetch(session, request);
	return 0;
}

/* Those that no lock has settled. */
static int resolve_inputs(struct session *session,
	const struct request *request, struct error *err)
{
	struct build_plan *plan = &session->plan;
	size_t settled = 0;

	for (size_t i = 0; i < plan->ninputs; i++)
		settled += plan->inputs[i].want.kind != DIGEST_NONE;
	if (!settled)
		return fetch_resolve(plan->inputs, plan->ninputs,
			&session->fetch, request->arena, err);
	for (size_t i = 0; i < plan->ninputs; i++) {
		if (plan->inputs[i].want.kind == DIGEST_NONE &&
			fetch_resolve(&plan->inputs[i], 1, &session->fetch,
				request->arena, err))
			return -1;
	}
	return 0;
}

int session_settle(struct session *session, const struct request *request,
	struct error *err)
{
	if (resolve_inputs(session, request, err))
		return -1;
	return plan_settle(
		&session->plan, request->channel, request->arena, err);
}

static int read_lock(struct session *session, const struct request *request,
	struct image_plan *image, struct error *err)
{
	struct arena *arena = request->arena;
	struct lock *lock = arena_alloc(arena, sizeof(*lock));
	int failed;

	if (request->vendor)
		failed = vendor_read(
			lock, request->vendor, &session->cache, arena, err);
	else
		failed = lock_read(lock, lock_path(image->manifest_path, arena),
			arena, err);
	if (failed || lock_check(lock, image, err))
		return -1;
	return lock_apply(lock, image, arena, err);
}

static int use_locks(struct session *session, const struct request *request,
	struct error *err)
{
	struct build_plan *plan = &session->plan;

	if (request->vendor && plan->nimages > 1)
		return error_set(err, ERROR_USAGE,
			"--vendor is of one image, but %zu were named",
			plan->nimages);
	/* The archive has everything: nothing may come from elsewhere. */
	if (request->vendor)
		session->fetch.offline = true;
	for (size_t i = 0; i < plan->nimages; i++) {
		if (read_lock(session, request, &plan->images[i], err))
			return -1;
	}
	return 0;
}

int session_open(struct session *session, const struct request *request,
	struct error *err)
{
	if (session_begin(session, request, err))
		return -1;
	if ((request->locked || request->vendor) &&
		use_locks(session, request, err))
		return -1;
	return session_settle(session, request, err);
}

static int resolve(struct session *session, struct error *err)
{
	struct build_plan *plan = &session->plan;
	const struct packages_options options = {
		.fetch = &session->fetch,
		.keyring = session->keyring,
		.reuse = session->reuse,
	};

	if (fetch_inputs(plan->inputs, plan->ninputs, &session->fetch, err))
		return -1;
	return packages_resolve(plan, &options, err);
}

int session_fetch(struct session *session, struct error *err)
{
	if (resolve(session, err))
		return -1;
	return packages_fetch(&session->plan, &session->fetch, err);
}

int session_find(struct session *session, struct error *err)
{
	if (resolve(session, err))
		return -1;
	return packages_find(&session->plan, &session->fetch, err);
}

void session_close(struct session *session)
{
	packages_release(&session->plan);
	progress_free(session->progress);
	cache_release(&session->cache);
}
