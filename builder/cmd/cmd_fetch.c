/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/report.h"
#include "cmd/session.h"

static json_t *inputs_json(const struct build_plan *plan)
{
	json_t *inputs = json_array();

	for (size_t i = 0; i < plan->ninputs; i++) {
		const struct input *input = &plan->inputs[i];
		char text[DIGEST_TEXT_SIZE];

		json_array_append_new(inputs,
			json_pack("{s:s,s:s,s:b}", "file", input->file,
				"digest", digest_text(&input->sha256, text),
				"cached", input->from_cache));
	}
	return json_pack("{s:o}", "inputs", inputs);
}

static void print_inputs(
	const struct session *session, const struct request *request)
{
	const struct build_plan *plan = &session->plan;

	if (request->json) {
		report_json(inputs_json(plan));
		return;
	}
	for (size_t i = 0; i < plan->ninputs; i++)
		printf("%s  %s\n", plan->inputs[i].file,
			plan->inputs[i].from_cache ? "in the cache"
						   : "fetched");
}

static int run_fetch(const struct request *request, struct error *err)
{
	struct session session;
	int status = session_open(&session, request, err);

	if (!status)
		status = session_fetch(&session, err);
	if (!status)
		print_inputs(&session, request);
	session_close(&session);
	return status;
}

const struct command command_fetch = {
	.name = "fetch",
	.summary = "fill the cache, so that builds can be offline",
	.arguments = "[IMAGE...]",
	.text = "Downloads and verifies what builds of the images need.\n",
	.examples = "  alpbuild fetch --arch all\n"
		    "  alpbuild fetch && alpbuild build --offline\n",
	.groups = { options_input, options_locked, options_common },
	.run = run_fetch,
};
