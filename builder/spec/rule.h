/* SPDX-License-Identifier: MIT
 *
 * rule: what a manifest's `paths` and an overlay's `rules` say about paths.
 *
 *	{"path": "/data", "type": "directory", "mode": "0755",
 *	 "owner": "www:www"}
 *	{"path": "/etc/localtime", "type": "symlink", "target": "..."}
 *	{"path": "/etc/motd", "type": "hardlink", "target": "/etc/issue"}
 *	{"path": "/etc/fstab", "type": "removal"}
 *	{"path": "/etc/rc?.d", "mode": "0755"}
 *
 * Without `type` the rule changes mode and owner of what is there. `path` may
 * be a pattern (base/path.h) except for directory, symlink and hardlink.
 */
#ifndef SPEC_RULE_H
#define SPEC_RULE_H

#include <stddef.h>
#include <stdint.h>

enum rule_kind {
	RULE_CHANGE, /* mode and owner of existing paths */
	RULE_DIRECTORY,
	RULE_SYMLINK,
	RULE_HARDLINK,
	RULE_REMOVAL,
};

#define RULE_MODE_UNSET UINT32_MAX

struct rule {
	enum rule_kind kind;
	const char *path;   /* clean path or pattern, no leading slash */
	const char *target; /* symlink: as written; hardlink: clean path */
	uint32_t mode;	    /* 0..07777 or RULE_MODE_UNSET */
	const char *user;   /* name or decimal number; NULL: unset */
	const char *group;
	const char *place; /* "manifests/x.json:12: paths[2]", for messages */
};

struct rule_list {
	struct rule *items;
	size_t n, cap;
};

#endif
