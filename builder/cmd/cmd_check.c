/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cmd/check_document.h"
#include "cmd/command.h"
#include "cmd/report.h"
#include "cmd/signals.h"

static int check_one(struct check_document *document, const char *file,
	const struct board *board, struct error *err)
{
	struct check check = { .path = file, .board = board };

	if (check_file(&check, err))
		return -1;
	check_document_add(document, &check);
	check_release(&check);
	return 0;
}

static int conclude(const struct check_document *document, struct error *err)
{
	const char *what = document->nerrors == 1 ? "error" : "errors";
	char text[ROUTEROS_VERSION_TEXT];

	if (!document->nerrors)
		return 0;
	if (document->asked)
		return error_set(err, ERROR_CHECK, "%zu %s for RouterOS %s",
			document->nerrors, what,
			routeros_version_text(document->asked, text));
	return error_set(err, ERROR_CHECK,
		"%zu %s for some version of RouterOS: name yours with "
		"--routeros",
		document->nerrors, what);
}

static int check_all(struct check_document *document,
	const struct request *request, struct error *err)
{
	/* Looking at a large layer takes minutes, and writes nothing. */
	signals_end_at_once();
	for (size_t i = 0; i < request->operands.n; i++) {
		if (check_one(document, request->operands.items[i],
			    request->board, err))
			return -1;
	}
	signals_install();
	if (check_document_write(document, err))
		return -1;
	return conclude(document, err);
}

static int run_check(const struct request *request, struct error *err)
{
	struct check_document document;
	int failed;

	if (!request->operands.n)
		return error_set(err, ERROR_USAGE,
			"check: name an image archive or an OCI folder");
	if (check_document_init(&document, request, err))
		return -1;
	if (document.asked)
		report_future(document.asked, "judged as that");
	failed = check_all(&document, request, err);
	check_document_release(&document);
	return failed;
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

static int set_format(struct request *r, const char *value, struct error *err)
{
	static const char *const names[] = {
		[CHECK_TEXT] = "text",
		[CHECK_JSON] = "json",
		[CHECK_SARIF] = "sarif",
		[CHECK_CODECLIMATE] = "codeclimate",
	};

	for (enum check_format i = CHECK_TEXT; i < ARRAY_SIZE(names); i++) {
		if (strcmp(value, names[i]))
			continue;
		r->check_format = i;
		/* Errors are told in the same way. */
		if (i == CHECK_JSON)
			r->json = true;
		return 0;
	}
	return error_set(err, ERROR_USAGE,
		"unknown format \"%.40s\", expected text, json, sarif or "
		"codeclimate",
		value);
}

static int set_output(struct request *r, const char *value, struct error *err)
{
	r->check_file = value;
	return 0;
}

static const struct option_row options_check[] = {
	{ "routeros", 0, "VERSION", "for this version only, such as 7.20.8",
		set_routeros },
	{ "board", 0, "NAME", "for this router, such as RB5009 or E50UG",
		set_board },
	{ "format", 0, "NAME", "text (default), json, sarif or codeclimate",
		set_format },
	{ "output", 'o', "FILE", "where the result goes (default: printed)",
		set_output },
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
		    "image.tar\n"
		    "  alpbuild check --format codeclimate -o quality.json "
		    "dist/*.tar\n",
	.groups = { options_check, options_common },
	.run = run_check,
};
