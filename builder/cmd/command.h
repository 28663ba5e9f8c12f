/* SPDX-License-Identifier: MIT
 *
 * command: subcommands as rows of a table, and their options as rows of
 * tables, from which parsing, --help, "did you mean" and the checks of the
 * man page and the completions all come.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "cmd/request.h"

struct option_row {
	const char *name;     /* without the dashes; NULL ends a table */
	char letter;	      /* 0: none */
	const char *argument; /* "LIST"; NULL: takes none */
	const char *help;     /* one line */
	int (*set)(
		struct request *request, const char *value, struct error *err);
};

#define OPTION_GROUPS_MAX 5

struct command {
	const char *name;
	const char *summary;   /* one line */
	const char *arguments; /* "[IMAGE...]" */
	const char *text;      /* what it does; lines of at most 78 */
	const char *examples;  /* lines "  command\n" */
	const struct option_row *groups[OPTION_GROUPS_MAX]; /* NULL-ended */
	int (*run)(const struct request *request, struct error *err);
};

extern const struct command command_build, command_plan, command_fetch,
	command_lock, command_outdated, command_vendor, command_why,
	command_resolve, command_inspect, command_audit, command_check,
	command_convert, command_explain, command_rsc, command_deploy,
	command_cache, command_help;

/* All commands in the order of the help, ended by NULL. */
extern const struct command *const commands[];

/* NULL: there is no such command. */
const struct command *command_find(const char *name);

/* The whole program: parses, runs, prints an error; the exit status. */
int command_main(int argc, char **argv);

/* Reads argv[1..] into the request. ERROR_USAGE with the nearest option. */
int options_parse(const struct command *command, int argc, char **argv,
	struct request *request, struct error *err) MUST_CHECK;

/* Option rows that commands share. */
extern const struct option_row options_router[]; /* what a router gets */
extern const struct option_row options_deploy[]; /* and how */
extern const struct option_row options_common[]; /* --json -q -v -h */
extern const struct option_row options_locked[]; /* --locked --vendor */
extern const struct option_row options_input[];	 /* what build, plan and */
extern const struct option_row options_output[]; /* fetch have in common */

#endif
