/* SPDX-License-Identifier: MIT */
#include "rootfs/script_command.h"

#include <string.h>

#include "apk/shown.h"
#include "base/path.h"
#include "rootfs/script_account.h"
#include "rootfs/script_busybox.h"
#include "rootfs/script_files.h"

/* What is wrong with the arguments, or NULL; text of the arena. */
typedef const char *check_fn(
	const struct script_arguments *args, struct arena *arena);

struct kind {
	const char *name;
	const char *options; /* as for getopt: "m:p" */
	const char *needs;   /* options that must be given */
	size_t min, max;     /* operands */
	check_fn *check;     /* NULL: nothing more */
	script_command_fn *run;
};

static const char *check_paths_from(
	const struct script_arguments *args, size_t from, struct arena *arena)
{
	const char *why = NULL;

	for (size_t i = from; i < args->noperands; i++) {
		if (!script_path(arena, args->operands[i], &why))
			return why;
	}
	return NULL;
}

static const char *check_paths(
	const struct script_arguments *args, struct arena *arena)
{
	const char *mode = script_option(args, 'm');
	uint32_t bits = 0;

	if (mode && !script_mode_parse(mode, &bits))
		return "this mode";
	return check_paths_from(args, 0, arena);
}

static const char *check_owner(
	const struct script_arguments *args, struct arena *arena)
{
	if (strpbrk(args->operands[0], "./ \t"))
		return "this owner";
	return check_paths_from(args, 1, arena);
}

static const char *check_mode(
	const struct script_arguments *args, struct arena *arena)
{
	uint32_t bits = 0;

	if (!script_mode_parse(args->operands[0], &bits))
		return "this mode";
	return check_paths_from(args, 1, arena);
}

static const char *check_link(
	const struct script_arguments *args, struct arena *arena)
{
	const char *target = args->operands[0];

	if (!*target || strpbrk(target, "\t") ||
		strlen(target) >= PATH_TEXT_MAX)
		return "this target";
	return check_paths_from(args, 1, arena);
}

static const char *check_shells(
	const struct script_arguments *args, struct arena *arena)
{
	return check_paths_from(args, 0, arena);
}

static const char *check_account(
	const struct script_arguments *args, struct arena *arena)
{
	(void)arena;
	return script_account_check(args);
}

#define MANY SCRIPT_WORDS_MAX

static const struct kind kinds[] = {
	{ "addgroup", "g:S", "", 1, 2, check_account, script_addgroup },
	{ "adduser", "h:g:s:G:DSHu:k:", "", 1, 2, check_account,
		script_adduser },
	{ "passwd", "u", "u", 1, 1, check_account, script_passwd },
	{ "mkdir", "m:p", "", 1, MANY, check_paths, script_mkdir },
	{ "install", "dm:o:g:", "d", 1, MANY, check_paths, script_install },
	{ "touch", "", "", 1, MANY, check_paths, script_touch },
	{ "chown", "Rh", "", 2, MANY, check_owner, script_chown },
	{ "chgrp", "Rh", "", 2, MANY, check_owner, script_chgrp },
	{ "chmod", "R", "", 2, MANY, check_mode, script_chmod },
	{ "ln", "sfn", "s", 2, 2, check_link, script_ln },
	{ "rm", "f", "", 1, MANY, check_paths, script_rm },
	{ "add-shell", "", "", 1, MANY, check_shells, script_add_shell },
	{ "remove-shell", "", "", 1, MANY, check_shells, script_remove_shell },
};

const char *script_option(const struct script_arguments *args, char letter)
{
	for (size_t i = args->noptions; i--;) {
		if (args->options[i].letter == letter)
			return args->options[i].value;
	}
	return NULL;
}

/* The long names of adduser and addgroup. */
static char short_of(const char *word)
{
	static const struct {
		const char *name;
		char letter;
	} longs[] = {
		{ "--home", 'h' },
		{ "--gecos", 'g' },
		{ "--gid", 'g' },
		{ "--shell", 's' },
		{ "--ingroup", 'G' },
		{ "--disabled-password", 'D' },
		{ "--system", 'S' },
		{ "--no-create-home", 'H' },
		{ "--uid", 'u' },
	};

	for (size_t i = 0; i < ARRAY_SIZE(longs); i++) {
		if (!strcmp(word, longs[i].name))
			return longs[i].letter;
	}
	return '\0';
}

static bool add_option(
	struct script_arguments *args, char letter, const char *value)
{
	if (args->noptions == SCRIPT_OPTIONS_MAX)
		return false;
	args->options[args->noptions].letter = letter;
	args->options[args->noptions++].value = value;
	return true;
}

/* Words from *at on; false: what no getopt of these options takes. */
static bool read_cluster(struct script_arguments *args, const char *options,
	const struct script_command *command, size_t *at)
{
	const char *p = command->words[(*at)++] + 1;

	for (; *p; p++) {
		const char *known = *p == ':' ? NULL : strchr(options, *p);

		if (!known)
			return false;
		if (known[1] != ':') {
			if (!add_option(args, *p, ""))
				return false;
			continue;
		}
		if (p[1])
			return add_option(args, *p, p + 1);
		return *at < command->nwords &&
		       add_option(args, *p, command->words[(*at)++]);
	}
	return true;
}

