/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"
#include "cmd/report_lock.h"
#include "cmd/session.h"

static int compare_image(struct session *session, const struct request *request,
	size_t i, struct error *err)
{
	struct image_plan *image = &session->plan.images[i];
	struct lock_result result = { .arch_count = image->narchs };
	struct lock old, now;

	if (lock_read(&old, lock_path(image->manifest_path, request->arena),
		    request->arena, err) ||
		lock_make(&now, image, &session->cache, request->arena, err))
		return -1;
	lock_compare(&old, &now, request->arena, &result.changes);
	result.lock = &old;
	report_outdated(request, &result);
	return 0;
}

static int compare_all(struct session *session, const struct request *request,
	struct error *err)
{
	struct build_plan *plan = &session->plan;
	const struct packages_options options = {
		.fetch = &session->fetch,
		.keyring = session->keyring,
	};

	if (fetch_inputs(plan->inputs, plan->ninputs, &session->fetch, err) ||
		packages_resolve(plan, &options, err))
		return -1;
	for (size_t i = 0; i < plan->nimages; i++) {
		if (compare_image(session, request, i, err))
			return -1;
	}
	return 0;
}

static int run_outdated(const struct request *request, struct error *err)
{
	struct session session;
	int failed = session_open(&session, request, err);

	session.fetch.archives = true;
	if (!failed)
		failed = compare_all(&session, request, err);
	session_close(&session);
	return failed;
}

const struct command command_outdated = {
	.name = "outdated",
	.summary = "tell what a new lock would change",
	.arguments = "[IMAGE...]",
	.text = "Chooses minirootfs and packages anew and compares them with "
		"the lock file, which\nstays as it is.\n",
	.examples = "  alpbuild outdated\n"
		    "  alpbuild outdated alp_rc --json\n",
	.groups = { options_input, options_common },
	.run = run_outdated,
};
