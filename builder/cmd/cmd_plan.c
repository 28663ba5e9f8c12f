/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"
#include "cmd/report.h"
#include "cmd/session.h"

static int run_plan(const struct request *request, struct error *err)
{
	struct session session;
	int status = session_open(&session, request, err);

	if (!status)
		report_plan(request, &session.plan);
	session_close(&session);
	return status;
}

const struct command command_plan = {
	.name = "plan",
	.summary = "print what would be built, and from what",
	.arguments = "[IMAGE...]",
	.text = "Prints versions, digests, overlays, times, tags and files "
		"of a build without\ndoing it.\n",
	.examples = "  alpbuild plan\n"
		    "  alpbuild plan --arch arm64 --alpine 3.18 --json\n",
	.groups = { options_input, options_locked, options_output,
		options_common },
	.run = run_plan,
};
