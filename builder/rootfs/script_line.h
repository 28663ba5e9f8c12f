/* SPDX-License-Identifier: MIT
 *
 * script_line: a shell script as a list of simple commands, or the first line
 * of it that is not that simple. Understood is: blank lines, comments,
 * `exit 0`, VAR=value, `set -e`, and a command of plain or quoted words, with
 *
 *	$VAR ${VAR}			set by this script, without blanks
 *					where it is not quoted
 *	>/dev/null 2>/dev/null &>/dev/null 2>&1 >&2
 *	|| true, || :, || exit N	at the end
 *	getent passwd|group NAME >/dev/null || COMMAND
 *	a backslash at the end of a line
 *
 * Everything else, quoted or not, is refused by its line: expansions, globs,
 * pipes, lists, here-documents, keywords, functions, control characters. All
 * words are valid UTF-8.
 */
#ifndef ROOTFS_SCRIPT_LINE_H
#define ROOTFS_SCRIPT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/slice.h"

#define SCRIPT_COMMANDS_MAX 256 /* of one script, with assignments */
#define SCRIPT_WORDS_MAX 64	/* of one command */
#define SCRIPT_WORD_MAX 4095	/* bytes of one word, expanded */

enum script_on_failure { SCRIPT_GOES_ON, SCRIPT_IGNORES, SCRIPT_STOPS };

struct script_command {
	size_t line;	    /* where it starts, from 1 */
	const char **words; /* at least one: the command's name */
	size_t nwords;
	enum script_on_failure on_failure;
	/* carried out only when this is not there: getent's database, or NULL
	 */
	const char *unless_database;
	const char *unless_name;
};

struct script_commands {
	struct script_command *items;
	size_t n, cap;
	size_t nreached; /* up to the first `exit 0` */
};

/*
 * Everything is allocated from the arena. On false *why says what is not
 * understood: "line 7: `case` is not understood".
 */
bool script_parse(struct script_commands *out, struct slice text,
	struct arena *arena, const char **why);

/* Whether the first line names a shell, as script_parse() wants it. */
bool script_is_shell(struct slice text);

#endif
