/* SPDX-License-Identifier: MIT
 *
 * signature: the first gzip member of a signed index or package: files
 * .SIGN.<ALGORITHM>.<key name>, which sign the raw compressed bytes of the
 * member that follows. As apk does, the first signature whose key is known
 * decides, also when it is bad; unknown names and algorithms are passed over.
 */
#ifndef APK_SIGNATURE_H
#define APK_SIGNATURE_H

#include "apk/keyring.h"

#define SIGNATURE_MAX ((size_t)65536) /* bytes of one */
#define SIGNATURES_MAX 32	      /* in one member */

struct signature {
	enum digest_kind digest; /* DIGEST_NONE: an unknown algorithm */
	struct slice key_name;
	struct slice bytes;
};

struct signature_list {
	struct signature items[SIGNATURES_MAX];
	size_t n;
};

/* member: the inflated bytes, borrowed as long as the list lives; what is not
 * .SIGN.*, or no regular file, or has "/" in the key name is ERROR_INPUT. */
int signature_list_parse(struct signature_list *list, struct slice member,
	const char *name, struct error *err) MUST_CHECK;

/* The signature that decides; NULL: none of a known key. */
const struct signature *signature_choose(const struct signature_list *list,
	const struct keyring *ring, const struct key **key);

#endif
