/* SPDX-License-Identifier: MIT
 *
 * key_rsa: RSA public keys and signatures RSASSA-PKCS1-v1_5 (RFC 8017 section
 * 8.2.2). Private to apk/keyring.c. The big numbers are libcrypto's, the rest
 * is done here: EVP and its decoders would take longer to start than all
 * signatures of a build, and would obey openssl.cnf.
 */
#ifndef APK_KEY_RSA_H
#define APK_KEY_RSA_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"
#include "io/digest.h"

struct key_rsa;

/* PEM of a SubjectPublicKeyInfo; NULL: ERROR_INPUT. */
struct key_rsa *key_rsa_read(struct slice pem, struct error *err) MUST_CHECK;
void key_rsa_free(struct key_rsa *rsa);
unsigned key_rsa_bits(const struct key_rsa *rsa);
bool key_rsa_verify(const struct key_rsa *rsa, const struct digest *digest,
	struct slice signature);

#endif
