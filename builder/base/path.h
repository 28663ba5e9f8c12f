/* SPDX-License-Identifier: MIT
 *
 * path: names inside an image. A clean path is relative, without leading or
 * trailing slash, with no empty, "." or ".." component; the root is "".
 * Host paths are joined here too, nothing else is done with them.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"

#define PATH_TEXT_MAX 4096 /* bytes of a path, as Linux's PATH_MAX */
#define PATH_NAME_MAX 255  /* bytes of a component, as Linux's NAME_MAX */

/*
 * Makes a path from outside clean: leading "./" and "/" (only where
 * absolute names are allowed), doubled slashes and a trailing slash go. It
 * refuses "..", NUL, invalid UTF-8, control characters, components and paths
 * that are too long (ERROR_INPUT; ERROR_SPEC for PATH_FROM_SPEC). *out is
 * malloc'd: the caller frees it.
 */
enum path_origin {
	PATH_FROM_ARCHIVE, /* "./a/b" or "a/b"; absolute names are refused */
	PATH_FROM_SPEC,	   /* "/a/b": absolute names are required */
};
int path_clean(const char *text, enum path_origin origin, char **out,
	struct error *err) MUST_CHECK;

/* Cuts the first component off *rest; false when there is none. */
bool path_cut(struct slice *rest, struct slice *component);
/* The last component of a clean path. */
const char *path_base(const char *path);
/* Everything before the last component, "" when there is none. */
struct slice path_parent(const char *path);

/*
 * Whether a symbolic link at a clean path has a target that climbs above the
 * root. Text only: links in the path of the link are not looked at.
 */
bool path_link_leaves(const char *path, const char *target);

/* "dir/name", or name alone when it is absolute or dir is "". malloc'd. */
char *path_join(const char *dir, const char *name);

/*
 * Shell pattern against a clean path, byte by byte and without locale: `?`
 * and `*` do not match a slash, `**` matches anything; no brackets.
 */
bool path_glob(const char *pattern, const char *path);
/* True when the text holds `*` or `?`. */
bool path_is_pattern(const char *text);

#endif
