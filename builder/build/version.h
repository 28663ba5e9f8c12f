/* SPDX-License-Identifier: MIT
 *
 * version: which alpbuild this is; set by the Makefile, in one place.
 */
#ifndef BUILD_VERSION_H
#define BUILD_VERSION_H

/* "0.1.0" */
const char *alpbuild_version(void);

#endif
