/* SPDX-License-Identifier: MIT
 *
 * index_file: APKINDEX.tar.gz: an optional signature member, then a member
 * with the files DESCRIPTION and APKINDEX. What is not signed by a known key
 * is refused unless that is allowed. Other kinds of index (apk v3's
 * Packages.adb) are told by their first bytes and refused by name here: this
 * is where they would be read.
 */
#ifndef APK_INDEX_FILE_H
#define APK_INDEX_FILE_H

#include "apk/index.h"
#include "apk/keyring.h"

#define INDEX_FILE_MAX ((uint64_t)64 << 20) /* bytes, compressed */

struct index_file {
	struct index index;    /* in the arena, as all here */
	const struct key *key; /* that signed it; NULL: not verified */
};

/* What is to be read, and what it must be signed with. */
struct index_file_input {
	int fd;			    /* open, read from its start */
	const char *name;	    /* for messages */
	const struct keyring *ring; /* NULL: nothing is verified */
};

/*
 * Without a keyring signatures are not looked at and a plain text in APKINDEX
 * form is taken, too. Errors: ERROR_VERIFY (unsigned, no known key: which keys
 * signed and which are known; a bad signature: which key), ERROR_INPUT.
 */
int index_file_read(struct index_file *file,
	const struct index_file_input *input, struct arena *arena,
	struct error *err) MUST_CHECK;

#endif