static bool read_long(struct script_arguments *args, const char *options,
	const struct script_command *command, size_t *at)
{
	char letter = short_of(command->words[(*at)++]);
	const char *known = letter && strstr(args->name, "add")
				    ? strchr(options, letter)
				    : NULL;

	if (!known)
		return false;
	if (known[1] != ':')
		return add_option(args, letter, "");
	return *at < command->nwords &&
	       add_option(args, letter, command->words[(*at)++]);
}

/* False: options that are not known, or behind operands. */
static bool read_arguments(struct script_arguments *args, const char *options,
	const struct script_command *command)
{
	size_t at = 1;
	bool ok = true;

	*args = (struct script_arguments){ .name = command->words[0] };
	while (ok && at < command->nwords && command->words[at][0] == '-' &&
		command->words[at][1]) {
		if (!strcmp(command->words[at], "--")) {
			at++;
			break;
		}
		ok = command->words[at][1] == '-'
			     ? read_long(args, options, command, &at)
			     : read_cluster(args, options, command, &at);
	}
	args->operands = command->words + at;
	args->noperands = command->nwords - at;
	for (size_t i = 0; ok && i < args->noperands; i++)
		ok = args->operands[i][0] != '-';
	return ok;
}

/* The name without /bin and the like; NULL: from somewhere else. */
static const char *plain_name(const char *word)
{
	static const char *const dirs[] = { "/bin/", "/sbin/", "/usr/bin/",
		"/usr/sbin/" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		size_t len = strlen(dirs[i]);

		if (!strncmp(word, dirs[i], len) && !strchr(word + len, '/'))
			return word + len;
	}
	return strchr(word, '/') ? NULL : word;
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++) {
		if (!strcmp(name, *names))
			return true;
	}
	return false;
}

/* Commands that leave the tree alone, whatever their words. Whether getent
 * fails is not known here, so nothing may depend on it. */
static bool is_harmless(const char *name, const struct script_command *c)
{
	static const char *const names[] = { ":", "true", "echo", "getent",
		NULL };

	return is_one_of(name, names) &&
	       (c->on_failure != SCRIPT_STOPS || strcmp(name, "getent"));
}

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	}
	return NULL;
}

/* `busybox NAME ...` without its first word. */
static struct script_command without_busybox(
	const struct script_command *command)
{
	struct script_command c = *command;
	const char *name = plain_name(c.words[0]);

	if (name && !strcmp(name, "busybox") && c.nwords > 1 &&
		c.words[1][0] != '-' && !strchr(c.words[1], '/')) {
		c.words++;
		c.nwords--;
	}
	return c;
}

/* `/bin/busybox --install -s`, or of busybox-extras; always with its path. */
static bool is_install(const struct script_command *c)
{
	static const char *const names[] = { "/bin/busybox", "/usr/bin/busybox",
		"/bin/busybox-extras", "/usr/bin/busybox-extras", NULL };

	return c->nwords == 3 && is_one_of(c->words[0], names) &&
	       !strcmp(c->words[1], "--install") && !strcmp(c->words[2], "-s");
}

static const char *check_kind(const struct kind *kind,
	const struct script_command *c, struct arena *arena)
{
	struct script_arguments args;

	if (!read_arguments(&args, kind->options, c))
		return "an option of it";
	for (const char *p = kind->needs; *p; p++) {
		if (!script_option(&args, *p))
			return arena_printf(arena, "it without -%c", *p);
	}
	if (args.noperands < kind->min || args.noperands > kind->max)
		return "its number of operands";
	return kind->check ? kind->check(&args, arena) : NULL;
}

bool script_command_check(const struct script_work *work,
	const struct script_command *command, struct arena *arena,
	const char **why)
{
	struct script_command c = without_busybox(command);
	const char *name = plain_name(c.words[0]), *what = NULL;
	char text[SHOWN_SIZE];
	const struct kind *kind = name ? find_kind(name) : NULL;

	if (is_install(&c))
		what = script_busybox_check(work, c.words[0], arena);
	else if (kind)
		what = check_kind(kind, &c, arena);
	else if (!name || !is_harmless(name, &c)) {
		*why = arena_printf(arena, "line %zu: `%s` is not understood",
			c.line, c.words[0]);
		return false;
	}
	if (!what)
		return true;
	*why = arena_printf(arena, "line %zu: `%s` is not understood: %s",
		c.line, shown(slice_of(c.words[0]), text), what);
	return false;
}

static int run_command(struct script_work *work,
	const struct script_command *command, struct error *err)
{
	struct script_command c = without_busybox(command);
	const char *name = plain_name(c.words[0]);
	const struct kind *kind = name ? find_kind(name) : NULL;
	struct script_arguments args;

	if (is_install(&c))
		return script_busybox_install(work, c.words[0], err);
	if (!kind || !read_arguments(&args, kind->options, &c))
		return 0;
	args.name = kind->name;
	return kind->run(work, &args, err);
}

int script_command_run(struct script_work *work,
	const struct script_command *command, struct error *err)
{
	int is_there;

	work->line = command->line;
	if (command->unless_database) {
		is_there = script_has_account(work, command->unless_database,
			command->unless_name, err);
		if (is_there)
			return is_there < 0 ? -1 : 0;
	}
	return run_command(work, command, err);
}
