/* SPDX-License-Identifier: MIT
 *
 * pkginfo: the .PKGINFO of a package: "key = value" lines (apk-package(5)).
 */
#ifndef APK_PKGINFO_H
#define APK_PKGINFO_H

#include "apk/package.h"
#include "io/digest.h"

#define PKGINFO_MAX ((size_t)4 << 20) /* bytes */

struct pkginfo {
	struct package package; /* identity and size are the caller's */
	struct digest datahash; /* SHA-256; DIGEST_NONE: not said */
};

/*
 * text is borrowed for as long as the result lives. Unknown keys, comments and
 * lines without " = " are passed over, as apk does; errors (ERROR_INPUT) begin
 * with ".PKGINFO:LINE: key".
 */
int pkginfo_parse(struct pkginfo *info, struct slice text, struct arena *arena,
	struct error *err) MUST_CHECK;

#endif
