/* SPDX-License-Identifier: MIT
 *
 * script_command: the commands that scripts may use, done to the tree: a
 * table of names with their options and operands. What is not in it, or used
 * in another way, is found out before anything is done.
 *
 *	addgroup adduser passwd -u		script_account.h
 *	mkdir [-p] [-m] install -d touch	add
 *	chown [-R] [-h] chgrp chmod [-R]	change
 *	ln -s [-f] [-n] rm [-f]
 *	add-shell remove-shell			etc/shells
 *	busybox --install -s			script_busybox.h
 *	busybox NAME				NAME, of the above
 *	: true echo getent			nothing
 */
#ifndef ROOTFS_SCRIPT_COMMAND_H
#define ROOTFS_SCRIPT_COMMAND_H

#include "rootfs/script_line.h"
#include "rootfs/script_work.h"

#define SCRIPT_OPTIONS_MAX 16

/* A command's words, sorted. */
struct script_arguments {
	const char *name; /* as called: "/bin/busybox" */
	struct {
		char letter;
		const char *value; /* "" for one without */
	} options[SCRIPT_OPTIONS_MAX];
	size_t noptions;
	const char *const *operands;
	size_t noperands;
};

/* The option's value, the last one's; NULL: it was not given. */
const char *script_option(const struct script_arguments *args, char letter);

/*
 * Whether the command is understood; when not, *why says in what, from the
 * arena: "line 7: `apk` is not understood".
 */
bool script_command_check(const struct script_work *work,
	const struct script_command *command, struct arena *arena,
	const char **why);
/* A command that was checked. */
int script_command_run(struct script_work *work,
	const struct script_command *command, struct error *err) MUST_CHECK;

#endif
