/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"

#define OPTIONS_MAX 40
#define CODE_FIRST 256 /* above all letters */

struct option_set {
	const struct option_row *rows[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	char letters[2 * OPTIONS_MAX + 3];
	size_t n;
};

static void add_row(struct option_set *set, const struct option_row *row)
{
	size_t len = strlen(set->letters);

	assert(set->n < OPTIONS_MAX);
	set->rows[set->n] = row;
	set->longs[set->n] = (struct option){
		.name = row->name,
		.has_arg = row->argument ? required_argument : no_argument,
		.val = CODE_FIRST + (int)set->n,
	};
	set->n++;
	if (!row->letter)
		return;
	set->letters[len] = row->letter;
	if (row->argument)
		set->letters[len + 1] = ':';
}

static void make_set(struct option_set *set, const struct command *command)
{
	memset(set, 0, sizeof(*set));
	/* A missing argument is told apart from an unknown option. */
	set->letters[0] = ':';
	for (size_t g = 0; g < OPTION_GROUPS_MAX && command->groups[g]; g++) {
		const struct option_row *row = command->groups[g];

		for (; row->name; row++)
			add_row(set, row);
	}
}

static const struct option_row *row_of(const struct option_set *set, int code)
{
	for (size_t i = 0; i < set->n; i++) {
		if (code == CODE_FIRST + (int)i ||
			(code < CODE_FIRST && code == set->rows[i]->letter))
			return set->rows[i];
	}
	return NULL;
}

/* `text`: the word of argv that getopt could not understand. */
static int complain_unknown(const struct command *command,
	const struct option_set *set, const char *text, struct error *err)
{
	const char *names[OPTIONS_MAX], *near;
	struct slice rest = slice_of(text + strspn(text, "-")), word;
	SCOPED_FREE char *name = NULL;

	slice_cut(&rest, '=', &word);
	name = slice_dup(word);
	for (size_t i = 0; i < set->n; i++)
		names[i] = set->rows[i]->name;
	near = nearest_find(name, names, set->n);
	if (near)
		return error_set(err, ERROR_USAGE,
			"%s: unknown option \"%s\" (did you mean \"--%s\"?)",
			command->name, text, near);
	return error_set(err, ERROR_USAGE,
		"%s: unknown option \"%s\" (see alpbuild %s --help)",
		command->name, text, command->name);
}

static int complain(const struct command *command, const struct option_set *set,
	int code, char **argv, struct error *err)
{
	const struct option_row *row = row_of(set, optopt);
	char letter[] = { '-', (char)optopt, '\0' };

	if (code == ':')
		return error_set(err, ERROR_USAGE, "%s: option \"%s\" wants %s",
			command->name, argv[optind - 1],
			row ? row->argument : "a value");
	/* A known long option that takes no value was given one. */
	if (row && optopt >= CODE_FIRST)
		return error_set(err, ERROR_USAGE,
			"%s: option \"--%s\" takes no value", command->name,
			row->name);
	return complain_unknown(
		command, set, optopt ? letter : argv[optind - 1], err);
}

int options_parse(const struct command *command, int argc, char **argv,
	struct request *request, struct error *err)
{
	struct option_set set;
	int code;

	make_set(&set, command);
	opterr = 0;
	optind = 1;
	while ((code = getopt_long(argc, argv, set.letters, set.longs, NULL)) !=
		-1) {
		const struct option_row *row = row_of(&set, code);

		if (code == '?' || code == ':')
			return complain(command, &set, code, argv, err);
		assert(row);
		if (row->set(request, optarg, err))
			return error_wrap(
				err, "%s: --%s", command->name, row->name);
	}
	for (int i = optind; i < argc; i++)
		string_list_add(&request->operands, argv[i], request->arena);
	return 0;
}
