/* SPDX-License-Identifier: MIT */
#include "cmd/help.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "build/version.h"

#define COLUMN 24 /* where explanations start */

static void print_option(const struct option_row *row)
{
	char text[80];
	int n;

	if (row->letter)
		n = snprintf(text, sizeof(text), "  -%c, --%s", row->letter,
			row->name);
	else
		n = snprintf(text, sizeof(text), "      --%s", row->name);
	if (row->argument && n > 0 && (size_t)n < sizeof(text))
		snprintf(text + n, sizeof(text) - (size_t)n, " %s",
			row->argument);
	printf("%-*s  %s\n", COLUMN, text, row->help);
}

static void print_groups(const struct command *command)
{
	for (size_t g = 0; g < OPTION_GROUPS_MAX && command->groups[g]; g++) {
		const struct option_row *row = command->groups[g];

		for (; row->name; row++)
			print_option(row);
	}
}

void help_command(const struct command *command)
{
	printf("Usage: alpbuild %s [OPTION...]%s%s\n\n%s\nOptions:\n",
		command->name, *command->arguments ? " " : "",
		command->arguments, command->text);
	print_groups(command);
	printf("\nExamples:\n%s", command->examples);
}

void help_program(void)
{
	printf("alpbuild %s: container images of Alpine Linux for MikroTik "
	       "RouterOS\n\n"
	       "Usage: alpbuild [COMMAND] [OPTION...]\n\n"
	       "Without a command, \"build\" is meant.\n\nCommands:\n",
		alpbuild_version());
	for (size_t i = 0; commands[i]; i++)
		printf("  %-10s  %s\n", commands[i]->name,
			commands[i]->summary);
	printf("\nOptions of every command:\n");
	for (const struct option_row *row = options_common; row->name; row++)
		print_option(row);
	printf("      --version           print the version (without a "
	       "command)\n"
	       "\nEnvironment:\n"
	       "  ALPBUILD_MIRROR    mirrors, separated by blanks (--mirror)\n"
	       "  ALPBUILD_KEYRING   folder of public keys (--keyring)\n"
	       "  ALPBUILD_CACHE     folder of downloads (--cache)\n"
	       "  ALPBUILD_ROUTER_PASSWORD  of the user that deploy logs in "
	       "as\n"
	       "  SOURCE_DATE_EPOCH  seconds since 1970 for all times in the "
	       "image\n"
	       "\nExamples:\n"
	       "  alpbuild --arch arm64\n"
	       "  alpbuild build alp_rc --arch all --format routeros,oci\n"
	       "  alpbuild inspect --files "
	       "dist/alp_rc-v3.18.9-0.0.1-arm64.tar\n"
	       "\nSee \"alpbuild COMMAND --help\", \"alpbuild help errors\" "
	       "for exit statuses, alpbuild(1).\n");
}

void help_errors(void)
{
	printf("Exit statuses:\n");
	for (size_t i = 0; i < ERROR_NKINDS; i++)
		printf("  %3d  %-12s  %s\n", error_kinds[i].status,
			error_kinds[i].name, error_kinds[i].meaning);
}

static int run_help(const struct request *request, struct error *err)
{
	const char *names[] = { "build", "plan", "fetch", "resolve", "inspect",
		"cache", "help", "errors" };
	const struct command *command;
	const char *topic, *near;

	if (!request->operands.n) {
		help_program();
		return 0;
	}
	topic = request->operands.items[0];
	command = command_find(topic);
	if (command) {
		help_command(command);
	} else if (!strcmp(topic, "errors")) {
		help_errors();
	} else {
		near = nearest_find(topic, names, ARRAY_SIZE(names));
		return error_set(err, ERROR_USAGE,
			"no help on \"%s\" (did you mean \"%s\"?)", topic,
			near ? near : "errors");
	}
	return 0;
}

const struct command command_help = {
	.name = "help",
	.summary = "explain a command, or the exit statuses",
	.arguments = "[COMMAND|errors]",
	.text = "Explains a command. \"help errors\" lists the exit "
		"statuses.\n",
	.examples = "  alpbuild help build\n"
		    "  alpbuild help errors\n",
	.groups = { options_common },
	.run = run_help,
};
