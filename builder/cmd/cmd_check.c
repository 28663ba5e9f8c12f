/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/report_check.h"

/* What all files come to. */
struct totals {
	const struct request *request;
	const struct routeros_version *asked; /* NULL: all */
	size_t nerrors;			      /* rules that are broken */
	json_t *files;
};

static int check_one(struct totals *totals, const char *file, struct error *err)
{
	struct check check = { .path = file, .board = totals->request->board };

	if (check_file(&check, err))
		return -1;
	totals->nerrors +=
		findings_rules(&check.findings, CHECK_ERROR, totals->asked);
	if (totals->request->json) {
		json_array_append_new(
			totals->files, check_json(&check, totals->asked));
	} else {
		/* An empty line between one file and the next. */
		if (file != totals->request->operands.items[0])
			putchar('\n');
		check_print(&check, totals->asked);
	}
	check_release(&check);
	return 0;
}

static int conclude(const struct totals *totals, struct error *err)
{
	char text[ROUTEROS_VERSION_TEXT];

	if (totals->request->json)
		report_json(json_pack("{s:O}", "files", totals->files));
	if (!totals->nerrors)
		return 0;
	if (totals->asked)
		return error_set(err, ERROR_CHECK, "%zu %s for RouterOS %s",
			totals->nerrors,
			totals->nerrors == 1 ? "error" : "errors",
			routeros_version_text(totals->asked, text));
	return error_set(err, ERROR_CHECK,
		"%zu %s for some version of RouterOS: name yours with "
		"--routeros",
		totals->nerrors, totals->nerrors == 1 ? "error" : "errors");
}

static void warn_future(const struct routeros_version *asked)
{
	char text[ROUTEROS_VERSION_TEXT], newest[ROUTEROS_VERSION_TEXT];

	if (asked && routeros_version_is_future(asked))
		log_warn("RouterOS %s is newer than what is known, %s: judged "
			 "as that",
			routeros_version_text(asked, text),
			routeros_version_text(&routeros_newest, newest));
}

static int run_check(const struct request *request, struct error *err)
{
	struct totals totals = { .request = request };
	int failed = 0;

	if (!request->operands.n)
		return error_set(err, ERROR_USAGE,
			"check: name an image archive or an OCI folder");
	if (routeros_version_is_set(&request->routeros))
		totals.asked = &request->routeros;
	warn_future(totals.asked);
	totals.files = json_array();
	for (size_t i = 0; !failed && i < request->operands.n; i++)
		failed = check_one(&totals, request->operands.items[i], err);
	if (!failed)
		failed = conclude(&totals, err);
	json_decref(totals.files);
	return failed ? -1 : 0;
}

static int set_routeros(struct request *r, const char *value, struct error *err)
{
	return routeros_version_parse(&r->routeros, value, err);
}

static int set_board(struct request *r, const char *value, struct error *err)
{
	r->board = board_find(value, err);
	return r->board ? 0 : -1;
}

static const struct option_row options_check[] = {
	{ "routeros", 0, "VERSION", "for this version only, such as 7.20.8",
		set_routeros },
	{ "board", 0, "NAME", "for this router, such as RB5009 or E50UG",
		set_board },
	{ NULL },
};

const struct command command_check = {
	.name = "check",
	.summary = "tell whether RouterOS imports and runs an image",
	.arguments = "FILE...",
	.text = "Looks at image archives of any maker the way a router does, "
		"and says for each\nversion of RouterOS whether it imports and "
		"runs the image, what stands against\nit, what the router "
		"would "
		"say, and which command mends it. docs/checks.md\nexplains "
		"every rule. Exit status 18 if there is an error, for the "
		"version of\n--routeros or, without it, for any version.\n",
	.examples = "  alpbuild check dist/alp_rc-v3.18.9-0.0.1-arm64.tar\n"
		    "  alpbuild check --routeros 7.20.8 --board RB5009 "
		    "image.tar\n",
	.groups = { options_check, options_common },
	.run = run_check,
};
