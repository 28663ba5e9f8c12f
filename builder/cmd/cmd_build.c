/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"
#include "cmd/report.h"
#include "cmd/session.h"
#include "cmd/signals.h"

static int build_images(struct session *session, const struct request *request,
	json_t *images, struct error *err)
{
	const struct build_options options = {
		.output = request->output,
		.gzip_level = request->gzip_level,
		.jobs = request->jobs,
		.overwrite = request->overwrite,
		.fetch = session->fetch,
		.cancel = signals_flag(),
	};

	for (size_t i = 0; i < session->plan.nimages; i++) {
		struct image_plan *image = &session->plan.images[i];
		struct image_result result = { .arena = request->arena };

		if (image_build(image, &options, &result, err))
			return -1;
		if (request->json)
			json_array_append_new(
				images, report_image_json(image, &result));
		else
			report_image(request, image, &result);
	}
	return 0;
}

static int fetch_and_build(struct session *session,
	const struct request *request, struct error *err)
{
	json_t *images = json_array();
	int status = session_find(session, err);

	if (!status)
		status = build_images(session, request, images, err);
	if (!status && request->json)
		report_json(json_pack("{s:O}", "images", images));
	json_decref(images);
	return status;
}

static int run_build(const struct request *request, struct error *err)
{
	struct session session;
	int status = session_open(&session, request, err);

	if (!status && request->dry_run)
		report_plan(request, &session.plan);
	else if (!status)
		status = fetch_and_build(&session, request, err);
	session_close(&session);
	return status;
}

static int set_dry_run(struct request *r, const char *value, struct error *err)
{
	r->dry_run = true;
	return 0;
}

static const struct option_row options_build[] = {
	{ "dry-run", 'n', NULL, "print the plan, build nothing", set_dry_run },
	{ NULL },
};

const struct command command_build = {
	.name = "build",
	.summary = "build images (the default command)",
	.arguments = "[IMAGE...]",
	.text = "Builds images for RouterOS: names of manifests/*.json, "
		"alp_rc by default. The\nfiles are printed with size, tag and "
		"SHA-256, and listed in SHA256SUMS. Nothing\nis done where "
		"nothing changed.\n",
	.examples = "  alpbuild --arch arm64\n"
		    "  alpbuild build alp_rc --arch arm64,arm --output out\n"
		    "  alpbuild build --file my/image.json --channel devel\n"
		    "  alpbuild build --mirror file:///srv/alpine --offline\n"
		    "  SOURCE_DATE_EPOCH=0 alpbuild build --json\n",
	.groups = { options_input, options_locked, options_output,
		options_build, options_common },
	.run = run_build,
};
