/* SPDX-License-Identifier: MIT */
#include "cmd/session.h"

#include <string.h>

#include "base/log.h"
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

int session_open(struct session *session, const struct request *request,
	struct error *err)
{
	struct build_plan *plan = &session->plan;

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
	if (fetch_resolve(plan->inputs, plan->ninputs, &session->fetch,
		    request->arena, err))
		return -1;
	return plan_settle(plan, request->channel, request->arena, err);
}

int session_fetch(struct session *session, struct error *err)
{
	struct build_plan *plan = &session->plan;
	const struct packages_options options = {
		.fetch = &session->fetch,
		.keyring = session->keyring,
	};

	if (fetch_inputs(plan->inputs, plan->ninputs, &session->fetch, err) ||
		packages_resolve(plan, &options, err))
		return -1;
	return packages_fetch(plan, &session->fetch, err);
}

void session_close(struct session *session)
{
	packages_release(&session->plan);
	progress_free(session->progress);
	cache_release(&session->cache);
}
