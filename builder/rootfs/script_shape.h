/* SPDX-License-Identifier: MIT
 *
 * script_shape: which commands a shell script could run, whatever branch it
 * takes, found by a scan that knows quotes, here-documents, `case`, functions
 * and $(...), but carries nothing out. A script of a known shape is one whose
 * commands are all among those that are expected of it: it may lack some or
 * have them in another order, but a new one makes it unknown.
 */
#ifndef ROOTFS_SCRIPT_SHAPE_H
#define ROOTFS_SCRIPT_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/slice.h"

#define SCRIPT_SHAPE_MAX 512 /* commands of one script */

/* One simple command with its raw words joined by blanks, e.g.
 * `ln -s "$x" /etc/y` or `cat > /etc/z`. */
struct script_shape_command {
	size_t line; /* from 1 */
	const char *text;
};

struct script_shape {
	struct script_shape_command *items;
	size_t n;
	const char **functions; /* that it defines */
	size_t nfunctions;
};

/* Everything is allocated from the arena; on false *why says what it is that
 * cannot be scanned. */
bool script_shape_read(struct script_shape *shape, struct slice text,
	struct arena *arena, const char **why);

/*
 * Whether each command matches a pattern of the list, which ends with NULL
 * (base/path.h: `**` is anything, `*` stops at a slash), calls one of the
 * script's own functions, or does nothing to files ([, echo, exit, local...).
 * What is written to a file needs a pattern with ">".
 */
bool script_shape_fits(const struct script_shape *shape,
	const char *const *patterns, struct arena *arena, const char **why);

/* True when no command does anything to files: messages, questions. */
bool script_shape_is_harmless(
	const struct script_shape *shape, struct arena *arena);

#endif
