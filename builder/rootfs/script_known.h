/* SPDX-License-Identifier: MIT
 *
 * script_known: scripts of Alpine's packages that are more than a list of
 * commands, by package, kind and shape (script_shape.h): what they come to on
 * a tree where nothing runs, or why an image does not need them. A script of
 * a known package and kind whose commands or circumstances are others is not
 * known.
 */
#ifndef ROOTFS_SCRIPT_KNOWN_H
#define ROOTFS_SCRIPT_KNOWN_H

#include "rootfs/script_work.h"

struct script_known {
	const char *package;
	unsigned kinds;		     /* bits 1 << enum script_kind */
	const char *const *patterns; /* of its commands */
	/* what must not be there, or it would have something to do: paths; a
	   folder's with a slash at its end must be empty or missing. NULL:
	   nothing */
	const char *const *absent;
	/* a part of it is for upgrades from below this version; or NULL */
	const char *since;
	/* other circumstances: false, with *why; or NULL */
	bool (*applies)(const struct script_work *work, const char **why);
	enum script_outcome outcome;
	const char *note;
	const char *equivalent; /* commands that it comes to; or NULL */
	/* what it does beside them; or NULL */
	int (*run)(struct script_work *work, struct error *err);
};

/* The table, and its number of rows. */
extern const struct script_known script_known_rows[];
extern const size_t script_known_nrows;

/*
 * NULL: not known. *why is then set when there is a row of the package and
 * kind, from the arena or static; else it is left alone.
 */
const struct script_known *script_known_find(const struct script_work *work,
	const struct script *script, struct arena *arena, const char **why);

#endif
