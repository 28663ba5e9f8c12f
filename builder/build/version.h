/* SPDX-License-Identifier: MIT
 *
 * version: which alpbuild this is; the number is set by the Makefile,
 * in one place.
 */
#ifndef BUILD_VERSION_H
#define BUILD_VERSION_H

#include "io/sink.h"

/* "0.1.0" */
const char *alpbuild_version(void);

/* Where its pages can be read, such as "https://git.example.org/alpbuild/docs",
 * without a slash at the end; NULL: not known. */
const char *alpbuild_docs(void);

/* Writes what tells this very program from another one: a newer alpbuild may
 * make other bytes of the same inputs. */
void alpbuild_fingerprint(struct sink *out);

#endif
