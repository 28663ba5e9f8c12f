/* SPDX-License-Identifier: MIT */
#include "cmd/report_deploy.h"

#include "base/log.h"

/* One word for what came of it; a plan is not a result. */
static const char *result_word(const struct deploy_report *report)
{
	static const char *const words[] = {
		[DEPLOY_INSTALLED] = "installed",
		[DEPLOY_UPGRADED] = "upgraded",
		[DEPLOY_UNCHANGED] = "unchanged",
		[DEPLOY_ROLLED_BACK] = "rolled-back",
		[DEPLOY_CLEANED] = "cleaned",
	};
	const enum deploy_result result = report->outcome->result;

	if (report->request->dry_run && result != DEPLOY_UNCHANGED)
		return "planned";
	return words[result];
}

/* ---- for machines ------------------------------------------------------ */

static json_t *router_json(const struct deploy_router *router)
{
	char text[ROUTEROS_VERSION_TEXT];

	return json_pack("{s:s,s:o,s:o}", "version",
		routeros_version_text(&router->version, text), "architecture",
		report_text_json(router->architecture), "board",
		report_text_json(router->board));
}

static json_t *container_json(const struct deploy_report *report)
{
	const struct deploy_outcome *outcome = report->outcome;

	return json_pack("{s:o,s:o,s:o,s:o,s:o}", "name",
		report_text_json(outcome->name), "root_dir",
		report_text_json(outcome->root_dir), "interface",
		report_text_json(outcome->interface), "tag",
		report_text_json(report->tag), "file",
		report_text_json(report->file));
}

static json_t *events_json(const struct deploy_outcome *outcome)
{
	json_t *events = json_array();

	for (size_t i = 0; i < outcome->nevents; i++)
		json_array_append_new(events,
			json_pack("{s:o,s:o}", "what",
				report_text_json(outcome->events[i].what),
				"menu",
				report_text_json(outcome->events[i].menu)));
	return events;
}

/* ---- for people -------------------------------------------------------- */

/* What routers say may be anything. */
static void put(const char *text)
{
	report_text(stdout, text, NEWLINES_MASKED);
}

static void put_part(const char *before, const char *text)
{
	if (!text || !*text)
		return;
	fputs(before, stdout);
	put(text);
}

static void print_router(const struct deploy_report *report)
{
	const struct deploy_router *router = report->router;

	fputs("router ", stdout);
	put(report->target);
	put_part(": ", *router->board ? router->board : "no name");
	put_part(", ", router->architecture);
	put_part(", RouterOS ", router->version_text);
	putchar('\n');
}

static void print_container(const struct deploy_report *report)
{
	const struct deploy_outcome *outcome = report->outcome;

	printf("%s: container ", result_word(report));
	put(outcome->name);
	put_part(", ", report->tag);
	put_part(", in ", outcome->root_dir);
	put_part(", on ", outcome->interface);
	putchar('\n');
}

/* They are on stderr already, unless that is quiet. */
static void print_plan(const struct deploy_outcome *outcome)
{
	for (size_t i = 0; i < outcome->nevents; i++) {
		if (log_get_level() != LOG_QUIET)
			break;
		put(outcome->events[i].what);
		putchar('\n');
	}
	puts("nothing was changed (--dry-run)");
}

static void print_hints(const struct deploy_report *report)
{
	const struct deploy_outcome *outcome = report->outcome;

	fputs("a shell, on the router: /container/shell "
	      "[find comment=\"alpbuild: ",
		stdout);
	put(outcome->name);
	puts("\"]");
	if (outcome->result != DEPLOY_UPGRADED ||
		report->request->deploy.forget_previous)
		return;
	fputs("the one before: alpbuild deploy --rollback --name ", stdout);
	put(outcome->name);
	put_part(" ", report->target);
	putchar('\n');
}

static void print_text(const struct deploy_report *report)
{
	print_router(report);
	print_container(report);
	if (report->request->dry_run)
		print_plan(report->outcome);
	else
		print_hints(report);
}

void report_deploy(const struct deploy_report *report)
{
	if (report->request->json)
		report_json(json_pack("{s:o,s:s,s:o,s:o}", "router",
			router_json(report->router), "result",
			result_word(report), "container",
			container_json(report), "events",
			events_json(report->outcome)));
	else
		print_text(report);
}
