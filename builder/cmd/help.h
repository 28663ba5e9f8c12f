/* SPDX-License-Identifier: MIT
 *
 * help: all help texts, printed from the tables of commands, options and
 * error kinds to stdout.
 */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include "cmd/command.h"

void help_program(void);
void help_command(const struct command *command);
/* The table of exit statuses. */
void help_errors(void);

#endif
