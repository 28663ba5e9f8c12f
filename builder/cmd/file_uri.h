/* SPDX-License-Identifier: MIT
 *
 * file_uri: a file that was named on the command line, as documents for
 * machines name it: by the same text however it was spelled.
 */
#ifndef CMD_FILE_URI_H
#define CMD_FILE_URI_H

#include "base/memory.h"

/* Without "." components and slashes too many: "dist/x.tar" of
 * "./dist//x.tar", "." of "./". What ".." and links lead to is left alone. */
const char *file_uri_path(const char *path, struct arena *arena);

/* The same as a URI (RFC 3986): relative to the current folder, or "file://"
 * where the path is absolute. All but letters, digits and "-._~/" is encoded
 * byte by byte, so that any name is ASCII. */
const char *file_uri(const char *path, struct arena *arena);

#endif
