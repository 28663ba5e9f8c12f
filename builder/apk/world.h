/* SPDX-License-Identifier: MIT
 *
 * world: what an image wants installed: etc/apk/world, a word a line
 * (apk-world(5)), merged with what a manifest adds.
 */
#ifndef APK_WORLD_H
#define APK_WORLD_H

#include "apk/dependency.h"

#define WORLD_MAX ((size_t)1 << 20) /* bytes of the file */

/* The words of the file. ERROR_INPUT names a malformed one. text is borrowed
 * as long as the list lives. */
int world_parse(struct dependency_list *world, struct slice text,
	const char *name, struct arena *arena, struct error *err) MUST_CHECK;

/*
 * `apk add word`: replaces the word of the same name, or is added. word is
 * borrowed as long as the list lives. ERROR_SPEC when it is malformed.
 */
int world_add(struct dependency_list *world, const char *word,
	struct arena *arena, struct error *err) MUST_CHECK;

/* Sorts by name as apk does: strcasecmp in the C locale, then strcmp. */
void world_sort(struct dependency_list *world);
/* The text of the file, sorted, a word a line. */
void world_print(const struct dependency_list *world, struct buf *out);

#endif
