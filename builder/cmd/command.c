/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/nearest.h"
#include "build/version.h"
#include "cmd/help.h"
#include "cmd/report.h"
#include "cmd/signals.h"

#define FILES_WANTED 65536

const struct command *const commands[] = {
	&command_build,
	&command_plan,
	&command_fetch,
	&command_lock,
	&command_outdated,
	&command_vendor,
	&command_why,
	&command_resolve,
	&command_inspect,
	&command_audit,
	&command_check,
	&command_convert,
	&command_explain,
	&command_rsc,
	&command_deploy,
	&command_cache,
	&command_help,
	NULL,
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

static int complain_command(const char *name, struct error *err)
{
	const char *names[ARRAY_SIZE(commands)], *near;
	size_t n = 0;

	for (; commands[n]; n++)
		names[n] = commands[n]->name;
	near = nearest_find(name, names, n);
	if (near)
		return error_set(err, ERROR_USAGE,
			"unknown command \"%s\" (did you mean \"%s\"?)", name,
			near);
	return error_set(err, ERROR_USAGE,
		"unknown command \"%s\": see alpbuild --help; an image is "
		"built by \"alpbuild build %s\"",
		name, name);
}

/* `build` is what an alpbuild that begins with an option does. */
static const struct command *choose_command(
	int *argc, char ***argv, struct error *err)
{
	const struct command *command;

	if (*argc < 2 || (*argv)[1][0] == '-')
		return &command_build;
	command = command_find((*argv)[1]);
	if (!command) {
		complain_command((*argv)[1], err);
		return NULL;
	}
	(*argc)--;
	(*argv)++;
	return command;
}

static int run_command(
	int argc, char **argv, struct request *request, struct error *err)
{
	const struct command *command = choose_command(&argc, &argv, err);

	if (!command)
		return -1;
	if (options_parse(command, argc, argv, request, err))
		return -1;
	if (request->help) {
		help_command(command);
		return 0;
	}
	request_complete(request);
	return command->run(request, err);
}

/* --version and --help before any command are the program's own. */
static bool is_program_option(int argc, char **argv)
{
	if (argc != 2)
		return false;
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("alpbuild %s\n", alpbuild_version());
		return true;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		help_program();
		return true;
	}
	return false;
}

/* A product that did not reach stdout is a failure, whatever was built. */
static int close_stdout(struct error *err)
{
	if (fflush(stdout) || ferror(stdout))
		return error_errno(err, "write to standard output");
	return 0;
}

/*
 * A file that is opened while one of the standard descriptors is closed would
 * take its number, and receive what is meant for people.
 */
static void open_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* For reading: writing the product there has to fail. */
		int mode = fd == STDERR_FILENO ? O_WRONLY : O_RDONLY;

		/* The lowest free number is the one that is missing. */
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", mode) != fd)
			exit(error_kind_status(ERROR_INTERNAL));
	}
}

/* Every package that is installed is an open file, for each architecture. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur =
		limit.rlim_max < FILES_WANTED ? limit.rlim_max : FILES_WANTED;
	/* With fewer, many packages fail with a message that says so. */
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

int command_main(int argc, char **argv)
{
	struct error err = { .kind = ERROR_NONE };
	struct request request;
	struct arena arena;
	int status;

	open_standard_files();
	raise_file_limit();
	signals_install();
	arena_init(&arena);
	request_init(&request, &arena);
	status = is_program_option(argc, argv)
			 ? 0
			 : run_command(argc, argv, &request, &err);
	if (!status)
		status = close_stdout(&err);
	if (status)
		report_error(&request, &err);
	arena_release(&arena);
	return status ? error_kind_status(err.kind) : 0;
}
