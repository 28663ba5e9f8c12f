/* SPDX-License-Identifier: MIT
 *
 * check_command: whether a program of the image can be started by the kernel
 * (execve(2)): it exists, is executable, and what it needs to be loaded (the
 * interpreter of a script, the loader of a dynamic ELF file) is there too.
 */
#ifndef TREE_CHECK_COMMAND_H
#define TREE_CHECK_COMMAND_H

#include "base/error.h"
#include "tree/tree.h"

/* Interpreters of interpreters, as many as Linux allows. */
#define CHECK_COMMAND_NESTING_MAX 4

/* command: an absolute path; "what" names it in messages ("entrypoint"). */
int check_command(const struct tree *tree, struct content_reader *reader,
	const char *what, const char *command, struct error *err) MUST_CHECK;

#endif
