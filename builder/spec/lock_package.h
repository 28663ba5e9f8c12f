/* SPDX-License-Identifier: MIT
 *
 * lock_package: a lock's packages, and the forms that the parts of a lock
 * share.
 */
#ifndef SPEC_LOCK_PACKAGE_H
#define SPEC_LOCK_PACKAGE_H

#include "spec/decode.h"

#define LOCK_PACKAGES_MAX 65536		  /* of one architecture */
#define LOCK_SIZE_MAX ((uint64_t)1 << 32) /* bytes of a file */

/* Before records that are no text: the bytes in hexadecimal digits follow. */
#define LOCK_RECORD_HEX "hex:"
#define LOCK_RECORD_MAX ((size_t)8 << 20) /* bytes in the document */

extern const struct table lock_package_table;

/* Whether a record can stand in a lock as it is. */
bool lock_record_is_text(const char *record);

decode_fn lock_decode_packages; /* struct lock_arch */
decode_fn lock_decode_path;	/* const char *: clean, below a mirror */
decode_fn lock_decode_size;	/* uint64_t */
decode_fn lock_decode_sha256;	/* const char * */

#endif
