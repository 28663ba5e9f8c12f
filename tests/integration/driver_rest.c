/* SPDX-License-Identifier: MIT
 *
 * driver_rest: one call of deploy/rest for tests/integration/rest.sh, with a
 * patience that no user would want.
 *
 *	driver_rest PORT FINGERPRINT PATIENCE_MS print MENU [NAME=VALUE...]
 *	driver_rest PORT FINGERPRINT PATIENCE_MS add MENU NAME=VALUE...
 *	driver_rest PORT FINGERPRINT PATIENCE_MS set MENU ID|- NAME=VALUE...
 *	driver_rest PORT FINGERPRINT PATIENCE_MS remove MENU ID
 *	driver_rest PORT FINGERPRINT PATIENCE_MS COMMAND MENU ID
 *
 * The user is admin, the password that of $PASSWORD. Prints the values of an
 * item on a line, "a=1 b=2", or the new id. Exit status: as alpbuild's.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deploy/rest.h"

#define VALUES_MAX 16

static volatile int cancelled;

static void cancel(int signal_number)
{
	cancelled = signal_number;
}

struct call {
	struct rest rest;
	const char *command, *menu, *id;
	struct rest_value values[VALUES_MAX];
	size_t n;
	struct arena arena;
};

static int take_values(struct call *call, char **argv)
{
	for (; *argv; argv++) {
		char *equals = strchr(*argv, '=');

		if (!equals || call->n == VALUES_MAX)
			return -1;
		*equals = '\0';
		call->values[call->n++] =
			(struct rest_value){ *argv, equals + 1 };
	}
	return 0;
}

/* All commands but two are about an item. */
static int take_call(struct call *call, char **argv)
{
	call->command = argv[0];
	call->menu = argv[1];
	argv += 2;
	if (strcmp(call->command, "print") && strcmp(call->command, "add")) {
		if (!*argv)
			return -1;
		call->id = strcmp(*argv, "-") ? *argv : NULL;
		argv++;
	}
	return take_values(call, argv);
}

static int print(struct call *call, struct error *err)
{
	const struct rest_query query = { call->menu, call->values, call->n };
	struct rest_items items;

	if (rest_print(&call->rest, &query, &items, &call->arena, err))
		return -1;
	for (size_t i = 0; i < items.n; i++) {
		for (size_t v = 0; v < items.items[i].n; v++)
			printf("%s%s=%s", v ? " " : "",
				items.items[i].values[v].name,
				items.items[i].values[v].value);
		putchar('\n');
	}
	return 0;
}

static int change(struct call *call, struct error *err)
{
	const struct rest_change what = { call->menu, call->id, call->values,
		call->n };
	const char *id;

	if (call->id || strcmp(call->command, "add"))
		return rest_set(&call->rest, &what, err);
	if (rest_add(&call->rest, &what, &id, &call->arena, err))
		return -1;
	puts(id);
	return 0;
}

static int carry_out(struct call *call, struct error *err)
{
	if (!strcmp(call->command, "print"))
		return print(call, err);
	if (!strcmp(call->command, "add") || !strcmp(call->command, "set"))
		return change(call, err);
	if (!strcmp(call->command, "remove"))
		return rest_remove(&call->rest, call->menu, call->id, err);
	return rest_command(
		&call->rest, call->menu, call->command, call->id, err);
}

static int connect_and(struct call *call, char **argv, struct error *err)
{
	const struct http_client_options options = {
		.host = "127.0.0.1",
		.port = (uint16_t)strtoul(argv[0], NULL, 10),
		.user = "admin",
		.password = getenv("PASSWORD"),
		.fingerprint = argv[1],
	};
	int failed;

	call->rest = (struct rest){
		.client = http_client_new(&options, err),
		.host = options.host,
		.patience_ms = strtol(argv[2], NULL, 10),
		.cancel = &cancelled,
	};
	if (!call->rest.client)
		return -1;
	http_client_set_cancel(call->rest.client, &cancelled);
	failed = carry_out(call, err);
	http_client_free(call->rest.client);
	return failed;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct call call = { 0 };

	if (argc < 6 || take_call(&call, argv + 4)) {
		fputs("driver_rest: see its source for the arguments\n",
			stderr);
		return error_kind_status(ERROR_USAGE);
	}
	signal(SIGTERM, cancel);
	arena_init(&call.arena);
	if (connect_and(&call, argv + 1, &err))
		fprintf(stderr, "%s\n", err.text);
	arena_release(&call.arena);
	return error_kind_status(err.kind);
}
