/* SPDX-License-Identifier: MIT
 *
 * package_header: the raw headers of one entry of a package's data tar, for
 * what the tar reader does not tell: names as they were written, and the PAX
 * records APK-TOOLS.checksum.SHA1 and SCHILY.xattr.* (apk-package(5), POSIX
 * pax). Strict: only headers that apk and the tar reader understand alike.
 * Private to apk/package_data.
 */
#ifndef APK_PACKAGE_HEADER_H
#define APK_PACKAGE_HEADER_H

#include "apk/identity.h"
#include "base/error.h"

#define PACKAGE_HEADERS_MAX ((size_t)1 << 20) /* bytes of one entry's */
#define PACKAGE_XATTRS_MAX 64		      /* of one entry */
#define PACKAGE_HEADER_NAME_SIZE 256	      /* ustar's prefix "/" name */

/* The slices point into the bytes that were parsed. */
struct package_xattr {
	struct slice name, value;
};

struct package_header {
	struct slice path;   /* as written */
	struct slice target; /* as written; empty: none */
	char type;	     /* typeflag of the entry itself */
	struct identity checksum;
	struct package_xattr xattrs[PACKAGE_XATTRS_MAX];
	size_t nxattrs;
	char name[PACKAGE_HEADER_NAME_SIZE]; /* where a joined path stands */
};

/*
 * bytes: from the entry's first header to its content. The header must not
 * move afterwards: path may point into it. ERROR_INPUT: global headers and GNU
 * link names, which apk passes over; records that break the format or come
 * twice.
 */
int package_header_parse(struct package_header *header, struct slice bytes,
	struct error *err) MUST_CHECK;

/* apk's identity of the attributes, NONE when there are none: the SHA-1 over
 * all of them, sorted by name. Sorts them. */
struct identity package_header_xattrs(struct package_header *header);

#endif
