/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/progress.h"
#include "cmd/report.h"
#include "cmd/report_check.h"
#include "cmd/report_deploy.h"
#include "cmd/router_login.h"
#include "cmd/rsc_image.h"
#include "cmd/signals.h"
#include "routeros/platform.h"

/* One deployment, from the command line to its end. */
struct job {
	const struct request *request;
	const char *file; /* NULL: a rollback that needs none */
	struct router_login login;
	struct deploy_login way;
	struct router_setup setup;
	struct deploy_options options;
	struct deploy *deploy;
	struct deploy_outcome outcome;
};

/* ---- what was asked ---------------------------------------------------- */

static int complain_operands(const struct request *request, struct error *err)
{
	if (request->deploy.rollback)
		return error_set(err, ERROR_USAGE,
			"deploy --rollback: expected [FILE] USER@ROUTER, got "
			"%zu words",
			request->operands.n);
	return error_set(err, ERROR_USAGE,
		"deploy: expected FILE USER@ROUTER, such as dist/alp_rc-"
		"v3.18.9-0.0.1-arm64.tar admin@192.168.88.1, got %zu words",
		request->operands.n);
}

static int read_operands(struct job *job, struct error *err)
{
	const struct string_list *words = &job->request->operands;
	const bool rollback = job->request->deploy.rollback;

	if (words->n > 2 || words->n < (rollback ? 1 : 2))
		return complain_operands(job->request, err);
	if (words->n == 2)
		job->file = words->items[0];
	if (job->file && strchr(job->file, '@') &&
		!strchr(words->items[1], '@'))
		return error_set(err, ERROR_USAGE,
			"deploy: the file comes first, then USER@ROUTER");
	if (rollback && !job->file && !job->request->router.name)
		return error_set(err, ERROR_USAGE,
			"deploy --rollback: tell which container: its name "
			"with --name, or the file of its image");
	return router_login_parse(&job->login, words->items[words->n - 1],
		job->request->arena, err);
}

/* What the router should have; names that are wrong are told before it is
 * asked anything. */
static int read_file(struct job *job, struct error *err)
{
	struct arena *arena = job->request->arena;
	const bool rollback = job->request->deploy.rollback;

	job->setup = job->request->router;
	if (job->file && !(rollback && job->setup.name) &&
		rsc_archive(&job->setup, job->file, arena, err))
		return err->kind != ERROR_NOT_FOUND
			       ? -1
			       : error_wrap(err,
					 "deploy wants the file of an image, "
					 "such as dist/alp_rc-v3.18.9-0.0.1-"
					 "arm64.tar");
	if (rollback)
		return setup_complete_name(&job->setup, arena, err);
	/* Uploaded files have names of their own. */
	job->setup.file = "alpbuild.tar";
	return setup_complete(&job->setup, arena, err);
}

/* ---- the router -------------------------------------------------------- */

static void describe_way(struct job *job, struct progress *progress)
{
	const struct deploy_request *asked = &job->request->deploy;
	const char *password = router_login_environment();

	job->login.cancel = signals_flag();
	job->way = (struct deploy_login){
		.rest = {
			.host = job->login.host,
			.port = asked->https_port,
			.user = job->login.user,
			.password = password,
			.fingerprint = asked->fingerprint,
		},
		.sftp = {
			.host = job->login.host,
			.port = asked->ssh_port,
			.user = job->login.user,
			.password = password,
			.identity = asked->identity,
			.known_hosts = asked->known_hosts,
			.host_key = asked->host_key,
			.progress = progress,
		},
		.patience_ms = 1000L * asked->patience_s,
		.cancel = signals_flag(),
		/* Who sets the variable is no person that could answer. */
		.ask_password = password ? NULL : router_login_ask,
		.arg = &job->login,
	};
}

static const char *platform_of_router(const struct deploy_router *router)
{
	static const char *const names[] = { "amd64", "arm64", "arm" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct platform *platform = platform_find(names[i]);

		for (size_t j = 0; platform->router_names[j]; j++) {
			if (!strcmp(platform->router_names[j],
				    router->architecture))
				return names[i];
		}
	}
	return "";
}

/* ---- the file ---------------------------------------------------------- */

static int judge(
	const struct job *job, const struct check *check, struct error *err)
{
	const struct routeros_version *version = &job->setup.version;
	const size_t nerrors =
		findings_rules(&check->findings, CHECK_ERROR, version);
	const size_t nwarnings =
		findings_rules(&check->findings, CHECK_WARNING, version);
	char text[ROUTEROS_VERSION_TEXT];

	routeros_version_text(version, text);
	if (!nerrors && nwarnings)
		log_info("%zu %s for RouterOS %s: alpbuild check --routeros %s "
			 "tells",
			nwarnings, nwarnings == 1 ? "warning" : "warnings",
			text, text);
	if (!nerrors)
		return 0;
	check_print(stderr, check, version);
	return error_set(err, ERROR_CHECK,
		"%s: %zu %s for RouterOS %s: nothing was uploaded", job->file,
		nerrors, nerrors == 1 ? "error" : "errors", text);
}

