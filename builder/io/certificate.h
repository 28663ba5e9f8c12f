/* SPDX-License-Identifier: MIT
 *
 * certificate: files with an X.509 certificate or a list of revoked ones in
 * PEM (RFC 7468), and the hash of a name by which OpenSSL looks for them in
 * folders: X509_NAME_hash(), the number before the dot of 4042bcee.0. What
 * makes a certificate is left to libcrypto, which is asked with a context of
 * its own: openssl.cnf does not matter, and nobody is asked for a password.
 */
#ifndef IO_CERTIFICATE_H
#define IO_CERTIFICATE_H

#include "io/digest.h"

#define CERTIFICATE_TEXT_MAX ((size_t)4 << 20) /* bytes of a file */

/* CERTIFICATE_NONE: the text does not hold exactly one of them, alone or with
   its key, or not a whole one. */
enum certificate_kind { CERTIFICATE_NONE, CERTIFICATE_PLAIN, CERTIFICATE_CRL };

struct certificate {
	enum certificate_kind kind;
	uint32_t name_hash;	   /* of its subject; of a CRL's issuer */
	struct digest fingerprint; /* SHA-256 of its DER */
	struct digest key;	   /* that of its public key's, with the
				      algorithm (SubjectPublicKeyInfo) */
};

struct certificate_reader; /* what libcrypto needs */

/* NULL: ERROR_INTERNAL. */
struct certificate_reader *certificate_reader_new(struct error *err) MUST_CHECK;
void certificate_reader_free(struct certificate_reader *reader);

/* A malformed text is CERTIFICATE_NONE, as is one that is too long;
   ERROR_INTERNAL when libcrypto cannot hash. */
int certificate_read(struct certificate_reader *reader, struct slice pem,
	struct certificate *out, struct error *err) MUST_CHECK;

#endif
