/* SPDX-License-Identifier: MIT
 *
 * index: the text of an APKINDEX as packages (apk-index(5)). Strings are not
 * copied: the text must live as long as the index.
 */
#ifndef APK_INDEX_H
#define APK_INDEX_H

#include "apk/package.h"

#define INDEX_TEXT_MAX ((size_t)128 << 20) /* bytes, uncompressed */
#define INDEX_PACKAGES_MAX ((size_t)1000000)

struct index {
	struct package *packages; /* in the order of the file */
	size_t n;
	struct slice description; /* "" when there is none */
};

/*
 * name is for messages ("NAME:LINE: package P: ..."). Unknown lower-case
 * fields are ignored; a record that lacks P, V or C, or a line whose second
 * character is no colon, makes the whole text an error (ERROR_INPUT). The
 * array is in the arena.
 */
int index_parse(struct index *index, struct slice text, const char *name,
	struct arena *arena, struct error *err) MUST_CHECK;

#endif