static int check_image_file(struct job *job, struct error *err)
{
	const struct deploy_router *router = deploy_router(job->deploy);
	struct check check = {
		.path = job->file,
		.board = board_of_router(
			router->board, platform_of_router(router)),
	};
	int failed;

	if (check_file(&check, err))
		return -1;
	failed = judge(job, &check, err);
	job->options.size = check.size;
	job->options.unpacked = check.nimages ? check.images[0].unpacked : 0;
	check_release(&check);
	return failed;
}

/* ---- the deployment ---------------------------------------------------- */

static int carry_out(struct job *job, struct error *err)
{
	const struct deploy_request *asked = &job->request->deploy;

	job->options = (struct deploy_options){
		.path = job->file,
		.settle_s = asked->settle_s,
		.dry_run = job->request->dry_run,
		.keep_image = asked->keep_image,
		.forget_previous = asked->forget_previous,
	};
	job->setup.version = deploy_router(job->deploy)->version;
	report_future(&job->setup.version, "treated as that");
	if (asked->rollback)
		return deploy_rollback(job->deploy, &job->options,
			job->setup.name, &job->outcome, err);
	if (check_image_file(job, err))
		return -1;
	return deploy_run(
		job->deploy, &job->options, &job->setup, &job->outcome, err);
}

static void tell(const struct job *job)
{
	const bool rollback = job->request->deploy.rollback;

	report_deploy(&(struct deploy_report){
		.request = job->request,
		.target = job->login.target,
		.router = deploy_router(job->deploy),
		.file = rollback ? NULL : job->file,
		.tag = rollback ? NULL : job->setup.tag,
		.outcome = &job->outcome,
	});
}

/* Whoever refuses does not know where to look. */
static int tell_remedy(struct error *err)
{
	SCOPED_FREE char *text = memory_strdup(err->text);

	return error_set(err, ERROR_LOGIN,
		"%s: the password comes from " LOGIN_PASSWORD_ENV
		", ~/.netrc or the terminal, the key of SSH from --identity "
		"or the agent; the user's group needs the policies ssh, ftp "
		"and rest-api (see docs/deploy.md)",
		text);
}

static int meet_router(struct job *job, struct error *err)
{
	struct progress *progress = progress_new();
	int failed = -1;

	describe_way(job, progress);
	job->deploy = deploy_open(&job->way, err);
	if (job->deploy)
		failed = carry_out(job, err);
	/* A question that was not answered is no refusal. */
	else if (*signals_flag())
		error_set(err, ERROR_INTERRUPTED, "interrupted");
	if (failed && err->kind == ERROR_LOGIN)
		tell_remedy(err);
	progress_free(progress);
	if (!failed)
		tell(job);
	deploy_close(job->deploy);
	return failed;
}

static int run_deploy(const struct request *request, struct error *err)
{
	struct job job = { .request = request };
	int failed;

	if (read_operands(&job, err) || read_file(&job, err))
		return -1;
	failed = meet_router(&job, err);
	router_login_release(&job.login);
	return failed;
}

const struct command command_deploy = {
	.name = "deploy",
	.summary = "put an image on a router and make it run there",
	.arguments = "[FILE] USER@ROUTER",
	.text = "Checks the image against the router, uploads it (SFTP), sets "
		"up interface, NAT,\n"
		"variables and folders as alpbuild rsc does, but over the "
		"network (REST), and\n"
		"starts it. A container that is there runs on until the new "
		"one is ready, and is\n"
		"kept, stopped, for --rollback, which names it by --name or "
		"by the file of its\n"
		"image. When anything fails, everything is as it was.\n"
		"\n"
		"The password is ALPBUILD_ROUTER_PASSWORD, of ~/.netrc, or "
		"asked for. The router\n"
		"needs the service www-ssl, whose certificate is verified "
		"or pinned. See\n"
		"docs/deploy.md.\n",
	.examples = "  alpbuild deploy dist/alp_rc-v3.18.9-0.0.1-arm64.tar "
		    "admin@192.168.88.1\n"
		    "  alpbuild deploy --dry-run --disk sata1 image.tar "
		    "admin@router.lan\n"
		    "  alpbuild deploy --rollback --name alp_rc "
		    "admin@192.168.88.1\n",
	.groups = { options_deploy, options_router, options_common },
	.run = run_deploy,
};
