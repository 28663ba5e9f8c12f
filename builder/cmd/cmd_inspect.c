/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/inspect_report.h"

static int inspect_file(const struct request *request, const char *path,
	json_t *documents, struct error *err)
{
	struct archive archive;
	int status;

	if (archive_open(&archive, path, err))
		return -1;
	if (request->json)
		status = inspect_json(&archive, path, request, documents, err);
	else
		status = inspect_print(&archive, path, request, err);
	archive_release(&archive);
	return status;
}

static int run_inspect(const struct request *request, struct error *err)
{
	json_t *documents;
	int status = 0;

	if (!request->operands.n)
		return error_set(err, ERROR_USAGE,
			"inspect: name an image archive or an OCI folder");
	documents = json_array();
	for (size_t i = 0; !status && i < request->operands.n; i++)
		status = inspect_file(
			request, request->operands.items[i], documents, err);
	if (!status && request->json)
		report_json(json_pack("{s:O}", "archives", documents));
	json_decref(documents);
	return status;
}

static int set_files(struct request *r, const char *value, struct error *err)
{
	r->list_files = true;
	return 0;
}

static const struct option_row options_inspect[] = {
	{ "files", 0, NULL, "list the files of every layer", set_files },
	{ NULL },
};

const struct command command_inspect = {
	.name = "inspect",
	.summary = "show what an image archive holds",
	.arguments = "FILE...",
	.text = "Shows form, tags, platform, config and layers of image "
		"archives: docker-archives\n(classic and hybrid) and OCI "
		"image layouts as tar or folder, gzipped or not.\n"
		"With --files also mode, owner, size and name of every "
		"file.\n",
	.examples = "  alpbuild inspect dist/alp_rc-v3.18.9-0.0.1-arm64.tar\n"
		    "  alpbuild inspect --files --json image.tar\n",
	.groups = { options_inspect, options_common },
	.run = run_inspect,
};
