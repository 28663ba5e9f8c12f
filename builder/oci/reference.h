/* SPDX-License-Identifier: MIT
 *
 * reference: NAME:TAG of images, and what to call an image that has none.
 */
#ifndef OCI_REFERENCE_H
#define OCI_REFERENCE_H

#include <stdbool.h>

#include "base/memory.h"

/* "[host[:port]/]name:tag": the name in lower case. */
bool reference_is_valid(const char *text);
/* "dist/x" of "dist/x.oci.tar" and the like. */
const char *reference_stem(const char *path, struct arena *arena);
/* A file's own name as the name of an image: lower case, few others. */
const char *reference_name_of_file(const char *path, struct arena *arena);
/*
 * A tag of an archive as NAME:TAG. OCI layouts have tags without a name
 * before them, others have none (NULL) or one that is no reference: the file's
 * name takes its place.
 */
const char *reference_of(
	const char *tag, const char *path, struct arena *arena);

#endif
