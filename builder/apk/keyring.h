/* SPDX-License-Identifier: MIT
 *
 * keyring: the public keys that indexes and packages may be signed with, by
 * file name as apk names them (etc/apk/keys). RSA by libcrypto:
 * RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2) with SHA-1 (RSA), SHA-256 (RSA256)
 * or SHA-512 (RSA512); keys are PEM SubjectPublicKeyInfo.
 */
#ifndef APK_KEYRING_H
#define APK_KEYRING_H

#include <stdbool.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/slice.h"
#include "io/digest.h"

#define KEY_FILE_MAX ((size_t)65536) /* bytes of a PEM file */
#define KEYS_MAX 256
#define KEY_BITS_MIN 2048
#define KEY_BITS_MAX 16384

struct key {
	const char *name;     /* file name: "x@y-5f3c.rsa.pub" */
	const char *origin;   /* for messages: "minirootfs", a folder */
	struct digest sha256; /* of the PEM file: for locks */
	struct slice pem;     /* the file itself */
	unsigned bits;	      /* of the modulus */
	void *handle;	      /* private */
};

struct keyring {
	struct key **keys; /* in order of addition */
	size_t n, cap;
};

void keyring_release(struct keyring *ring);
/*
 * Adds a key; name, origin and pem are copied. The same name again with the
 * same bytes is nothing; with other bytes ERROR_VERIFY, both origins named.
 * ERROR_INPUT: no RSA public key in PEM, a modulus out of range, a name with
 * "/". It must end in ".pub".
 */
int keyring_add(struct keyring *ring, const char *name, const char *origin,
	struct slice pem, struct error *err) MUST_CHECK;
/* All files *.pub of a folder of the host, in bytewise order. ERROR_NOT_FOUND
 * when there is no such folder. */
int keyring_add_folder(
	struct keyring *ring, const char *dir, struct error *err) MUST_CHECK;
/* NULL: unknown. */
const struct key *keyring_find(const struct keyring *ring, struct slice name);

/* Whether the signature over that digest of the signed bytes is the key's. The
 * length must be the modulus's and the whole padding is compared. */
bool key_verify(const struct key *key, const struct digest *digest,
	struct slice signature);

/* The names of all keys, separated by blanks, for messages; malloc'd. */
char *keyring_names(const struct keyring *ring);

#endif
