/* SPDX-License-Identifier: MIT
 *
 * repositories: lines of etc/apk/repositories and of a manifest's list:
 * "[@tag ]URL" or, in a manifest, "[@tag ]main".
 */
#ifndef APK_REPOSITORIES_H
#define APK_REPOSITORIES_H

#include "base/buf.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/slice.h"

#define REPOSITORY_URL_MAX 1024 /* bytes */

struct repository {
	const char *tag; /* NULL: none */
	const char
		*url; /* "main", "edge/testing" or a URL; no "/" at its end */
};

/* One line; tabs or blanks separate. ERROR_SPEC. In the arena. */
int repository_parse(struct repository *out, const char *line,
	struct arena *arena, struct error *err) MUST_CHECK;
/*
 * Where it is below a mirror: "v3.18/main" for "main", "edge/testing" for
 * itself; NULL for a URL, which is no mirror's. In the arena.
 */
const char *repository_path(const struct repository *repository,
	const char *branch, struct arena *arena);

#endif
