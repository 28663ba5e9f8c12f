/* SPDX-License-Identifier: MIT */
#include "deploy/deploy.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "deploy/parts.h"

#define PASSWORD_TRIES 3
#define TIDY_TRIES 3
#define SLICE_MS 100 /* cancel is looked at so often */
/* The first answer: a name that is mistyped should not cost minutes. */
#define FIRST_PATIENCE_MS 15000

/* ---- small things ------------------------------------------------------ */

const char *deploy_comment(struct deploy *deploy, enum mark mark)
{
	static const char *const tails[] = { "", " (next)", " (previous)",
		" (old)" };

	if (!deploy->comments[mark])
		deploy->comments[mark] = arena_printf(
			&deploy->arena, "%s%s", deploy->owner, tails[mark]);
	return deploy->comments[mark];
}

int deploy_mark(struct deploy *deploy, const char *comment)
{
	for (int m = 0; comment && m < MARK_COUNT; m++) {
		if (!strcmp(comment, deploy_comment(deploy, m)))
			return m;
	}
	return -1;
}

void deploy_tell(struct deploy *deploy, const char *menu, const char *fmt, ...)
{
	struct deploy_event event = { .menu = menu };
	char text[ERROR_TEXT_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	event.what = arena_strdup(&deploy->arena, text);
	deploy->events = arena_grow(&deploy->arena, deploy->events,
		deploy->nevents, &deploy->events_cap, sizeof(event));
	deploy->events[deploy->nevents++] = event;
	log_info("%s", text);
}

long deploy_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

int deploy_sleep(struct deploy *deploy, long ms, struct error *err)
{
	const long end = deploy_now_ms() + ms;

	for (long left = ms; left > 0; left = end - deploy_now_ms()) {
		const long slice = left < SLICE_MS ? left : SLICE_MS;
		const struct timespec pause = { slice / 1000,
			slice % 1000 * 1000000 };

		if (deploy->rest.cancel && *deploy->rest.cancel)
			return error_set(err, ERROR_INTERRUPTED, "interrupted");
		nanosleep(&pause, NULL);
	}
	return 0;
}

/* ---- opening ----------------------------------------------------------- */

static void take_password(struct deploy *deploy, const char *password)
{
	http_client_set_password(deploy->client, password);
	if (deploy->sftp)
		sftp_set_password(deploy->sftp, password);
}

/* What never answered as it should need not be a router's REST. */
static int add_hint(struct error *err)
{
	static const char *const hints[ERROR_NKINDS] = {
		[ERROR_NETWORK] =
			"on the router, /ip/service/print must show www-ssl "
			"enabled, with a certificate, at this port "
			"(--https-port), and its firewall must let this host "
			"in",
		[ERROR_INPUT] = "is this port (--https-port) that of www-ssl "
				"on a router with RouterOS 7.5 or newer?",
	};
	const struct error why = *err;

	if (!hints[why.kind])
		return -1;
	return error_set(
		err, why.kind, "%.1700s: %s", why.text, hints[why.kind]);
}

/* The first request: it also finds out which password is right. */
static int ask_resource(
	struct deploy *deploy, struct rest_items *items, struct error *err)
{
	const struct rest_query query = { .menu = "/system/resource" };
	const struct deploy_login *login = deploy->login;

	for (int i = 0; i <= PASSWORD_TRIES; i++) {
		const char *password;

		if (!rest_print(
			    &deploy->rest, &query, items, &deploy->arena, err))
			return 0;
		if (err->kind != ERROR_LOGIN || !login->ask_password)
			return add_hint(err);
		password = i < PASSWORD_TRIES ? login->ask_password(login->arg)
					      : NULL;
		if (!password)
			return -1;
		take_password(deploy, password);
	}
	return -1;
}

static const char *value_of(
	const struct rest_item *item, const char *name, const char *other)
{
	const char *value = rest_value(item, name);

	return value ? value : other;
}

/* "7.20.8 (stable)" */
static int read_version(struct deploy *deploy, struct error *err)
{
	struct slice rest = slice_of(deploy->router.version_text), word;

	if (!slice_cut(&rest, ' ', &word))
		word = slice_of("");
	if (routeros_version_parse(&deploy->router.version,
		    arena_slice(&deploy->arena, word), err)) {
		err->kind = ERROR_ROUTER;
		return error_wrap(err, "%s", deploy->rest.host);
	}
	return 0;
}

static int look(struct deploy *deploy, struct error *err)
{
	struct deploy_router *router = &deploy->router;
	struct rest_items items;
	const struct rest_item *item;

	if (ask_resource(deploy, &items, err))
		return -1;
	if (items.n != 1)
		return error_set(err, ERROR_INPUT,
			"%s: /system/resource has %zu items, expected one: is "
			"it a router with RouterOS 7?",
			deploy->rest.host, items.n);
	item = &items.items[0];
	router->version_text = value_of(item, "version", "");
	router->architecture = value_of(item, "architecture-name", "");
	router->board = value_of(item, "board-name", "");
	if (slice_to_u64(slice_of(value_of(item, "free-hdd-space", "")), 10,
		    UINT64_MAX, &router->free_flash))
		router->free_flash = 0;
	return read_version(deploy, err);
}

static int begin(struct deploy *deploy, struct error *err)
{
	const struct deploy_login *login = deploy->login;

	deploy->client = http_client_new(&login->rest, err);
	if (!deploy->client)
		return -1;
	deploy->sftp = sftp_new(&login->sftp, err);
	if (!deploy->sftp)
		return -1;
	deploy->rest = (struct rest){
		.client = deploy->client,
		.host = login->rest.host,
		.patience_ms = login->patience_ms,
		.cancel = login->cancel,
	};
	http_client_set_cancel(deploy->client, login->cancel);
	sftp_set_cancel(deploy->sftp, login->cancel);
	if (deploy->rest.patience_ms > FIRST_PATIENCE_MS)
		deploy->rest.patience_ms = FIRST_PATIENCE_MS;
	if (look(deploy, err))
		return -1;
	deploy->rest.patience_ms = login->patience_ms;
	return 0;
}

struct deploy *deploy_open(const struct deploy_login *login, struct error *err)
{
	struct deploy *deploy = memory_zero(1, sizeof(*deploy));

	deploy->login = login;
	arena_init(&deploy->arena);
	buf_init(&deploy->log, LOG_KEPT);
	if (!begin(deploy, err))
		return deploy;
	deploy_close(deploy);
	return NULL;
}

void deploy_close(struct deploy *deploy)
{
	if (!deploy)
		return;
	http_client_free(deploy->client);
	sftp_free(deploy->sftp);
	buf_release(&deploy->log);
	arena_release(&deploy->arena);
	free(deploy);
}

const struct deploy_router *deploy_router(const struct deploy *deploy)
{
	return &deploy->router;
}

/* ---- running ----------------------------------------------------------- */

static int settle_marks(struct run *run, bool *any, struct error *err)
{
	*any = false;
	if (run->deploy->dry_run)
		return containers_look(
			run->deploy, run->now, &run->deploy->arena, err);
	if (marks_settle(run->deploy, run->now, any, err))
		return -1;
	marks_rename(run->deploy, run->setup.name);
	return 0;
}

bool is_unchanged(const struct run *run)
{
	const struct container *now = &run->now[MARK_CURRENT];

	return now->state == CONTAINER_RUNNING && !run->setup.force &&
	       run->setup.tag && !strcmp(run->setup.tag, now->tag);
}

/* Before the new one comes, so that it has the room. */
static int forget_previous(struct run *run, struct error *err)
{
	struct container *previous = &run->now[MARK_PREVIOUS];

	if (!run->options->forget_previous || previous->state == CONTAINER_GONE)
		return 0;
	if (run->deploy->dry_run) {
		deploy_tell(run->deploy, "/container",
			"would remove the previous container, in %s",
			previous->root_dir);
		return 0;
	}
	if (container_remove(run->deploy, MARK_PREVIOUS, err) ||
		marks_align(run->deploy, err))
		return error_wrap(err, "the previous container");
	deploy_tell(
		run->deploy, "/container", "removed the previous container");
	previous->state = CONTAINER_GONE;
	return 0;
}

static int put(
	struct run *run, struct deploy_outcome *outcome, struct error *err)
{
	run->is_first = run->now[MARK_CURRENT].state == CONTAINER_GONE;
	router_steps_make(&run->steps, &run->setup, &run->deploy->arena);
	log_begin(run->deploy);
	if (!run->is_first && upgrade_prepare(run, err))
		return -1;
	if (forget_previous(run, err) || preflight_room(run, err) ||
		place_choose(run, err) || upload(run, err) ||
		(run->is_first ? install(run, err) : upgrade(run, err)))
		return -1;
	outcome->result = run->is_first ? DEPLOY_INSTALLED : DEPLOY_UPGRADED;
	outcome->root_dir = run->root_dir;
	outcome->interface = run->veth;
	return 0;
}

static int run_all(
	struct run *run, struct deploy_outcome *outcome, struct error *err)
{
	bool any;

	if (upload_name(run, err) || preflight(run, err) ||
		settle_marks(run, &any, err))
		return -1;
	outcome->result = DEPLOY_UNCHANGED;
	outcome->root_dir = run->now[MARK_CURRENT].root_dir;
	outcome->interface = run->now[MARK_CURRENT].interface;
	return is_unchanged(run) ? 0 : put(run, outcome, err);
}

static int tidy_once(const struct run *run, struct error *err)
{
	struct deploy *deploy = run->deploy;

	if (run->options->forget_previous &&
		(container_remove(deploy, MARK_PREVIOUS, err) ||
			marks_align(deploy, err)))
		return error_wrap(err, "the previous container");
	return run->options->keep_image
		       ? 0
		       : file_remove(deploy, run->setup.file, err);
}

/* Nothing here can fail the deployment any more. */
static void tidy_up(struct run *run, const struct deploy_outcome *outcome)
{
	struct error why;
	int failed = -1;

	if (run->deploy->dry_run || outcome->result == DEPLOY_UNCHANGED)
		return;
	for (int i = 0; failed && i < TIDY_TRIES; i++)
		failed = tidy_once(run, &why);
	if (failed)
		log_warn("this is left on the router: %s", why.text);
	upload_clean(run);
}

static void begin_run(struct run *run, const char *owner)
{
	struct deploy *deploy = run->deploy;

	deploy->owner = owner;
	deploy->dry_run = run->options->dry_run;
	memset(deploy->comments, 0, sizeof(deploy->comments));
	undo_forget(deploy);
	deploy->nevents = 0;
	deploy->follows_log = false;
	deploy->has_told_to_stop = false;
}

static void finish(struct run *run, struct deploy_outcome *outcome)
{
	undo_forget(run->deploy);
	outcome->name = run->setup.name;
	outcome->events = run->deploy->events;
	outcome->nevents = run->deploy->nevents;
}

static int fail(struct run *run, struct error *err)
{
	if (err->kind == ERROR_ROUTER) {
		log_follow(run->deploy);
		log_explain(run->deploy, err);
	}
	undo_all(run->deploy, err);
	return -1;
}

int deploy_run(struct deploy *deploy, const struct deploy_options *options,
	const struct router_setup *setup, struct deploy_outcome *outcome,
	struct error *err)
{
	struct run run = {
		.deploy = deploy, .options = options, .setup = *setup
	};

	*outcome = (struct deploy_outcome){ 0 };
	begin_run(&run, setup->owner);
	if (run_all(&run, outcome, err))
		return fail(&run, err);
	tidy_up(&run, outcome);
	finish(&run, outcome);
	return 0;
}

/* What is the current container now. */
static void tell_place(struct run *run, struct deploy_outcome *outcome)
{
	struct error ignored;

	if (containers_look(
		    run->deploy, run->now, &run->deploy->arena, &ignored))
		return;
	outcome->root_dir = run->now[MARK_CURRENT].root_dir;
	outcome->interface = run->now[MARK_CURRENT].interface;
}

int deploy_rollback(struct deploy *deploy, const struct deploy_options *options,
	const char *name, struct deploy_outcome *outcome, struct error *err)
{
	struct run run = {
		.deploy = deploy, .options = options, .setup = { .name = name }
	};
	bool any = false;
	int failed;

	*outcome = (struct deploy_outcome){ .result = DEPLOY_CLEANED };
	begin_run(&run, arena_printf(&deploy->arena, "alpbuild: %s", name));
	failed = settle_marks(&run, &any, err);
	if (!failed && !any) {
		outcome->result = DEPLOY_ROLLED_BACK;
		failed = rollback(&run, err);
	}
	if (failed)
		return fail(&run, err);
	tell_place(&run, outcome);
	finish(&run, outcome);
	return 0;
}
