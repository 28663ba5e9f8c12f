/* SPDX-License-Identifier: MIT
 *
 * script_account: addgroup, adduser and passwd -u as busybox with Alpine's
 * configuration does them (loginutils/, libbb/update_passwd.c): numbers from
 * 100 to 999 for -S, else from 1000 on; users and groups count on their own.
 * Each change leaves the file as it was under its name with a "-", and the
 * changed one is a new file of its mode and owner.
 *
 * Results as in script_work.h: a name or number that is taken is a failure
 * that scripts live with.
 */
#ifndef ROOTFS_SCRIPT_ACCOUNT_H
#define ROOTFS_SCRIPT_ACCOUNT_H

#include "rootfs/script_command.h"

/* What the options say that is known before: NULL, or what is wrong. */
const char *script_account_check(const struct script_arguments *args);

int script_addgroup(struct script_work *work,
	const struct script_arguments *args, struct error *err) MUST_CHECK;
int script_adduser(struct script_work *work,
	const struct script_arguments *args, struct error *err) MUST_CHECK;
int script_passwd(struct script_work *work, const struct script_arguments *args,
	struct error *err) MUST_CHECK;

/* getent: whether etc/passwd or etc/group (`database`) has the name or
 * number. -1: error. */
int script_has_account(struct script_work *work, const char *database,
	const char *name, struct error *err) MUST_CHECK;

/* The gid of a user's line in passwd, by name or number. */
int script_login_group(struct script_work *work, const char *user,
	uint32_t *gid, struct error *err) MUST_CHECK;

#endif
