/* SPDX-License-Identifier: MIT
 *
 * script_home: what adduser makes beside the lines: the home, as busybox's
 * adduser.c does: one that is new gets what etc/skel holds, and any becomes
 * the user's, mode 2755. Its parent must be there: adduser only complains
 * when it is not.
 */
#ifndef ROOTFS_SCRIPT_HOME_H
#define ROOTFS_SCRIPT_HOME_H

#include "rootfs/script_work.h"

struct script_home {
	const char *path;     /* as in passwd */
	const char *skeleton; /* NULL: /etc/skel */
	uint32_t uid, gid;
};

int script_make_home(struct script_work *work, const struct script_home *home,
	struct error *err) MUST_CHECK;

/* The gecos of users without one: it depends on the image's busybox. */
int script_default_gecos(struct script_work *work, const char **gecos,
	struct error *err) MUST_CHECK;

#endif
