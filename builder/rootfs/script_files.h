/* SPDX-License-Identifier: MIT
 *
 * script_files: mkdir, install -d, touch, chown, chgrp, chmod, ln, rm and
 * add-shell, as busybox does them (coreutils/, miscutils/). Paths are those
 * of script_path(); results as in script_work.h.
 */
#ifndef ROOTFS_SCRIPT_FILES_H
#define ROOTFS_SCRIPT_FILES_H

#include "rootfs/script_command.h"

/* Octal, or [ugoa]*[-+=][rwxst]* with commas. *mode is what it was before. */
bool script_mode_parse(const char *text, uint32_t *mode);

typedef int script_command_fn(struct script_work *work,
	const struct script_arguments *args, struct error *err);

script_command_fn script_mkdir, script_install, script_touch, script_chown,
	script_chgrp, script_chmod, script_ln, script_rm, script_add_shell,
	script_remove_shell;

#endif
