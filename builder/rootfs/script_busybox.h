/* SPDX-License-Identifier: MIT
 *
 * script_busybox: the links of busybox, busybox-extras and bbsuid. Which
 * there are is told by etc/busybox-paths.d/ of the image (Alpine 3.17 and
 * later), for bbsuid by the paths in the program itself.
 */
#ifndef ROOTFS_SCRIPT_BUSYBOX_H
#define ROOTFS_SCRIPT_BUSYBOX_H

#include "rootfs/script_command.h"

/* `--install -s` of "/bin/busybox" and the like: NULL, or why it cannot be
 * carried out on this tree. Text of the arena. */
const char *script_busybox_check(const struct script_work *work,
	const char *program, struct arena *arena);
/* Links to the program wherever nothing is; a missing folder is a failure
 * that is told. */
int script_busybox_install(struct script_work *work, const char *program,
	struct error *err) MUST_CHECK;
/* Removes links to /bin/busybox that it no longer has, in bin, sbin, usr/bin
 * and usr/sbin, and those of ping to bbsuid: what post-upgrade does. */
int script_busybox_prune(
	struct script_work *work, struct error *err) MUST_CHECK;
/* `bbsuid --install`, when there is one; and all three, as the trigger. */
int script_bbsuid_install(
	struct script_work *work, struct error *err) MUST_CHECK;
int script_busybox_trigger(
	struct script_work *work, struct error *err) MUST_CHECK;

#endif
