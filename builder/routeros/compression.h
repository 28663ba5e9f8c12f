/* SPDX-License-Identifier: MIT
 *
 * compression: what a file or layer is compressed by, from its first bytes.
 */
#ifndef ROUTEROS_COMPRESSION_H
#define ROUTEROS_COMPRESSION_H

#define COMPRESSION_PEEK 6 /* bytes, zeros where the file is shorter */

/* "gzip", "zstd", "xz", "bzip2", "lz4"; NULL: none of these. */
const char *compression_of(const unsigned char start[COMPRESSION_PEEK]);

#endif
